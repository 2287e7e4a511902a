import "@kindling/autograd";
import { manualSeed, ones } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { AlphaDropout, Dropout, Dropout1d, Dropout2d, Dropout3d, FeatureAlphaDropout } from "../../src/index.js";

describe("Dropout", () => {
  it("drops in training, with PyTorch's draws, and scales what stays", () => {
    manualSeed(0);
    expect(new Dropout(0.5).forward(ones([12])).toArray()).toEqual([0, 0, 2, 0, 0, 0, 2, 2, 0, 2, 2, 2]);
  });

  it("gives back its input in evaluation, and with p 0", () => {
    const x = ones([4]);
    expect(new Dropout(0.9).eval().forward(x)).toBe(x);
    expect(new Dropout(0).forward(x)).toBe(x);
    expect(new Dropout(1).forward(x).toArray()).toEqual([0, 0, 0, 0]);
  });

  it("overwrites its input if told so", () => {
    const x = ones([64]);
    expect(new Dropout(0.5, { inplace: true }).forward(x)).toBe(x);
    expect(new Set(x.toArray() as number[])).toEqual(new Set([0, 2]));
  });

  it("needs a probability", () => {
    expect(() => new Dropout(1.5)).toThrow(/Dropout: p must be between 0 and 1, got 1.5/);
    expect(() => new Dropout2d(Number.NaN)).toThrow(/Dropout2d: p must be/);
  });
});

describe("Dropout2d", () => {
  it("drops whole channels", () => {
    manualSeed(0);
    const y = new Dropout2d(0.5).forward(ones([4, 8, 3, 3]));
    const channels = y.flatten(2);
    expect(channels.amax(2).toArray()).toEqual(channels.amin(2).toArray());
    expect(new Set(y.reshape([-1]).toArray() as number[])).toEqual(new Set([0, 2]));
    expect(new Dropout2d().eval().forward(y)).toBe(y);
  });
});

describe.each([
  { Layer: Dropout1d, shape: [4, 8, 9] },
  { Layer: Dropout3d, shape: [4, 8, 1, 3, 3] },
  { Layer: FeatureAlphaDropout, shape: [4, 8, 3, 3] },
])("$Layer.name", ({ Layer, shape }) => {
  it("drops whole channels in training, and nothing in evaluation", () => {
    manualSeed(0);
    const x = ones(shape);
    const channels = new Layer(0.5).forward(x).flatten(2);
    expect(channels.amax(2).toArray()).toEqual(channels.amin(2).toArray());
    expect(new Set(channels.select(2, 0).reshape([-1]).toArray() as number[]).size).toBe(2);
    expect(new Layer().eval().forward(x)).toBe(x);
  });
});

describe("AlphaDropout", () => {
  it("drops to the limit of SELU in training, and nothing in evaluation", () => {
    manualSeed(0);
    const x = ones([64]);
    const values = new AlphaDropout(0.5).forward(x);
    expect(values.min().item()).toBeCloseTo(-0.7791939, 6);
    expect(values.max().item()).toBeCloseTo(1.6655988, 6);
    expect(new AlphaDropout().eval().forward(x)).toBe(x);
  });
});
