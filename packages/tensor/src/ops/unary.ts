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

/**
 * Negative: `−x`. Elementwise.
 * @example neg(tensor([1, -2])); // → [-1, 2]
 */
export const neg = unary("neg", "any");
/**
 * Absolute value: `|x|`. Elementwise.
 * @example abs(tensor([-1.5, 2])); // → [1.5, 2]
 */
export const abs = unary("abs", "any");
/**
 * Sign: −1, 0 or 1. Elementwise.
 * @example sign(tensor([-3, 0, 5])); // → [-1, 0, 1]
 */
export const sign = unary("sign", "all");
/**
 * Smallest whole number not below x: `⌈x⌉`. Elementwise; integers stay as they are.
 * @example ceil(tensor([1.2, -1.2])); // → [2, -1]
 */
export const ceil = unary("ceil", "any");
/**
 * Largest whole number not above x: `⌊x⌋`. Elementwise; integers stay as they are.
 * @example floor(tensor([1.7, -1.2])); // → [1, -2]
 */
export const floor = unary("floor", "any");
/**
 * The whole part of x, towards zero. Elementwise; integers stay as they are.
 * @example trunc(tensor([1.7, -1.7])); // → [1, -1]
 */
export const trunc = unary("trunc", "any");
/**
 * The fractional part: `x − trunc(x)`, with the sign of x. Elementwise; integers become float32.
 * @example frac(tensor([1.25, -1.25])); // → [0.25, -0.25]
 */
export const frac = unary("frac", "float");
/**
 * Reciprocal: `1 / x`. Elementwise; integers become float32.
 * @example reciprocal(tensor([4, 0])); // → [0.25, Infinity]
 */
export const reciprocal = unary("reciprocal", "float");
/**
 * Square root: `√x`; NaN below 0. Elementwise; integers become float32.
 * @example sqrt(tensor([9, -1])); // → [3, NaN]
 */
export const sqrt = unary("sqrt", "float");
/**
 * Reciprocal of the square root: `1 / √x`; ∞ at 0, NaN below. Elementwise; integers become float32.
 * @example rsqrt(tensor([4, 0])); // → [0.5, Infinity]
 */
export const rsqrt = unary("rsqrt", "float");
const squareOf = unary("square", "any");
/**
 * Square: `x²`. Elementwise; integers stay integers, bools become int32.
 * @example square(tensor([-3, 4])); // → [9, 16]
 */
export function square(x: Tensor): Tensor {
  return squareOf(x.dtype === "bool" ? cast(x, "int32") : x);
}
/**
 * Exponential: `eˣ`. Elementwise; integers become float32.
 * @example exp(tensor([0, 1])); // → [1, 2.7183]
 */
export const exp = unary("exp", "float");
/**
 * Power of 2: `2ˣ`. Elementwise; integers become float32.
 * @example exp2(tensor([-1, 10])); // → [0.5, 1024]
 */
export const exp2 = unary("exp2", "float");
/**
 * Exponential less one: `eˣ − 1`, accurate near 0. Elementwise; integers become float32.
 * @example expm1(tensor([0, 1e-5, 1])); // → [0, 1e-5, 1.7183]
 */
export const expm1 = unary("expm1", "float");
/**
 * Natural logarithm: `ln x`; −∞ at 0, NaN below. Elementwise; integers become float32.
 * @example log(tensor([1, Math.E, 0])); // → [0, 1, -Infinity]
 */
export const log = unary("log", "float");
/**
 * Logarithm to base 2: `log₂ x`; −∞ at 0, NaN below. Elementwise; integers become float32.
 * @example log2(tensor([8, 0.5])); // → [3, -1]
 */
export const log2 = unary("log2", "float");
/**
 * Logarithm to base 10: `log₁₀ x`; −∞ at 0, NaN below. Elementwise; integers become float32.
 * @example log10(tensor([1000, 0.1])); // → [3, -1]
 */
export const log10 = unary("log10", "float");
/**
 * Logarithm of one more: `ln(1 + x)`, accurate near 0. Elementwise; integers become float32.
 * @example log1p(tensor([0, 1e-5, 1])); // → [0, 1e-5, 0.6931]
 */
export const log1p = unary("log1p", "float");
/**
 * Sine: `sin x`, of radians. Elementwise; integers become float32.
 * @example sin(tensor([0, 1])); // → [0, 0.8415]
 */
export const sin = unary("sin", "float");
/**
 * Cosine: `cos x`, of radians. Elementwise; integers become float32.
 * @example cos(tensor([0, 1])); // → [1, 0.5403]
 */
export const cos = unary("cos", "float");
/**
 * Tangent: `tan x`, of radians. Elementwise; integers become float32.
 * @example tan(tensor([0, 1])); // → [0, 1.5574]
 */
export const tan = unary("tan", "float");
/**
 * Inverse sine, in radians from −π/2 to π/2; NaN outside [−1, 1]. Elementwise; integers become float32.
 * @example asin(tensor([0, 1, 2])); // → [0, 1.5708, NaN]
 */
export const asin = unary("asin", "float");
/**
 * Inverse cosine, in radians from 0 to π; NaN outside [−1, 1]. Elementwise; integers become float32.
 * @example acos(tensor([1, 0, 2])); // → [0, 1.5708, NaN]
 */
export const acos = unary("acos", "float");
/**
 * Inverse tangent, in radians from −π/2 to π/2. Elementwise; integers become float32.
 * @example atan(tensor([1, Infinity])); // → [0.7854, 1.5708]
 */
export const atan = unary("atan", "float");
/**
 * Hyperbolic sine: `(eˣ − e^(−x)) / 2`. Elementwise; integers become float32.
 * @example sinh(tensor([0, 1])); // → [0, 1.1752]
 */
export const sinh = unary("sinh", "float");
/**
 * Hyperbolic cosine: `(eˣ + e^(−x)) / 2`. Elementwise; integers become float32.
 * @example cosh(tensor([0, 1])); // → [1, 1.5431]
 */
export const cosh = unary("cosh", "float");
/**
 * Hyperbolic tangent: `sinh x / cosh x`, from −1 to 1. Elementwise; integers become float32.
 * @example tanh(tensor([0, 1])); // → [0, 0.7616]
 */
export const tanh = unary("tanh", "float");
/**
 * Inverse hyperbolic sine. Elementwise; integers become float32.
 * @example asinh(tensor([0, 1])); // → [0, 0.8814]
 */
export const asinh = unary("asinh", "float");
/**
 * Inverse hyperbolic cosine; NaN below 1. Elementwise; integers become float32.
 * @example acosh(tensor([1, 2, 0])); // → [0, 1.3170, NaN]
 */
export const acosh = unary("acosh", "float");
/**
 * Inverse hyperbolic tangent; ±∞ at ±1, NaN outside. Elementwise; integers become float32.
 * @example atanh(tensor([0, 0.5, 1])); // → [0, 0.5493, Infinity]
 */
export const atanh = unary("atanh", "float");
/**
 * Error function: `2/√π ∫₀ˣ e^(−t²) dt`. Elementwise; integers become float32.
 * @example erf(tensor([0, 1])); // → [0, 0.8427]
 */
export const erf = unary("erf", "float");
/**
 * Complementary error function: `1 − erf(x)`, accurate for large x. Elementwise; integers become float32.
 * @example erfc(tensor([0, 1, 4])); // → [1, 0.1573, 1.542e-8]
 */
export const erfc = unary("erfc", "float");
/**
 * Inverse of `erf`; ±∞ at ±1, NaN outside. Elementwise; integers become float32.
 * @example erfinv(tensor([0, 0.5, 1])); // → [0, 0.4769, Infinity]
 */
export const erfinv = unary("erfinv", "float");
/**
 * Logarithm of the gamma function: `ln |Γ(x)|`; ∞ at 0, −1, −2, …. Elementwise; integers become float32.
 * @example lgamma(tensor([5, 0.5])); // → [3.1781, 0.5724]
 */
export const lgamma = unary("lgamma", "float");
/**
 * Derivative of `lgamma`: `Γ′(x) / Γ(x)`. Elementwise; integers become float32.
 * @example digamma(tensor([1, 0.5])); // → [-0.5772, -1.9635]
 */
export const digamma = unary("digamma", "float");
/**
 * Second derivative of `lgamma`. Elementwise; integers become float32.
 * @example trigamma(tensor([1, 0.5])); // → [1.6449, 4.9348]
 */
export const trigamma = unary("trigamma", "float");
/**
 * Logistic function: `1 / (1 + e^(−x))`. Elementwise; integers become float32.
 * @example sigmoid(tensor([0, 2])); // → [0.5, 0.8808]
 */
export const sigmoid = unary("sigmoid", "float");
/**
 * Logarithm of the logistic function: `ln sigmoid(x)`, stable for large |x|. Elementwise; integers become float32.
 * @example logSigmoid(tensor([0, -100])); // → [-0.6931, -100]
 */
export const logSigmoid = unary("logSigmoid", "float");
/**
 * Rectified linear unit: `max(x, 0)`; NaN stays NaN. Elementwise; integers stay integers.
 * @example relu(tensor([-1.5, 2])); // → [0, 2]
 */
export const relu = unary("relu", "any");
/**
 * Sigmoid-weighted linear unit, also called swish: `x · sigmoid(x)`. Elementwise; integers become float32.
 * @example silu(tensor([0, 2])); // → [0, 1.7616]
 */
export const silu = unary("silu", "float");
/**
 * Mish: `x · tanh(ln(1 + eˣ))`. Elementwise; integers become float32.
 * @example mish(tensor([0, 2])); // → [0, 1.9440]
 * @source Misra, Mish: A Self Regularized Non-Monotonic Activation Function, 2019
 */
export const mish = unary("mish", "float");

/**
 * Rounds to the nearest whole number, halves to even. Elementwise; integers stay integers.
 * Options: `decimals` (default 0), the places that are kept behind the point, or before it if negative.
 *
 * @throws UsageError for negative `decimals` of integers.
 * @example
 * round(tensor([0.5, 1.5, -1.7])); // → [0, 2, -2]
 * round(tensor([3.14159]), { decimals: 2 }); // → [3.14]
 */
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
 * Gaussian error linear unit: `x · Φ(x)`, with the cumulative distribution Φ of the normal distribution.
 * Elementwise; integers become float32. Options: `approximate`, "none" (default) or "tanh".
 *
 * @throws UsageError for another `approximate`.
 * @example
 * gelu(tensor([-1, 0, 1])); // → [-0.1587, 0, 0.8413]
 * gelu(tensor([1]), { approximate: "tanh" }); // → [0.8412]
 * @source Hendrycks & Gimpel, Gaussian Error Linear Units, 2016
 */
export function gelu(x: Tensor, options: { approximate?: "none" | "tanh" } = {}): Tensor {
  const { approximate = "none" } = options;
  if (approximate !== "none" && approximate !== "tanh") {
    throw new UsageError(`gelu: approximate must be "none" or "tanh", got ${JSON.stringify(approximate)}`);
  }
  return applyUnary(approximate === "tanh" ? "geluTanh" : "gelu", "float", x, undefined);
}

/**
 * Leaky rectified linear unit: `x` where positive, else `negativeSlope · x`. Elementwise; integers become float32.
 * @example
 * leakyRelu(tensor([-2, 3])); // → [-0.02, 3]
 * leakyRelu(tensor([-2, 3]), 0.5); // → [-1, 3]
 */
export function leakyRelu(x: Tensor, negativeSlope = 0.01): Tensor {
  return applyUnary("leakyRelu", "float", x, { negativeSlope }, negativeSlope);
}

/**
 * Exponential linear unit: `x` where positive, else `alpha · (eˣ − 1)`. Elementwise; integers become float32.
 * @example elu(tensor([-1, 2])); // → [-0.6321, 2]
 */
export function elu(x: Tensor, alpha = 1): Tensor {
  return applyUnary("elu", "float", x, { alpha, scale: 1 }, alpha, 1);
}

/**
 * Continuously differentiable exponential linear unit: `x` where positive, else `alpha · (e^(x/alpha) − 1)`.
 * Elementwise; integers become float32.
 *
 * @throws UsageError if alpha is 0.
 * @example celu(tensor([-1, 2]), 2); // → [-0.7869, 2]
 */
export function celu(x: Tensor, alpha = 1): Tensor {
  if (alpha === 0) throw new UsageError("celu: alpha must not be 0");
  return applyUnary("elu", "float", x, { alpha, scale: 1 / alpha }, alpha, 1 / alpha);
}

/**
 * Smooth form of `relu`: `ln(1 + e^(beta·x)) / beta`, and `x` itself where `beta·x > threshold`.
 * Elementwise; integers become float32. Options: `beta` (default 1), `threshold` (default 20).
 * @example softplus(tensor([-1, 0, 30])); // → [0.3133, 0.6931, 30]
 */
export function softplus(x: Tensor, options: { beta?: number; threshold?: number } = {}): Tensor {
  const { beta = 1, threshold = 20 } = options;
  return applyUnary("softplus", "float", x, { beta, threshold }, beta, threshold);
}

/**
 * Bitwise not of integers, logical not of bools: `~x`. Elementwise.
 *
 * @throws DTypeError for floating point tensors.
 * @example bitwiseNot(tensor([0, 5])); // → [-1, -6]
 */
export function bitwiseNot(x: Tensor): Tensor {
  const input = cast(x, computeType("bitwiseNot", "integral", x.dtype));
  if (input.dtype === "bool") return logicalNot(input);
  return runUnary("bitwiseNot", input, allocate(input.shape, input.dtype));
}

/**
 * Logical not: `!x`, as bool; every number but 0 counts as true, NaN too. Elementwise.
 * @example logicalNot(tensor([0, 2])); // → [true, false]
 */
export const logicalNot = predicate("logicalNot");
/**
 * Whether x is NaN, as bool. Elementwise.
 * @example isnan(tensor([1, NaN])); // → [false, true]
 */
export const isnan = predicate("isnan");
/**
 * Whether x is +∞ or −∞, as bool. Elementwise.
 * @example isinf(tensor([1, -Infinity, NaN])); // → [false, true, false]
 */
export const isinf = predicate("isinf");
/**
 * Whether x is neither infinite nor NaN, as bool. Elementwise.
 * @example isfinite(tensor([1, Infinity, NaN])); // → [true, false, false]
 */
export const isfinite = predicate("isfinite");
/**
 * Whether the sign bit is set, as bool; so true for −0. Elementwise.
 * @example signbit(tensor([-1.5, -0, 2])); // → [true, true, false]
 */
export const signbit = predicate("signbit");

/** {@link neg} in place. @example neg_(tensor([1, -2])); // → [-1, 2] */
export const neg_ = unary_("neg", "any");
/** {@link abs} in place. @example abs_(tensor([-1.5, 2])); // → [1.5, 2] */
export const abs_ = unary_("abs", "any");
/** {@link sign} in place. @example sign_(tensor([-3, 0, 5])); // → [-1, 0, 1] */
export const sign_ = unary_("sign", "all");
/** {@link ceil} in place. @example ceil_(tensor([1.2, -1.2])); // → [2, -1] */
export const ceil_ = unary_("ceil", "any");
/** {@link floor} in place. @example floor_(tensor([1.7, -1.2])); // → [1, -2] */
export const floor_ = unary_("floor", "any");
/** {@link trunc} in place. @example trunc_(tensor([1.7, -1.7])); // → [1, -1] */
export const trunc_ = unary_("trunc", "any");
/** {@link frac} in place. @example frac_(tensor([0.5, 0.25])); // → [0.5, 0.25] */
export const frac_ = unary_("frac", "float");
/** {@link reciprocal} in place. @example reciprocal_(tensor([0.5, 4])); // → [2, 0.25] */
export const reciprocal_ = unary_("reciprocal", "float");
/** {@link sqrt} in place. @example sqrt_(tensor([2.25, 4])); // → [1.5, 2] */
export const sqrt_ = unary_("sqrt", "float");
/** {@link rsqrt} in place. @example rsqrt_(tensor([0.25, 4])); // → [2, 0.5] */
export const rsqrt_ = unary_("rsqrt", "float");
/** {@link square} in place. @example square_(tensor([-3, 4])); // → [9, 16] */
export const square_ = unary_("square", "any");
/** {@link exp} in place. @example exp_(tensor([0.5, 0.25])); // → [1.6487, 1.2840] */
export const exp_ = unary_("exp", "float");
/** {@link exp2} in place. @example exp2_(tensor([0.5, 0.25])); // → [1.4142, 1.1892] */
export const exp2_ = unary_("exp2", "float");
/** {@link expm1} in place. @example expm1_(tensor([0.5, 0.25])); // → [0.6487, 0.2840] */
export const expm1_ = unary_("expm1", "float");
/** {@link log} in place. @example log_(tensor([1.5, 4])); // → [0.4055, 1.3863] */
export const log_ = unary_("log", "float");
/** {@link log2} in place. @example log2_(tensor([0.5, 4])); // → [-1, 2] */
export const log2_ = unary_("log2", "float");
/** {@link log10} in place. @example log10_(tensor([0.5, 4])); // → [-0.3010, 0.6021] */
export const log10_ = unary_("log10", "float");
/** {@link log1p} in place. @example log1p_(tensor([0.5, 0.25])); // → [0.4055, 0.2231] */
export const log1p_ = unary_("log1p", "float");
/** {@link sin} in place. @example sin_(tensor([0.5, 0.25])); // → [0.4794, 0.2474] */
export const sin_ = unary_("sin", "float");
/** {@link cos} in place. @example cos_(tensor([0.5, 0.25])); // → [0.8776, 0.9689] */
export const cos_ = unary_("cos", "float");
/** {@link tan} in place. @example tan_(tensor([0.5, 0.25])); // → [0.5463, 0.2553] */
export const tan_ = unary_("tan", "float");
/** {@link asin} in place. @example asin_(tensor([0.5, 0.25])); // → [0.5236, 0.2527] */
export const asin_ = unary_("asin", "float");
/** {@link acos} in place. @example acos_(tensor([0.5, 0.25])); // → [1.0472, 1.3181] */
export const acos_ = unary_("acos", "float");
/** {@link atan} in place. @example atan_(tensor([0.5, 0.25])); // → [0.4636, 0.2450] */
export const atan_ = unary_("atan", "float");
/** {@link sinh} in place. @example sinh_(tensor([0.5, 0.25])); // → [0.5211, 0.2526] */
export const sinh_ = unary_("sinh", "float");
/** {@link cosh} in place. @example cosh_(tensor([0.5, 0.25])); // → [1.1276, 1.0314] */
export const cosh_ = unary_("cosh", "float");
/** {@link tanh} in place. @example tanh_(tensor([0.5, 0.25])); // → [0.4621, 0.2449] */
export const tanh_ = unary_("tanh", "float");
/** {@link asinh} in place. @example asinh_(tensor([0.5, 0.25])); // → [0.4812, 0.2475] */
export const asinh_ = unary_("asinh", "float");
/** {@link acosh} in place. @example acosh_(tensor([1.5, 4])); // → [0.9624, 2.0634] */
export const acosh_ = unary_("acosh", "float");
/** {@link atanh} in place. @example atanh_(tensor([0.5, 0.25])); // → [0.5493, 0.2554] */
export const atanh_ = unary_("atanh", "float");
/** {@link erf} in place. @example erf_(tensor([0.5, 0.25])); // → [0.5205, 0.2763] */
export const erf_ = unary_("erf", "float");
/** {@link erfc} in place. @example erfc_(tensor([0.5, 0.25])); // → [0.4795, 0.7237] */
export const erfc_ = unary_("erfc", "float");
/** {@link erfinv} in place. @example erfinv_(tensor([0.5, 0.25])); // → [0.4769, 0.2253] */
export const erfinv_ = unary_("erfinv", "float");
/** {@link lgamma} in place. @example lgamma_(tensor([0.5, 4])); // → [0.5724, 1.7918] */
export const lgamma_ = unary_("lgamma", "float");
/** {@link digamma} in place. @example digamma_(tensor([0.5, 4])); // → [-1.9635, 1.2561] */
export const digamma_ = unary_("digamma", "float");
/** {@link sigmoid} in place. @example sigmoid_(tensor([0.5, 0.25])); // → [0.6225, 0.5622] */
export const sigmoid_ = unary_("sigmoid", "float");
/** {@link relu} in place. @example relu_(tensor([-1.5, 2])); // → [0, 2] */
export const relu_ = unary_("relu", "any");
