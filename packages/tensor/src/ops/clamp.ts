import { allocate } from "../allocate.js";
import { isFloatingPoint, resultType } from "../dtype.js";

import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { isRecording, record } from "../recorder.js";
import { formatShape, normalizeDim, sameShape } from "../shape.js";
import { composite } from "../storage.js";
import type { Tensor } from "../tensor.js";
import { maximum, minimum } from "./binary.js";
import { applyUnary, cast, runUnary, type TensorOrNumber } from "./elementwise.js";
import { where } from "./where.js";

type Bound = TensorOrNumber | null | undefined;

const tensorOf = (value: Bound): Tensor | null => (typeof value === "object" ? value : null);

/**
 * Limits x to `min … max`, elementwise: `min(max(x, min), max)`. Bounds are numbers or tensors that
 * broadcast; either may be left out. NaN stays NaN; where min > max the result is max.
 * Gradients pass where x lies within the bounds, both included.
 *
 * @throws UsageError if both bounds are missing.
 * @example
 * tensor([-1, 0.5, 3]).clamp(0, 1); // → [0, 0.5, 1]
 * tensor([-1, 0.5, 3]).clamp(undefined, tensor([2, 0.25, 2])); // → [-1, 0.25, 2]
 */
export function clamp(x: Tensor, min?: Bound, max?: Bound): Tensor {
  const hasMin = min !== undefined && min !== null;
  const hasMax = max !== undefined && max !== null;
  if (!hasMin && !hasMax) throw new UsageError("clamp: at least one of min and max must be given");
  const bounds = [hasMin ? min : null, hasMax ? max : null].filter((bound) => bound !== null);
  let result = cast(x, resultType(x, ...bounds));
  if (isFloatingPoint(result.dtype) && typeof min !== "object" && typeof max !== "object") {
    return clampBetween("clamp", result, hasMin ? Number(min) : -Infinity, hasMax ? Number(max) : Infinity);
  }
  if (!isRecording([x, tensorOf(min), tensorOf(max)])) {
    if (hasMin) result = maximum(result, min);
    return hasMax ? minimum(result, max) : result;
  }
  // Not maximum and minimum, which share the gradient of ties between both operands.
  if (hasMin) result = where(result.lt(min), min, result);
  return hasMax ? where(result.gt(max), max, result) : result;
}

/** Floats between two numbers, in one kernel call. */
function clampBetween(op: "clamp" | "hardtanh", x: Tensor, min: number, max: number): Tensor {
  return record(op, [x], runUnary("clamp", x, allocate(x.shape, x.dtype), min, max), { min, max });
}

/**
 * Limits x from below: `max(x, min)`. Elementwise, with broadcasting; see {@link clamp}.
 * @example clampMin(tensor([-1, 0.5, 3]), 0); // → [0, 0.5, 3]
 */
export function clampMin(x: Tensor, min: TensorOrNumber): Tensor {
  return clamp(x, min, null);
}

/**
 * Limits x from above: `min(x, max)`. Elementwise, with broadcasting; see {@link clamp}.
 * @example clampMax(tensor([-1, 0.5, 3]), 1); // → [-1, 0.5, 1]
 */
export function clampMax(x: Tensor, max: TensorOrNumber): Tensor {
  return clamp(x, null, max);
}

function checkNumber(op: string, x: Tensor): void {
  if (x.dtype === "bool") throw new DTypeError(`${op}: not defined for bool; convert with .to("float32")`);
}

/**
 * Limits x by numbers: `min(max(x, min), max)`; no gradient at the bounds. Elementwise.
 * @example hardtanh(tensor([-2, 0.5, 3])); // → [-1, 0.5, 1]
 */
export function hardtanh(x: Tensor, min = -1, max = 1): Tensor {
  checkNumber("hardtanh", x);
  if (min > max) throw new UsageError(`hardtanh: min ${min} must not be larger than max ${max}`);
  const input = cast(x, resultType(x, min, max));
  return isFloatingPoint(input.dtype) ? clampBetween("hardtanh", input, min, max) : clamp(input, min, max);
}

/**
 * Rectified linear unit with a limit: `min(max(x, 0), 6)`. Elementwise.
 * @example relu6(tensor([-1, 3, 8])); // → [0, 3, 6]
 */
export function relu6(x: Tensor): Tensor {
  checkNumber("relu6", x);
  return hardtanh(x, 0, 6);
}

/**
 * A sigmoid of straight lines: `min(max(x + 3, 0), 6) / 6`. Elementwise.
 * @example hardsigmoid(tensor([-4, 0, 1.5])); // → [0, 0.5, 0.75]
 */
export function hardsigmoid(x: Tensor): Tensor {
  return applyUnary("hardsigmoid", "float", x, undefined);
}

/**
 * A swish of simple pieces: `x · hardsigmoid(x)`, 0 up to −3, x from 3 on. Elementwise.
 * @example hardswish(tensor([-4, 1.5, 4])); // → [0, 1.125, 4]
 * @source Howard et al., Searching for MobileNetV3, 2019
 */
export function hardswish(x: Tensor): Tensor {
  return applyUnary("hardswish", "float", x, undefined);
}

/**
 * Sets small elements to 0: x where `|x| > lambda`, else 0. Elementwise.
 * @example hardshrink(tensor([-1, 0.25, 2])); // → [-1, 0, 2]
 */
export function hardshrink(x: Tensor, lambda = 0.5): Tensor {
  return applyUnary("hardshrink", "float", x, { lambda }, lambda);
}

/**
 * Moves x by `lambda` towards 0, to 0 where it would cross it. Elementwise.
 *
 * @throws UsageError for a negative lambda.
 * @example softshrink(tensor([-1, 0.25, 2])); // → [-0.5, 0, 1.5]
 */
export function softshrink(x: Tensor, lambda = 0.5): Tensor {
  if (!(lambda >= 0)) throw new UsageError(`softshrink: lambda must be at least 0, got ${lambda}`);
  return applyUnary("softshrink", "float", x, { lambda }, lambda);
}

/**
 * What tanh takes away: `x − tanh(x)`. Elementwise.
 * @example tanhshrink(tensor([0, 1])); // → [0, 0.2384]
 */
export function tanhshrink(x: Tensor): Tensor {
  return x.sub(x.tanh());
}

/**
 * A sigmoid without exponentials: `x / (1 + |x|)`. Elementwise.
 * @example softsign(tensor([-1, 3])); // → [-0.5, 0.75]
 */
export function softsign(x: Tensor): Tensor {
  return applyUnary("softsign", "float", x, undefined);
}

/**
 * x where it is larger than `threshold`, else `value`. Elementwise.
 * @example threshold(tensor([0.5, 1.5]), 1, -9); // → [-9, 1.5]
 */
export function threshold(x: Tensor, threshold: number, value: number): Tensor {
  if (!isFloatingPoint(x.dtype)) return where(x.le(threshold), value, x);
  return applyUnary("threshold", "float", x, { threshold, value }, threshold, value);
}

const seluAlpha = 1.6732632423543772;
const seluScale = 1.0507009873554805;

/**
 * Scaled exponential linear unit: `scale · elu(x, alpha)`, with the constants that keep mean 0 and variance 1.
 * Elementwise.
 * @example selu(tensor([-1, 1])); // → [-1.1113, 1.0507]
 * @source Klambauer et al., Self-Normalizing Neural Networks, 2017
 */
export function selu(x: Tensor): Tensor {
  return x.elu(seluAlpha).mul(seluScale);
}

/**
 * Gated linear unit: `a · sigmoid(b)` of the two halves of x along `dim` (default the last).
 *
 * **Shapes** x: the size of dim even; result: half of it there.
 * @throws ShapeError if the size is odd.
 * @example glu(tensor([1, 2, 0, 0])); // → [0.5, 1]
 * @source Dauphin et al., Language Modeling with Gated Convolutional Networks, 2016
 */
export function glu(x: Tensor, dim = -1): Tensor {
  const along = normalizeDim("glu", dim, x.ndim);
  const size = x.shape[along] ?? 1;
  if (size % 2 !== 0) {
    throw new ShapeError(`glu: dimension ${along} of ${formatShape(x.shape)} must be even, got ${size}`);
  }
  const half = size / 2;
  return composite(() => x.narrow(along, 0, half).mul(x.narrow(along, half, half).sigmoid()));
}

/**
 * Leaky rectified linear unit with slopes of its own: x where positive, else `weight · x`.
 *
 * **Shapes** x: any; weight: [1], or one per channel (dimension 1); result: as x.
 * @throws ShapeError if the weights do not fit the channels.
 * @example prelu(tensor([[-1, -1, 2]], { dtype: "float32" }), tensor([0.5, 0.25, 0])); // → [[-0.5, -0.25, 2]]
 */
export function prelu(x: Tensor, weight: Tensor): Tensor {
  const count = weight.numel();
  const channels = x.ndim < 2 ? 1 : (x.shape[1] as number);
  if (weight.ndim > 1 || (count !== 1 && count !== channels)) {
    throw new ShapeError(
      `prelu: expected 1 weight or ${channels}, one per channel of ${formatShape(x.shape)}, got ${formatShape(weight.shape)}`,
    );
  }
  const slope = count === 1 ? weight.reshape([]) : weight.reshape([count, ...Array<number>(x.ndim - 2).fill(1)]);
  return composite(() => where(x.gt(0), x, x.mul(slope)));
}

/**
 * Inverse of the sigmoid: `ln(x / (1 − x))`; with `eps`, x is first limited to `eps … 1 − eps`. Elementwise.
 * @example
 * logit(tensor([0.5, 0.75, 1])); // → [0, 1.0986, Infinity]
 * logit(tensor([1.0]).to("float32"), 0.1); // → [2.1972]
 */
export function logit(x: Tensor, eps: number | null = null): Tensor {
  const [min, max] = eps === null ? [-Infinity, Infinity] : [eps, 1 - eps];
  return applyUnary("logit", "float", x, { min, max }, min, max);
}

/**
 * From x a part of the way to `end`: `x + weight · (end − x)`, computed from the nearer side.
 * Elementwise, with broadcasting.
 * @example lerp(tensor([0.5, 1.5]), tensor([2.5, 3.5]), 0.5); // → [1.5, 2.5]
 */
export function lerp(x: Tensor, end: Tensor, weight: number | Tensor): Tensor {
  return composite(() => {
    const span = end.sub(x);
    if (typeof weight === "number") {
      return weight < 0.5 ? x.add(span, { alpha: weight }) : end.sub(span, { alpha: 1 - weight });
    }
    return where(weight.abs().lt(0.5), x.add(span.mul(weight)), end.sub(span.mul(weight.rsub(1))));
  });
}

/**
 * Sum with a product: `x + value · a · b`. Elementwise, with broadcasting. Options: `value` (default 1).
 * @example addcmul(tensor([1, 2]), tensor([3, 4]), tensor([5, 6]), { value: 10 }); // → [151, 242]
 */
export function addcmul(x: Tensor, a: Tensor, b: Tensor, options: { value?: number } = {}): Tensor {
  return composite(() => x.add(a.mul(b), { alpha: options.value ?? 1 }));
}

/**
 * Sum with a quotient: `x + value · a / b`. Elementwise, with broadcasting. Options: `value` (default 1).
 *
 * @throws DTypeError for the quotient of integers.
 * @example addcdiv(tensor([1.5, 2]), tensor([3, 4]), tensor([2.5, 8])); // → [2.7, 2.5]
 */
export function addcdiv(x: Tensor, a: Tensor, b: Tensor, options: { value?: number } = {}): Tensor {
  if (!isFloatingPoint(a.dtype) && !isFloatingPoint(b.dtype)) {
    throw new DTypeError(
      `addcdiv: expected floating point numbers to divide, got ${a.dtype} and ${b.dtype}; convert with .to("float32")`,
    );
  }
  return composite(() => x.add(a.div(b), { alpha: options.value ?? 1 }));
}

/** How close is close enough, for {@link isclose} and {@link allclose}. */
export interface CloseOptions {
  /** Relative tolerance. Default 1e-5. */
  rtol?: number;
  /** Absolute tolerance. Default 1e-8. */
  atol?: number;
  /** Whether NaN is close to NaN. Default false. */
  equalNan?: boolean;
}

/**
 * Whether `|x − other| ≤ atol + rtol · |other|`, as bool. Elementwise, with broadcasting; infinities only equal
 * themselves. Options: `rtol` (1e-5), `atol` (1e-8), `equalNan` (false).
 * @example isclose(tensor([1, 1, NaN]), tensor([1.000001, 1.1, NaN])); // → [true, false, false]
 */
export function isclose(x: Tensor, other: Tensor, options: CloseOptions = {}): Tensor {
  const { rtol = 1e-5, atol = 1e-8, equalNan = false } = options;
  if (x.dtype !== other.dtype) {
    throw new DTypeError(`isclose: expected both tensors of one dtype, got ${x.dtype} and ${other.dtype}`);
  }
  // In float64: the tolerance of equal numbers must not depend on how they are rounded.
  const a = x.detach().to("float64");
  const b = other.detach().to("float64");
  const distance = a.sub(b).abs();
  const within = distance.isfinite().logicalAnd(distance.le(b.abs().mul(Math.abs(rtol)).add(atol)));
  const close = a.eq(b).logicalOr(within);
  return equalNan ? close.logicalOr(a.isnan().logicalAnd(b.isnan())) : close;
}

/**
 * Whether all elements are close; see {@link isclose}.
 *
 * **Shapes** x, other: any that broadcast; result: a JavaScript boolean.
 * @example allclose(tensor([1.5, 2]), tensor([1.500001, 2])); // → true
 */
export function allclose(x: Tensor, other: Tensor, options: CloseOptions = {}): boolean {
  return isclose(x, other, options).all().item() !== 0;
}

/**
 * Whether both have the same shape and the same elements, as a JavaScript boolean; NaN equals nothing.
 *
 * **Shapes** x, other: any.
 * @example equal(tensor([1, 2]), tensor([1, 2])); // → true
 */
export function equal(x: Tensor, other: Tensor): boolean {
  return sameShape(x.shape, other.shape) && x.eq(other).all().item() !== 0;
}
