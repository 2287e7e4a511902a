import { UsageError } from "@kindling/tensor";
import { type Pixels, roundingOf } from "./pixels.js";
import { newGrid, type SamplingOptions, samplePixels } from "./sampling.js";

export type Point = readonly [x: number, y: number];

/** Corners in the order top left, top right, bottom right, bottom left. */
export type Corners = readonly Point[];

export function perspective(
  caller: string,
  pixels: Pixels,
  startpoints: Corners,
  endpoints: Corners,
  options: Required<SamplingOptions>,
): Pixels {
  const { data, height, width } = pixels;
  const round = roundingOf(data);
  const coefficients = perspectiveCoefficients(caller, startpoints, endpoints);
  const [a, b, c] = coefficients.slice(0, 3).map((value) => round(round(value) / (0.5 * width))) as Triple;
  const [d, e, f] = coefficients.slice(3, 6).map((value) => round(round(value) / (0.5 * height))) as Triple;
  const [g, h] = coefficients.slice(6).map(round) as [number, number];
  const grid = newGrid(data, height, width);
  let i = 0;
  for (let row = 0; row < height; row++) {
    const y = row + 0.5;
    for (let column = 0; column < width; column++, i++) {
      const x = column + 0.5;
      const depth = round(round(y * h + round(x * g)) + 1);
      grid.x[i] = round(round(round(round(y * b + round(x * a)) + c) / depth) - 1);
      grid.y[i] = round(round(round(round(y * e + round(x * d)) + f) / depth) - 1);
    }
  }
  return samplePixels(caller, pixels, grid, options);
}

type Triple = [number, number, number];

/**
 * The map (x, y) → ((a·x + b·y + c) / (g·x + h·y + 1), (d·x + e·y + f) / (g·x + h·y + 1)) that takes the end points
 * to the start points, in float32 as PyTorch keeps it.
 */
function perspectiveCoefficients(caller: string, startpoints: Corners, endpoints: Corners): number[] {
  for (const [name, points] of Object.entries({ startpoints, endpoints })) {
    if (points.length !== 4 || !points.every((point) => point.length === 2 && point.every(Number.isFinite))) {
      throw new UsageError(`${caller}: expected ${name} to be four points [x, y], got ${JSON.stringify(points)}`);
    }
  }
  const rows = startpoints.flatMap(([u, v], k) => {
    const [x, y] = endpoints[k] as Point;
    return [
      [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
      [0, 0, 0, x, y, 1, -v * x, -v * y, v],
    ];
  });
  const solution = solve(rows);
  if (solution === null) {
    throw new UsageError(
      `${caller}: no perspective takes ${JSON.stringify(endpoints)} to ${JSON.stringify(startpoints)}; no three of the points may lie on one line`,
    );
  }
  return solution.map(Math.fround);
}

/** Solves n equations, each its coefficients and its right side, by elimination; null if they are dependent. */
function solve(rows: number[][]): number[] | null {
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (size(rows, i, k) > size(rows, pivot, k)) pivot = i;
    if (size(rows, pivot, k) < 1e-10) return null;
    [rows[k], rows[pivot]] = [rows[pivot] as number[], rows[k] as number[]];
    const top = rows[k] as number[];
    for (const [i, row] of rows.entries()) {
      if (i === k) continue;
      const factor = (row[k] as number) / (top[k] as number);
      for (let j = k; j <= n; j++) row[j] = (row[j] as number) - factor * (top[j] as number);
    }
  }
  return rows.map((row, k) => (row[n] as number) / (row[k] as number));
}

function size(rows: number[][], row: number, column: number): number {
  return Math.abs(rows[row]?.[column] ?? 0);
}
