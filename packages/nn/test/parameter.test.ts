import { ones, tensor } from "@kindling/tensor";
import { expect, it } from "vitest";
import { Parameter } from "../src/index.js";

it("requires grad unless told otherwise, and shares memory", () => {
  const data = ones([2, 3]);
  const parameter = new Parameter(data.t());
  expect([parameter.requiresGrad, parameter.isLeaf, parameter.shape]).toEqual([true, true, [3, 2]]);
  data.fill_(5);
  expect(parameter.detach().select(0, 0).toArray()).toEqual([5, 5]);
  expect(new Parameter(data, { requiresGrad: false }).requiresGrad).toBe(false);
});

it("is floating point, unless it requires no grad", () => {
  expect(() => new Parameter(tensor([1], { dtype: "int32" }))).toThrow(/floating point/);
  expect(new Parameter(tensor([1], { dtype: "int32" }), { requiresGrad: false }).dtype).toBe("int32");
});

it("says that it is a parameter when it is shown", () => {
  expect(String(new Parameter(ones([2])))).toBe("Parameter containing:\ntensor([1., 1.], requiresGrad=True)");
});
