import { ShapeError, UsageError } from "../errors.js";
import type { Generator } from "../generator.js";
import { rand } from "../random.js";
import { formatShape, numberOfElements, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { arange, tensor } from "./creation.js";
import type { PooledAndIndices } from "./pooling.js";
import { isBatched, type Pair, perDimension } from "./window.js";

/** Options of {@link fractionalMaxPool2d} and {@link fractionalMaxPool3d}. */
export interface FractionalMaxPoolOptions {
  /** Sizes of the result. */
  outputSize?: Pair | null;
  /** Sizes of the result as shares of the input's, between 0 and 1. Either this or `outputSize` is needed. */
  outputRatio?: Pair | null;
  /** Where the windows lie: numbers of [0, 1) for every image, channel and dimension. Default: drawn. */
  randomSamples?: Tensor | null;
  /** Where they are drawn from. Default: the default generator. */
  generator?: Generator;
}

/**
 * Where windows begin along one dimension, whose distances are the whole numbers around `alpha`; computed in the
 * precision of the input, as the rounding decides.
 */
function windowStarts(sample: number, size: number, window: number, count: number, isFloat64: boolean): number[] {
  const round = isFloat64 ? (value: number): number => value : Math.fround;
  const alpha = count > 1 ? round((size - window) / (count - 1)) : 0;
  const offset = Math.trunc(round(sample * alpha));
  return Array.from({ length: count }, (_, i) =>
    i === count - 1 ? size - window : Math.trunc(round(round(i + sample) * alpha)) - offset,
  );
}

function fractionalMaxPool(
  op: string,
  dimensions: number,
  x: Tensor,
  kernelSize: Pair,
  options: FractionalMaxPoolOptions,
): PooledAndIndices {
  const isBatch = isBatched(op, x.shape, dimensions);
  const [batch, channels] = isBatch ? (x.shape as [number, number]) : [1, x.shape[0] as number];
  const sizes = x.shape.slice(-dimensions);
  const window = perDimension(op, "kernelSize", kernelSize, dimensions, 1);
  const { outputSize = null, outputRatio = null } = options;
  if (outputSize === null && outputRatio === null) throw new UsageError(`${op}: give outputSize or outputRatio`);
  const ratio = typeof outputRatio === "number" ? sizes.map(() => outputRatio) : outputRatio;
  const wanted = outputSize ?? sizes.map((size, i) => Math.trunc(size * (ratio?.[i] ?? Number.NaN)));
  const output = perDimension(op, "outputSize", wanted, dimensions, 1);
  // As in PyTorch, volumes need room for windows to move.
  const room = dimensions === 3 ? 1 : 0;
  for (const [i, size] of sizes.entries()) {
    if ((output[i] as number) + (window[i] as number) - 1 + room <= size) continue;
    throw new ShapeError(
      `${op}: ${output[i]} windows of size ${window[i]} do not fit into dimension ${i - dimensions} of input ${formatShape(x.shape)}; take a smaller kernelSize or outputSize`,
    );
  }
  const { generator } = options;
  const drawn = { dtype: x.dtype, ...(generator === undefined ? {} : { generator }) };
  const samples = options.randomSamples ?? rand([batch, channels, dimensions], drawn);
  if (!sameShape(samples.shape, [batch, channels, dimensions])) {
    throw new ShapeError(
      `${op}: expected randomSamples [${batch}, ${channels}, ${dimensions}] for input ${formatShape(x.shape)}, got ${formatShape(samples.shape)}`,
    );
  }
  const flatSamples = samples.toTypedArray();
  const planes = batch * channels;
  // Position of every element of every window, built up dimension by dimension: [planes, outputs…, window…].
  let positions: Tensor | null = null;
  for (const [i, size] of sizes.entries()) {
    const [count, length] = [output[i] as number, window[i] as number];
    // The first two samples of a plane belong to its width and height, those of a volume to depth, height and width.
    const place = dimensions === 2 ? 1 - i : i;
    const starts = Array.from({ length: planes }, (_, plane) =>
      windowStarts(flatSamples[plane * dimensions + place] as number, size, length, count, x.dtype === "float64"),
    );
    const shape = (at: number, many: number): number[] =>
      Array.from({ length: 2 * dimensions }, (_, dim) => (dim === at ? many : 1));
    const own: Tensor = tensor(starts.flat(), { dtype: "int32" })
      .reshape([planes, ...shape(i, count)])
      .add(arange(length).reshape([1, ...shape(dimensions + i, length)]));
    positions = positions === null ? own : positions.mul(size).add(own);
  }
  const where = (positions as Tensor).reshape([planes, numberOfElements(output), numberOfElements(window)]);
  const elements = x.reshape([planes, numberOfElements(sizes)]).gather(1, where.flatten(1));
  const { values, indices } = elements.reshape(where.shape).max(-1);
  const shape = [...x.shape.slice(0, -dimensions), ...output];
  const chosen = where.gather(2, indices.unsqueeze(2));
  return { values: values.reshape(shape), indices: chosen.reshape(shape) };
}

/**
 * Largest element of every window over two dimensions, where the windows lie at random distances of two neighbouring
 * whole numbers, so that the result has any size.
 *
 * Options: `outputSize` or `outputRatio`, one of which is needed; `randomSamples` [N, C, 2] (drawn), `generator`.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C, H', W'].
 * With `returnIndices: true` the result is `{ values, indices }`.
 * @throws UsageError without a size; ShapeError if the windows do not fit.
 * @example
 * manualSeed(0);
 * fractionalMaxPool2d(arange(25, { dtype: "float32" }).reshape(1, 5, 5), 2, { outputSize: 3 }).shape; // → [1, 3, 3]
 * @source Graham 2014, "Fractional MaxPooling"
 */
export function fractionalMaxPool2d(
  x: Tensor,
  kernelSize: Pair,
  options: FractionalMaxPoolOptions & { returnIndices: true },
): PooledAndIndices;
export function fractionalMaxPool2d(
  x: Tensor,
  kernelSize: Pair,
  options: FractionalMaxPoolOptions & { returnIndices?: false },
): Tensor;
export function fractionalMaxPool2d(
  x: Tensor,
  kernelSize: Pair,
  options: FractionalMaxPoolOptions & { returnIndices?: boolean },
): PooledAndIndices | Tensor {
  const pooled = fractionalMaxPool("fractionalMaxPool2d", 2, x, kernelSize, options);
  return options.returnIndices ? pooled : pooled.values;
}

/**
 * Largest element of every window over three dimensions; see {@link fractionalMaxPool2d}.
 *
 * Options: `outputSize` or `outputRatio`, one of which is needed; `randomSamples` [N, C, 3] (drawn), `generator`.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: [N, C, D', H', W'].
 * @throws UsageError without a size; ShapeError if the windows do not fit.
 * @example fractionalMaxPool3d(ones(1, 6, 6, 6), 2, { outputRatio: 0.5 }).shape; // → [1, 3, 3, 3]
 */
export function fractionalMaxPool3d(
  x: Tensor,
  kernelSize: Pair,
  options: FractionalMaxPoolOptions & { returnIndices: true },
): PooledAndIndices;
export function fractionalMaxPool3d(
  x: Tensor,
  kernelSize: Pair,
  options: FractionalMaxPoolOptions & { returnIndices?: false },
): Tensor;
export function fractionalMaxPool3d(
  x: Tensor,
  kernelSize: Pair,
  options: FractionalMaxPoolOptions & { returnIndices?: boolean },
): PooledAndIndices | Tensor {
  const pooled = fractionalMaxPool("fractionalMaxPool3d", 3, x, kernelSize, options);
  return options.returnIndices ? pooled : pooled.values;
}
