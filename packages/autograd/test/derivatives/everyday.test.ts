import { gradient, manualSeed, rand, special, type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { gradcheck } from "../../src/index.js";

const leaf = (...shape: number[]): Tensor => rand(shape, { dtype: "float64" }).add(0.3).requiresGrad_();
const index = tensor([
  [0, 0, 1],
  [2, 2, 2],
]);

describe("first derivatives are what differences show", () => {
  it.each<[string, (x: Tensor) => Tensor, number[]]>([
    ["quantile", (x) => x.quantile(0.3, { dim: 1 }), [3, 4]],
    ["nanmedian", (x) => x.nanmedian(1).values, [3, 5]],
    ["mode", (x) => x.mode(0).values, [3, 2]],
    ["gradient", (x) => (gradient(x, { edgeOrder: 2 })[0] as Tensor).mul(x), [4]],
    ["corrcoef", (x) => x.corrcoef(), [2, 4]],
    ["renorm", (x) => x.renorm(2, 0, 0.5), [2, 3]],
    ["i0", (x) => x.mul(12).i0(), [3]],
    ["i1", (x) => special.i1(x.mul(12)), [3]],
    ["polygamma", (x) => x.polygamma(3), [3]],
    ["trigamma", (x) => x.trigamma(), [3]],
    ["zeta", (x) => special.zeta(x.add(1), x), [3]],
    ["mvlgamma", (x) => x.add(1).mvlgamma(2), [3]],
    ["erfcx", (x) => special.erfcx(x.sub(0.8)), [3]],
    ["logNdtr", (x) => special.logNdtr(x.mul(8).sub(5)), [3]],
    ["entr", (x) => special.entr(x), [3]],
    ["frexp", (x) => x.frexp().mantissa, [3]],
    ["scatterReduce, product", (x) => x.scatterReduce(1, index, x.narrow(1, 0, 3), "prod"), [2, 4]],
    ["scatterReduce, mean", (x) => x.scatterReduce(1, index, x.narrow(1, 0, 3), "mean"), [2, 4]],
  ])("%s", (_name, run, shape) => {
    manualSeed(1);
    expect(gradcheck((x) => run(x as Tensor), [leaf(...shape)])).toBe(true);
  });
});

describe("a scattered product", () => {
  it("has the product of the other factors as its gradient, also where one of them is 0", () => {
    const source = tensor([2, 0, 3], { dtype: "float64", requiresGrad: true });
    tensor([5], { dtype: "float64" })
      .scatterReduce(0, tensor([0, 0, 0]), source, "prod")
      .backward(tensor([1], { dtype: "float64" }));
    expect(source.grad?.toArray()).toEqual([0, 30, 0]);
  });
});
