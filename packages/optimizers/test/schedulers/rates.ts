import { expect } from "vitest";
import type { Optimizer } from "../../src/index.js";

/** The first group's learning rates: now, and after each of `steps` calls of `step`. */
export function ratesOf(scheduler: { optimizer: Optimizer; step(): void }, steps: number): number[] {
  const [group] = scheduler.optimizer.paramGroups;
  return Array.from({ length: steps + 1 }, (_, i) => {
    if (i > 0) scheduler.step();
    return group?.lr ?? Number.NaN;
  });
}

/** Whether the numbers are PyTorch's, printed with twelve places. */
export function expectClose(got: readonly number[], want: readonly number[]): void {
  expect(got.map((value) => Number(value.toFixed(10)))).toEqual(want.map((value) => Number(value.toFixed(10))));
}
