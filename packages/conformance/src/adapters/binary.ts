import * as t from "@kindling/tensor";
import { number, operand, orNull, tensor, word } from "../parsers.js";
import type { Adapter, Adapters } from "./adapter.js";

const plain =
  (operation: (x: t.Tensor, other: t.TensorOrNumber) => t.Tensor): Adapter =>
  (a) =>
    operation(a.get("input", tensor), a.get("other", operand));

type ScaledOperation = (x: t.Tensor, other: t.TensorOrNumber, options: { alpha?: number }) => t.Tensor;
const scaled =
  (operation: ScaledOperation): Adapter =>
  (a) =>
    operation(a.get("input", tensor), a.get("other", operand), a.options({ alpha: number }));

type Fused = (x: t.Tensor, a: t.Tensor, b: t.Tensor, options: { value?: number }) => t.Tensor;
const fused =
  (operation: Fused): Adapter =>
  (a) =>
    operation(a.get("input", tensor), a.get("tensor1", tensor), a.get("tensor2", tensor), a.options({ value: number }));

export const binary: Adapters = {
  add: scaled(t.add),
  sub: scaled(t.sub),
  rsub: scaled(t.rsub),
  add_: scaled(t.add_),
  sub_: scaled(t.sub_),
  mul: plain(t.mul),
  mul_: plain(t.mul_),
  div: (a) => t.div(a.get("input", tensor), a.get("other", operand), a.options({ roundingMode: orNull(word) })),
  floor_divide: plain(t.floorDivide),
  remainder: plain(t.remainder),
  fmod: plain(t.fmod),
  pow: (a) => t.pow(a.get("input", operand), a.get("exponent", operand)),
  atan2: plain(t.atan2),
  hypot: plain(t.hypot),
  copysign: plain(t.copysign),
  maximum: plain(t.maximum),
  minimum: plain(t.minimum),
  fmax: plain(t.fmax),
  fmin: plain(t.fmin),
  logaddexp: plain(t.logaddexp),
  logaddexp2: plain(t.logaddexp2),
  xlogy: (a) => t.xlogy(a.get("input", operand), a.get("other", operand)),

  bitwise_and: plain(t.bitwiseAnd),
  bitwise_or: plain(t.bitwiseOr),
  bitwise_xor: plain(t.bitwiseXor),
  bitwise_left_shift: plain(t.bitwiseLeftShift),
  bitwise_right_shift: plain(t.bitwiseRightShift),
  eq: plain(t.eq),
  ne: plain(t.ne),
  lt: plain(t.lt),
  le: plain(t.le),
  gt: plain(t.gt),
  ge: plain(t.ge),
  logical_and: plain(t.logicalAnd),
  logical_or: plain(t.logicalOr),
  logical_xor: plain(t.logicalXor),

  where: (a) => t.where(a.get("condition", tensor), a.get("input", operand), a.get("other", operand)),
  lerp: (a) => t.lerp(a.get("input", tensor), a.get("end", tensor), a.get("weight", operand) as number | t.Tensor),
  addcmul: fused(t.addcmul),
  addcdiv: fused(t.addcdiv),
  dist: (a) => t.dist(a.get("input", tensor), a.get("other", tensor), a.maybe("p", number)),
};
