import { resultType } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { isRecording } from "../recorder.js";
import { formatShape, normalizeDim, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { maximum, minimum } from "./binary.js";
import { cast, type TensorOrNumber } from "./elementwise.js";
import { where } from "./where.js";

type Bound = TensorOrNumber | null | undefined;

const tensorOf = (value: Bound): Tensor | null => (typeof value === "object" ? value : null);

/**
 * Limits x to `min … max`, elementwise: `min(max(x, min), max)`. Bounds are numbers or tensors that
 * broadcast; either may be left out. NaN stays NaN; where min > max the result is max.
 * Gradients pass where x lies within the bounds, both included.
 *
 * @throws UsageError if both bounds are missing.
 * @example tensor([-1, 0.5, 3]).clamp(0, 1).toArray(); // [0, 0.5, 1]
 */
export function clamp(x: Tensor, min?: Bound, max?: Bound): Tensor {
  const hasMin = min !== undefined && min !== null;
  const hasMax = max !== undefined && max !== null;
  if (!hasMin && !hasMax) throw new UsageError("clamp: at least one of min and max must be given");
  const bounds = [hasMin ? min : null, hasMax ? max : null].filter((bound) => bound !== null);
  let result = cast(x, resultType(x, ...bounds));
  if (!isRecording([x, tensorOf(min), tensorOf(max)])) {
    if (hasMin) result = maximum(result, min);
    return hasMax ? minimum(result, max) : result;
  }
  // Not maximum and minimum, which share the gradient of ties between both operands.
  if (hasMin) result = where(result.lt(min), min, result);
  return hasMax ? where(result.gt(max), max, result) : result;
}

/** `max(x, min)`, elementwise; see `clamp`. */
export function clampMin(x: Tensor, min: TensorOrNumber): Tensor {
  return clamp(x, min, null);
}

/** `min(x, max)`, elementwise; see `clamp`. */
export function clampMax(x: Tensor, max: TensorOrNumber): Tensor {
  return clamp(x, null, max);
}

/** `clamp` in place. */
export function clamp_(x: Tensor, min?: Bound, max?: Bound): Tensor {
  return x.copy_(clamp(x, min, max));
}

function checkNumber(op: string, x: Tensor): void {
  if (x.dtype === "bool") throw new DTypeError(`${op}: not defined for bool; convert with .to("float32")`);
}

/** `min(max(x, min), max)` with numbers; no gradient at the bounds. Defaults −1 and 1. Elementwise. */
export function hardtanh(x: Tensor, min = -1, max = 1): Tensor {
  checkNumber("hardtanh", x);
  if (min > max) throw new UsageError(`hardtanh: min ${min} must not be larger than max ${max}`);
  if (!isRecording([x])) return clamp(x, min, max);
  return where(x.le(min), min, where(x.ge(max), max, x));
}

/** `min(max(x, 0), 6)`. Elementwise. */
export function relu6(x: Tensor): Tensor {
  checkNumber("relu6", x);
  return hardtanh(x, 0, 6);
}

/** `min(max(x + 3, 0), 6) / 6`, a sigmoid of straight lines. Elementwise. */
export function hardsigmoid(x: Tensor): Tensor {
  return hardtanh(x.add(3), 0, 6).div(6);
}

/** `x · hardsigmoid(x)`: 0 up to −3, x from 3 on. Elementwise. Source: Howard et al. 2019. */
export function hardswish(x: Tensor): Tensor {
  return where(x.lt(-3), 0, where(x.le(3), x.mul(x.add(3)).div(6), x));
}

/** x where `|x| > lambda` (default 0.5), else 0. Elementwise. */
export function hardshrink(x: Tensor, lambda = 0.5): Tensor {
  return where(x.ge(-lambda).logicalAnd(x.le(lambda)), 0, x);
}

/** x moved by `lambda` (default 0.5) towards 0, and 0 where it would cross it. Elementwise. */
export function softshrink(x: Tensor, lambda = 0.5): Tensor {
  if (!(lambda >= 0)) throw new UsageError(`softshrink: lambda must be at least 0, got ${lambda}`);
  return where(x.gt(lambda), x.sub(lambda), where(x.lt(-lambda), x.add(lambda), where(x.isnan(), x, 0)));
}

/** `x − tanh(x)`. Elementwise. */
export function tanhshrink(x: Tensor): Tensor {
  return x.sub(x.tanh());
}

/** `x / (1 + |x|)`. Elementwise. */
export function softsign(x: Tensor): Tensor {
  return x.div(x.abs().add(1));
}

/** x where it is larger than `threshold`, else `value`. Elementwise. */
export function threshold(x: Tensor, threshold: number, value: number): Tensor {
  return where(x.le(threshold), value, x);
}

const seluAlpha = 1.6732632423543772;
const seluScale = 1.0507009873554805;

/** `scale · elu(x, alpha)` with the constants that keep mean 0 and variance 1. Elementwise. Source: Klambauer et al. 2017. */
export function selu(x: Tensor): Tensor {
  return x.elu(seluAlpha).mul(seluScale);
}

/**
 * `a · sigmoid(b)` of the two halves of x along `dim` (default the last).
 *
 * @throws ShapeError if the size is odd.
 */
export function glu(x: Tensor, dim = -1): Tensor {
  const along = normalizeDim("glu", dim, x.ndim);
  const size = x.shape[along] ?? 1;
  if (size % 2 !== 0) {
    throw new ShapeError(`glu: dimension ${along} of ${formatShape(x.shape)} must be even, got ${size}`);
  }
  const half = size / 2;
  return x.narrow(along, 0, half).mul(x.narrow(along, half, half).sigmoid());
}

/**
 * x where positive, else `weight · x`; one weight, or one per channel (dimension 1).
 *
 * @throws ShapeError if the weights do not fit the channels.
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
  return where(x.gt(0), x, x.mul(slope));
}

/** `ln(x / (1 − x))`; with `eps`, x is first limited to `eps … 1 − eps`. Elementwise. */
export function logit(x: Tensor, eps: number | null = null): Tensor {
  const inside = eps === null ? x : clamp(x, eps, 1 - eps);
  return inside.div(inside.rsub(1)).log();
}

/** `x + weight · (end − x)`, computed from the nearer side. Elementwise with broadcasting. */
export function lerp(x: Tensor, end: Tensor, weight: number | Tensor): Tensor {
  const span = end.sub(x);
  if (typeof weight === "number") {
    return weight < 0.5 ? x.add(span.mul(weight)) : end.sub(span.mul(1 - weight));
  }
  return where(weight.abs().lt(0.5), x.add(span.mul(weight)), end.sub(span.mul(weight.rsub(1))));
}

/** `x + value · a · b` (value 1 by default). Elementwise with broadcasting. */
export function addcmul(x: Tensor, a: Tensor, b: Tensor, options: { value?: number } = {}): Tensor {
  return x.add(a.mul(b), { alpha: options.value ?? 1 });
}

/** `x + value · a / b` (value 1 by default). Elementwise with broadcasting. */
export function addcdiv(x: Tensor, a: Tensor, b: Tensor, options: { value?: number } = {}): Tensor {
  return x.add(a.div(b), { alpha: options.value ?? 1 });
}

export interface CloseOptions {
  /** Relative tolerance. Default 1e-5. */
  rtol?: number;
  /** Absolute tolerance. Default 1e-8. */
  atol?: number;
  /** Whether NaN is close to NaN. Default false. */
  equalNan?: boolean;
}

/** Whether `|x − other| ≤ atol + rtol · |other|`, as bool. Elementwise; infinities only equal themselves. */
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

/** Whether all elements are close; see `isclose`. */
export function allclose(x: Tensor, other: Tensor, options: CloseOptions = {}): boolean {
  return isclose(x, other, options).all().item() !== 0;
}

/** Whether both have the same shape and the same elements; NaN equals nothing. */
export function equal(x: Tensor, other: Tensor): boolean {
  return sameShape(x.shape, other.shape) && x.eq(other).all().item() !== 0;
}
