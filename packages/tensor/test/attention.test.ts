import { expect, test } from "vitest";
import {
  attentionWeights,
  manualSeed,
  ones,
  randn,
  ShapeError,
  scaledDotProductAttention,
  type Tensor,
  zeros,
} from "../src/index.js";

const random = (shape: readonly number[]): Tensor => randn(shape, { dtype: "float64" });
const [q, k, v] = [random([2, 4, 3, 5]), random([2, 4, 6, 5]), random([2, 4, 6, 7])];

test("attention is the documented formula, as function and method", () => {
  const weights = q.matmul(k.transpose(-2, -1)).div(Math.sqrt(5)).softmax(-1);
  expect(attentionWeights(q, k).allclose(weights)).toBe(true);
  expect(q.scaledDotProductAttention(k, v).allclose(weights.matmul(v))).toBe(true);
  const doubled = scaledDotProductAttention(q, k, v, { scale: 2 / Math.sqrt(5) });
  expect(doubled.allclose(scaledDotProductAttention(q.mul(2), k, v))).toBe(true);
});

test("a causal mask lets query i see the keys up to i, also where there are more keys", () => {
  const causal = scaledDotProductAttention(q, k, v, { isCausal: true });
  const attnMask = ones([3, 6], { dtype: "bool" }).tril();
  expect(causal.allclose(scaledDotProductAttention(q, k, v, { attnMask }))).toBe(true);
  expect(causal.select(2, 0).allclose(v.select(2, 0))).toBe(true);
});

test("a mask of numbers is added; a query that sees nothing gets NaN", () => {
  const attnMask = zeros([3, 6], { dtype: "float64" }).maskedFill(
    ones([3, 6], { dtype: "bool" }).triu(1),
    Number.NEGATIVE_INFINITY,
  );
  const causal = scaledDotProductAttention(q, k, v, { isCausal: true });
  expect(scaledDotProductAttention(q, k, v, { attnMask }).allclose(causal)).toBe(true);
  const blind = scaledDotProductAttention(q, k, v, { attnMask: zeros([1, 6], { dtype: "bool" }) });
  expect(blind.isnan().all().item()).toBe(1);
});

test("dropped weights are 0 and the others larger", () => {
  manualSeed(0);
  const weights = attentionWeights(q, k, { dropoutP: 0.5 });
  const kept = weights.ne(0);
  const expected = attentionWeights(q, k).mul(2).maskedFill(kept.logicalNot(), 0);
  expect(weights.allclose(expected)).toBe(true);
  expect(kept.sum().item()).toBeLessThan(weights.numel());
});

test("query heads may share keys and values", () => {
  const [few, fewValues] = [k.narrow(1, 0, 2), v.narrow(1, 0, 2)];
  const shared = scaledDotProductAttention(q, few, fewValues, { enableGqa: true });
  const repeated = scaledDotProductAttention(q, few.repeatInterleave(2, 1), fewValues.repeatInterleave(2, 1));
  expect(shared.equal(repeated)).toBe(true);
  expect(() => scaledDotProductAttention(q, k.narrow(1, 0, 3), v, { enableGqa: true })).toThrow(/must be a multiple/);
});

test("what does not fit is named", () => {
  expect(() => scaledDotProductAttention(q, random([2, 4, 6, 4]), v)).toThrow(ShapeError);
  expect(() => scaledDotProductAttention(q, k, random([2, 4, 5, 7]))).toThrow(/a value for each key/);
  const attnMask = ones([3, 6], { dtype: "bool" });
  expect(() => scaledDotProductAttention(q, k, v, { attnMask, isCausal: true })).toThrow(/attnMask or isCausal/);
  expect(() => scaledDotProductAttention(q, k, v, { attnMask: attnMask.to("int32") })).toThrow(/got int32/);
  expect(() => scaledDotProductAttention(q, k, v, { attnMask: ones([9, 1, 1, 3, 6]) })).toThrow(/does not broadcast/);
});
