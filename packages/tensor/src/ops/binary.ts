import { allocate } from "../allocate.js";
import { isFloatingPoint, resultType } from "../dtype.js";
import { DTypeError, UsageError } from "../errors.js";
import { code, kernels, metaBlock, writeLayout } from "../launch.js";
import { broadcastShapes, numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import {
  applyBinary,
  applyUnary,
  binaryInPlace,
  compareCodes,
  operand,
  plainBinary,
  type TensorOrNumber,
} from "./elementwise.js";

interface AlphaOptions {
  /** Factor of the second operand. Default 1. */
  alpha?: number;
}

function checkAlpha(op: string, x: Tensor, other: TensorOrNumber, alpha: number): void {
  if (!Number.isInteger(alpha) && !isFloatingPoint(resultType(x, other))) {
    throw new DTypeError(`${op}: alpha ${alpha} must be a whole number for integer tensors`);
  }
}

/**
 * `x + alpha · other`, elementwise with broadcasting and type promotion.
 *
 * **Shapes** x, other: any that broadcast; result: the broadcast shape.
 * @throws ShapeError if they do not broadcast.
 * @example tensor([1, 2]).add(tensor([[10], [20]])).toArray(); // [[11, 12], [21, 22]]
 */
export function add(x: Tensor, other: TensorOrNumber, options: AlphaOptions = {}): Tensor {
  const alpha = options.alpha ?? 1;
  if (resultType(x, other) === "bool") return logicalOr(x, other);
  if (alpha === 1) return applyBinary("add", "any", x, other, undefined);
  checkAlpha("add", x, other, alpha);
  return applyBinary("axpy", "any", x, other, { alpha }, alpha);
}

/** `x − alpha · other`, elementwise. Not defined for bools. */
export function sub(x: Tensor, other: TensorOrNumber, options: AlphaOptions = {}): Tensor {
  const alpha = options.alpha ?? 1;
  checkSubtraction(x, other);
  if (alpha === 1) return applyBinary("sub", "any", x, other, undefined);
  checkAlpha("sub", x, other, alpha);
  return applyBinary("axpy", "any", x, other, { alpha: -alpha }, -alpha);
}

function checkSubtraction(x: Tensor, other: TensorOrNumber): void {
  if (x.dtype === "bool" || (typeof other === "object" && other.dtype === "bool")) {
    throw new DTypeError("sub: not defined for bool tensors; use logicalXor, or logicalNot to invert");
  }
}

/** `other − alpha · x`, elementwise. */
export function rsub(x: Tensor, other: TensorOrNumber, options: AlphaOptions = {}): Tensor {
  const alpha = options.alpha ?? 1;
  checkSubtraction(x, other);
  if (alpha !== 1) {
    checkAlpha("rsub", x, other, alpha);
    return applyBinary("axpy", "any", other, x, { alpha: -alpha }, -alpha);
  }
  return applyBinary("sub", "any", other, x, undefined);
}

/** `x · other`, elementwise. */
export function mul(x: Tensor, other: TensorOrNumber): Tensor {
  if (resultType(x, other) === "bool") return logicalAnd(x, other);
  return applyBinary("mul", "any", x, other, undefined);
}

interface DivisionOptions {
  /** "trunc" rounds towards zero, "floor" down; null (default) divides truly. */
  roundingMode?: "trunc" | "floor" | null;
}

/**
 * `x / other`, elementwise; integers divide into float32 unless a rounding mode keeps them whole.
 *
 * @throws UsageError for an integer division by zero, or an unknown rounding mode.
 */
export function div(x: Tensor, other: TensorOrNumber, options: DivisionOptions = {}): Tensor {
  const mode = options.roundingMode ?? null;
  if (mode === null) return applyBinary("div", "float", x, other, undefined);
  if (mode !== "trunc" && mode !== "floor") {
    throw new UsageError(`div: roundingMode must be null, "trunc" or "floor", got ${JSON.stringify(mode)}`);
  }
  checkDivisor("div", x, other);
  return applyBinary(mode === "trunc" ? "divTrunc" : "divFloor", "any", x, other, undefined);
}

function checkDivisor(op: string, x: TensorOrNumber, other: TensorOrNumber): void {
  if (isFloatingPoint(resultType(x, other))) return;
  const zero = typeof other === "object" ? other.numel() > 0 && other.eq(0).any().item() !== 0 : Number(other) === 0;
  if (zero) throw new UsageError(`${op}: integer division by zero; convert to float32 for infinities instead`);
}

/** `⌊x / other⌋`, elementwise. */
export function floorDivide(x: Tensor, other: TensorOrNumber): Tensor {
  return div(x, other, { roundingMode: "floor" });
}

/** Remainder with the sign of the divisor: `x − other · ⌊x / other⌋`. Elementwise. */
export function remainder(x: Tensor, other: TensorOrNumber): Tensor {
  checkDivisor("remainder", x, other);
  return applyBinary("remainder", "any", x, other, undefined);
}

/** Remainder with the sign of the dividend, as C's fmod. Elementwise. */
export function fmod(x: Tensor, other: TensorOrNumber): Tensor {
  checkDivisor("fmod", x, other);
  return applyBinary("fmod", "any", x, other, undefined);
}

/**
 * `x` to the power `exponent`, elementwise.
 *
 * @throws UsageError for an integer tensor to a negative whole power.
 */
export function pow(x: TensorOrNumber, exponent: TensorOrNumber): Tensor {
  if (typeof x === "object" && typeof exponent === "number") {
    const dtype = resultType(x, exponent);
    if (!isFloatingPoint(dtype) && exponent < 0) {
      throw new UsageError("pow: integers to negative whole powers are not allowed; convert to float32 first");
    }
    if (dtype === x.dtype && dtype !== "bool") return applyUnary("powScalar", "any", x, { exponent }, exponent);
  }
  return applyBinary("pow", "any", x, exponent, undefined);
}

/** Angle of the point (other, x), in radians from −π to π. Elementwise. */
export const atan2 = (x: Tensor, other: TensorOrNumber): Tensor => applyBinary("atan2", "float", x, other, undefined);
/** `√(x² + other²)` without overflow. Elementwise. */
export const hypot = (x: Tensor, other: TensorOrNumber): Tensor => applyBinary("hypot", "float", x, other, undefined);
/** Magnitude of x with the sign of other. Elementwise. */
export const copysign = (x: Tensor, other: TensorOrNumber): Tensor =>
  applyBinary("copysign", "float", x, other, undefined);
/** The larger of the two; NaN if either is. Elementwise; ties share the gradient. */
export const maximum = (x: Tensor, other: TensorOrNumber): Tensor => applyBinary("maximum", "all", x, other, undefined);
/** The smaller of the two; NaN if either is. Elementwise; ties share the gradient. */
export const minimum = (x: Tensor, other: TensorOrNumber): Tensor => applyBinary("minimum", "all", x, other, undefined);
/** The larger of the two; a NaN loses against a number. Elementwise. */
export const fmax = (x: Tensor, other: TensorOrNumber): Tensor => applyBinary("fmax", "all", x, other, undefined);
/** The smaller of the two; a NaN loses against a number. Elementwise. */
export const fmin = (x: Tensor, other: TensorOrNumber): Tensor => applyBinary("fmin", "all", x, other, undefined);
/** `x · ln(other)`, 0 where x is 0. Elementwise. */
export const xlogy = (x: TensorOrNumber, other: TensorOrNumber): Tensor =>
  applyBinary("xlogy", "float", x, other, undefined);
/** `ln(eˣ + e^other)`, stable. Elementwise. */
export const logaddexp = (x: Tensor, other: TensorOrNumber): Tensor =>
  applyBinary("logaddexp", "float", x, other, undefined);

/** Bitwise and of integers, logical and of bools. Elementwise. */
export const bitwiseAnd = (x: Tensor, other: TensorOrNumber): Tensor => plainBinary("bitwiseAnd", "integral", x, other);
/** Bitwise or of integers, logical or of bools. Elementwise. */
export const bitwiseOr = (x: Tensor, other: TensorOrNumber): Tensor => plainBinary("bitwiseOr", "integral", x, other);
/** Bitwise exclusive or of integers, logical exclusive or of bools. Elementwise. */
export const bitwiseXor = (x: Tensor, other: TensorOrNumber): Tensor => plainBinary("bitwiseXor", "integral", x, other);
/** `x << other` of integers. Elementwise. */
export const bitwiseLeftShift = (x: Tensor, other: TensorOrNumber): Tensor =>
  plainBinary("shiftLeft", "integral", x, other);
/** `x >> other` of integers, keeping the sign. Elementwise. */
export const bitwiseRightShift = (x: Tensor, other: TensorOrNumber): Tensor =>
  plainBinary("shiftRight", "integral", x, other);

function compare(op: keyof typeof compareCodes, x: TensorOrNumber, other: TensorOrNumber): Tensor {
  const dtype = resultType(x, other);
  const a = operand(x, dtype);
  const b = operand(other, dtype);
  const out = allocate(broadcastShapes(op, a.shape, b.shape), "bool");
  if (numberOfElements(out.shape) > 0) {
    const ndim = writeLayout(out.shape, [out, a, b]);
    kernels.compare(compareCodes[op], code(dtype), ndim, metaBlock.address, a.address, b.address, out.address);
  }
  return out;
}

/** `x = other`, as bool. Elementwise; NaN equals nothing. */
export const eq = (x: Tensor, other: TensorOrNumber): Tensor => compare("eq", x, other);
/** `x ≠ other`, as bool. Elementwise. */
export const ne = (x: Tensor, other: TensorOrNumber): Tensor => compare("ne", x, other);
/** `x < other`, as bool. Elementwise. */
export const lt = (x: Tensor, other: TensorOrNumber): Tensor => compare("lt", x, other);
/** `x ≤ other`, as bool. Elementwise. */
export const le = (x: Tensor, other: TensorOrNumber): Tensor => compare("le", x, other);
/** `x > other`, as bool. Elementwise. */
export const gt = (x: Tensor, other: TensorOrNumber): Tensor => compare("gt", x, other);
/** `x ≥ other`, as bool. Elementwise. */
export const ge = (x: Tensor, other: TensorOrNumber): Tensor => compare("ge", x, other);
/** Both are not 0, as bool. Elementwise. */
export const logicalAnd = (x: Tensor, other: TensorOrNumber): Tensor => compare("logicalAnd", x, other);
/** At least one is not 0, as bool. Elementwise. */
export const logicalOr = (x: Tensor, other: TensorOrNumber): Tensor => compare("logicalOr", x, other);
/** Exactly one is not 0, as bool. Elementwise. */
export const logicalXor = (x: Tensor, other: TensorOrNumber): Tensor => compare("logicalXor", x, other);

/** `x += alpha · other` in place. */
export function add_(x: Tensor, other: TensorOrNumber, options: AlphaOptions = {}): Tensor {
  const { alpha = 1 } = options;
  checkAlpha("add_", x, other, alpha);
  return binaryInPlace(alpha === 1 ? "add" : "axpy", "any", x, other, (old) => add(old, other, options), alpha);
}

/** `x −= alpha · other` in place. */
export function sub_(x: Tensor, other: TensorOrNumber, options: AlphaOptions = {}): Tensor {
  const { alpha = 1 } = options;
  checkSubtraction(x, other);
  checkAlpha("sub_", x, other, alpha);
  return binaryInPlace(alpha === 1 ? "sub" : "axpy", "any", x, other, (old) => sub(old, other, options), -alpha);
}

/** `x *= other` in place. */
export function mul_(x: Tensor, other: TensorOrNumber): Tensor {
  return binaryInPlace("mul", "all", x, other, (old) => mul(old, other));
}

/** `x /= other` in place; for floating point tensors. */
export function div_(x: Tensor, other: TensorOrNumber): Tensor {
  return binaryInPlace("div", "float", x, other, (old) => div(old, other));
}

/** `x = x ** exponent` in place. */
export function pow_(x: Tensor, exponent: TensorOrNumber): Tensor {
  return binaryInPlace("pow", "any", x, exponent, (old) => pow(old, exponent));
}
