import { arange, manualSeed, randn, zeros } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { Bilinear } from "../../src/index.js";
import { expectNumbers } from "../numbers.js";

describe("Bilinear", () => {
  it("begins and multiplies as PyTorch's does after the same seed", () => {
    manualSeed(0);
    const layer = new Bilinear(2, 3, 2);
    expectNumbers(layer.weight.select(0, 1), [-0.01401003, 0.5606575, -0.06275152, 0.1871093, -0.2136969, -0.1389927]);
    const x = arange(4, { dtype: "float32" }).reshape(2, 2);
    const y = arange(6, { dtype: "float32" }).reshape(2, 3).div(3);
    expectNumbers(layer.forward(x, y), [-0.6399046, -0.6321983, -3.316994, -0.1988326]);
  });

  it("takes any leading sizes, and none", () => {
    const layer = new Bilinear(2, 3, 4, { bias: false });
    const [x, y] = [randn([2, 5, 2]), randn([2, 5, 3])];
    const result = layer.forward(x, y);
    expect(result.shape).toEqual([2, 5, 4]);
    expect(layer.forward(x.index(1, 2), y.index(1, 2)).allclose(result.index(1, 2))).toBe(true);
  });

  it("names what does not fit", () => {
    const layer = new Bilinear(2, 3, 4);
    const message = "bilinear: expected inputs [..., in1] and [..., in2] for a weight [out, in1, in2], got";
    expect(() => layer.forward(zeros([5, 3]), zeros([5, 3]))).toThrow(message);
    expect(() => layer.forward(zeros([5, 2]), zeros([4, 3]))).toThrow(message);
    expect(String(layer)).toBe("Bilinear(in1_features=2, in2_features=3, out_features=4, bias=True)");
  });
});
