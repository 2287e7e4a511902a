import * as tensors from "@kindling/tensor";
import { expect, it } from "vitest";
import { functional } from "../src/index.js";

it("functional has the operations of layers and losses under PyTorch's names", () => {
  expect(functional.relu(tensors.tensor([-1, 2])).toArray()).toEqual([0, 2]);
  expect(Object.keys(functional).length).toBeGreaterThan(50);
  // On tensors these names mean something else, or nothing.
  const aliases: Readonly<Record<string, string>> = { unfold: "im2col", fold: "col2im" };
  for (const [name, operation] of Object.entries(functional)) {
    expect(operation, name).toBe((tensors as unknown as Record<string, unknown>)[aliases[name] ?? name]);
  }
});
