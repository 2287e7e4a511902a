import * as t from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { boolean, dtype, either, number, oneOrMore, orNull, tensor, word } from "../parsers.js";
import type { Adapter, Adapters } from "./adapter.js";

type Dims = number | readonly number[] | null | undefined;

const input = (a: Arguments): t.Tensor => a.get("input", tensor);
const dims = (a: Arguments): Dims => a.maybe("dim", orNull(oneOrMore));
const keepdim = (a: Arguments) => a.options({ keepdim: boolean });

type Reduction<Options> = (x: t.Tensor, dim: Dims, options: Options) => t.Tensor;
const kept =
  (operation: Reduction<t.KeepdimOptions>): Adapter =>
  (a) =>
    operation(input(a), dims(a), keepdim(a));
const typed =
  (operation: Reduction<t.SumOptions>): Adapter =>
  (a) =>
    operation(input(a), dims(a), a.options({ keepdim: boolean, dtype }));

/** `unbiased` is the older way to say `correction`. */
function deviation(a: Arguments): t.DeviationOptions {
  const unbiased = a.maybe("unbiased", boolean);
  const options = a.options({ correction: number, keepdim: boolean });
  return unbiased === undefined ? options : { ...options, correction: unbiased ? 1 : 0 };
}

const pair = ({ values, indices }: t.ValuesAndIndices) => [values, indices];
type Extreme = ((x: t.Tensor) => t.Tensor) &
  ((x: t.Tensor, dim: number, options?: t.KeepdimOptions) => t.ValuesAndIndices);
/** Over everything, or over one dimension with the positions. */
const extreme =
  (operation: Extreme): Adapter =>
  (a) => {
    const dim = a.maybe("dim", number);
    return dim === undefined ? operation(input(a)) : pair(operation(input(a), dim, keepdim(a)));
  };
const position =
  (operation: typeof t.argmax): Adapter =>
  (a) =>
    operation(input(a), a.maybe("dim", orNull(number)), keepdim(a));
const along = (a: Arguments): number => a.get("dim", number);

export const reduction: Adapters = {
  sum: typed(t.sum),
  mean: typed(t.mean),
  prod: typed(t.prod),
  nansum: typed(t.nansum),
  nanmean: typed(t.nanmean),
  amax: kept(t.amax),
  amin: kept(t.amin),
  any: kept(t.any),
  all: kept(t.all),
  logsumexp: kept(t.logsumexp),
  count_nonzero: (a) => t.countNonzero(input(a), dims(a)),
  aminmax: (a) => {
    const { min, max } = t.aminmax(input(a), a.maybe("dim", number), keepdim(a));
    return [min, max];
  },
  max: extreme(t.max),
  min: extreme(t.min),
  median: extreme(t.median),
  argmax: position(t.argmax),
  argmin: position(t.argmin),
  var: (a) => t.var(input(a), dims(a), deviation(a)),
  std: (a) => t.std(input(a), dims(a), deviation(a)),
  var_mean: (a) => {
    const { var: variance, mean } = t.varMean(input(a), dims(a), deviation(a));
    return [variance, mean];
  },
  std_mean: (a) => {
    const { std, mean } = t.stdMean(input(a), dims(a), deviation(a));
    return [std, mean];
  },
  norm: (a) => t.norm(input(a), a.maybe("p", either(number, word)), dims(a), a.options({ keepdim: boolean, dtype })),
  "linalg.vector_norm": (a) =>
    t.vectorNorm(a.get("x", tensor), a.maybe("ord", number), dims(a), a.options({ keepdim: boolean, dtype })),

  cumsum: (a) => t.cumsum(input(a), along(a), a.options({ dtype })),
  cumprod: (a) => t.cumprod(input(a), along(a), a.options({ dtype })),
  logcumsumexp: (a) => t.logcumsumexp(input(a), along(a)),
  cummax: (a) => pair(t.cummax(input(a), along(a))),
  cummin: (a) => pair(t.cummin(input(a), along(a))),
  diff: (a) => t.diff(input(a), a.options({ n: number, dim: number, prepend: tensor, append: tensor })),

  sort: (a) => pair(t.sort(input(a), a.maybe("dim", number), a.options({ descending: boolean, stable: boolean }))),
  argsort: (a) => t.argsort(input(a), a.maybe("dim", number), a.options({ descending: boolean, stable: boolean })),
  topk: (a) =>
    pair(
      t.topk(input(a), a.get("k", number), a.maybe("dim", number), a.options({ largest: boolean, sorted: boolean })),
    ),
  kthvalue: (a) => pair(t.kthvalue(input(a), a.get("k", number), a.maybe("dim", number), keepdim(a))),
  bincount: (a) => t.bincount(input(a), a.options({ weights: orNull(tensor), minlength: number })),
  histc: (a) => t.histc(input(a), a.options({ bins: number, min: number, max: number })),
  quantile: (a) =>
    t.quantile(
      input(a),
      a.get("q", either(number, tensor)),
      a.options({ dim: orNull(number), keepdim: boolean, interpolation: word }),
    ),
  trapezoid: (a) => t.trapezoid(a.get("y", tensor), a.options({ x: orNull(tensor), dx: number, dim: number })),
  cumulative_trapezoid: (a) =>
    t.cumulativeTrapezoid(a.get("y", tensor), a.options({ x: orNull(tensor), dx: number, dim: number })),
  searchsorted: (a) => t.searchsorted(a.get("sorted_sequence", tensor), input(a), a.options({ right: boolean })),
  bucketize: (a) => t.bucketize(input(a), a.get("boundaries", tensor), a.options({ right: boolean })),
};
