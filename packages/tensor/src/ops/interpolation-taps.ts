import type { Taps } from "./registry.js";
import { tapsOf, type WeightedPositions } from "./resample.js";

/** One dimension of an interpolation: sizes, and how many input elements each output element advances. */
export interface Scaling {
  readonly size: number;
  readonly count: number;
  readonly step: number;
  readonly alignCorners: boolean;
}

/** Rounds half up where the position is, as PyTorch does in float32. */
const inFloat32 = (position: number): number => Math.floor(Math.fround(position));

/** Which element each output element repeats. */
export function nearestPositions({ size, count, step }: Scaling, isExact: boolean): Int32Array {
  const scale = Math.fround(step);
  return Int32Array.from({ length: count }, (_, j) =>
    Math.min(isExact ? inFloat32((j + 0.5) * scale) : inFloat32(j * scale), size - 1),
  );
}

/** Where in the input the middle of output element j lies. */
function positionOf({ step, alignCorners }: Scaling, j: number): number {
  return alignCorners ? j * step : step * (j + 0.5) - 0.5;
}

/** Between two neighbours by distance. */
export function linearTaps(scaling: Scaling): Taps {
  const { size, count } = scaling;
  return tapsOf(size, count, (j) => {
    const position = Math.max(0, positionOf(scaling, j));
    const left = Math.min(Math.floor(position), size - 1);
    const share = Math.min(position - left, 1);
    return [
      [left, 1 - share],
      [Math.min(left + 1, size - 1), share],
    ];
  });
}

/** Keys' cubic convolution of the distance x from the middle. */
function cubic(distance: number, a: number): number {
  const x = Math.abs(distance);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/** Between four neighbours by Keys' cubic with a = −0.75; the edge is repeated. */
export function cubicTaps(scaling: Scaling): Taps {
  const { size, count } = scaling;
  return tapsOf(size, count, (j) => {
    const position = positionOf(scaling, j);
    const left = Math.min(Math.floor(position), size - 1);
    const share = Math.min(position - left, 1);
    return [-1, 0, 1, 2].map((k) => [Math.min(Math.max(left + k, 0), size - 1), cubic(share - k, -0.75)] as const);
  });
}

/** A filter as wide as the step where the input is shrunk, so that no element is passed over. */
export function antialiasedTaps({ size, count, step }: Scaling, mode: "bilinear" | "bicubic"): Taps {
  const width = Math.max(step, 1);
  const support = (mode === "bilinear" ? 1 : 2) * width;
  const filter = (x: number): number => (mode === "bilinear" ? Math.max(0, 1 - Math.abs(x)) : cubic(x, -0.5));
  return tapsOf(size, count, (j): WeightedPositions => {
    const center = step * (j + 0.5);
    const first = Math.max(Math.trunc(center - support + 0.5), 0);
    const end = Math.min(Math.trunc(center + support + 0.5), size);
    const weights = Array.from({ length: end - first }, (_, k) => filter((first + k - center + 0.5) / width));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight, k) => [first + k, total === 0 ? weight : weight / total] as const);
  });
}
