import "@kindling/autograd";
import { arange, manualSeed, ones, randn, type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { AdaptiveLogSoftmaxWithLoss } from "../src/index.js";
import { expectNumbers } from "./numbers.js";

function seeded(): AdaptiveLogSoftmaxWithLoss {
  manualSeed(0);
  return new AdaptiveLogSoftmaxWithLoss(6, 10, [3, 6], { divValue: 2, headBias: true });
}
const x = (): Tensor => arange(30, { dtype: "float32" }).reshape(5, 6).sin().requiresGrad_();
const targets = tensor([0, 2, 4, 9, 5]);

describe("AdaptiveLogSoftmaxWithLoss", () => {
  it("begins, computes and differentiates as PyTorch does after the same seed", () => {
    const loss = seeded();
    expect(Object.keys(loss.stateDict())).toEqual([
      "head.weight",
      "head.bias",
      "tail.0.0.weight",
      "tail.0.1.weight",
      "tail.1.0.weight",
      "tail.1.1.weight",
    ]);
    const input = x();
    const { output, loss: value } = loss.forward(input, targets);
    expectNumbers(output, -1.985319, -2.468534, -2.325676, -3.251949, -2.770982);
    expectNumbers(value, 2.560492);
    value.backward();
    expectNumbers(
      (input.grad as Tensor).narrow(0, 0, 1),
      -0.01596174,
      -0.01743972,
      0.07566692,
      0.04982108,
      0.003828335,
      -0.01963254,
    );
    expectNumbers(
      (loss.head.weight.grad as Tensor).sum(1),
      -0.008582268,
      0.09200785,
      -0.0157865,
      -0.06022763,
      -0.007411506,
    );
    expectNumbers(
      (loss.getParameter("tail.1.1.weight").grad as Tensor).sum(1),
      0.01592576,
      0.01752388,
      0.0107672,
      -0.04421683,
    );
  });

  it("gives the probabilities of all classes, and the likeliest", () => {
    const loss = seeded();
    const logProb = loss.logProb(x());
    expectNumbers(
      logProb.select(0, 0),
      -1.985319,
      -0.8988268,
      -2.676623,
      -3.232145,
      -2.84853,
      -3.50812,
      -2.644315,
      -2.5771,
      -2.919448,
      -2.839508,
    );
    expect(
      logProb
        .exp()
        .sum(1)
        .allclose(ones([5])),
    ).toBe(true);
    expect(logProb.gather(1, targets.unsqueeze(1)).squeeze(1).allclose(loss.forward(x(), targets).output)).toBe(true);
    expect(loss.predict(x().mul(3)).toArray()).toEqual([1, 1, 1, 1, 4]);
    const far = randn([50, 6]).mul(9);
    const best = loss.logProb(far).argmax(1);
    const predicted = loss.predict(far);
    // The head may prefer a cluster of which no class is the likeliest of all.
    expect(predicted.eq(best).sum().item()).toBeGreaterThan(40);
    expect(loss.predict(x().narrow(0, 0, 2)).toArray()).toEqual([1, 1]);
  });

  it("takes one input without a batch, and batches of one kind of class", () => {
    const loss = seeded();
    const { output } = loss.forward(x(), targets);
    expect(loss.forward(x().select(0, 3), targets.select(0, 3)).output.allclose(output.select(0, 3))).toBe(true);
    expect(loss.forward(x().narrow(0, 0, 2), targets.narrow(0, 0, 2)).output.allclose(output.narrow(0, 0, 2))).toBe(
      true,
    );
  });

  it("draws anew, and names what does not fit", () => {
    const loss = seeded();
    const before = loss.getParameter("tail.0.0.weight").clone();
    loss.resetParameters();
    expect(loss.getParameter("tail.0.0.weight").equal(before)).toBe(false);
    expect(() => loss.forward(x(), tensor([0, 2, 4, 10, 5]))).toThrow(/targets must be from 0 to 9, got 10/);
    expect(() => loss.forward(x(), tensor([0, 2]))).toThrow(/got \[5, 6\] and \[2\]/);
    for (const cutoffs of [[], [3, 3], [6, 3], [0, 3], [3, 10], [1.5]]) {
      expect(() => new AdaptiveLogSoftmaxWithLoss(6, 10, cutoffs)).toThrow(/rising whole numbers from 1 to 9/);
    }
  });
});
