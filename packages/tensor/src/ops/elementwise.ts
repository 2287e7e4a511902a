import { binaryOps, compareOps, predicateOps, unaryOps } from "@kindling/kernels";
import { allocate, scalar } from "../allocate.js";
import { canCast, type DType, defaultFloat, isFloatingPoint, resultType } from "../dtype.js";
import { DTypeError, ShapeError } from "../errors.js";
import { code, kernels, metaBlock, opCodes, writeLayout } from "../launch.js";
import { inPlace, record } from "../recorder.js";
import { broadcastShapes, formatShape, numberOfElements, type Shape, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { to } from "./cast.js";
import type { OpAttributes, OpName } from "./registry.js";

/** What binary operations take besides tensors. */
export type TensorOrNumber = Tensor | number | boolean;

export const unaryCodes = opCodes(unaryOps);
export const binaryCodes = opCodes(binaryOps);
export const compareCodes = opCodes(compareOps);
export const predicateCodes = opCodes(predicateOps);

type UnaryName = (typeof unaryOps)[number];
type BinaryName = (typeof binaryOps)[number];

/** Which element types an operation takes, and what it makes of the others. */
export type Domain =
  | "any" // every type but bool as it is
  | "all" // every type, bool too
  | "float" // integers and bools become float32
  | "integral"; // floating point is refused

/** The type in which an operation of this domain computes. */
export function computeType(op: string, domain: Domain, dtype: DType): DType {
  if (domain === "float") return isFloatingPoint(dtype) ? dtype : defaultFloat;
  if (domain === "integral" && isFloatingPoint(dtype)) {
    throw new DTypeError(`${op}: expected integers or bools, got ${dtype}`);
  }
  if (domain === "any" && dtype === "bool") {
    throw new DTypeError(`${op}: not defined for bool; convert with .to("int32") or use a logical operation`);
  }
  return dtype;
}

/** `out = kernel(x)` without recording. */
export function runUnary(op: UnaryName, x: Tensor, out: Tensor, p0 = 0, p1 = 0): Tensor {
  if (numberOfElements(out.shape) > 0) {
    const ndim = writeLayout(out.shape, [out, x]);
    kernels.unary(unaryCodes[op], code(x.dtype), ndim, metaBlock.address, x.address, out.address, p0, p1);
  }
  return out;
}

/** `out = kernel(a, b)` without recording; all of one type, a and b broadcast to out. */
export function runBinary(op: BinaryName, a: Tensor, b: Tensor, out: Tensor, p0 = 0, p1 = 0): Tensor {
  if (numberOfElements(out.shape) > 0) {
    const ndim = writeLayout(out.shape, [out, a, b]);
    kernels.binary(binaryCodes[op], code(a.dtype), ndim, metaBlock.address, a.address, b.address, out.address, p0, p1);
  }
  return out;
}

/** `x` itself if it has this type, else converted (recorded). */
export function cast(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : to(x, dtype);
}

/** An operand as a tensor of this type; numbers become 0-dimensional. */
export function operand(value: TensorOrNumber, dtype: DType): Tensor {
  return typeof value === "object" ? cast(value, dtype) : scalar(value, dtype);
}

/** A kernel's unary op with parameters, recorded under `name`. */
export function applyUnary<K extends OpName & UnaryName>(
  name: K,
  domain: Domain,
  x: Tensor,
  attributes: OpAttributes[K],
  p0 = 0,
  p1 = 0,
): Tensor {
  const input = cast(x, computeType(name, domain, x.dtype));
  return record(name, [input], runUnary(name, input, allocate(input.shape, input.dtype), p0, p1), attributes);
}

/** Broadcasts, promotes, runs and records a binary kernel. */
export function applyBinary<K extends OpName & BinaryName>(
  name: K,
  domain: Domain,
  a: TensorOrNumber,
  b: TensorOrNumber,
  attributes: OpAttributes[K],
  p0 = 0,
  p1 = 0,
): Tensor {
  const dtype = computeType(name, domain, resultType(a, b));
  const x = operand(a, dtype);
  const y = operand(b, dtype);
  const shape = sameShape(x.shape, y.shape) ? x.shape : broadcastShapes(name, x.shape, y.shape);
  return record(name, [x, y], runBinary(name, x, y, allocate(shape, dtype), p0, p1), attributes);
}

/** Runs a binary op that has no gradient. */
export function plainBinary(op: BinaryName, domain: Domain, a: TensorOrNumber, b: TensorOrNumber): Tensor {
  const dtype = computeType(op, domain, resultType(a, b));
  const x = operand(a, dtype);
  const y = operand(b, dtype);
  return runBinary(op, x, y, allocate(broadcastShapes(op, x.shape, y.shape), dtype));
}

/** Throws unless a result of `shape` and `dtype` can be written into `self`. */
export function checkInPlaceResult(op: string, self: Tensor, shape: Shape, dtype: DType): void {
  if (!sameShape(self.shape, shape)) {
    throw new ShapeError(
      `${op}_: the result has shape ${formatShape(shape)}, which does not fit into the tensor's ${formatShape(self.shape)}`,
    );
  }
  if (!canCast(dtype, self.dtype)) {
    throw new DTypeError(`${op}_: the result is ${dtype}, which cannot be stored in a tensor of ${self.dtype}`);
  }
}

/** The in-place form of a binary operation: straight into `self` when nothing is recorded. */
export function binaryInPlace(
  name: BinaryName & OpName,
  domain: Domain,
  self: Tensor,
  other: TensorOrNumber,
  compute: (old: Tensor) => Tensor,
  p0 = 0,
): Tensor {
  const dtype = computeType(name, domain, resultType(self, other));
  const otherShape = typeof other === "object" ? other.shape : [];
  checkInPlaceResult(name, self, broadcastShapes(name, self.shape, otherShape), dtype);
  return inPlace(
    self,
    [typeof other === "object" ? other : null],
    (target) => {
      if (dtype === target.dtype) runBinary(name, target, operand(other, dtype), target, p0);
      else target.overwrite(compute(target));
    },
    compute,
  );
}

/** The in-place form of a unary operation. */
export function unaryInPlace(name: UnaryName, domain: Domain, self: Tensor, compute: (old: Tensor) => Tensor): Tensor {
  const dtype = computeType(name, domain, self.dtype);
  checkInPlaceResult(name, self, self.shape, dtype);
  return inPlace(
    self,
    [],
    (target) => {
      if (dtype === target.dtype) runUnary(name, target, target);
      else target.overwrite(compute(target));
    },
    compute,
  );
}
