import type { Tensor } from "@kindling/tensor";
import { expect } from "vitest";

/** Expects two float64 tensors to be equal but for rounding. */
export function expectClose(got: Tensor, want: Tensor): void {
  expect(got.shape).toEqual(want.shape);
  const [a, b] = [got.toTypedArray(), want.toTypedArray()];
  for (const [i, value] of a.entries()) expect(value).toBeCloseTo(b[i] as number, 9);
}
