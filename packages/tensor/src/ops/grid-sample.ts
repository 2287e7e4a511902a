import { gridSampleModes, gridSamplePaddings } from "@kindling/kernels";
import { allocate } from "../allocate.js";
import { isFloatingPoint } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { kernels } from "../launch.js";
import { record } from "../recorder.js";
import { formatShape, numberOfElements, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { arange, ones } from "./creation.js";
import { sampling } from "./grid-sample-gradient.js";
import { cat } from "./join.js";
import { dense } from "./reduce.js";
import type { GridSample } from "./registry.js";

/** Options of {@link gridSample}. */
export interface GridSampleOptions {
  /** How a value between elements is made. Default "bilinear" (over volumes: trilinear). */
  mode?: GridSample["mode"];
  /** What lies outside: zeros, the edge, or the mirror image. Default "zeros". */
  paddingMode?: GridSample["paddingMode"];
  /** Whether −1 and 1 are the middles of the corner elements, and not their outer corners. Default false. */
  alignCorners?: boolean;
}

/**
 * x at points given by their coordinates: −1 is its one end and 1 the other, along x, y (and z).
 *
 * **Shapes** x: [N, C, H, W], grid: [N, H', W', 2], result: [N, C, H', W']; or x: [N, C, D, H, W], grid: [N, D', H', W', 3],
 * result: [N, C, D', H', W']. Options: `mode` ("bilinear"), `paddingMode` ("zeros"), `alignCorners` (false).
 * Points that are not finite lie outside. There is no second derivative, as in PyTorch.
 * @throws ShapeError if sizes do not fit; UsageError for a bad option; DTypeError if dtypes differ.
 * @example
 * const x = arange(4, { dtype: "float32" }).reshape(1, 1, 2, 2);
 * const mirror = tensor([[[-1, 0, 0], [0, 1, 0]]], { dtype: "float32" });
 * gridSample(x, affineGrid(mirror, [1, 1, 2, 2])); // → [[[[1, 0], [3, 2]]]]
 */
export function gridSample(x: Tensor, grid: Tensor, options: GridSampleOptions = {}): Tensor {
  const op = "gridSample";
  const { mode = "bilinear", paddingMode = "zeros", alignCorners = false } = options;
  if (!gridSampleModes.includes(mode)) {
    throw new UsageError(`${op}: mode must be one of ${gridSampleModes.join(", ")}, got ${JSON.stringify(mode)}`);
  }
  if (!gridSamplePaddings.includes(paddingMode)) {
    throw new UsageError(
      `${op}: paddingMode must be one of ${gridSamplePaddings.join(", ")}, got ${JSON.stringify(paddingMode)}`,
    );
  }
  const dimensions = x.ndim - 2;
  const fits = (dimensions === 2 || dimensions === 3) && grid.ndim === x.ndim && grid.shape[0] === x.shape[0];
  if (!fits || grid.shape.at(-1) !== dimensions) {
    throw new ShapeError(
      `${op}: expected an input [N, C, H, W] with a grid [N, H', W', 2], or [N, C, D, H, W] with [N, D', H', W', 3], got ${formatShape(x.shape)} and ${formatShape(grid.shape)}`,
    );
  }
  if (x.shape.slice(2).includes(0)) {
    throw new ShapeError(`${op}: there is nothing to sample from in an input ${formatShape(x.shape)}`);
  }
  if (dimensions === 3 && mode === "bicubic") {
    throw new UsageError(`${op}: mode "bicubic" takes inputs [N, C, H, W], got ${formatShape(x.shape)}`);
  }
  if (!isFloatingPoint(x.dtype) || grid.dtype !== x.dtype) {
    throw new DTypeError(
      `${op}: expected an input and a grid of one floating point dtype, got ${x.dtype} and ${grid.dtype}`,
    );
  }
  const attributes = { mode, paddingMode, alignCorners };
  const shape = [...x.shape.slice(0, 2), ...grid.shape.slice(1, -1)];
  const out = allocate(shape, x.dtype);
  if (numberOfElements(shape) > 0) {
    const [source, points] = [dense(x), dense(grid)];
    kernels.gridSample(...sampling(attributes, x.shape, grid), source.address, points.address, out.address);
  }
  return record("gridSample", [x, grid], out, attributes);
}

/** Options of {@link affineGrid}. */
export interface AffineGridOptions {
  /** Whether −1 and 1 are the middles of the corner elements, and not their outer corners. Default false. */
  alignCorners?: boolean;
}

/**
 * The points of an affine map of each image, for `gridSample`: `theta · (x, y, 1)` for each element of a result of `size`.
 *
 * **Shapes** theta: [N, 2, 3] with size [N, C, H, W], result: [N, H, W, 2]; or theta: [N, 3, 4] with size [N, C, D, H, W],
 * result: [N, D, H, W, 3]. Options: `alignCorners` (false).
 * @throws ShapeError if sizes do not fit; DTypeError for integers.
 * @example
 * const theta = tensor([[[1, 0, 0], [0, 1, 0]]], { dtype: "float32" });
 * affineGrid(theta, [1, 3, 2, 2], { alignCorners: true }); // → [[[[-1, -1], [1, -1]], [[-1, 1], [1, 1]]]]
 */
export function affineGrid(theta: Tensor, size: Shape, options: AffineGridOptions = {}): Tensor {
  const op = "affineGrid";
  const { alignCorners = false } = options;
  if (!isFloatingPoint(theta.dtype)) {
    throw new DTypeError(`${op}: expected a floating point theta, got ${theta.dtype}; convert with .to("float32")`);
  }
  const dimensions = size.length - 2;
  const [batch, , ...spatial] = size as [number, number, ...number[]];
  const want = [batch, dimensions, dimensions + 1];
  if ((dimensions !== 2 && dimensions !== 3) || formatShape(theta.shape) !== formatShape(want)) {
    throw new ShapeError(
      `${op}: expected a theta [N, 2, 3] with size [N, C, H, W], or [N, 3, 4] with [N, C, D, H, W], got ${formatShape(theta.shape)} and ${formatShape(size)}`,
    );
  }
  if (!size.every((own) => Number.isInteger(own) && own > 0)) {
    throw new ShapeError(`${op}: sizes must be whole numbers of at least 1, got ${formatShape(size)}`);
  }
  // Coordinates of the elements along each dimension, the last (x) first, and a 1 for the shift.
  const axes = spatial.map((count, i) => {
    const steps = arange(count, { dtype: theta.dtype });
    const axis = alignCorners
      ? count === 1
        ? steps
        : steps.mul(2 / (count - 1)).sub(1)
      : steps
          .mul(2)
          .add(1 - count)
          .div(count);
    return axis.reshape(spatial.map((_, dim) => (dim === i ? count : 1))).expand(spatial);
  });
  const points = cat(
    [...axes.reverse(), ones(spatial, { dtype: theta.dtype })].map((axis) => axis.reshape([-1, 1])),
    1,
  );
  return points
    .expand([batch, -1, -1])
    .bmm(theta.transpose(1, 2))
    .reshape([batch, ...spatial, dimensions]);
}
