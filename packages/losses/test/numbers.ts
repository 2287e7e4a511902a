import { type Tensor, tensor } from "@kindling/tensor";
import { expect } from "vitest";

/** Whether the elements are those that PyTorch prints with seven digits. */
export function expectNumbers(got: Tensor, ...want: readonly number[]): void {
  const values = [...got.toTypedArray()];
  expect(values.length).toBe(want.length);
  const far = values.filter((value, i) => !(Math.abs(value - (want[i] as number)) <= 1e-6 * (1 + Math.abs(value))));
  expect(far, `${values} for ${want}`).toEqual([]);
}

export const floats = (values: Parameters<typeof tensor>[0]): Tensor => tensor(values, { dtype: "float32" });
