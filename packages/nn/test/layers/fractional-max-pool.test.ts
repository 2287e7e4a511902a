import "@kindling/autograd";
import { arange, manualSeed, ones } from "@kindling/tensor";
import { expect, it } from "vitest";
import { FractionalMaxPool2d, FractionalMaxPool3d, functional, Sequential } from "../../src/index.js";

it("fractional max pools pool at random places, as their functions do, and pass gradients to the maxima", () => {
  const x = arange(48, { dtype: "float32" }).reshape(1, 2, 4, 6).sin().requiresGrad_();
  manualSeed(0);
  const { values, indices } = new FractionalMaxPool2d(2, { outputSize: [2, 3], returnIndices: true }).forward(x);
  manualSeed(0);
  expect(functional.fractionalMaxPool2d(x, 2, { outputSize: [2, 3] }).equal(values)).toBe(true);
  values.sum().backward();
  const want = ones([1, 2, 24])
    .mul(0)
    .scatterAdd(2, indices.flatten(2), ones([1, 2, 6]));
  expect(x.grad?.flatten(2).equal(want)).toBe(true);
  expect(new Sequential(new FractionalMaxPool3d(1, { outputRatio: 0.5 })).forward(ones([1, 4, 4, 4])).shape).toEqual([
    1, 2, 2, 2,
  ]);
});

it("fractional max pools want one way to say the size", () => {
  expect(() => new FractionalMaxPool2d(3, {})).toThrow(/give either outputSize or outputRatio/);
  expect(() => new FractionalMaxPool3d(3, { outputSize: 2, outputRatio: 0.5 })).toThrow(/give either/);
  expect(() => new FractionalMaxPool2d(3, { outputRatio: [0.5, 1.2] })).toThrow(/between 0 and 1, got \[0.5,1.2\]/);
});
