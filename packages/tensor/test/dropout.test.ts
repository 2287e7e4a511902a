import { expect, test } from "vitest";
import {
  alphaDropout,
  DTypeError,
  dropout,
  dropout1d,
  dropout2d,
  dropout3d,
  featureAlphaDropout,
  Generator,
  manualSeed,
  ones,
  ShapeError,
  tensor,
  UsageError,
  zeros,
} from "../src/index.js";

test("dropout keeps the elements that PyTorch keeps for the same seed, scaled", () => {
  manualSeed(0);
  const scale = Math.fround(1 / 0.7);
  const kept = [0, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1];
  const result = dropout(ones([12]), 0.3).toArray() as number[];
  expect(result.map((value) => (value === 0 ? 0 : 1))).toEqual(kept);
  expect(result[2]).toBeCloseTo(scale, 6);
});

test("channel dropout draws once per channel", () => {
  manualSeed(0);
  expect(
    dropout2d(ones([2, 3, 1, 2]), 0.5)
      .select(3, 0)
      .flatten(1)
      .toArray(),
  ).toEqual([
    [0, 0, 2],
    [0, 0, 0],
  ]);
  manualSeed(0);
  expect(dropout1d(ones([4, 2]), 0.5).toArray()).toEqual([
    [0, 0],
    [0, 0],
    [2, 2],
    [0, 0],
  ]);
  expect(dropout3d(ones([1, 2, 2, 2]), 0.5).shape).toEqual([1, 2, 2, 2]);
  expect(() => dropout1d(ones([2]), 0.5)).toThrow(ShapeError);
});

test("alphaDropout equals PyTorch's for the same seed", () => {
  manualSeed(0);
  const result = alphaDropout(ones([6]), 0.4, { training: true }).toArray() as number[];
  const expected = [-0.910642, -0.910642, 1.4703772, -0.910642, -0.910642, -0.910642];
  for (const [i, value] of expected.entries()) expect(result[i]).toBeCloseTo(value, 5);
});

test("featureAlphaDropout draws once per channel", () => {
  manualSeed(0);
  const result = featureAlphaDropout(ones([3, 2, 2]), 0.5, { training: true });
  expect(result.amin(2).toArray()).toEqual(result.amax(2).toArray());
  const expected = [-0.7791939, -0.7791939, 1.6655988, -0.7791939, -0.7791939, -0.7791939];
  for (const [i, value] of result.select(2, 0).reshape([-1]).toTypedArray().entries()) {
    expect(value).toBeCloseTo(expected[i] as number, 5);
  }
  expect(() => featureAlphaDropout(ones([3]), 0.5)).toThrow(/at least two dimensions, got \[3\]/);
});

test("alphaDropout and featureAlphaDropout do nothing unless told that this is training, as in PyTorch", () => {
  const x = ones([3, 2]);
  expect(alphaDropout(x)).toBe(x);
  expect(featureAlphaDropout(x)).toBe(x);
});

test("in evaluation, and with p 0, the result is x itself; with p 1 it is 0", () => {
  const x = ones([3]);
  expect(dropout(x, 0.5, { training: false })).toBe(x);
  expect(dropout(x, 0)).toBe(x);
  expect(dropout(x, 1).toArray()).toEqual([0, 0, 0]);
});

test("a generator of its own leaves the default one alone", () => {
  const draw = (): unknown => dropout(ones([20]), 0.5, { generator: new Generator(3) }).toArray();
  expect(draw()).toEqual(draw());
});

test("a probability outside 0 … 1 and integers are refused", () => {
  expect(() => dropout(zeros([1]), 1.5)).toThrow(UsageError);
  expect(() => dropout(tensor([1, 2]), 0.5)).toThrow(DTypeError);
});
