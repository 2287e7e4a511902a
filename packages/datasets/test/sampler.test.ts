import { Generator, UsageError } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import {
  BatchSampler,
  RandomSampler,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
} from "../src/index.js";

const seeded = (seed: number) => ({ generator: new Generator().manualSeed(seed) });

// The expected numbers were computed with PyTorch.
describe("samplers with PyTorch's seeds give PyTorch's indices", () => {
  it("RandomSampler with replacement", () => {
    const sampler = new RandomSampler({ length: 10 }, { replacement: true, numSamples: 40, ...seeded(1) });
    expect([...sampler]).toEqual([
      ...[5, 9, 4, 8, 3, 3, 1, 1, 9, 2, 8, 9, 6, 3, 3, 0, 2, 1, 2, 6, 0, 3, 6, 4, 3, 6, 4, 2, 9, 4, 8, 6],
      ...[7, 3, 7, 3, 3, 6, 2, 0],
    ]);
  });

  it("RandomSampler with more samples than items", () => {
    const sampler = new RandomSampler({ length: 5 }, { numSamples: 12, ...seeded(1) });
    expect([...sampler]).toEqual([0, 4, 2, 3, 1, 3, 2, 4, 1, 0, 4, 1]);
  });

  it("SubsetRandomSampler", () => {
    expect([...new SubsetRandomSampler([10, 20, 30, 40, 50], seeded(3))]).toEqual([20, 10, 40, 50, 30]);
  });

  it("WeightedRandomSampler with replacement", () => {
    expect([...new WeightedRandomSampler([1, 2, 0, 4], 12, seeded(2))]).toEqual([3, 0, 3, 3, 3, 3, 0, 1, 3, 3, 0, 3]);
  });

  it("WeightedRandomSampler without replacement, and for a single sample", () => {
    const weights = [1, 2, 0, 4, 3, 0.5];
    expect([...new WeightedRandomSampler(weights, 4, { replacement: false, ...seeded(2) })]).toEqual([1, 3, 4, 5]);
    expect([...new WeightedRandomSampler(weights, 1, seeded(2))]).toEqual([4]);
  });
});

describe("samplers", () => {
  it("SequentialSampler counts", () => {
    expect([...new SequentialSampler({ length: 3 })]).toEqual([0, 1, 2]);
  });

  it("RandomSampler of nothing is empty", () => {
    expect([...new RandomSampler({ length: 0 })]).toEqual([]);
  });

  it("RandomSampler gives every index once, in a new order each epoch", () => {
    const sampler = new RandomSampler({ length: 100 }, seeded(0));
    const [first, second] = [[...sampler], [...sampler]];
    expect(first).not.toEqual(second);
    expect(first.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it("WeightedRandomSampler never draws a weight of zero", () => {
    expect([...new WeightedRandomSampler([0, 1, 0], 50)].every((index) => index === 1)).toBe(true);
  });

  it("WeightedRandomSampler refuses weights it cannot draw from", () => {
    expect(() => new WeightedRandomSampler([1, -1], 1)).toThrow(/not negative, got -1/);
    expect(() => new WeightedRandomSampler([0, 0], 1)).toThrow(UsageError);
    expect(() => new WeightedRandomSampler([1, 1, 0], 3, { replacement: false })).toThrow(
      /3 samples without replacement from 2/,
    );
  });

  it("BatchSampler groups, with or without the last part", () => {
    const sampler = new SequentialSampler({ length: 5 });
    expect([...new BatchSampler(sampler, 2)]).toEqual([[0, 1], [2, 3], [4]]);
    expect([...new BatchSampler(sampler, 2, true)]).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect([new BatchSampler(sampler, 2).length, new BatchSampler(sampler, 2, true).length]).toEqual([3, 2]);
  });
});
