import { ones, type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { gradcheck } from "../src/index.js";

const leaf = (values: number[]): Tensor => tensor(values, { dtype: "float64", requiresGrad: true });

describe("gradients flow through in-place forms", () => {
  it.each<[string, (x: Tensor, y: Tensor) => Tensor]>([
    ["addcdiv_", (x, y) => x.addcdiv_(y, y.add(3))],
    ["addcmul_", (x, y) => x.addcmul_(y, y, { value: 2 })],
    ["atan2_", (x, y) => x.atan2_(y)],
    ["clampMin_", (x, y) => x.clampMin_(0.5).mul(y)],
    ["cumprod_", (x, y) => x.cumprod_(0).mul(y)],
    ["lerp_", (x, y) => x.lerp_(y, 0.3)],
    ["fmod_", (x, y) => x.fmod_(0.7).mul(y)],
    ["xlogy_", (x, y) => x.xlogy_(y.add(3))],
    ["tril_", (x, y) => x.unsqueeze(0).tril_().mul(y)],
    ["floatPower_", (x, y) => x.floatPower_(y)],
  ])("%s", (_name, run) => {
    expect(
      gradcheck((x, y) => run(x?.clone() as Tensor, y as Tensor), [leaf([0.3, 0.9, 1.6]), leaf([0.8, -0.4, 1.3])]),
    ).toBe(true);
  });

  it("and end where a comparison overwrites the value", () => {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    y.gt_(3);
    expect(y.toArray()).toEqual([0, 1]);
    expect(y.requiresGrad).toBe(false);
  });

  it("and are refused for a leaf", () => {
    expect(() => leaf([1]).addcmul_(ones([1]), ones([1]))).toThrow("leaf");
  });
});

describe("detach_", () => {
  it("cuts a tensor off", () => {
    const x = leaf([1]).mul(2);
    expect(x.detach_()).toBe(x);
    expect(x.requiresGrad).toBe(false);
  });

  it("refuses a view of a tensor that requires grad", () => {
    expect(() => leaf([1, 2]).mul(2).select(0, 1).detach_()).toThrow("use .detach()");
  });
});

describe("data", () => {
  it("shows the memory without history", () => {
    const x = leaf([1, 2]);
    x.data.mul_(3);
    expect(x.toArray()).toEqual([3, 6]);
    expect(x.data.requiresGrad).toBe(false);
  });
});
