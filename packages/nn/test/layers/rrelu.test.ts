import "@kindling/autograd";
import { manualSeed, type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { functional, RReLU } from "../../src/index.js";
import { expectNumbers } from "../numbers.js";

const x = tensor([-1, 2, -3, 0, -0.5, 4], { dtype: "float32" });

describe("RReLU", () => {
  it("draws PyTorch's slopes in training, only where it needs some", () => {
    manualSeed(0);
    const layer = new RReLU(0.1, 0.3);
    expectNumbers(layer.forward(x), [-0.2940106, 2.0, -0.7246919, 0.0, -0.1420748, 4.0]);
    expectNumbers(layer.forward(x.to("float64")), [-0.2290048, 2.0, -0.7746887, 0.0, -0.08511076, 4.0]);
  });

  it("passes gradients by the slopes that it drew", () => {
    const own = x.clone().requiresGrad_();
    const y = new RReLU().forward(own);
    y.sum().backward();
    expectNumbers((own.grad as Tensor).mul(x), [...y.detach().toTypedArray()]);
  });

  it("takes the mean slope in evaluation", () => {
    expectNumbers(new RReLU(0.1, 0.3).eval().forward(x), [-0.2, 2, -0.6, 0, -0.1, 4]);
    expectNumbers(functional.rrelu(x, 0.1, 0.3), [-0.2, 2, -0.6, 0, -0.1, 4]);
  });

  it("overwrites its input if told so, and refuses slopes in the wrong order", () => {
    const own = x.clone();
    expect(new RReLU(0.1, 0.3, { inplace: true }).forward(own)).toBe(own);
    expect(own.select(0, 0).item()).toBeGreaterThan(-0.3);
    expect(() => new RReLU(0.3, 0.1).forward(x)).toThrow(/rrelu: expected lower <= upper, got 0.3 and 0.1/);
  });
});
