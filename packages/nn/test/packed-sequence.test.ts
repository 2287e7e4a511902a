import "@kindling/autograd";
import { arange, manualSeed, randn, ShapeError, type Tensor, tensor, UsageError, zeros } from "@kindling/tensor";
import { expect, test } from "vitest";
import {
  GRU,
  packPaddedSequence,
  packSequence,
  padPackedSequence,
  padSequence,
  unpackSequence,
  unpadSequence,
} from "../src/index.js";
import { expectNumbers } from "./numbers.js";

const padded = tensor([
  [1, 2, 3],
  [4, 0, 0],
]);

test("packing leaves the padding out and counts the sequences of every step", () => {
  for (const packed of [
    packPaddedSequence(padded, [3, 1], { batchFirst: true }),
    packPaddedSequence(padded.t(), tensor([3, 1])),
  ]) {
    expect(packed.data.toArray()).toEqual([1, 4, 2, 3]);
    expect(packed.batchSizes.toArray()).toEqual([2, 1, 1]);
    expect(packed.sortedIndices).toBeNull();
  }
});

test("sequences that are not sorted are put in order, and back", () => {
  const packed = packPaddedSequence(padded.flip(0), [1, 3], { batchFirst: true, enforceSorted: false });
  expect(packed.data.toArray()).toEqual([1, 4, 2, 3]);
  expect(packed.sortedIndices?.toArray()).toEqual([1, 0]);
  const [output, lengths] = padPackedSequence(packed, { batchFirst: true, paddingValue: -1, totalLength: 4 });
  expect(output.toArray()).toEqual([
    [4, -1, -1, -1],
    [1, 2, 3, -1],
  ]);
  expect(lengths.toArray()).toEqual([1, 3]);
});

test("a packed batch through a bidirectional layer gives PyTorch's numbers", () => {
  manualSeed(0);
  const gru = new GRU(2, 2, { bidirectional: true, batchFirst: true });
  const x = arange(12, { dtype: "float32" }).reshape(2, 3, 2).div(10);
  const packed = packPaddedSequence(x, [1, 3], { batchFirst: true, enforceSorted: false });
  const [output, hn] = gru.forward(packed);
  expectNumbers(hn, [-0.2512333, -0.3974608, -0.6067204, -0.6443787, 0.01234044, -0.06241818, -0.5972213, 0.3642876]);
  const [steps] = padPackedSequence(output, { batchFirst: true });
  expectNumbers(steps.index(1, 1), [-0.4589858, -0.5661497, -0.5716787, 0.3563947]);
  const [, state] = gru.forward(packed, arange(8, { dtype: "float32" }).reshape(2, 2, 2).div(8));
  expectNumbers(state, [-0.232807, -0.3453226, -0.5114497, -0.6228752, 0.224396, 0.2647354, -0.5240882, 0.3581971]);
});

test("sequences come back as they were packed", () => {
  const sequences = [randn([2, 3]), randn([4, 3]), randn([4, 3])];
  const back = unpackSequence(packSequence(sequences, { enforceSorted: false }));
  expect(back.map((part, i) => part.equal(sequences[i] as Tensor))).toEqual([true, true, true]);
});

test("gradients flow through packing and padding, the padding's too", () => {
  const sequences = [randn([3, 2], { requiresGrad: true }), randn([1, 2], { requiresGrad: true })];
  padPackedSequence(packSequence(sequences), { paddingValue: 7 })[0].square().sum().backward();
  for (const sequence of sequences) expect(sequence.grad?.equal(sequence.detach().mul(2))).toBe(true);
});

test("padding fills up on either side", () => {
  const sequences = [tensor([1, 2]), tensor([3])];
  expect(padSequence(sequences).toArray()).toEqual([
    [1, 3],
    [2, 0],
  ]);
  const left = padSequence(sequences, { batchFirst: true, paddingValue: 9, paddingSide: "left" });
  expect(left.toArray()).toEqual([
    [1, 2],
    [9, 3],
  ]);
  expect(unpadSequence(padded, [2, 1], { batchFirst: true }).map((part) => part.toArray())).toEqual([[1, 2], [4]]);
});

test("what cannot be packed is named", () => {
  expect(() => packPaddedSequence(padded, [1, 3], { batchFirst: true })).toThrow(/sorted, longest first, got \[1, 3\]/);
  expect(() => packPaddedSequence(padded, [3], { batchFirst: true })).toThrow(ShapeError);
  expect(() => packPaddedSequence(padded, [3, 0], { batchFirst: true })).toThrow(/whole numbers from 1 to 3/);
  expect(() => packPaddedSequence(padded, [4, 1], { batchFirst: true })).toThrow(UsageError);
  expect(() => packPaddedSequence(zeros([3]), [3])).toThrow(/at least 2 dimensions/);
  expect(() => padSequence([])).toThrow("padSequence: expected a list of at least one sequence");
  expect(() => padSequence([zeros([2, 3]), zeros([2, 4])])).toThrow(/differ in their first size only/);
  expect(() => padPackedSequence(packSequence([zeros([3])]), { totalLength: 2 })).toThrow(/at least 3/);
});
