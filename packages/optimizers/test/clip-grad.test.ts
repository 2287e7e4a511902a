import "@kindling/autograd";
import { type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { clipGradNorm_, clipGradsWithNorm_, clipGradValue_, getTotalNorm } from "../src/index.js";
import { parameter, setGrad } from "./parameter.js";

/** Parameters with gradients [3, 0] and [4], and one without. */
function parameters() {
  const [a, b] = [parameter(0, 0), parameter(0)];
  setGrad(a, 3, 0);
  setGrad(b, 4);
  return [a, b, parameter(0)] as const;
}

describe("clipGradNorm_", () => {
  it("returns the norm of all gradients together and scales them to the limit", () => {
    const [a, b, c] = parameters();
    const total = clipGradNorm_([a, b, c], 1);
    expect(total.shape).toEqual([]);
    expect(total.item()).toBeCloseTo(5, 12);
    // PyTorch divides by the norm plus 1e-6.
    expect(a.grad?.toArray()).toEqual([expect.closeTo(3 / 5.000001, 12), 0]);
    expect(b.grad?.item()).toBeCloseTo(4 / 5.000001, 12);
    expect(c.grad).toBe(null);
  });

  it("leaves gradients within the limit as they are", () => {
    const [a, b] = parameters();
    clipGradNorm_([a, b], 5.1);
    expect([a.grad?.toArray(), b.grad?.item()]).toEqual([[3, 0], 4]);
  });

  it("takes other norms, the largest element too", () => {
    expect(clipGradNorm_(parameters(), 100, { normType: 1 }).item()).toBe(7);
    expect(clipGradNorm_(parameters(), 100, { normType: Number.POSITIVE_INFINITY }).item()).toBe(4);
  });

  it("takes one parameter alone, or none at all", () => {
    const [a] = parameters();
    expect(clipGradNorm_(a, 100).item()).toBe(3);
    expect(clipGradNorm_([], 1).item()).toBe(0);
    expect(clipGradNorm_([parameter(1)], 1).item()).toBe(0);
  });

  it("throws on a norm that is not finite only if asked to, and then changes nothing", () => {
    const [a, b] = parameters();
    setGrad(a, Number.NaN, 1);
    expect(() => clipGradNorm_([a, b], 1, { errorIfNonfinite: true })).toThrow(/the norm of the gradients is NaN/);
    expect(b.grad?.item()).toBe(4);
    expect(clipGradNorm_([a, b], 1).item()).toBeNaN();
    expect(b.grad?.item()).toBeNaN();
  });
});

describe("clipGradValue_", () => {
  it("limits every element", () => {
    const [a, b] = parameters();
    setGrad(a, -3, 0.5);
    clipGradValue_([a, b], 1);
    expect([a.grad?.toArray(), b.grad?.item()]).toEqual([[-1, 0.5], 1]);
  });
});

describe("getTotalNorm and clipGradsWithNorm_", () => {
  it("are the two halves of clipGradNorm_", () => {
    const parameter = tensor([3, -4], { dtype: "float32", requiresGrad: true });
    parameter.square().sum().div(2).backward();
    const total = getTotalNorm([parameter.grad as Tensor, tensor([12], { dtype: "float32" })]);
    expect(total.item()).toBe(13);
    clipGradsWithNorm_([parameter], 6.5, total);
    expect(parameter.grad?.mul(1e4).round().toArray()).toEqual([15000, -20000]);
    expect(() => getTotalNorm([tensor([Number.NaN])], { errorIfNonfinite: true })).toThrow(
      "getTotalNorm: the norm of the gradients is NaN",
    );
    expect(getTotalNorm([]).item()).toBe(0);
  });
});
