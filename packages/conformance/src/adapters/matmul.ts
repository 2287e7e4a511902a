import * as t from "@kindling/tensor";
import type { Parser } from "../arguments.js";
import { boolean, either, listOf, number, numbers, orNull, tensor, tensors, word } from "../parsers.js";
import type { Adapter, Adapters } from "./adapter.js";

const product =
  (operation: (x: t.Tensor, other: t.Tensor) => t.Tensor, second: string): Adapter =>
  (a) =>
    operation(a.get("input", tensor), a.get(second, tensor));

type ScaledSum = (x: t.Tensor, a: t.Tensor, b: t.Tensor, options: { beta?: number; alpha?: number }) => t.Tensor;
const scaledSum =
  (operation: ScaledSum, first: string, second: string): Adapter =>
  (a) =>
    operation(
      a.get("input", tensor),
      a.get(first, tensor),
      a.get(second, tensor),
      a.options({ beta: number, alpha: number }),
    );

const dimLists = listOf(numbers) as Parser<[number[], number[]]>;

export const matmul: Adapters = {
  matmul: product(t.matmul, "other"),
  mm: product(t.mm, "mat2"),
  bmm: product(t.bmm, "mat2"),
  mv: product(t.mv, "vec"),
  dot: product(t.dot, "other"),
  inner: product(t.inner, "other"),
  outer: product(t.outer, "vec2"),
  kron: product(t.kron, "other"),
  bilinear: (a) =>
    t.bilinear(
      a.get("input1", tensor),
      a.get("input2", tensor),
      a.get("weight", tensor),
      a.maybe("bias", orNull(tensor)),
    ),
  addmm: scaledSum(t.addmm, "mat1", "mat2"),
  addmv: scaledSum(t.addmv, "mat", "vec"),
  addr: scaledSum(t.addr, "vec1", "vec2"),
  baddbmm: scaledSum(t.baddbmm, "batch1", "batch2"),
  addbmm: scaledSum(t.addbmm, "batch1", "batch2"),
  tensordot: (a) => t.tensordot(a.get("a", tensor), a.get("b", tensor), a.maybe("dims", either(number, dimLists))),
  einsum: (a) => t.einsum(a.get("equation", word), a.get("operands", tensors)),
  cross: (a) => t.cross(a.get("input", tensor), a.get("other", tensor), a.maybe("dim", orNull(number))),
  "linalg.cross": (a) => t.linalg.cross(a.get("input", tensor), a.get("other", tensor), a.options({ dim: number })),
  "linalg.matrix_power": (a) => t.matrixPower(a.get("A", tensor), a.get("n", number)),
  "linalg.multi_dot": (a) => t.multiDot(a.get("tensors", tensors)),
  cdist: (a) => t.cdist(a.get("x1", tensor), a.get("x2", tensor), a.options({ p: number })),
  pdist: (a) => t.pdist(a.get("input", tensor), a.options({ p: number })),
  pairwise_distance: (a) =>
    t.pairwiseDistance(
      a.get("x1", tensor),
      a.get("x2", tensor),
      a.options({ p: number, eps: number, keepdim: boolean }),
    ),
  cosine_similarity: (a) =>
    t.cosineSimilarity(a.get("x1", tensor), a.get("x2", tensor), a.options({ dim: number, eps: number })),
  trace: (a) => t.trace(a.get("input", tensor)),
  linear: (a) => t.linear(a.get("input", tensor), a.get("weight", tensor), a.maybe("bias", tensor)),
};
