import { arange, cat, embedding, oneHot, randperm, slice, stack, where, zeros } from "@kindling/tensor";
import { both, constant, forward, indices, int32, mask, matrix, normal, row, unitMatrix } from "./case.js";

const volume = normal(100, 100, 100);

export const arranging = {
  clone: both([matrix], (a) => a.clone(), "a.clone()"),
  "clone transposed": both([matrix], (a) => a.t().contiguous(), "a.t().contiguous()"),
  "reshape transposed": both([matrix], (a) => a.t().reshape([-1]), "a.t().reshape(-1)"),
  "permute 3d": both([volume], (a) => a.permute(2, 0, 1).contiguous(), "a.permute(2, 0, 1).contiguous()"),
  "permute NCHW to NHWC": both(
    [normal(16, 64, 32, 32)],
    (a) => a.permute(0, 2, 3, 1).contiguous(),
    "a.permute(0, 2, 3, 1).contiguous()",
  ),
  "clone sliced": both([matrix], (a) => a.index(slice(), slice(null, null, 2)).contiguous(), "a[:, ::2].contiguous()"),
  "expand contiguous": both(
    [normal(1000)],
    (a) => a.expand([1000, 1000]).contiguous(),
    "a.expand(1000, 1000).contiguous()",
  ),
  "to float64": both([matrix], (a) => a.to("float64"), "a.double()"),
  "to int32": forward([matrix], (a) => a.to("int32"), "a.int()"),
  "to bool": forward([matrix], (a) => a.to("bool"), "a.bool()"),
  "bool to float32": forward([mask(1000, 1000)], (a) => a.to("float32"), "a.float()"),
  "int32 to float32": forward([int32(1000, 1000, 1000)], (a) => a.to("float32"), "a.float()"),
  zeros: forward([], () => zeros([1000, 1000]), "torch.zeros(1000, 1000)"),
  fill_: forward([matrix], (a) => a.fill_(3), "a.fill_(3)"),
  copy_: forward([matrix, matrix], (a, b) => a.copy_(b), "a.copy_(b)"),
  "copy_ transposed": forward([matrix, matrix], (a, b) => a.copy_(b.t()), "a.copy_(b.t())"),
  cat: both([normal(500, 1000), normal(500, 1000)], (a, b) => cat([a, b]), "torch.cat([a, b])"),
  "cat columns": both([normal(1000, 500), normal(1000, 500)], (a, b) => cat([a, b], 1), "torch.cat([a, b], 1)"),
  stack: both([normal(500, 1000), normal(500, 1000)], (a, b) => stack([a, b]), "torch.stack([a, b])"),
  "stack last": both([normal(500, 1000), normal(500, 1000)], (a, b) => stack([a, b], -1), "torch.stack([a, b], -1)"),
  pad: both([normal(16, 64, 30, 30)], (a) => a.pad([1, 1, 1, 1]), "F.pad(a, [1, 1, 1, 1])"),
  "pad reflect": both(
    [normal(16, 64, 30, 30)],
    (a) => a.pad([1, 1, 1, 1], { mode: "reflect" }),
    "F.pad(a, [1, 1, 1, 1], 'reflect')",
  ),
  "pad replicate": both(
    [normal(16, 64, 30, 30)],
    (a) => a.pad([1, 1, 1, 1], { mode: "replicate" }),
    "F.pad(a, [1, 1, 1, 1], 'replicate')",
  ),
  "pad circular": both(
    [normal(16, 64, 30, 30)],
    (a) => a.pad([1, 1, 1, 1], { mode: "circular" }),
    "F.pad(a, [1, 1, 1, 1], 'circular')",
  ),
  roll: both([matrix], (a) => a.roll(10, 0), "a.roll(10, 0)"),
  "roll columns": both([matrix], (a) => a.roll(10, 1), "a.roll(10, 1)"),
  flip: both([matrix], (a) => a.flip(0), "a.flip(0)"),
  "flip columns": both([matrix], (a) => a.flip(1), "a.flip(1)"),
  repeat: both([normal(500, 500)], (a) => a.repeat(2, 2), "a.repeat(2, 2)"),
  repeatInterleave: both([normal(500, 1000)], (a) => a.repeatInterleave(2, 0), "a.repeat_interleave(2, 0)"),
  tril: both([matrix], (a) => a.tril(), "a.tril()"),
  triu: both([matrix], (a) => a.triu(1), "a.triu(1)"),
  rot90: both([matrix], (a) => a.rot90(), "a.rot90()"),
  pixelShuffle: both([normal(16, 64, 32, 32)], (a) => a.pixelShuffle(2), "F.pixel_shuffle(a, 2)"),
  select: both([matrix], (a) => a.select(1, 3), "a.select(1, 3)"),
  narrow: both([matrix], (a) => a.narrow(1, 0, 500), "a.narrow(1, 0, 500)"),
};

export const indexing = {
  "index by bools": both([matrix, mask(1000, 1000)], (a, b) => a.index(b), "a[b]"),
  "index rows by bools": both([matrix, mask(1000)], (a, b) => a.index(b), "a[b]"),
  "index rows": both([matrix, indices(1000, 1000)], (a, b) => a.index(b), "a[b]"),
  "index columns": both([matrix, indices(1000, 1000)], (a, b) => a.index(slice(), b), "a[:, b]"),
  "index pairs": both(
    [matrix, indices(1000, 1_000_000), indices(1000, 1_000_000)],
    (a, b, c) => a.index(b, c),
    "a[b, c]",
  ),
  "setIndex by bools": forward([matrix, mask(1000, 1000)], (a, b) => a.setIndex([b], 0), "a.__setitem__(b, 0)"),
  "setIndex rows": forward(
    [matrix, indices(1000, 1000), matrix],
    (a, b, c) => a.setIndex([b], c),
    "a.__setitem__(b, c)",
  ),
  gather: both([matrix, indices(1000, 1000, 1000)], (a, b) => a.gather(1, b), "a.gather(1, b)"),
  "gather columns": both([matrix, indices(1000, 1000, 1000)], (a, b) => a.gather(0, b), "a.gather(0, b)"),
  take: both([row, indices(1_000_000, 1_000_000)], (a, b) => a.take(b), "a.take(b)"),
  scatter: forward([matrix, indices(1000, 1000, 1000), matrix], (a, b, c) => a.scatter(1, b, c), "a.scatter(1, b, c)"),
  "scatter columns": forward(
    [matrix, indices(1000, 1000, 1000), matrix],
    (a, b, c) => a.scatter(0, b, c),
    "a.scatter(0, b, c)",
  ),
  scatterAdd: both(
    [matrix, indices(1000, 1000, 1000), matrix],
    (a, b, c) => a.scatterAdd(1, b, c),
    "a.scatter_add(1, b, c)",
  ),
  "scatterAdd columns": both(
    [matrix, indices(1000, 1000, 1000), matrix],
    (a, b, c) => a.scatterAdd(0, b, c),
    "a.scatter_add(0, b, c)",
  ),
  "scatterAdd vector": both(
    [normal(1000), indices(1000, 1_000_000), row],
    (a, b, c) => a.scatterAdd(0, b, c),
    "a.scatter_add(0, b, c)",
  ),
  indexSelect: both([matrix, indices(1000, 1000)], (a, b) => a.indexSelect(0, b), "a.index_select(0, b)"),
  "indexSelect columns": both([matrix, indices(1000, 1000)], (a, b) => a.indexSelect(1, b), "a.index_select(1, b)"),
  indexAdd: both([matrix, indices(1000, 1000), matrix], (a, b, c) => a.indexAdd(0, b, c), "a.index_add(0, b, c)"),
  "indexAdd columns": both(
    [matrix, indices(1000, 1000), matrix],
    (a, b, c) => a.indexAdd(1, b, c),
    "a.index_add(1, b, c)",
  ),
  maskedFill: both([matrix, mask(1000, 1000)], (a, b) => a.maskedFill(b, 0), "a.masked_fill(b, 0)"),
  maskedFill_: forward([matrix, mask(1000, 1000)], (a, b) => a.maskedFill_(b, 0), "a.masked_fill_(b, 0)"),
  maskedSelect: both([matrix, mask(1000, 1000)], (a, b) => a.maskedSelect(b), "a.masked_select(b)"),
  maskedScatter: both([matrix, mask(1000, 1000), matrix], (a, b, c) => a.maskedScatter(b, c), "a.masked_scatter(b, c)"),
  nonzero: forward([mask(1000, 1000)], (a) => a.nonzero(), "a.nonzero()"),
  "where number": both([mask(1000, 1000), matrix], (a, b) => where(a, b, 0), "torch.where(a, b, torch.tensor(0.))"),
  embedding: both([indices(10_000, 10_000), normal(10_000, 100)], (a, b) => embedding(a, b), "F.embedding(a, b)"),
  oneHot: forward([indices(100, 10_000)], (a) => oneHot(a, 100), "F.one_hot(a, 100)"),
};

const target = constant(row);

export const filling = {
  uniform_: forward([target], (a) => a.uniform_(), "a.uniform_()"),
  normal_: forward([target], (a) => a.normal_(), "a.normal_()"),
  bernoulli_: forward([target], (a) => a.bernoulli_(0.3), "a.bernoulli_(0.3)"),
  bernoulli: forward([unitMatrix], (a) => a.bernoulli(), "a.bernoulli()"),
  random_: forward([target], (a) => a.random_(0, 100), "a.random_(0, 100)"),
  exponential_: forward([target], (a) => a.exponential_(), "a.exponential_()"),
  randperm: forward([], () => randperm(1_000_000), "torch.randperm(1000000)"),
  multinomial: forward(
    [unitMatrix],
    (a) => a.multinomial(10, { replacement: true }),
    "a.multinomial(10, replacement=True)",
  ),
  arange: forward([], () => arange(1_000_000), "torch.arange(1000000, dtype=torch.int32)"),
};
