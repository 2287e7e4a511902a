import * as t from "@kindling/tensor";
import type { Interval, Sample, Samples } from "./sample.js";

interface Options {
  readonly domain?: Interval;
  readonly reference?: (x: number) => number;
  readonly ignoresSignOfZero?: boolean;
  readonly derivatives?: 0 | 1 | 2;
  readonly error?: Sample["error"];
}

function unary(call: (x: t.Tensor) => t.Tensor, options: Options = {}): Sample {
  return { call, shapes: [[2, 3]], empty: [[2, 0]], isElementwise: true, error: null, ...options };
}

/** Operations that take every type but bool. */
function notOfBools(name: string, call: (x: t.Tensor) => t.Tensor, options: Options = {}): Sample {
  const error: Sample["error"] = [() => call(t.tensor([true])), new RegExp(`^${name}: not defined for bool`)];
  return unary(call, { error, ...options });
}

/** Operations that make floating point numbers of integers, so that integers cannot take the result in place. */
function ofFloats(call: (x: t.Tensor) => t.Tensor, call_: (x: t.Tensor) => t.Tensor, options: Options = {}): Sample {
  const message = /^\w+_: the result is float32, which .* int32/;
  return unary(call, { error: [() => call_(t.tensor([1, 2])), message], ...options });
}

const positive: Interval = [0.1, 2];
const unit: Interval = [-0.9, 0.9];
/** Between whole numbers, where steps are flat. */
const flat: Interval = [0.1, 0.4];

function roundHalfToEven(x: number): number {
  const rounded = Math.round(x);
  const result = Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
  return result === 0 ? x * 0 : result; // keeps the sign of 0
}

type Names =
  | "neg"
  | "abs"
  | "sign"
  | "ceil"
  | "floor"
  | "round"
  | "trunc"
  | "frac"
  | "reciprocal"
  | "sqrt"
  | "rsqrt"
  | "square"
  | "exp"
  | "exp2"
  | "expm1"
  | "log"
  | "log2"
  | "log10"
  | "log1p"
  | "sin"
  | "cos"
  | "tan"
  | "asin"
  | "acos"
  | "atan"
  | "sinh"
  | "cosh"
  | "tanh"
  | "asinh"
  | "acosh"
  | "atanh"
  | "erf"
  | "erfc"
  | "erfinv"
  | "lgamma"
  | "digamma"
  | "trigamma"
  | "sigmoid"
  | "logSigmoid"
  | "relu"
  | "silu"
  | "mish"
  | "gelu"
  | "geluTanh"
  | "leakyRelu"
  | "elu"
  | "softplus"
  | "powScalar"
  | "clamp"
  | "hardtanh"
  | "hardsigmoid"
  | "hardswish"
  | "hardshrink"
  | "softshrink"
  | "softsign"
  | "threshold"
  | "logit";

export const unarySamples = {
  neg: notOfBools("neg", t.neg, { reference: (x) => -x }),
  abs: notOfBools("abs", t.abs, { domain: positive, reference: Math.abs }),
  sign: unary(t.sign, { domain: positive, reference: (x) => (x > 0 ? 1 : x < 0 ? -1 : 0) }),
  ceil: notOfBools("ceil", t.ceil, { domain: flat, reference: Math.ceil }),
  floor: notOfBools("floor", t.floor, { domain: flat, reference: Math.floor }),
  round: notOfBools("round", t.round, { domain: flat, reference: roundHalfToEven }),
  trunc: notOfBools("trunc", t.trunc, { domain: flat, reference: Math.trunc }),
  frac: ofFloats(t.frac, t.frac_, { domain: flat, reference: (x) => x - Math.trunc(x) }),
  reciprocal: ofFloats(t.reciprocal, t.reciprocal_, { domain: positive, reference: (x) => 1 / x }),
  sqrt: ofFloats(t.sqrt, t.sqrt_, { domain: positive, reference: Math.sqrt }),
  rsqrt: ofFloats(t.rsqrt, t.rsqrt_, { domain: positive, reference: (x) => 1 / Math.sqrt(x) }),
  square: unary(t.square, { reference: (x) => x * x }),
  exp: ofFloats(t.exp, t.exp_, { reference: Math.exp }),
  exp2: ofFloats(t.exp2, t.exp2_, { reference: (x) => 2 ** x }),
  expm1: ofFloats(t.expm1, t.expm1_, { reference: Math.expm1 }),
  log: ofFloats(t.log, t.log_, { domain: positive, reference: Math.log }),
  log2: ofFloats(t.log2, t.log2_, { domain: positive, reference: Math.log2 }),
  log10: ofFloats(t.log10, t.log10_, { domain: positive, reference: Math.log10 }),
  log1p: ofFloats(t.log1p, t.log1p_, { domain: positive, reference: Math.log1p }),
  sin: ofFloats(t.sin, t.sin_, { reference: Math.sin }),
  cos: ofFloats(t.cos, t.cos_, { reference: Math.cos }),
  tan: ofFloats(t.tan, t.tan_, { domain: unit, reference: Math.tan }),
  asin: ofFloats(t.asin, t.asin_, { domain: unit, reference: Math.asin }),
  acos: ofFloats(t.acos, t.acos_, { domain: unit, reference: Math.acos }),
  atan: ofFloats(t.atan, t.atan_, { reference: Math.atan }),
  sinh: ofFloats(t.sinh, t.sinh_, { reference: Math.sinh }),
  cosh: ofFloats(t.cosh, t.cosh_, { reference: Math.cosh }),
  tanh: ofFloats(t.tanh, t.tanh_, { reference: Math.tanh }),
  asinh: ofFloats(t.asinh, t.asinh_, { reference: Math.asinh }),
  acosh: ofFloats(t.acosh, t.acosh_, { domain: [1.2, 3], reference: Math.acosh }),
  atanh: ofFloats(t.atanh, t.atanh_, { domain: unit, reference: Math.atanh }),
  erf: ofFloats(t.erf, t.erf_),
  erfc: ofFloats(t.erfc, t.erfc_),
  erfinv: ofFloats(t.erfinv, t.erfinv_, { domain: unit }),
  lgamma: ofFloats(t.lgamma, t.lgamma_, { domain: positive }),
  digamma: ofFloats(t.digamma, t.digamma_, { domain: positive }),
  trigamma: unary(t.trigamma, { domain: positive }),
  sigmoid: ofFloats(t.sigmoid, t.sigmoid_, { reference: (x) => 1 / (1 + Math.exp(-x)) }),
  logSigmoid: unary(t.logSigmoid, { reference: (x) => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x))) }),
  relu: notOfBools("relu", t.relu, { domain: positive, reference: (x) => Math.max(x, 0), ignoresSignOfZero: true }),
  silu: unary(t.silu),
  mish: unary(t.mish),
  gelu: unary(t.gelu, {
    error: [() => t.gelu(t.ones([1]), { approximate: "sigmoid" as never }), /^gelu: approximate must be/],
  }),
  geluTanh: unary((x) => t.gelu(x, { approximate: "tanh" })),
  leakyRelu: unary((x) => t.leakyRelu(x, 0.2), { domain: [-2, -0.1], reference: (x) => (x > 0 ? x : x * 0.2) }),
  elu: unary((x) => t.celu(x, 0.7), {
    domain: [-2, -0.1],
    reference: (x) => (x > 0 ? x : 0.7 * Math.expm1(x / 0.7)),
    error: [() => t.celu(t.ones([1]), 0), /^celu: alpha must not be 0/],
  }),
  softplus: unary((x) => t.softplus(x, { beta: 2, threshold: 10 })),
  powScalar: notOfBools("pow", (x) => t.pow(x, 3), {
    reference: (x) => x ** 3,
    error: [() => t.pow(t.tensor([2]), -1), /^pow: integers to negative whole powers/],
  }),
  clamp: unary((x) => t.clamp(x, -1, 0.05), {
    domain: flat,
    reference: (x) => Math.min(Math.max(x, -1), 0.05),
    error: [() => t.clamp(t.ones([1])), /^clamp: at least one of min and max/],
  }),
  hardtanh: unary((x) => t.hardtanh(x, -2, 0.5), {
    domain: flat,
    reference: (x) => Math.min(Math.max(x, -2), 0.5),
    error: [() => t.hardtanh(t.ones([1]), 1, 0), /^hardtanh: min 1 must not be larger/],
  }),
  hardsigmoid: unary(t.hardsigmoid, { reference: (x) => (x > 3 ? 1 : x < -3 ? 0 : (x + 3) / 6) }),
  hardswish: unary(t.hardswish, {
    reference: (x) => (x > 3 ? x : x < -3 ? 0 : (x * (x + 3)) / 6),
    ignoresSignOfZero: true,
  }),
  hardshrink: unary(t.hardshrink, { domain: flat, reference: (x) => (Math.abs(x) <= 0.5 ? 0 : x) }),
  softshrink: unary((x) => t.softshrink(x, 0.05), {
    domain: flat,
    reference: (x) => (x > 0.05 ? x - 0.05 : x < -0.05 ? x + 0.05 : x * 0),
    ignoresSignOfZero: true,
    error: [() => t.softshrink(t.ones([1]), -1), /^softshrink: lambda must be at least 0/],
  }),
  softsign: unary(t.softsign, { domain: positive }),
  threshold: unary((x) => t.threshold(x, 0.05, -7), { domain: flat, reference: (x) => (x <= 0.05 ? -7 : x) }),
  logit: unary(t.logit, { domain: [0.2, 0.8] }),
} satisfies Samples<Names>;
