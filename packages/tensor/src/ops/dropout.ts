import { allocate, filled } from "../allocate.js";
import { isFloatingPoint } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import type { Generator } from "../generator.js";
import { formatShape, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { bernoulli_ } from "./random.js";

/** Options of {@link dropout} and its variants. */
export interface DropoutOptions {
  /** Drops elements if true (default), else the result is x itself. */
  training?: boolean;
  /** Where the random numbers come from. Default: the generator that `manualSeed` seeds. */
  generator?: Generator;
}

/** Whether there is anything to draw; checks the arguments. */
function drops(op: string, x: Tensor, p: number, { training = true }: DropoutOptions): boolean {
  if (!(p >= 0 && p <= 1)) throw new UsageError(`${op}: the probability p must be from 0 to 1, got ${p}`);
  if (!isFloatingPoint(x.dtype)) {
    throw new DTypeError(`${op}: expected a floating point tensor, got ${x.dtype}; convert with .to("float32")`);
  }
  return training && p > 0 && x.numel() > 0;
}

/** 1 with probability 1 − p, else 0. */
function keepMask(x: Tensor, shape: Shape, p: number, options: DropoutOptions): Tensor {
  const mask = allocate(shape, x.dtype);
  const { generator } = options;
  return bernoulli_(mask, 1 - p, generator === undefined ? {} : { generator });
}

function dropShaped(x: Tensor, shape: Shape, p: number, options: DropoutOptions): Tensor {
  if (p === 1) return x.mul(filled([], x.dtype, 0));
  return x.mul(keepMask(x, shape, p, options).div_(1 - p));
}

/**
 * Sets elements to 0 with probability p, and scales the others by `1 / (1 − p)`, so that the mean stays.
 * Options: `training` (true), `generator`. Source: Srivastava et al. 2014.
 *
 * **Shapes** x: any; result: the same.
 * @throws UsageError for a p outside 0 … 1.
 * @example
 * manualSeed(0);
 * dropout(ones(8), 0.25); // → [0, 1.3333, 1.3333, 0, 1.3333, 0, 1.3333, 1.3333]
 * dropout(ones(2), 0.5, { training: false }); // → [1, 1]
 */
export function dropout(x: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  return drops("dropout", x, p, options) ? dropShaped(x, x.shape, p, options) : x;
}

/** Drops whole channels of [N, C, ...], or of one sample [C, ...] of `spatial` dimensions. */
function dropChannels(op: string, x: Tensor, spatial: number, p: number, options: DropoutOptions): Tensor {
  if (x.ndim !== spatial + 1 && x.ndim !== spatial + 2) {
    throw new ShapeError(
      `${op}: expected a batch of ${spatial + 2} dimensions or a sample of ${spatial + 1}, got ${formatShape(x.shape)}`,
    );
  }
  if (!drops(op, x, p, options)) return x;
  const lead = x.ndim - spatial;
  return dropShaped(
    x,
    x.shape.map((size, dim) => (dim < lead ? size : 1)),
    p,
    options,
  );
}

/**
 * {@link dropout} of whole channels, with the same options.
 *
 * **Shapes** x: [N, C, L] or [C, L]; result: the same.
 * @example
 * manualSeed(0);
 * dropout1d(ones(4, 2)); // → [[0, 0], [0, 0], [2, 2], [0, 0]]
 */
export function dropout1d(x: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  return dropChannels("dropout1d", x, 1, p, options);
}

/**
 * {@link dropout} of whole channels, with the same options.
 *
 * **Shapes** x: [N, C, H, W], or [N, C, L] as in PyTorch; result: the same.
 * @example
 * manualSeed(0);
 * dropout2d(ones(1, 4, 1, 2)); // → [[[[0, 0]], [[0, 0]], [[2, 2]], [[0, 0]]]]
 */
export function dropout2d(x: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  return dropChannels("dropout2d", x, x.ndim === 3 ? 1 : 2, p, options);
}

/**
 * {@link dropout} of whole channels, with the same options.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: the same.
 * @example
 * manualSeed(0);
 * dropout3d(ones(4, 1, 1, 2)); // → [[[[0, 0]]], [[[0, 0]]], [[[2, 2]]], [[[0, 0]]]]
 */
export function dropout3d(x: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  return dropChannels("dropout3d", x, 3, p, options);
}

/** scale · alpha of `selu`: minus the value that it approaches far below 0. */
const seluLimit = 1.7580993408473766;

/**
 * Dropout for `selu`: dropped elements take its lower limit, and the result is scaled and shifted so that
 * mean 0 and variance 1 stay. Options: `training` (false, as in PyTorch), `generator`. Source: Klambauer et al. 2017.
 *
 * **Shapes** x: any; result: the same.
 * @throws UsageError for a p outside 0 … 1.
 * @example
 * manualSeed(0);
 * alphaDropout(ones(4), 0.5, { training: true }); // → [-0.7792, -0.7792, 1.6656, -0.7792]
 */
export function alphaDropout(x: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  return dropToLimit("alphaDropout", x, x.shape, p, options);
}

/**
 * {@link alphaDropout} of whole channels, with the same options.
 *
 * **Shapes** x: [N, C, ...]; result: the same.
 * @throws UsageError for a p outside 0 … 1; ShapeError for fewer than two dimensions.
 * @example
 * manualSeed(0);
 * featureAlphaDropout(ones(1, 4, 2), 0.5, { training: true }); // → [[[-0.7792, -0.7792], [-0.7792, -0.7792],
 * //    [1.6656, 1.6656], [-0.7792, -0.7792]]]
 */
export function featureAlphaDropout(x: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  const op = "featureAlphaDropout";
  if (x.ndim < 2) throw new ShapeError(`${op}: expected at least two dimensions, got ${formatShape(x.shape)}`);
  const shape = x.shape.map((size, dim) => (dim < 2 ? size : 1));
  return dropToLimit(op, x, shape, p, options);
}

function dropToLimit(op: string, x: Tensor, shape: Shape, p: number, options: DropoutOptions): Tensor {
  if (!drops(op, x, p, { training: false, ...options })) return x;
  if (p === 1) return x.mul(filled([], x.dtype, 0));
  const keep = keepMask(x, shape, p, options);
  const scale = 1 / Math.sqrt((seluLimit * seluLimit * p + 1) * (1 - p));
  const shift = keep
    .sub(1)
    .mul(seluLimit * scale)
    .add(seluLimit * scale * p);
  return x.mul(keep.mul(scale)).add(shift);
}
