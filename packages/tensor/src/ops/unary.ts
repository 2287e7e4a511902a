import { allocate } from "../allocate.js";
import { UsageError } from "../errors.js";
import { code, kernels, metaBlock, writeLayout } from "../launch.js";
import { numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import {
  applyUnary,
  cast,
  computeType,
  type Domain,
  predicateCodes,
  runUnary,
  type unaryCodes,
  unaryInPlace,
} from "./elementwise.js";
import type { OpAttributes } from "./registry.js";

type PlainName = { [K in keyof OpAttributes]: OpAttributes[K] extends undefined ? K : never }[keyof OpAttributes] &
  keyof typeof unaryCodes;

const unary = (name: PlainName, domain: Domain) => (x: Tensor) => applyUnary(name, domain, x, undefined);
const unary_ = (name: PlainName, domain: Domain) => (x: Tensor) =>
  unaryInPlace(name, domain, x, (old) => applyUnary(name, domain, old, undefined));
const predicate = (name: keyof typeof predicateCodes) => (x: Tensor) => {
  const out = allocate(x.shape, "bool");
  if (numberOfElements(x.shape) > 0) {
    const ndim = writeLayout(x.shape, [out, x]);
    kernels.predicate(predicateCodes[name], code(x.dtype), ndim, metaBlock.address, x.address, out.address);
  }
  return out;
};

/** Negative: `−x`. Elementwise. */
export const neg = unary("neg", "any");
/** Absolute value: `|x|`. Elementwise. */
export const abs = unary("abs", "any");
/** Sign: −1, 0 or 1. Elementwise. */
export const sign = unary("sign", "all");
/** Smallest whole number not below x. Elementwise. */
export const ceil = unary("ceil", "any");
/** Largest whole number not above x. Elementwise. */
export const floor = unary("floor", "any");
/** The whole part of x, towards zero. Elementwise. */
export const trunc = unary("trunc", "any");
/** The fractional part: `x − trunc(x)`. Elementwise. Integers become float32. */
export const frac = unary("frac", "float");
/** `1 / x`. Elementwise. Integers become float32. */
export const reciprocal = unary("reciprocal", "float");
/** Square root; NaN below 0. Elementwise. Integers become float32. */
export const sqrt = unary("sqrt", "float");
/** `1 / √x`. Elementwise. Integers become float32. */
export const rsqrt = unary("rsqrt", "float");
/** `x²`. Elementwise. */
export const square = unary("square", "all");
/** `eˣ`. Elementwise. Integers become float32. */
export const exp = unary("exp", "float");
/** `2ˣ`. Elementwise. Integers become float32. */
export const exp2 = unary("exp2", "float");
/** `eˣ − 1`, accurate near 0. Elementwise. Integers become float32. */
export const expm1 = unary("expm1", "float");
/** Natural logarithm; −∞ at 0, NaN below. Elementwise. Integers become float32. */
export const log = unary("log", "float");
/** Logarithm to base 2. Elementwise. Integers become float32. */
export const log2 = unary("log2", "float");
/** Logarithm to base 10. Elementwise. Integers become float32. */
export const log10 = unary("log10", "float");
/** `ln(1 + x)`, accurate near 0. Elementwise. Integers become float32. */
export const log1p = unary("log1p", "float");
/** Sine, of radians. Elementwise. Integers become float32. */
export const sin = unary("sin", "float");
/** Cosine, of radians. Elementwise. Integers become float32. */
export const cos = unary("cos", "float");
/** Tangent, of radians. Elementwise. Integers become float32. */
export const tan = unary("tan", "float");
/** Inverse sine, in radians; NaN outside [−1, 1]. Elementwise. Integers become float32. */
export const asin = unary("asin", "float");
/** Inverse cosine, in radians; NaN outside [−1, 1]. Elementwise. Integers become float32. */
export const acos = unary("acos", "float");
/** Inverse tangent, in radians. Elementwise. Integers become float32. */
export const atan = unary("atan", "float");
/** Hyperbolic sine. Elementwise. Integers become float32. */
export const sinh = unary("sinh", "float");
/** Hyperbolic cosine. Elementwise. Integers become float32. */
export const cosh = unary("cosh", "float");
/** Hyperbolic tangent. Elementwise. Integers become float32. */
export const tanh = unary("tanh", "float");
/** Inverse hyperbolic sine. Elementwise. Integers become float32. */
export const asinh = unary("asinh", "float");
/** Inverse hyperbolic cosine; NaN below 1. Elementwise. Integers become float32. */
export const acosh = unary("acosh", "float");
/** Inverse hyperbolic tangent; NaN outside [−1, 1]. Elementwise. Integers become float32. */
export const atanh = unary("atanh", "float");
/** Error function: `2/√π ∫₀ˣ e^(−t²) dt`. Elementwise. Integers become float32. */
export const erf = unary("erf", "float");
/** Complementary error function: `1 − erf(x)`, accurate for large x. Elementwise. Integers become float32. */
export const erfc = unary("erfc", "float");
/** Inverse of `erf`; ±∞ at ±1. Elementwise. Integers become float32. */
export const erfinv = unary("erfinv", "float");
/** `ln |Γ(x)|`. Elementwise. Integers become float32. */
export const lgamma = unary("lgamma", "float");
/** Derivative of `lgamma`. Elementwise. Integers become float32. */
export const digamma = unary("digamma", "float");
/** Second derivative of `lgamma`. Elementwise. Integers become float32. */
export const trigamma = unary("trigamma", "float");
/** `1 / (1 + e^(−x))`. Elementwise. Integers become float32. */
export const sigmoid = unary("sigmoid", "float");
/** `ln sigmoid(x)`, stable for large |x|. Elementwise. Integers become float32. */
export const logSigmoid = unary("logSigmoid", "float");
/** `max(x, 0)`; NaN stays NaN. Elementwise. */
export const relu = unary("relu", "any");
/** `x · sigmoid(x)`, also called swish. Elementwise. Integers become float32. */
export const silu = unary("silu", "float");
/** `x · tanh(ln(1 + eˣ))`. Elementwise. Integers become float32. */
export const mish = unary("mish", "float");

/** Rounds to the nearest whole number, halves to even; `decimals` places are kept. Elementwise. */
export function round(x: Tensor, options: { decimals?: number } = {}): Tensor {
  const decimals = options.decimals ?? 0;
  if (decimals === 0) return applyUnary("round", "any", x, undefined);
  if (!x.isFloatingPoint()) return decimals > 0 ? x : unsupportedDecimals(decimals);
  const scale = 10 ** Math.abs(decimals);
  return decimals > 0 ? x.mul(scale).round().div(scale) : x.div(scale).round().mul(scale);
}

function unsupportedDecimals(decimals: number): never {
  throw new UsageError(`round: decimals ${decimals} needs a floating point tensor; convert with .to("float32")`);
}

/**
 * Gaussian error linear unit: `x · Φ(x)`, or its tanh approximation.
 * Options: `approximate` "none" (default) or "tanh". Source: Hendrycks & Gimpel 2016.
 */
export function gelu(x: Tensor, options: { approximate?: "none" | "tanh" } = {}): Tensor {
  const { approximate = "none" } = options;
  if (approximate !== "none" && approximate !== "tanh") {
    throw new UsageError(`gelu: approximate must be "none" or "tanh", got ${JSON.stringify(approximate)}`);
  }
  return applyUnary(approximate === "tanh" ? "geluTanh" : "gelu", "float", x, undefined);
}

/** `x` where positive, else `negativeSlope · x` (default slope 0.01). Elementwise. */
export function leakyRelu(x: Tensor, negativeSlope = 0.01): Tensor {
  return applyUnary("leakyRelu", "float", x, { negativeSlope }, negativeSlope);
}

/** `x` where positive, else `alpha · (eˣ − 1)`. Elementwise. */
export function elu(x: Tensor, alpha = 1): Tensor {
  return applyUnary("elu", "float", x, { alpha, scale: 1 }, alpha, 1);
}

/** `x` where positive, else `alpha · (e^(x/alpha) − 1)`. Elementwise. */
export function celu(x: Tensor, alpha = 1): Tensor {
  if (alpha === 0) throw new UsageError("celu: alpha must not be 0");
  return applyUnary("elu", "float", x, { alpha, scale: 1 / alpha }, alpha, 1 / alpha);
}

/** `ln(1 + e^(beta·x)) / beta`; `x` itself where `beta·x > threshold`. Elementwise. */
export function softplus(x: Tensor, options: { beta?: number; threshold?: number } = {}): Tensor {
  const { beta = 1, threshold = 20 } = options;
  return applyUnary("softplus", "float", x, { beta, threshold }, beta, threshold);
}

/** Bitwise not of integers, logical not of bools. Elementwise. */
export function bitwiseNot(x: Tensor): Tensor {
  const input = cast(x, computeType("bitwiseNot", "integral", x.dtype));
  if (input.dtype === "bool") return logicalNot(input);
  return runUnary("bitwiseNot", input, allocate(input.shape, input.dtype));
}

/** `!x`, as bool; every number but 0 counts as true. Elementwise. */
export const logicalNot = predicate("logicalNot");
/** Whether x is NaN. Elementwise. */
export const isnan = predicate("isnan");
/** Whether x is +∞ or −∞. Elementwise. */
export const isinf = predicate("isinf");
/** Whether x is neither infinite nor NaN. Elementwise. */
export const isfinite = predicate("isfinite");
/** Whether the sign bit is set, so true for −0. Elementwise. */
export const signbit = predicate("signbit");

/** `neg` in place. */
export const neg_ = unary_("neg", "any");
/** `abs` in place. */
export const abs_ = unary_("abs", "any");
/** `sign` in place. */
export const sign_ = unary_("sign", "all");
/** `ceil` in place. */
export const ceil_ = unary_("ceil", "any");
/** `floor` in place. */
export const floor_ = unary_("floor", "any");
/** `trunc` in place. */
export const trunc_ = unary_("trunc", "any");
/** `frac` in place. */
export const frac_ = unary_("frac", "float");
/** `reciprocal` in place. */
export const reciprocal_ = unary_("reciprocal", "float");
/** `sqrt` in place. */
export const sqrt_ = unary_("sqrt", "float");
/** `rsqrt` in place. */
export const rsqrt_ = unary_("rsqrt", "float");
/** `square` in place. */
export const square_ = unary_("square", "all");
/** `exp` in place. */
export const exp_ = unary_("exp", "float");
/** `exp2` in place. */
export const exp2_ = unary_("exp2", "float");
/** `expm1` in place. */
export const expm1_ = unary_("expm1", "float");
/** `log` in place. */
export const log_ = unary_("log", "float");
/** `log2` in place. */
export const log2_ = unary_("log2", "float");
/** `log10` in place. */
export const log10_ = unary_("log10", "float");
/** `log1p` in place. */
export const log1p_ = unary_("log1p", "float");
/** `sin` in place. */
export const sin_ = unary_("sin", "float");
/** `cos` in place. */
export const cos_ = unary_("cos", "float");
/** `tan` in place. */
export const tan_ = unary_("tan", "float");
/** `asin` in place. */
export const asin_ = unary_("asin", "float");
/** `acos` in place. */
export const acos_ = unary_("acos", "float");
/** `atan` in place. */
export const atan_ = unary_("atan", "float");
/** `sinh` in place. */
export const sinh_ = unary_("sinh", "float");
/** `cosh` in place. */
export const cosh_ = unary_("cosh", "float");
/** `tanh` in place. */
export const tanh_ = unary_("tanh", "float");
/** `asinh` in place. */
export const asinh_ = unary_("asinh", "float");
/** `acosh` in place. */
export const acosh_ = unary_("acosh", "float");
/** `atanh` in place. */
export const atanh_ = unary_("atanh", "float");
/** `erf` in place. */
export const erf_ = unary_("erf", "float");
/** `erfc` in place. */
export const erfc_ = unary_("erfc", "float");
/** `erfinv` in place. */
export const erfinv_ = unary_("erfinv", "float");
/** `lgamma` in place. */
export const lgamma_ = unary_("lgamma", "float");
/** `digamma` in place. */
export const digamma_ = unary_("digamma", "float");
/** `sigmoid` in place. */
export const sigmoid_ = unary_("sigmoid", "float");
/** `relu` in place. */
export const relu_ = unary_("relu", "any");
/** `round` in place. */
export const round_ = unary_("round", "any");
