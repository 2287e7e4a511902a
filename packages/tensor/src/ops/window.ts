import { ShapeError, UsageError } from "../errors.js";
import { metaBlock } from "../launch.js";
import { formatShape, type Shape } from "../shape.js";

/** One number for both dimensions, or height and width. */
export type Pair = number | readonly number[];

/** Both numbers of a pair; whole and at least `least`. */
export function pairOf(op: string, what: string, value: Pair, least: number): readonly [number, number] {
  const list = typeof value === "number" ? [value, value] : value.length === 1 ? [value[0], value[0]] : value;
  const [height, width] = list as [number, number];
  const isValid = (size: number): boolean => Number.isInteger(size) && size >= least;
  if (list.length !== 2 || !isValid(height) || !isValid(width)) {
    throw new UsageError(
      `${op}: ${what} must be a whole number of at least ${least} or a pair of them, got ${JSON.stringify(value)}`,
    );
  }
  return [height, width];
}

/** A number for one dimension as a pair with a neutral height. */
export function rowPair(op: string, what: string, value: Pair, neutral: number): readonly [number, number] {
  const size = typeof value === "number" ? value : value[0];
  if (size === undefined || (typeof value !== "number" && value.length !== 1)) {
    throw new UsageError(`${op}: ${what} must be a number or a list of one, got ${JSON.stringify(value)}`);
  }
  return [neutral, size];
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
  const sizes = spatial === 1 ? "L" : "H, W";
  throw new ShapeError(`${op}: expected an input [N, C, ${sizes}] or [C, ${sizes}], got ${formatShape(shape)}`);
}
