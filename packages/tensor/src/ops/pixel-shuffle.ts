import { ShapeError, UsageError } from "../errors.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";

function checkImage(op: string, x: Tensor, factor: number): void {
  if (x.ndim < 3) throw new ShapeError(`${op}: expected an input [..., C, H, W], got ${formatShape(x.shape)}`);
  if (!Number.isInteger(factor) || factor < 1) {
    throw new ShapeError(`${op}: the factor must be a whole number of at least 1, got ${factor}`);
  }
}

/**
 * Turns channels into pixels: the r² channels of each group become r × r pixels.
 *
 * **Shapes** x: [..., C · r², H, W]; result: [..., C, H · r, W · r]. Source: Shi et al. 2016.
 * @throws ShapeError if r² does not divide the channels.
 * @example pixelShuffle(arange(4).reshape(4, 1, 1), 2); // → [[[0, 1], [2, 3]]]
 */
export function pixelShuffle(x: Tensor, upscaleFactor: number): Tensor {
  const op = "pixelShuffle";
  checkImage(op, x, upscaleFactor);
  const r = upscaleFactor;
  const lead = x.shape.slice(0, -3);
  const [channels, height, width] = x.shape.slice(-3) as [number, number, number];
  if (channels % r ** 2 !== 0) {
    throw new ShapeError(`${op}: ${r}² must divide the channels, got ${formatShape(x.shape)}`);
  }
  const n = lead.length;
  return x
    .reshape([...lead, channels / r ** 2, r, r, height, width])
    .permute([...lead.keys(), n, n + 3, n + 1, n + 4, n + 2])
    .reshape([...lead, channels / r ** 2, height * r, width * r]);
}

/**
 * Turns pixels into channels: {@link pixelShuffle} backwards.
 *
 * **Shapes** x: [..., C, H · r, W · r]; result: [..., C · r², H, W].
 * @throws ShapeError if r does not divide height and width.
 * @example pixelUnshuffle(arange(4).reshape(1, 2, 2), 2); // → [[[0]], [[1]], [[2]], [[3]]]
 */
export function pixelUnshuffle(x: Tensor, downscaleFactor: number): Tensor {
  const op = "pixelUnshuffle";
  checkImage(op, x, downscaleFactor);
  const r = downscaleFactor;
  const lead = x.shape.slice(0, -3);
  const [channels, height, width] = x.shape.slice(-3) as [number, number, number];
  if (height % r !== 0 || width % r !== 0) {
    throw new ShapeError(`${op}: ${r} must divide height and width, got ${formatShape(x.shape)}`);
  }
  const n = lead.length;
  return x
    .reshape([...lead, channels, height / r, r, width / r, r])
    .permute([...lead.keys(), n, n + 2, n + 4, n + 1, n + 3])
    .reshape([...lead, channels * r ** 2, height / r, width / r]);
}

/**
 * Takes the channels of `groups` groups in turns: `y[n, k·groups + g] = x[n, g·C/groups + k]`.
 *
 * **Shapes** x: [N, C, ...]; result: the same. Source: Zhang et al. 2018.
 * @throws ShapeError if the groups do not divide the channels; UsageError for a bad number of groups.
 * @example channelShuffle(arange(4).reshape([1, 4, 1, 1]), 2).flatten(); // → [0, 2, 1, 3]
 */
export function channelShuffle(x: Tensor, groups: number): Tensor {
  const op = "channelShuffle";
  if (!Number.isInteger(groups) || groups < 1) {
    throw new UsageError(`${op}: groups must be a whole number of at least 1, got ${groups}`);
  }
  if (x.ndim < 3) throw new ShapeError(`${op}: expected an input [N, C, ...], got ${formatShape(x.shape)}`);
  const [batch, channels, ...rest] = x.shape as [number, number, ...number[]];
  if (channels % groups !== 0) {
    throw new ShapeError(
      `${op}: the ${channels} channels of ${formatShape(x.shape)} do not divide into ${groups} groups`,
    );
  }
  return x
    .reshape([batch, groups, channels / groups, ...rest])
    .permute([0, 2, 1, ...rest.map((_, i) => i + 3)])
    .reshape(x.shape);
}
