import { describe, expect, it } from "vitest";
import * as t from "../src/index.js";

const { arange, tensor, zeros } = t;
const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

describe("gcd and lcm", () => {
  it("are never negative, and 0 where they must be", () => {
    expect(
      tensor([12, 0, -9, 0])
        .gcd(tensor([18, 5, 6, 0]))
        .toArray(),
    ).toEqual([6, 5, 3, 0]);
    expect(
      tensor([[4], [0]])
        .lcm(tensor([6, -10]))
        .toArray(),
    ).toEqual([
      [12, 20],
      [0, 0],
    ]);
    expect(() => tensor([1.5]).gcd(tensor([1]))).toThrow(t.DTypeError);
  });
});

describe("frexp and nextafter", () => {
  it("take numbers apart, the smallest too", () => {
    const { mantissa, exponent } = tensor([0, 2 ** -1074, -6, infinity], { dtype: "float64" }).frexp();
    expect(mantissa.toArray()).toEqual([0, 0.5, -0.75, infinity]);
    expect(exponent.toArray()).toEqual([0, -1073, 3, 0]);
    expect(() => tensor([1]).frexp()).toThrow(t.DTypeError);
  });

  it("go to the neighbour, across 0 and from infinity too", () => {
    const next = tensor([0, 0, infinity, 1.5, 2]).nextafter(tensor([1, -1, 0, nan, 2]));
    expect(next.toArray()).toEqual([2 ** -149, -(2 ** -149), (2 - 2 ** -23) * 2 ** 127, nan, 2]);
  });
});

describe("isin", () => {
  it("finds elements, and never NaN", () => {
    expect(
      t
        .isin(
          tensor([
            [1, 2],
            [3, nan],
          ]),
          tensor([3, nan, 1]),
        )
        .toArray(),
    ).toEqual([
      [true, false],
      [true, false],
    ]);
    expect(t.isin(tensor([1, 2]), 2, { invert: true }).toArray()).toEqual([true, false]);
  });
});

describe("mode, msort and nanmedian", () => {
  it("mode is the smallest of the most frequent, where it is last", () => {
    const { values, indices } = tensor([
      [3, 1, 3],
      [2, 1, 0],
    ]).mode(1);
    expect([values.toArray(), indices.toArray()]).toEqual([
      [3, 0],
      [2, 2],
    ]);
    expect(tensor(5).mode().values.item()).toBe(5);
    expect(() => zeros([2, 0]).mode()).toThrow(t.ShapeError);
  });

  it("msort sorts along the first dimension", () => {
    expect(
      tensor([
        [3, 1],
        [2, 4],
      ])
        .msort()
        .toArray(),
    ).toEqual([
      [2, 1],
      [3, 4],
    ]);
  });

  it("nanmedian leaves NaN out", () => {
    const x = tensor([
      [1, nan, 3, 2],
      [nan, 5, 4, nan],
    ]);
    expect(x.nanmedian().item()).toBe(3);
    const { values, indices } = x.nanmedian(1, { keepdim: true });
    expect([values.toArray(), indices.toArray()]).toEqual([
      [[2], [4]],
      [[3], [2]],
    ]);
    expect(tensor([nan]).nanmedian().isnan().item()).toBe(1);
    expect(() => zeros([0]).nanmedian()).toThrow(t.UsageError);
  });
});

describe("quantile and nanquantile", () => {
  const x = tensor([3, 1, 4, 1, 5, 9, 2, 6], { dtype: "float32" });

  it("lie between elements as they are told", () => {
    expect(
      x
        .quantile(tensor([0.1, 0.5, 0.9]))
        .mul(1e4)
        .round()
        .toArray(),
    ).toEqual([10000, 35000, 69000]);
    expect(x.quantile(0.3, { interpolation: "nearest" }).item()).toBe(2);
    expect(x.quantile(0.3, { interpolation: "midpoint" }).item()).toBe(2.5);
  });

  it("round positions as the type of x does", () => {
    // 0.7 · 10 is 7 in float32, and less in float64.
    const interpolation = "lower";
    expect(arange(11).float().quantile(0.7, { interpolation }).item()).toBe(7);
  });

  it("nanquantile leaves NaN out", () => {
    expect(tensor([1, nan, 3, 2]).nanquantile(0.25).item()).toBe(1.5);
    expect(
      tensor([
        [nan, nan],
        [1, 2.5],
      ])
        .nanquantile(0.5, { dim: 1 })
        .toArray(),
    ).toEqual([nan, 1.75]);
  });
});

describe("cov and corrcoef", () => {
  const x = tensor(
    [
      [0, 1, 2],
      [1, 4, 2],
    ],
    { dtype: "float64" },
  );

  it("weigh observations", () => {
    const fweights = tensor([1, 2, 1]);
    const weighed = x.cov({ fweights, aweights: tensor([0.5, 1, 2], { dtype: "float64" }) });
    expect(weighed.select(0, 0).mul(14).round().toArray()).toEqual([9, -3]);
    expect(() => x.cov({ fweights: tensor([1, 2]) })).toThrow(t.ShapeError);
    expect(() => x.cov({ fweights: tensor([1, 2, 1.5]) })).toThrow(t.DTypeError);
  });

  it("corrcoef is 1 of a variable with itself", () => {
    const c = x.corrcoef();
    expect(c.diagonal().toArray()).toEqual([1, 1]);
    expect(c.select(0, 0).select(0, 1).item()).toBeCloseTo(0.3273, 4);
  });
});

describe("gradient", () => {
  it("takes coordinates, and ends of second order", () => {
    const coordinates = [tensor([0, 1, 1.5, 3.5])];
    const [slopes] = t.gradient(tensor([1, 2, 4, 8]), { spacing: coordinates, edgeOrder: 2 });
    expect(slopes?.mul(10).round().toArray()).toEqual([-10, 30, 36, 4]);
  });

  it("refuses too few elements or spacings", () => {
    expect(() => t.gradient(tensor([1, 2]), { edgeOrder: 2 })).toThrow("at least 3");
    expect(() => t.gradient(zeros([2, 2]), { spacing: [1] })).toThrow(t.UsageError);
  });
});

describe("histogram", () => {
  it("gives each bin its lower edge, and the last one both", () => {
    const x = tensor([0, 0.5, 1, 1.5, 2, 3]);
    const { hist, binEdges } = x.histogram(4, { range: [0, 2] });
    expect(hist.toArray()).toEqual([1, 1, 1, 2]);
    expect(binEdges.toArray()).toEqual([0, 0.5, 1, 1.5, 2]);
    expect(x.histogram(2, { range: [0, 2], density: true }).hist.toArray()).toEqual([0.4, 0.6].map(Math.fround));
    expect(x.histogram(tensor([-0.5, 0.75, 3])).hist.toArray()).toEqual([2, 4]);
  });

  it("counts points on a grid", () => {
    const points = tensor([
      [0.5, 0.5],
      [1.5, 0.5],
      [1.5, 2.5],
    ]);
    const { hist } = t.histogramdd(points, [2, tensor([0, 1.5])], { range: [0, 2, 0, 1] });
    expect(hist.toArray()).toEqual([[1], [1]]);
  });
});

describe("unique", () => {
  it("tells slices along a dimension apart, in order", () => {
    const rows = tensor([
      [1, 2],
      [0, 5],
      [1, 2],
    ]);
    const { values, inverse, counts } = rows.unique({ dim: 0, returnInverse: true, returnCounts: true });
    expect(values.toArray()).toEqual([
      [0, 5],
      [1, 2],
    ]);
    expect([inverse?.toArray(), counts?.toArray()]).toEqual([
      [1, 0, 1],
      [1, 2],
    ]);
  });

  it("or only those next to each other", () => {
    const { values, inverse, counts } = tensor([1, 1, 2, 1]).uniqueConsecutive({
      returnInverse: true,
      returnCounts: true,
    });
    expect(values.toArray()).toEqual([1, 2, 1]);
    expect([inverse?.toArray(), counts?.toArray()]).toEqual([
      [0, 0, 1, 2],
      [2, 1, 1],
    ]);
    expect(
      tensor([
        [1, 1, 2],
        [3, 3, 3],
      ])
        .uniqueConsecutive({ dim: 1 })
        .values.toArray(),
    ).toEqual([
      [1, 2],
      [3, 3],
    ]);
  });
});

describe("put, indexReduce and scatterReduce", () => {
  it("put writes at positions of all elements, or adds", () => {
    expect(
      zeros([2, 2])
        .put(tensor([0, -1]), tensor([1.5, 2.5]))
        .toArray(),
    ).toEqual([
      [1.5, 0],
      [0, 2.5],
    ]);
    expect(
      zeros([2])
        .put(tensor([1, 1]), tensor([1.5, 2.5]), true)
        .toArray(),
    ).toEqual([0, 4]);
    expect(() => zeros([2]).put(tensor([2]), tensor([1.5]))).toThrow("index 2 is out of bounds");
    expect(() => zeros([2]).put(tensor([0]), zeros([2]))).toThrow(t.ShapeError);
  });

  it("reduce what meets", () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    const source = tensor([
      [5, 6],
      [7, 9],
    ]);
    const index = tensor([0, 0]);
    expect(x.indexReduce(0, index, source, "prod").toArray()).toEqual([
      [35, 108],
      [3, 4],
    ]);
    expect(x.indexReduce(0, index, source, "mean", { includeSelf: false }).toArray()).toEqual([
      [6, 7],
      [3, 4],
    ]);
    expect(() => x.indexReduce(0, tensor([0]), source, "amax")).toThrow(t.ShapeError);
    expect(
      tensor([true])
        .scatterReduce(0, tensor([0]), tensor([false]), "amax", { includeSelf: false })
        .item(),
    ).toBe(0);
  });
});

describe("unravelIndex, nonzeroStatic, vander and renorm", () => {
  it("are PyTorch's", () => {
    expect(t.unravelIndex(tensor([4, 5]), [2, 3]).map((part) => part.toArray())).toEqual([
      [1, 1],
      [1, 2],
    ]);
    expect(tensor([0, 3, 0, 4]).nonzeroStatic({ size: 1 }).toArray()).toEqual([[1]]);
    expect(t.vander(tensor([2, 3]), 3, { increasing: true }).toArray()).toEqual([
      [1, 2, 4],
      [1, 3, 9],
    ]);
    expect(
      tensor([
        [3, 4],
        [0.3, 0.4],
      ])
        .renorm(2, 0, 1)
        .mul(10)
        .round()
        .toArray(),
    ).toEqual([
      [6, 8],
      [3, 4],
    ]);
    expect(() => zeros([2]).renorm(2, 0, 1)).toThrow(t.ShapeError);
  });
});

describe("random numbers of a seed are PyTorch's", () => {
  it("of Poisson, Cauchy, log-normal and geometric distributions, one after another", () => {
    t.manualSeed(0);
    expect(t.poisson(tensor([0, 2.5, 30, 100])).toArray()).toEqual([0, 6, 27, 94]);
    const rounded = (x: t.Tensor): unknown => x.mul(1e4).round().toArray();
    expect(rounded(zeros([3]).cauchy_())).toEqual([-16113, -4889, 4029]);
    expect(rounded(zeros([3]).logNormal_())).toEqual([3191, 34743, 8758]);
    expect(zeros([3], { dtype: "int32" }).geometric_(0.3).toArray()).toEqual([2, 1, 5]);
    expect(zeros([2], { dtype: "uint8" }).random_().toArray()).toEqual([216, 177]);
  });

  it("start again from a state", () => {
    const state = t.getRngState();
    const first = t.rand(3);
    t.setRngState(state);
    expect(t.rand(3).equal(first)).toBe(true);
  });

  it("need sensible parameters", () => {
    expect(() => zeros([1]).cauchy_(0, 0)).toThrow("sigma above 0");
    expect(() => zeros([1]).geometric_(1)).toThrow("between 0 and 1");
    expect(() => zeros([1]).logNormal_(0, -1)).toThrow(t.UsageError);
    expect(() => t.poisson(tensor([-1.5]))).toThrow("rates of at least 0");
  });
});

describe("types of results that PyTorch has from its past", () => {
  it("any and all of uint8 are uint8; squares of bools are int32", () => {
    expect(tensor([0, 2]).byte().any().dtype).toBe("uint8");
    expect(tensor([0, 2]).byte().all().item()).toBe(0);
    expect(tensor([true]).square().dtype).toBe("int32");
  });

  it("logit of integers is computed in float32", () => {
    expect(tensor([2]).byte().logit().isnan().item()).toBe(1);
    expect(tensor([true]).logit().toArray()).toEqual([infinity]);
  });

  it("logaddexp2 promotes both before it computes", () => {
    expect(tensor([1]).logaddexp2(tensor(1, { dtype: "float64" })).dtype).toBe("float64");
  });

  it("the median of nothing is NaN", () => {
    expect(zeros([0]).median().isnan().item()).toBe(1);
    expect(() => zeros([0], { dtype: "int32" }).median()).toThrow(t.UsageError);
  });

  it("canCast says what may be stored in place", () => {
    expect([t.canCast("float32", "int32"), t.canCast("int32", "bool"), t.canCast("bool", "uint8")]).toEqual([
      false,
      false,
      true,
    ]);
    expect(t.canCast("float64", "float32")).toBe(true);
  });
});
