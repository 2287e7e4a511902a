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
 * @example
 * tensor([1, 2]).add(tensor([[10], [20]])); // → [[11, 12], [21, 22]]
 * add(tensor([1.5, 2]), 1, { alpha: 0.5 }); // → [2, 2.5]
 */
export function add(x: Tensor, other: TensorOrNumber, options: AlphaOptions = {}): Tensor {
  const alpha = options.alpha ?? 1;
  if (resultType(x, other) === "bool") return logicalOr(x, other);
  if (alpha === 1) return applyBinary("add", "any", x, other, undefined);
  checkAlpha("add", x, other, alpha);
  return applyBinary("axpy", "any", x, other, { alpha }, alpha);
}

/**
 * Difference: `x − alpha · other`. Elementwise, with broadcasting and type promotion.
 *
 * @throws DTypeError for bools; ShapeError if the shapes do not broadcast.
 * @example sub(tensor([5, 7]), tensor([1, 2])); // → [4, 5]
 */
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

/**
 * Difference the other way round: `other − alpha · x`. Elementwise, with broadcasting and type promotion.
 * @example rsub(tensor([5, 7]), 1); // → [-4, -6]
 */
export function rsub(x: Tensor, other: TensorOrNumber, options: AlphaOptions = {}): Tensor {
  const alpha = options.alpha ?? 1;
  checkSubtraction(x, other);
  if (alpha !== 1) {
    checkAlpha("rsub", x, other, alpha);
    return applyBinary("axpy", "any", other, x, { alpha: -alpha }, -alpha);
  }
  return applyBinary("sub", "any", other, x, undefined);
}

/**
 * Product: `x · other`. Elementwise, with broadcasting and type promotion.
 *
 * @throws ShapeError if the shapes do not broadcast.
 * @example mul(tensor([5, 7]), tensor([[1], [2]])); // → [[5, 7], [10, 14]]
 */
export function mul(x: Tensor, other: TensorOrNumber): Tensor {
  if (resultType(x, other) === "bool") return logicalAnd(x, other);
  return applyBinary("mul", "any", x, other, undefined);
}

interface DivisionOptions {
  /** "trunc" rounds towards zero, "floor" down; null (default) divides truly. */
  roundingMode?: "trunc" | "floor" | null;
}

/**
 * Quotient: `x / other`. Elementwise, with broadcasting; integers divide into float32 unless a rounding mode keeps
 * them whole. Options: `roundingMode`, none (default), "trunc" (towards zero) or "floor".
 *
 * @throws UsageError for an integer division by zero, or an unknown rounding mode.
 * @example
 * div(tensor([7, -7]), 2); // → [3.5, -3.5]
 * div(tensor([7, -7]), 2, { roundingMode: "trunc" }); // → [3, -3]
 */
export function div(x: Tensor, other: TensorOrNumber, options: DivisionOptions = {}): Tensor {
  const mode = options.roundingMode ?? null;
  if (mode === null) return applyBinary("div", "float", x, other, undefined);
  checkRounding(mode);
  checkDivisor("div", x, other);
  return applyBinary(mode === "trunc" ? "divTrunc" : "divFloor", "any", x, other, undefined);
}

function checkRounding(mode: string): void {
  if (mode === "trunc" || mode === "floor") return;
  throw new UsageError(`div: roundingMode must be null, "trunc" or "floor", got ${JSON.stringify(mode)}`);
}

function checkDivisor(op: string, x: TensorOrNumber, other: TensorOrNumber): void {
  if (isFloatingPoint(resultType(x, other))) return;
  const zero = typeof other === "object" ? other.numel() > 0 && other.eq(0).any().item() !== 0 : Number(other) === 0;
  if (zero) throw new UsageError(`${op}: integer division by zero; convert to float32 for infinities instead`);
}

/**
 * Quotient, rounded down: `⌊x / other⌋`. Elementwise, with broadcasting; integers stay integers.
 *
 * @throws UsageError for an integer division by zero.
 * @example floorDivide(tensor([7, -7]), 2); // → [3, -4]
 */
export function floorDivide(x: Tensor, other: TensorOrNumber): Tensor {
  return div(x, other, { roundingMode: "floor" });
}

/**
 * Remainder with the sign of the divisor: `x − other · ⌊x / other⌋`. Elementwise, with broadcasting.
 *
 * @throws UsageError for an integer division by zero.
 * @example remainder(tensor([7, -7]), 3); // → [1, 2]
 */
export function remainder(x: Tensor, other: TensorOrNumber): Tensor {
  checkDivisor("remainder", x, other);
  return applyBinary("remainder", "any", x, other, undefined);
}

/**
 * Remainder with the sign of the dividend, as JavaScript's `%`. Elementwise, with broadcasting.
 *
 * @throws UsageError for an integer division by zero.
 * @example fmod(tensor([7, -7]), 3); // → [1, -1]
 */
export function fmod(x: Tensor, other: TensorOrNumber): Tensor {
  checkDivisor("fmod", x, other);
  return applyBinary("fmod", "any", x, other, undefined);
}

/**
 * Power: `x` to the `exponent`. Elementwise, with broadcasting; NaN for a negative x to a power that is not whole.
 *
 * @throws UsageError for an integer tensor to a negative whole power.
 * @example
 * pow(tensor([2, 3]), 2); // → [4, 9]
 * pow(2, tensor([0.5, 3])); // → [1.4142, 8]
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

/**
 * Angle of the point (other, x), in radians from −π to π. Elementwise, with broadcasting; integers become float32.
 * @example atan2(tensor([1, -1]), tensor([1, -1])); // → [0.7854, -2.3562]
 */
export const atan2 = (x: Tensor, other: TensorOrNumber): Tensor => applyBinary("atan2", "float", x, other, undefined);
/**
 * Length of the hypotenuse: `√(x² + other²)`, without overflow. Elementwise, with broadcasting.
 * @example hypot(tensor([3.5, 5]), tensor([12, 12])); // → [12.5, 13]
 */
export const hypot = (x: Tensor, other: TensorOrNumber): Tensor => applyBinary("hypot", "float", x, other, undefined);
/**
 * Magnitude of x with the sign of other. Elementwise, with broadcasting; integers become float32.
 * @example copysign(tensor([1, 2]), tensor([-0.5, 3])); // → [-1, 2]
 */
export const copysign = (x: Tensor, other: TensorOrNumber): Tensor =>
  applyBinary("copysign", "float", x, other, undefined);
/**
 * The larger of the two; NaN if either is. Elementwise, with broadcasting; ties share the gradient.
 * @example maximum(tensor([1, 5, NaN]), tensor([3, 2, 1])); // → [3, 5, NaN]
 */
export const maximum = (x: Tensor, other: TensorOrNumber): Tensor => applyBinary("maximum", "all", x, other, undefined);
/**
 * The smaller of the two; NaN if either is. Elementwise, with broadcasting; ties share the gradient.
 * @example minimum(tensor([1, 5, NaN]), tensor([3, 2, 1])); // → [1, 2, NaN]
 */
export const minimum = (x: Tensor, other: TensorOrNumber): Tensor => applyBinary("minimum", "all", x, other, undefined);
/**
 * The larger of the two; a NaN loses against a number. Elementwise, with broadcasting.
 * @example fmax(tensor([1, NaN]), tensor([3, 2])); // → [3, 2]
 */
export const fmax = (x: Tensor, other: TensorOrNumber): Tensor => applyBinary("fmax", "all", x, other, undefined);
/**
 * The smaller of the two; a NaN loses against a number. Elementwise, with broadcasting.
 * @example fmin(tensor([1, NaN]), tensor([3, 2])); // → [1, 2]
 */
export const fmin = (x: Tensor, other: TensorOrNumber): Tensor => applyBinary("fmin", "all", x, other, undefined);
/**
 * Product with a logarithm: `x · ln(other)`, 0 where x is 0. Elementwise, with broadcasting.
 * @example xlogy(tensor([0, 2]), tensor([0, Math.E])); // → [0, 2]
 */
export const xlogy = (x: TensorOrNumber, other: TensorOrNumber): Tensor =>
  applyBinary("xlogy", "float", x, other, undefined);
/**
 * Logarithm of a sum of exponentials: `ln(eˣ + e^other)`, without overflow. Elementwise, with broadcasting.
 * @example logaddexp(tensor([0.5, 1000]), tensor([0.5, 1000])); // → [1.1931, 1000.693]
 */
export const logaddexp = (x: Tensor, other: TensorOrNumber): Tensor =>
  applyBinary("logaddexp", "float", x, other, undefined);

/**
 * Bitwise and of integers, logical and of bools: `x & other`. Elementwise, with broadcasting.
 *
 * @throws DTypeError for floating point tensors.
 * @example bitwiseAnd(tensor([6, 5]), 3); // → [2, 1]
 */
export const bitwiseAnd = (x: Tensor, other: TensorOrNumber): Tensor => plainBinary("bitwiseAnd", "integral", x, other);
/**
 * Bitwise or of integers, logical or of bools: `x | other`. Elementwise, with broadcasting.
 *
 * @throws DTypeError for floating point tensors.
 * @example bitwiseOr(tensor([6, 5]), 3); // → [7, 7]
 */
export const bitwiseOr = (x: Tensor, other: TensorOrNumber): Tensor => plainBinary("bitwiseOr", "integral", x, other);
/**
 * Bitwise exclusive or of integers, logical exclusive or of bools: `x ^ other`. Elementwise, with broadcasting.
 *
 * @throws DTypeError for floating point tensors.
 * @example bitwiseXor(tensor([6, 5]), 3); // → [5, 6]
 */
export const bitwiseXor = (x: Tensor, other: TensorOrNumber): Tensor => plainBinary("bitwiseXor", "integral", x, other);
/**
 * Integers shifted to the left: `x << other`. Elementwise, with broadcasting.
 *
 * @throws DTypeError for floating point tensors.
 * @example bitwiseLeftShift(tensor([1, 3]), 2); // → [4, 12]
 */
export const bitwiseLeftShift = (x: Tensor, other: TensorOrNumber): Tensor =>
  plainBinary("shiftLeft", "integral", x, other);
/**
 * Integers shifted to the right, keeping the sign: `x >> other`. Elementwise, with broadcasting.
 *
 * @throws DTypeError for floating point tensors.
 * @example bitwiseRightShift(tensor([8, -8]), 2); // → [2, -2]
 */
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

/**
 * Whether they are equal: `x = other`, as bool; NaN equals nothing. Elementwise, with broadcasting.
 * @example eq(tensor([1, 2, NaN]), tensor([1, 3, NaN])); // → [true, false, false]
 */
export const eq = (x: Tensor, other: TensorOrNumber): Tensor => compare("eq", x, other);
/**
 * Whether they differ: `x ≠ other`, as bool; NaN differs from everything. Elementwise, with broadcasting.
 * @example ne(tensor([1, 2]), tensor([1, 3])); // → [false, true]
 */
export const ne = (x: Tensor, other: TensorOrNumber): Tensor => compare("ne", x, other);
/**
 * Whether x is smaller: `x < other`, as bool; false of NaN. Elementwise, with broadcasting.
 * @example lt(tensor([1, 2, 3]), 2); // → [true, false, false]
 */
export const lt = (x: Tensor, other: TensorOrNumber): Tensor => compare("lt", x, other);
/**
 * Whether x is smaller or equal: `x ≤ other`, as bool; false of NaN. Elementwise, with broadcasting.
 * @example le(tensor([1, 2, 3]), 2); // → [true, true, false]
 */
export const le = (x: Tensor, other: TensorOrNumber): Tensor => compare("le", x, other);
/**
 * Whether x is larger: `x > other`, as bool; false of NaN. Elementwise, with broadcasting.
 * @example gt(tensor([1, 2, 3]), 2); // → [false, false, true]
 */
export const gt = (x: Tensor, other: TensorOrNumber): Tensor => compare("gt", x, other);
/**
 * Whether x is larger or equal: `x ≥ other`, as bool; false of NaN. Elementwise, with broadcasting.
 * @example ge(tensor([1, 2, 3]), 2); // → [false, true, true]
 */
export const ge = (x: Tensor, other: TensorOrNumber): Tensor => compare("ge", x, other);
/**
 * Whether both are not 0, as bool. Elementwise, with broadcasting.
 * @example logicalAnd(tensor([0, 2]), tensor([1, 1])); // → [false, true]
 */
export const logicalAnd = (x: Tensor, other: TensorOrNumber): Tensor => compare("logicalAnd", x, other);
/**
 * Whether at least one is not 0, as bool. Elementwise, with broadcasting.
 * @example logicalOr(tensor([0, 2]), tensor([0, 0])); // → [false, true]
 */
export const logicalOr = (x: Tensor, other: TensorOrNumber): Tensor => compare("logicalOr", x, other);
/**
 * Whether exactly one is not 0, as bool. Elementwise, with broadcasting.
 * @example logicalXor(tensor([0, 2]), tensor([1, 1])); // → [true, false]
 */
export const logicalXor = (x: Tensor, other: TensorOrNumber): Tensor => compare("logicalXor", x, other);

/**
 * {@link add} in place: `x += alpha · other`.
 * @example add_(tensor([1, 2]), 10); // → [11, 12]
 */
export function add_(x: Tensor, other: TensorOrNumber, options: AlphaOptions = {}): Tensor {
  const { alpha = 1 } = options;
  if (resultType(x, other) === "bool") return x.copy_(add(x, other));
  checkAlpha("add_", x, other, alpha);
  return binaryInPlace(alpha === 1 ? "add" : "axpy", "any", x, other, (old) => add(old, other, options), alpha);
}

/**
 * {@link sub} in place: `x −= alpha · other`.
 * @example sub_(tensor([1, 2]), 10); // → [-9, -8]
 */
export function sub_(x: Tensor, other: TensorOrNumber, options: AlphaOptions = {}): Tensor {
  const { alpha = 1 } = options;
  checkSubtraction(x, other);
  checkAlpha("sub_", x, other, alpha);
  return binaryInPlace(alpha === 1 ? "sub" : "axpy", "any", x, other, (old) => sub(old, other, options), -alpha);
}

/**
 * {@link mul} in place: `x *= other`.
 * @example mul_(tensor([1, 2]), 10); // → [10, 20]
 */
export function mul_(x: Tensor, other: TensorOrNumber): Tensor {
  return binaryInPlace("mul", "all", x, other, (old) => mul(old, other));
}

/**
 * {@link div} in place, with its options: `x /= other`; integers need a rounding mode.
 * @example div_(tensor([1.5, 2]), 10); // → [0.15, 0.2]
 */
export function div_(x: Tensor, other: TensorOrNumber, options: DivisionOptions = {}): Tensor {
  const mode = options.roundingMode ?? null;
  if (mode === null) return binaryInPlace("div", "float", x, other, (old) => div(old, other));
  checkRounding(mode);
  checkDivisor("div_", x, other);
  return binaryInPlace(mode === "trunc" ? "divTrunc" : "divFloor", "any", x, other, (old) => div(old, other, options));
}

/**
 * {@link pow} in place: `x = x ** exponent`.
 * @example pow_(tensor([1, 3]), 2); // → [1, 9]
 */
export function pow_(x: Tensor, exponent: TensorOrNumber): Tensor {
  return binaryInPlace("pow", "any", x, exponent, (old) => pow(old, exponent));
}
