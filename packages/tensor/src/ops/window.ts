import { ShapeError, UsageError } from "../errors.js";
import { metaBlock } from "../launch.js";
import { formatShape, type Shape } from "../shape.js";

/** One number for all dimensions, or one for each, such as height and width. */
export type Pair = number | readonly number[];

/**
 * One number for each of `count` dimensions from one for all or a list of them; whole and at least `least`.
 *
 * @internal
 */
export function perDimension(op: string, what: string, value: Pair, count: number, least: number): readonly number[] {
  const given = typeof value === "number" ? [value] : value;
  const list = given.length === 1 ? new Array<number>(count).fill(given[0] as number) : given;
  if (list.length !== count || !list.every((size) => Number.isInteger(size) && size >= least)) {
    throw new UsageError(
      `${op}: ${what} must be a whole number of at least ${least} or a list of ${count} of them, got ${JSON.stringify(value)}`,
    );
  }
  return list;
}

/** Both numbers of a pair; whole and at least `least`. */
export function pairOf(op: string, what: string, value: Pair, least: number): readonly [number, number] {
  return perDimension(op, what, value, 2, least) as readonly [number, number];
}

interface Geometry {
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
}

/** Size of what a window makes of `size` elements. */
export function outputSize(
  size: number,
  kernel: number,
  stride: number,
  padding: number,
  dilation: number,
  ceilMode = false,
): number {
  const room = size + 2 * padding - dilation * (kernel - 1) - 1;
  const count = (ceilMode ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
  // A window that would start beyond the input and its left padding is dropped.
  return ceilMode && (count - 1) * stride >= size + padding ? count - 1 : count;
}

/** Writes the 18 numbers that the window kernels read (see the table of kernels) into the meta block. */
export function writeWindow(
  input: Shape,
  kernel: readonly [number, number],
  geometry: Geometry,
  output: Shape,
  groups = 1,
  flag = 0,
  divisor = 0,
): void {
  const meta = metaBlock.view();
  meta[0] = input[0] as number;
  meta[1] = input[1] as number;
  meta[2] = input[2] as number;
  meta[3] = input[3] as number;
  meta[4] = output[1] as number;
  meta[5] = kernel[0];
  meta[6] = kernel[1];
  meta[7] = geometry.stride[0];
  meta[8] = geometry.stride[1];
  meta[9] = geometry.padding[0];
  meta[10] = geometry.padding[1];
  meta[11] = geometry.dilation[0];
  meta[12] = geometry.dilation[1];
  meta[13] = groups;
  meta[14] = output[2] as number;
  meta[15] = output[3] as number;
  meta[16] = flag;
  meta[17] = divisor;
}

/** Throws unless `x` has the rank of a batch or of one sample; tells which. */
export function isBatched(op: string, shape: Shape, spatial: number): boolean {
  if (shape.length === spatial + 2) return true;
  if (shape.length === spatial + 1) return false;
  const sizes = ["L", "H, W", "D, H, W"][spatial - 1];
  throw new ShapeError(`${op}: expected an input [N, C, ${sizes}] or [C, ${sizes}], got ${formatShape(shape)}`);
}
