import { UsageError } from "@kindling/tensor";
import { type Pixels, roundingOf } from "./pixels.js";
import { type Grid, newGrid, type SamplingOptions, samplePixels } from "./sampling.js";

/** An affine map of the plane, from new pixels to old ones: x' = a·x + b·y + c, y' = d·x + e·y + f. */
type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** What `affine` does to an image, in this order: shear, scale and turn around the center, then move. */
export interface AffineMotion {
  /** Degrees, clockwise. */
  readonly angle: number;
  /** Pixels to the right and down. */
  readonly translate: readonly [x: number, y: number];
  readonly scale: number;
  /** Degrees along x and along y. */
  readonly shear: readonly [x: number, y: number];
}

/** A point of the image that stays, in pixels from its upper left corner; null is its middle. */
export type Center = readonly [x: number, y: number] | null;

export function affine(
  caller: string,
  pixels: Pixels,
  motion: AffineMotion,
  center: Center,
  options: Required<SamplingOptions>,
): Pixels {
  checkMotion(caller, motion);
  const { data, height, width } = pixels;
  const grid = affineGrid(pixels, inverseOf(motion, fromMiddle(center, width, height)), newGrid(data, height, width));
  return samplePixels(caller, pixels, grid, options);
}

export function rotate(
  caller: string,
  pixels: Pixels,
  angle: number,
  { expand, center, ...options }: Required<SamplingOptions> & { expand: boolean; center: Center },
): Pixels {
  if (!Number.isFinite(angle)) throw new UsageError(`${caller}: expected the angle in degrees, got ${angle}`);
  const { data, height, width } = pixels;
  // Turns go counter-clockwise here, and clockwise in `affine`.
  const motion: AffineMotion = { angle: -angle, translate: [0, 0], scale: 1, shear: [0, 0] };
  const matrix = inverseOf(motion, fromMiddle(center, width, height));
  const [newWidth, newHeight] = expand ? expandedSize(matrix, width, height) : [width, height];
  return samplePixels(caller, pixels, affineGrid(pixels, matrix, newGrid(data, newHeight, newWidth)), options);
}

export function checkMotion(caller: string, { angle, translate, scale, shear }: AffineMotion): void {
  const rules = [
    ["angle in degrees", [angle], 1],
    ["translate as [x, y]", translate, 2],
    ["shear as [x, y] in degrees", shear, 2],
  ] as const;
  for (const [what, values, count] of rules) {
    if (values.length !== count || !values.every(Number.isFinite)) {
      throw new UsageError(`${caller}: expected ${what}, got ${JSON.stringify(values)}`);
    }
  }
  if (!(scale > 0 && Number.isFinite(scale))) {
    throw new UsageError(`${caller}: expected a scale greater than 0, got ${scale}`);
  }
}

function fromMiddle(center: Center, width: number, height: number): readonly [x: number, y: number] {
  return center === null ? [0, 0] : [center[0] - width * 0.5, center[1] - height * 0.5];
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/**
 * Where the pixels of the new image come from: the inverse of moving by t after the turn R, the scale s and the shears
 * S around the center, C·(R·S·s)⁻¹·C⁻¹·T⁻¹.
 */
function inverseOf(motion: AffineMotion, [cx, cy]: readonly [x: number, y: number]): Matrix {
  const turn = radians(motion.angle);
  const [sx, sy] = [radians(motion.shear[0]), radians(motion.shear[1])];
  const [tx, ty] = motion.translate;
  const a = Math.cos(turn - sy) / Math.cos(sy);
  const b = (-Math.cos(turn - sy) * Math.tan(sx)) / Math.cos(sy) - Math.sin(turn);
  const c = Math.sin(turn - sy) / Math.cos(sy);
  const d = (-Math.sin(turn - sy) * Math.tan(sx)) / Math.cos(sy) + Math.cos(turn);
  // The determinant of turn and shears is 1.
  const [ia, ib, ic, id] = [d / motion.scale, -b / motion.scale, -c / motion.scale, a / motion.scale];
  return [ia, ib, ia * (-cx - tx) + ib * (-cy - ty) + cx, ic, id, ic * (-cx - tx) + id * (-cy - ty) + cy];
}

/** Fills a grid whose middle is the middle of the images. */
function affineGrid({ data, height, width }: Pixels, matrix: Matrix, grid: Grid): Grid {
  const round = roundingOf(data);
  const [a, b, c] = matrix.slice(0, 3).map((value) => round(round(value) / (0.5 * width))) as [number, number, number];
  const [d, e, f] = matrix.slice(3).map((value) => round(round(value) / (0.5 * height))) as [number, number, number];
  let i = 0;
  for (let row = 0; row < grid.height; row++) {
    const y = row + 0.5 - grid.height * 0.5;
    for (let column = 0; column < grid.width; column++, i++) {
      const x = column + 0.5 - grid.width * 0.5;
      grid.x[i] = round(round(y * b + round(x * a)) + c);
      grid.y[i] = round(round(y * e + round(x * d)) + f);
    }
  }
  return grid;
}

/** The size that holds all of the turned image. */
function expandedSize(matrix: Matrix, width: number, height: number): readonly [width: number, height: number] {
  const f = Math.fround;
  const [x, y] = [0.5 * width, 0.5 * height];
  const corners = [
    [-x, -y],
    [-x, y],
    [x, y],
    [x, -y],
  ] as const;
  // In float32 and cut to four places, so that 45.00001 is not taken for 46.
  const extent = (p: number, q: number, move: number, middle: number) => {
    const places = corners.map(([cx, cy]) => f(f(f(f(p) * cx) + f(f(q) * cy)) + f(move)));
    const cut = (value: number) => f(Math.trunc(f(f(value + middle) / f(1e-4))) * f(1e-4));
    return Math.ceil(cut(Math.max(...places))) - Math.floor(cut(Math.min(...places)));
  };
  return [extent(matrix[0], matrix[1], matrix[2], x), extent(matrix[3], matrix[4], matrix[5], y)];
}
