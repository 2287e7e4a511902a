import { arange, type Tensor, zeros } from "@kindling/tensor";
import { expect, it } from "vitest";
import { Linear, utils } from "../src/index.js";

it("parameters become a vector and come back from one, or say that they cannot", () => {
  const layer = new Linear(2, 3);
  const values = arange(9, { dtype: "float32" });
  utils.vectorToParameters(values, layer.parameters());
  expect(layer.weight.toArray()).toEqual([
    [0, 1],
    [2, 3],
    [4, 5],
  ]);
  expect((layer.bias as Tensor).toArray()).toEqual([6, 7, 8]);
  expect(layer.weight.requiresGrad).toBe(true);
  expect(utils.parametersToVector(layer.parameters()).toArray()).toEqual(values.toArray());
  expect(() => utils.vectorToParameters(zeros([8]), layer.parameters())).toThrow(/expected a vector \[9\], got \[8\]/);
});
