import "@kindling/autograd";
import { manualSeed, ones, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { init, Linear } from "../../src/index.js";

describe("Linear", () => {
  it("multiplies by its weight's transpose and adds its bias", () => {
    const layer = new Linear(2, 3);
    layer.loadStateDict({
      weight: tensor([[1, 2], [3, 4], [5, 6]], { dtype: "float32" }), // biome-ignore format: a matrix
      bias: tensor([10, 20, 30], { dtype: "float32" }),
    });
    expect(layer.forward(tensor([[1, 1]], { dtype: "float32" })).toArray()).toEqual([[13, 27, 41]]);
    expect(layer.forward(ones([4, 5, 2])).shape).toEqual([4, 5, 3]);
    expect(layer.forward(ones([2])).shape).toEqual([3]);
  });

  it("has no bias if told so", () => {
    const layer = new Linear(2, 1, { bias: false });
    expect(Object.keys(layer.stateDict())).toEqual(["weight"]);
    init.ones_(layer.weight);
    expect(layer.forward(ones([1, 2])).item()).toBe(2);
  });

  it("draws its parameters anew, as at first", () => {
    manualSeed(3);
    const layer = new Linear(4, 4);
    const before = layer.weight.toArray();
    init.zeros_(layer.weight);
    manualSeed(3);
    layer.resetParameters();
    expect(layer.weight.toArray()).toEqual(before);
  });
});
