import "@kindling/autograd";
import { arange, manualSeed, ones, rand, randn, ShapeError, type Tensor, tensor, zeros } from "@kindling/tensor";
import { expect, test } from "vitest";
import { type Module, MultiheadAttention } from "../../src/index.js";
import { expectNumbers } from "../numbers.js";

// The numbers are PyTorch's after manual_seed(0).
const x = arange(24, { dtype: "float32" }).reshape(3, 2, 4).div(10).sin();
const names = (module: Module): string[] => Object.keys(module.stateDict());

test("seeded attention with dropout and an added key gives PyTorch's numbers", () => {
  manualSeed(0);
  const attention = new MultiheadAttention(4, 2, { dropout: 0.5, addBiasKv: true });
  const [output, weights] = attention.forward(x, x, x);
  expectNumbers(
    output.select(0, 0),
    [-0.292106, -0.07114638, -0.1335457, 0.1125968, -0.5417194, 0.03399222, -0.2202765, 0.09279915],
  );
  expectNumbers(
    (weights as Tensor).select(0, 0),
    [0, 0.5036519, 0, 0.2128045, 0.2439144, 0.3209049, 0, 0.4237995, 0.2314268, 0.3304412, 0.3462228, 0.4719957],
  );
});

test("attention has PyTorch's names, packed or not", () => {
  const rest = ["out_proj.weight", "out_proj.bias"];
  expect(names(new MultiheadAttention(4, 2, { addBiasKv: true }))).toEqual([
    ...["in_proj_weight", "in_proj_bias", "bias_k", "bias_v"],
    ...rest,
  ]);
  manualSeed(0);
  const separate = new MultiheadAttention(4, 2, { kdim: 3, vdim: 2 });
  expect(names(separate)).toEqual(["q_proj_weight", "k_proj_weight", "v_proj_weight", "in_proj_bias", ...rest]);
  expectNumbers(
    separate.vProjWeight as Tensor,
    [-0.443495, -0.03608239, 0.6395607, 0.9941331, 0.3968822, 0.1350929, 0.6704863, -0.5888023],
  );
});

test("batch first, and without a batch, attention gives what it gives with time first", () => {
  const attention = new MultiheadAttention(4, 2, { addZeroAttn: true });
  const first = new MultiheadAttention(4, 2, { addZeroAttn: true, batchFirst: true });
  first.loadStateDict(attention.stateDict());
  const [output, weights] = attention.forward(x, x, x);
  const turned = x.transpose(0, 1);
  const [other, sameWeights] = first.forward(turned, turned, turned);
  expect(other.transpose(0, 1).allclose(output)).toBe(true);
  expect(sameWeights?.allclose(weights as Tensor)).toBe(true);
  const alone = x.select(1, 1);
  const [single, ownWeights] = first.forward(alone, alone, alone);
  expect(single.allclose(output.select(1, 1))).toBe(true);
  expect(ownWeights?.allclose((weights as Tensor).select(0, 1))).toBe(true);
});

test("masks of bools and of numbers hide the same; weights are there on demand", () => {
  const attention = new MultiheadAttention(4, 2);
  const hidden = ones([3, 3], { dtype: "bool" }).triu(1);
  const padding = tensor([[false, false, false], [false, false, true]]); // biome-ignore format: a matrix
  const [output, weights] = attention.forward(x, x, x, { attnMask: hidden, keyPaddingMask: padding });
  const added = zeros([3, 3]).maskedFill(hidden, Number.NEGATIVE_INFINITY);
  const [same, none] = attention.forward(x, x, x, {
    attnMask: added.expand(4, 3, 3),
    keyPaddingMask: zeros([2, 3]).maskedFill(padding, Number.NEGATIVE_INFINITY),
    needWeights: false,
    isCausal: true,
  });
  expect(same.allclose(output)).toBe(true);
  expect(none).toBeNull();
  expect(weights?.index(1, 2).toArray()).toMatchObject([expect.any(Number), expect.any(Number), 0]);
  expect(attention.forward(x, x, x, { averageAttnWeights: false })[1]?.shape).toEqual([2, 2, 3, 3]);
});

test("a mask for every batch and head belongs to that head", () => {
  const attention = new MultiheadAttention(4, 2);
  const attnMask = rand([4, 3, 3])
    .lt(0.3)
    .logicalAnd(ones([3, 3]).triu(1).eq(1));
  const [, weights] = attention.forward(x, x, x, { attnMask, averageAttnWeights: false });
  expect(weights?.reshape(4, 3, 3).eq(0).equal(attnMask)).toBe(true);
});

test("a dropout in evaluation drops nothing", () => {
  const attention = new MultiheadAttention(4, 2, { dropout: 0.9 }).eval();
  expect(attention.forward(x, x, x)[0].equal(attention.forward(x, x, x)[0])).toBe(true);
});

test("keys, values and masks that do not fit are named", () => {
  const attention = new MultiheadAttention(4, 2);
  expect(() => new MultiheadAttention(6, 4)).toThrow("embedDim must be divisible by numHeads, got 6 and 4");
  expect(() => attention.forward(zeros([3, 2, 5]), x, x)).toThrow("expected query vectors of size 4, got [3, 2, 5]");
  expect(() => attention.forward(x, x, zeros([4, 2, 4]))).toThrow(/a value for each key/);
  expect(() => attention.forward(zeros([3, 1, 4]), x, x)).toThrow(ShapeError);
  expect(() => attention.forward(x, x, x.select(1, 0))).toThrow(/of 3 dimensions, or without a batch of 2/);
  expect(() => attention.forward(x, x, x, { attnMask: zeros([3, 4]) })).toThrow(
    "expected attnMask of shape [3, 3] or [4, 3, 3], got [3, 4]",
  );
  expect(() => attention.forward(x, x, x, { keyPaddingMask: zeros([3, 2]) })).toThrow(
    "expected keyPaddingMask of shape [2, 3], got [3, 2]",
  );
  expect(() => attention.forward(x, x, x, { attnMask: zeros([3, 3], { dtype: "int32" }) })).toThrow(/got int32/);
  expect(() => attention.forward(x, x, x, { isCausal: true })).toThrow(/isCausal needs attnMask/);
});

test("the gradient reaches every parameter", () => {
  const attention = new MultiheadAttention(4, 2, { kdim: 3, addBiasKv: true });
  const [output] = attention.forward(x, randn([5, 2, 3]), randn([5, 2, 4]));
  output.square().sum().backward();
  for (const parameter of attention.parameters()) expect(parameter.grad).not.toBeNull();
});
