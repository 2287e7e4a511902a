import "@kindling/autograd";
import { describe, expect, it } from "vitest";
import { GaussianNLLLoss, PoissonNLLLoss } from "../src/index.js";
import { expectNumbers, floats } from "./numbers.js";

// The numbers are PyTorch's, for these.
const x = floats([[0.5, -1, 3], [2, 0.25, -0.5]]); // biome-ignore format: a matrix
const none = { reduction: "none" } as const;

describe("PoissonNLLLoss", () => {
  const counts = floats([[0, 1, 5], [2, 0, 3]]); // biome-ignore format: a matrix

  it("takes logarithms of rates, or rates", () => {
    expectNumbers(new PoissonNLLLoss().forward(x, counts), 2.480292);
    const each = new PoissonNLLLoss({ logInput: false, eps: 0.1, ...none }).forward(x.abs(), counts);
    expectNumbers(each, 0.5, 0.9046898, -2.657011, 0.5161254, 0.25, 2.032477);
  });

  it("adds Stirling's approximation for counts above 1", () => {
    const each = new PoissonNLLLoss({ full: true, ...none }).forward(x, counts);
    expectNumbers(each, 1.648721, 1.367879, 9.856384, 4.040863, 1.284025, 3.870612);
  });

  it("has a finite gradient of counts of 0", () => {
    const target = counts.clone().requiresGrad_();
    new PoissonNLLLoss({ full: true }).forward(x, target).backward();
    expect(target.grad?.isfinite().all().item()).toBe(1);
  });
});

describe("GaussianNLLLoss", () => {
  const target = x.flip(1);
  const variance = floats([[0.5, 1, 2], [0, 4, 1e-9]]); // biome-ignore format: a matrix

  it("limits the variance from below, and adds the constant if asked", () => {
    const each = new GaussianNLLLoss({ eps: 0.01, ...none }).forward(x, target, variance);
    expectNumbers(each, 5.903426, 0, 1.909074, 310.1974, Math.LN2, 310.1974);
    expectNumbers(new GaussianNLLLoss({ full: true, eps: 0.1 }).forward(x, target, variance), 12.36945);
  });

  it("takes a variance a row, a column or for all", () => {
    const loss = new GaussianNLLLoss({ eps: 0.1, ...none });
    const rows = loss.forward(x, target, variance.select(1, 1));
    expectNumbers(rows, 3.125, 0, 3.125, 1.474397, Math.LN2, 1.474397);
    expect(loss.forward(x, target, variance.narrow(0, 0, 1)).shape).toEqual([2, 3]);
    expectNumbers(loss.forward(x, target, 2).sub(loss.forward(x, target, x.mul(0).add(2))), 0, 0, 0, 0, 0, 0);
  });

  it("leaves the variance itself as it was, with a gradient as if it had not been limited", () => {
    const own = variance.clone().requiresGrad_();
    new GaussianNLLLoss({ reduction: "sum" }).forward(x, x, own).backward();
    expect(own.toArray()).toEqual(variance.toArray());
    expect(own.grad?.min().item()).toBeGreaterThan(0);
  });

  it("refuses variances that are negative or do not fit", () => {
    const loss = new GaussianNLLLoss();
    expect(() => loss.forward(x, target, variance.neg())).toThrow(/the variance has negative entries/);
    expect(() => loss.forward(x, target, -1)).toThrow(/negative/);
    expect(() => loss.forward(x, target, floats([1, 1, 1]))).toThrow(
      /expected a variance of shape \[2, 3\],.* got \[3\]/,
    );
    expect(() => new GaussianNLLLoss({ eps: 0 }).forward(x, target, variance)).toThrow(/eps must be positive/);
  });
});
