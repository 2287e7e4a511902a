import * as t from "@kindling/tensor";
import type { Arguments, Parser } from "../arguments.js";
import {
  boolean,
  either,
  listOf,
  number,
  numbers,
  oneOrMore,
  operand,
  orNull,
  tensor,
  tensors,
  word,
} from "../parsers.js";
import type { Adapter, Adapters } from "./adapter.js";
import { plain } from "./unary.js";

const { special } = t;
const input = (a: Arguments): t.Tensor => a.get("input", tensor);
const other = (a: Arguments): t.Tensor => a.get("other", tensor);

const ofTensors =
  (operation: (x: t.Tensor, y: t.Tensor) => t.Tensor): Adapter =>
  (a) =>
    operation(input(a), other(a));
const ofOperands =
  (operation: (x: t.Tensor, y: t.TensorOrNumber) => t.Tensor): Adapter =>
  (a) =>
    operation(input(a), a.get("other", operand));
/** The library itself has to refuse an order that it does not know. */
const order: Parser<1 | 2> = (value, name) => number(value, name) as 1 | 2;
const uniqueParts = ({ values, inverse, counts }: t.UniqueResult) => [values, inverse, counts];
const uniqueOptions = (a: Arguments) =>
  a.options({ returnInverse: boolean, returnCounts: boolean, dim: orNull(number) });
const histogramOptions = (a: Arguments) =>
  a.options({ range: orNull(numbers), weight: orNull(tensor), density: boolean });
const bins = either(number, tensor);

/** Operations under names that are neither in the oldest families nor anywhere else. */
export const everyday: Adapters = {
  gcd: ofTensors(t.gcd),
  lcm: ofTensors(t.lcm),
  nextafter: ofTensors(t.nextafter),
  ldexp: ofTensors(t.ldexp),
  heaviside: (a) => t.heaviside(input(a), a.get("values", tensor)),
  float_power: (a) => t.floatPower(a.get("input", operand), a.get("exponent", operand)),
  frexp: (a) => {
    const { mantissa, exponent } = t.frexp(input(a));
    return [mantissa, exponent];
  },
  sgn: plain(t.sgn),
  isreal: plain(t.isreal),
  ravel: plain(t.ravel),
  i0: plain(t.i0),
  mvlgamma: (a) => t.mvlgamma(input(a), a.get("p", number)),
  polygamma: (a) => t.polygamma(a.get("n", number), input(a)),

  "special.digamma": plain(special.digamma),
  "special.entr": plain(special.entr),
  "special.erf": plain(special.erf),
  "special.erfc": plain(special.erfc),
  "special.erfcx": plain(special.erfcx),
  "special.erfinv": plain(special.erfinv),
  "special.exp2": plain(special.exp2),
  "special.expit": plain(special.expit),
  "special.expm1": plain(special.expm1),
  "special.gammaln": plain(special.gammaln),
  "special.i0": plain(special.i0),
  "special.i0e": plain(special.i0e),
  "special.i1": plain(special.i1),
  "special.i1e": plain(special.i1e),
  "special.log1p": plain(special.log1p),
  "special.log_ndtr": plain(special.logNdtr),
  "special.logit": (a) => special.logit(input(a), a.maybe("eps", orNull(number))),
  "special.multigammaln": (a) => special.multigammaln(input(a), a.get("p", number)),
  "special.ndtr": plain(special.ndtr),
  "special.polygamma": (a) => special.polygamma(a.get("n", number), input(a)),
  "special.psi": plain(special.psi),
  "special.sinc": plain(special.sinc),
  "special.xlog1py": (a) => special.xlog1py(a.get("input", operand), a.get("other", operand)),
  "special.xlogy": (a) => special.xlogy(a.get("input", operand), a.get("other", operand)),
  "special.zeta": (a) => special.zeta(a.get("input", operand), a.get("other", operand)),

  mode: (a) => {
    const { values, indices } = t.mode(input(a), a.maybe("dim", number), a.options({ keepdim: boolean }));
    return [values, indices];
  },
  msort: plain(t.msort),
  nanmedian: (a) => {
    const dim = a.maybe("dim", number);
    if (dim === undefined) return t.nanmedian(input(a));
    const { values, indices } = t.nanmedian(input(a), dim, a.options({ keepdim: boolean }));
    return [values, indices];
  },
  nanquantile: (a) =>
    t.nanquantile(
      input(a),
      a.get("q", either(number, tensor)),
      a.options({ dim: orNull(number), keepdim: boolean, interpolation: word }),
    ),
  corrcoef: plain(t.corrcoef),
  gradient: (a) =>
    t.gradient(input(a), a.options({ spacing: either(oneOrMore, tensors), dim: orNull(oneOrMore), edgeOrder: order })),
  histogram: (a) => {
    const { hist, binEdges } = t.histogram(input(a), a.get("bins", bins), histogramOptions(a));
    return [hist, binEdges];
  },
  histogramdd: (a) => {
    const { hist, binEdges } = t.histogramdd(input(a), a.get("bins", either(bins, listOf(bins))), histogramOptions(a));
    return [hist, ...binEdges];
  },
  unique: (a) => uniqueParts(t.unique(input(a), uniqueOptions(a))),
  unique_consecutive: (a) => uniqueParts(t.uniqueConsecutive(input(a), uniqueOptions(a))),
  cov: (a) => t.cov(input(a), a.options({ correction: number, fweights: orNull(tensor), aweights: orNull(tensor) })),
  isin: (a) =>
    t.isin(
      a.get("elements", either(tensor, number)),
      a.get("test_elements", either(tensor, number)),
      a.options({ assumeUnique: boolean, invert: boolean }),
    ),
  vander: (a) => t.vander(a.get("x", tensor), a.maybe("N", orNull(number)), a.options({ increasing: boolean })),
  renorm: (a) => t.renorm(input(a), a.get("p", number), a.get("dim", number), a.get("maxnorm", number)),

  put: (a) => t.put(input(a), a.get("index", tensor), a.get("source", tensor), a.maybe("accumulate", boolean)),
  index_reduce: (a) =>
    t.indexReduce(
      input(a),
      a.get("dim", number),
      a.get("index", tensor),
      a.get("source", tensor),
      a.get("reduce", word),
      a.options({ includeSelf: boolean }),
    ),
  unravel_index: (a) => t.unravelIndex(a.get("indices", tensor), a.get("shape", numbers)),
  diagflat: (a) => t.diagflat(input(a), a.maybe("offset", number)),
  diagonal_scatter: (a) =>
    t.diagonalScatter(
      input(a),
      a.get("src", tensor),
      a.maybe("offset", number),
      a.maybe("dim1", number),
      a.maybe("dim2", number),
    ),
  hsplit: (a) => t.hsplit(input(a), a.get("indices_or_sections", oneOrMore)),
  vsplit: (a) => t.vsplit(input(a), a.get("indices_or_sections", oneOrMore)),
  dsplit: (a) => t.dsplit(input(a), a.get("indices_or_sections", oneOrMore)),

  div_: (a) => t.div_(input(a), a.get("other", operand), a.options({ roundingMode: orNull(word) })),
  atan2_: ofOperands(t.atan2_),
  eq_: ofOperands(t.eq_),
  floor_divide_: ofOperands(t.floorDivide_),
  fmod_: ofOperands(t.fmod_),
  ge_: ofOperands(t.ge_),
  gt_: ofOperands(t.gt_),
  le_: ofOperands(t.le_),
  lt_: ofOperands(t.lt_),
  ne_: ofOperands(t.ne_),
  remainder_: ofOperands(t.remainder_),
  clamp_: (a) => t.clamp_(input(a), a.maybe("min", orNull(operand)), a.maybe("max", orNull(operand))),
  lerp_: (a) => t.lerp_(input(a), a.get("end", tensor), a.get("weight", operand) as number | t.Tensor),
  cumsum_: (a) => t.cumsum_(input(a), a.get("dim", number)),
  cumprod_: (a) => t.cumprod_(input(a), a.get("dim", number)),
};
