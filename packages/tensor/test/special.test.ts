import { describe, expect, it } from "vitest";
import { i0, mvlgamma, polygamma, special, type Tensor, tensor, UsageError } from "../src/index.js";

function close(actual: Tensor, expected: readonly number[], digits = 4): void {
  const values = Array.from(actual.toTypedArray());
  expect(values).toHaveLength(expected.length);
  for (const [i, value] of values.entries()) {
    const wanted = expected[i] as number;
    if (Number.isFinite(wanted) && wanted !== 0) expect(value / wanted).toBeCloseTo(1, digits);
    else expect(value).toBe(wanted);
  }
}

describe("special functions are PyTorch's", () => {
  it("i0 and i1, on both sides of 8, odd and even", () => {
    close(i0(tensor([0, -3, 12])), [1, 4.8808, 18949]);
    close(special.i1(tensor([-2, 10])), [-1.5906, 2671]);
    close(special.i0e(tensor([-100.5])), [0.039844], 3);
    expect(i0(tensor([true])).dtype).toBe("float32");
  });

  it("polygamma, below 0 and at its poles, in both orders of arguments", () => {
    close(polygamma(3, tensor([0.5, -1.5, 0])), [97.4091, 194.5943, Number.POSITIVE_INFINITY]);
    close(tensor([0.5]).polygamma(0), [-1.96351]);
    close(tensor([0.5]).polygamma(1), [4.9348]);
    expect(() => polygamma(-1, tensor([1]))).toThrow(UsageError);
  });

  it("zeta, infinite at 1 and NaN below", () => {
    close(special.zeta(tensor([2, 1, 0.5]), tensor([3, 1, 1])), [0.394934, Number.POSITIVE_INFINITY, Number.NaN]);
    close(special.zeta(2, tensor([0, -1])), [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });

  it("erfcx and logNdtr, far from 0 too", () => {
    close(special.erfcx(tensor([-1, 0.5, 30])), [5.009, 0.6157, 0.018796]);
    close(special.logNdtr(tensor([-30, 0, 3])), [-454.3212, -Math.LN2, -0.00135081]);
    close(special.ndtr(tensor([0, 1])), [0.5, 0.841345]);
  });

  it("entr and xlog1py, 0 at 0", () => {
    close(special.entr(tensor([-1, 0, 0.5])), [Number.NEGATIVE_INFINITY, 0, 0.346574]);
    close(special.xlog1py(tensor([0, 2]), tensor([-1, 1])), [0, 1.386294]);
    expect(
      special
        .xlog1py(0, tensor([Number.NaN]))
        .isnan()
        .item(),
    ).toBe(1);
  });

  it("mvlgamma", () => {
    close(mvlgamma(tensor([2.5]), 1), [0.284683]);
    expect(() => mvlgamma(tensor([2.5]), 0)).toThrow("at least 1");
    expect(() => mvlgamma(tensor([true]), 1)).toThrow("not defined for bool");
  });

  it("have the second names of torch.special", () => {
    close(special.expit(tensor([0])), [0.5]);
    expect(special.psi).toBe(special.digamma);
  });
});
