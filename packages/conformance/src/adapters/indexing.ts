import * as t from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { boolean, either, indexItems, listOf, number, operand, orNull, tensor, word } from "../parsers.js";
import type { Adapters } from "./adapter.js";
import { plain } from "./unary.js";

const input = (a: Arguments): t.Tensor => a.get("input", tensor);
const dim = (a: Arguments): number => a.get("dim", number);
const index = (a: Arguments): t.Tensor => a.get("index", tensor);

/** `input[index] = value`; a plain value may be a number. */
function assign(x: t.Tensor, a: Arguments): t.Tensor {
  return t.setIndex(x, a.get("index", indexItems), a.get("value", operand));
}

export const indexing: Adapters = {
  getitem: (a) => t.index(input(a), ...a.get("index", indexItems)),
  setitem: (a) => assign(t.clone(input(a)), a),
  setitem_: (a) => assign(input(a), a),
  index_select: (a) => t.indexSelect(input(a), dim(a), index(a)),
  gather: (a) => t.gather(input(a), dim(a), index(a)),
  // PyTorch's name for the source depends on whether it is a tensor.
  scatter: (a) => t.scatter(input(a), dim(a), index(a), a.maybe("src", tensor) ?? a.get("value", number)),
  scatter_add: (a) => t.scatterAdd(input(a), dim(a), index(a), a.get("src", tensor)),
  scatter_reduce: (a) =>
    t.scatterReduce(
      input(a),
      dim(a),
      index(a),
      a.get("src", tensor),
      a.get("reduce", word),
      a.options({ includeSelf: boolean }),
    ),
  index_add: (a) => t.indexAdd(input(a), dim(a), index(a), a.get("source", tensor), a.options({ alpha: number })),
  index_copy: (a) => t.indexCopy(input(a), dim(a), index(a), a.get("source", tensor)),
  index_fill: (a) => t.indexFill(input(a), dim(a), index(a), a.get("value", either(tensor, number))),
  index_put: (a) =>
    t.indexPut(
      input(a),
      a.get("indices", listOf(orNull(tensor))),
      a.get("values", tensor),
      a.options({ accumulate: boolean }),
    ),
  select_scatter: (a) => t.selectScatter(input(a), a.get("src", tensor), dim(a), a.get("index", number)),
  slice_scatter: (a) =>
    t.sliceScatter(
      input(a),
      a.get("src", tensor),
      a.maybe("dim", number),
      a.options({ start: orNull(number), end: orNull(number), step: number }),
    ),
  masked_fill: (a) => t.maskedFill(input(a), a.get("mask", tensor), a.get("value", operand)),
  masked_select: (a) => t.maskedSelect(input(a), a.get("mask", tensor)),
  masked_scatter: (a) => t.maskedScatter(input(a), a.get("mask", tensor), a.get("source", tensor)),
  take: (a) => t.take(input(a), index(a)),
  take_along_dim: (a) => t.takeAlongDim(input(a), a.get("indices", tensor), a.maybe("dim", number)),
  nonzero: (a) => {
    const positions = t.nonzero(input(a));
    return a.maybe("as_tuple", boolean) ? positions.unbind(1) : positions;
  },
  argwhere: plain(t.argwhere),
};
