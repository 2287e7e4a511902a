import { ones } from "@kindling/tensor";
import { expect, it } from "vitest";
import { Flatten, Identity, Unflatten } from "../../src/index.js";

it("Flatten merges all dimensions but the first, or those that it is told", () => {
  expect(new Flatten().forward(ones([2, 3, 4, 5])).shape).toEqual([2, 60]);
  expect(new Flatten(0, 1).forward(ones([2, 3, 4])).shape).toEqual([6, 4]);
  expect(() => new Flatten(2, 1).forward(ones([2, 3, 4]))).toThrow(/flatten/);
});

it("Unflatten splits a dimension, and works out a size of −1", () => {
  expect(new Unflatten(1, [3, -1]).forward(ones([2, 12])).shape).toEqual([2, 3, 4]);
  expect(new Unflatten(-1, [2, 2]).forward(ones([3, 4])).shape).toEqual([3, 2, 2]);
});

it("Identity gives back its input", () => {
  const x = ones([2]);
  expect(new Identity().forward(x)).toBe(x);
});
