import { tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { Muon, type MuonOptions } from "../src/index.js";
import { parameter } from "./parameter.js";

const gradients = [[[1, -2], [0.5, 3], [-1, 2]], [[0, 1], [2, -1], [1, 1]]]; // biome-ignore format: matrices

/** Where a matrix is after a step with each of the gradients. */
function path(options: Partial<MuonOptions>, isWide = false): number[][] {
  const of = (rows: number[][]) => {
    const tall = tensor(rows, { dtype: "float64" });
    return isWide ? tall.t().clone() : tall;
  };
  const p = of([[1, 2], [3, 4], [5, 6]]).requiresGrad_(); // biome-ignore format: a matrix
  const muon = new Muon([p], { lr: 0.1, ...options });
  return gradients.map((gradient) => {
    p.grad = of(gradient);
    muon.step();
    return [...p.detach().toTypedArray()];
  });
}

const near = (rows: number[][]): unknown => rows.map((row) => row.map((value) => expect.closeTo(value, 8)));

// The numbers are by PyTorch's formula, in float64.
describe("Muon", () => {
  it("moves along the momentum made orthogonal, and looks ahead", () => {
    expect(path({})).toEqual(
      near([
        [0.916169368, 2.015672439, 2.882180672, 3.881039336, 5.023830632, 5.904327561],
        [0.884226105, 1.992680259, 2.743584959, 3.827020614, 4.951052861, 5.747567328],
      ]),
    );
  });

  it("takes wide matrices, other coefficients and rates tuned for AdamW", () => {
    const options = {
      momentum: 0.5,
      nesterov: false,
      weightDecay: 0,
      nsSteps: 3,
      adjustLrFn: "matchRmsAdamw",
    } as const;
    expect(path(options, true)).toEqual(
      near([
        [0.981163718, 2.977616585, 5.018836282, 2.009148962, 3.97979392, 5.990851038],
        [0.974360575, 2.948048934, 5.016219107, 2.010195454, 3.977053628, 5.962099507],
      ]),
    );
  });

  it("leaves a matrix where its gradient is 0, but for weight decay", () => {
    const p = tensor([[1, 2]], { dtype: "float64", requiresGrad: true });
    p.grad = p.detach().mul(0);
    new Muon([p], { lr: 0.5, weightDecay: 0.5 }).step();
    expect(p.toArray()).toEqual([[0.75, 1.5]]);
  });

  it("goes on from its state with the same bits", () => {
    const start = tensor([[1, 2], [3, 4]], { dtype: "float32" }); // biome-ignore format: a matrix
    const [whole, parts] = [start.clone().requiresGrad_(), start.clone().requiresGrad_()];
    const step = (muon: Muon, p: typeof whole, factor: number): void => {
      p.grad = start.mul(factor).sub(1);
      muon.step();
    };
    const all = new Muon([whole]);
    for (const factor of [1, -2, 3]) step(all, whole, factor);
    const first = new Muon([parts]);
    step(first, parts, 1);
    const second = new Muon([parts]);
    second.loadStateDict(first.stateDict());
    for (const factor of [-2, 3]) step(second, parts, factor);
    expect(parts.toArray()).toEqual(whole.toArray());
  });

  it("refuses what is no matrix, and options out of range", () => {
    expect(() => new Muon([parameter(1)])).toThrow(/Muon: takes matrices only, got a parameter of 1 dimensions/);
    const p = tensor([[1]], { dtype: "float32", requiresGrad: true });
    expect(() => new Muon([p], { momentum: -1 })).toThrow(/Muon: momentum/);
    expect(() => new Muon([p], { nsSteps: 100 })).toThrow(/nsSteps must be a whole number from 0 to 99, got 100/);
    expect(() => new Muon([p], { nsCoefficients: [1, 2] as unknown as [1, 2, 3] })).toThrow(/three numbers, got 1, 2/);
    expect(() => new Muon([p], { adjustLrFn: "rms" as "original" })).toThrow(/"matchRmsAdamw" or null, got rms/);
  });
});
