import { ShapeError, UsageError } from "../errors.js";
import { formatShape, normalizeDim, normalizeDims } from "../shape.js";
import { Tensor } from "../tensor.js";
import { cat } from "./join.js";

/** How {@link gradient} takes derivatives. */
export interface GradientOptions {
  /** Distance between neighbours, for all dimensions or one each; or the coordinates of the elements of each. Default 1. */
  spacing?: number | readonly number[] | readonly Tensor[];
  /** Along which dimensions. Default: all. */
  dim?: number | readonly number[] | null;
  /** How exact the estimates at both ends are. Default 1. */
  edgeOrder?: 1 | 2;
}

/** Distances between neighbours along the last dimension, as a tensor or one for all. */
function distancesOf(
  spacing: GradientOptions["spacing"],
  position: number,
  count: number,
  size: number,
): Tensor | number {
  if (spacing === undefined || typeof spacing === "number") return spacing ?? 1;
  if (spacing.length !== count) {
    throw new UsageError(`gradient: expected one spacing for each of ${count} dimensions, got ${spacing.length}`);
  }
  const own = spacing[position] as Tensor | number;
  if (!(own instanceof Tensor)) return own;
  if (own.ndim !== 1 || own.shape[0] !== size) {
    throw new ShapeError(`gradient: expected ${size} coordinates, one per element, got ${formatShape(own.shape)}`);
  }
  return own.diff();
}

/** Estimates along the last dimension. */
function alongLast(x: Tensor, distances: Tensor | number, edgeOrder: 1 | 2): Tensor {
  const n = x.shape.at(-1) as number;
  const part = (start: number, length: number): Tensor => x.narrow(-1, start, length);
  const gap = (start: number, length: number): Tensor | number =>
    distances instanceof Tensor ? distances.narrow(0, start, length) : distances;
  const slopes = part(1, n - 1)
    .sub(part(0, n - 1))
    .div(distances);
  const left = slopes.narrow(-1, 0, n - 2);
  const right = slopes.narrow(-1, 1, n - 2);
  // The parabola through three neighbours: the slopes to both, each weighted by the distance to the other.
  const [before, after] = [gap(0, n - 2), gap(1, n - 2)];
  const inside =
    before instanceof Tensor && after instanceof Tensor
      ? left.mul(after).add(right.mul(before)).div(before.add(after))
      : left.add(right).div(2);
  const edge = (outer: Tensor, inner: Tensor, near: Tensor | number, far: Tensor | number): Tensor => {
    if (edgeOrder === 1) return outer;
    const bend = outer.sub(inner);
    if (near instanceof Tensor && far instanceof Tensor) return outer.add(bend.mul(near).div(near.add(far)));
    return outer.add(bend.div(2));
  };
  const slope = (at: number): Tensor => slopes.narrow(-1, at, 1);
  const first = edge(slope(0), slope(Math.min(1, n - 2)), gap(0, 1), gap(Math.min(1, n - 2), 1));
  const last = edge(slope(n - 2), slope(Math.max(n - 3, 0)), gap(n - 2, 1), gap(Math.max(n - 3, 0), 1));
  return cat([first, inside, last], -1);
}

/**
 * Derivatives of sampled values along dimensions, one for each: differences of second order between neighbours, of order
 * `edgeOrder` at the ends. Options: `spacing` (1), `dim` (all), `edgeOrder` (1).
 *
 * **Shapes** x: any with more than `edgeOrder` elements along each dimension; results: the same.
 * @throws ShapeError for too few elements or coordinates; UsageError for another number of spacings than dimensions.
 * @example gradient(tensor([1, 4, 9, 16])); // → [[3, 4, 6, 7]]
 */
export function gradient(x: Tensor, options: GradientOptions = {}): Tensor[] {
  const { spacing, dim = null, edgeOrder = 1 } = options;
  if (edgeOrder !== 1 && edgeOrder !== 2) {
    throw new UsageError(`gradient: edgeOrder must be 1 or 2, got ${String(edgeOrder)}`);
  }
  const dims = normalizeDims("gradient", dim, x.ndim);
  return dims.map((along, position) => {
    const size = x.shape[normalizeDim("gradient", along, x.ndim)] as number;
    if (size <= edgeOrder) {
      throw new ShapeError(
        `gradient: dimension ${along} of ${formatShape(x.shape)} needs at least ${edgeOrder + 1} elements`,
      );
    }
    const distances = distancesOf(spacing, position, dims.length, size);
    return alongLast(x.movedim(along, -1), distances, edgeOrder).movedim(-1, along);
  });
}
