import { addmm, baddbmm, bilinear, einsum, linear, tensordot } from "@kindling/tensor";
import { both, matrix, normal, row } from "./case.js";

export const products = {
  matmul: both([matrix, matrix], (a, b) => a.matmul(b), "a @ b"),
  "matmul transposed": both([matrix, matrix], (a, b) => a.t().matmul(b.t()), "a.t() @ b.t()"),
  "matmul batch": both([normal(16, 256, 256), normal(256, 256)], (a, b) => a.matmul(b), "a @ b"),
  bmm: both([normal(16, 256, 256), normal(16, 256, 256)], (a, b) => a.bmm(b), "a.bmm(b)"),
  "bmm small": both([normal(10_000, 10, 10), normal(10_000, 10, 10)], (a, b) => a.bmm(b), "a.bmm(b)"),
  mv: both([matrix, normal(1000)], (a, b) => a.mv(b), "a.mv(b)"),
  "mv transposed": both([matrix, normal(1000)], (a, b) => a.t().mv(b), "a.t().mv(b)"),
  dot: both([row, row], (a, b) => a.dot(b), "a.dot(b)"),
  outer: both([normal(1000), normal(1000)], (a, b) => a.outer(b), "a.outer(b)"),
  addmm: both([normal(1000), matrix, matrix], (a, b, c) => addmm(a, b, c), "torch.addmm(a, b, c)"),
  baddbmm: both(
    [normal(16, 256, 256), normal(16, 256, 256), normal(16, 256, 256)],
    (a, b, c) => baddbmm(a, b, c),
    "torch.baddbmm(a, b, c)",
  ),
  linear: both([matrix, matrix, normal(1000)], (a, b, c) => linear(a, b, c), "F.linear(a, b, c)"),
  "linear narrow": both(
    [normal(10_000, 100), normal(10, 100), normal(10)],
    (a, b, c) => linear(a, b, c),
    "F.linear(a, b, c)",
  ),
  einsum: both(
    [normal(16, 250, 256), normal(16, 250, 256)],
    (a, b) => einsum("bik,bjk->bij", a, b),
    "torch.einsum('bik,bjk->bij', a, b)",
  ),
  tensordot: both(
    [normal(100, 100, 100), normal(100, 100, 10)],
    (a, b) => tensordot(a, b, 2),
    "torch.tensordot(a, b, 2)",
  ),
  bilinear: both(
    [normal(1000, 30), normal(1000, 30), normal(40, 30, 30)],
    (a, b, c) => bilinear(a, b, c),
    "F.bilinear(a, b, c)",
  ),
  attention: both(
    [normal(4, 8, 128, 64), normal(4, 8, 128, 64), normal(4, 8, 128, 64)],
    (a, b, c) => a.scaledDotProductAttention(b, c),
    "(a * 0.125 @ b.transpose(-2, -1)).softmax(-1) @ c",
  ),
  "attention causal": both(
    [normal(4, 8, 128, 64), normal(4, 8, 128, 64), normal(4, 8, 128, 64)],
    (a, b, c) => a.scaledDotProductAttention(b, c, { isCausal: true }),
    "(a * 0.125 @ b.transpose(-2, -1)).masked_fill(torch.ones(128, 128, dtype=torch.bool).tril().logical_not(), -torch.inf).softmax(-1) @ c",
  ),
};
