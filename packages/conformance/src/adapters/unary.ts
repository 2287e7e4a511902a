import * as t from "@kindling/tensor";
import { number, operand, orNull, tensor } from "../parsers.js";
import type { Adapter, Adapters } from "./adapter.js";

/** An operation of one tensor and nothing else. */
export const plain =
  (operation: (x: t.Tensor) => t.Tensor): Adapter =>
  (a) =>
    operation(a.get("input", tensor));

export const unary: Adapters = {
  abs: plain(t.abs),
  acos: plain(t.acos),
  acosh: plain(t.acosh),
  asin: plain(t.asin),
  asinh: plain(t.asinh),
  atan: plain(t.atan),
  atanh: plain(t.atanh),
  bitwise_not: plain(t.bitwiseNot),
  ceil: plain(t.ceil),
  clone: plain(t.clone),
  contiguous: plain(t.contiguous),
  cos: plain(t.cos),
  cosh: plain(t.cosh),
  detach: plain(t.detach),
  digamma: plain(t.digamma),
  erf: plain(t.erf),
  erfc: plain(t.erfc),
  erfinv: plain(t.erfinv),
  exp: plain(t.exp),
  exp2: plain(t.exp2),
  expm1: plain(t.expm1),
  floor: plain(t.floor),
  frac: plain(t.frac),
  isfinite: plain(t.isfinite),
  isinf: plain(t.isinf),
  isnan: plain(t.isnan),
  lgamma: plain(t.lgamma),
  log: plain(t.log),
  log10: plain(t.log10),
  log1p: plain(t.log1p),
  log2: plain(t.log2),
  logical_not: plain(t.logicalNot),
  neg: plain(t.neg),
  reciprocal: plain(t.reciprocal),
  rsqrt: plain(t.rsqrt),
  sign: plain(t.sign),
  signbit: plain(t.signbit),
  sin: plain(t.sin),
  sinh: plain(t.sinh),
  sqrt: plain(t.sqrt),
  square: plain(t.square),
  tan: plain(t.tan),
  trunc: plain(t.trunc),

  deg2rad: plain(t.deg2rad),
  isneginf: plain(t.isneginf),
  isposinf: plain(t.isposinf),
  positive: plain(t.positive),
  rad2deg: plain(t.rad2deg),
  sinc: plain(t.sinc),

  nan_to_num: (a) =>
    t.nanToNum(a.get("input", tensor), a.options({ nan: number, posinf: orNull(number), neginf: orNull(number) })),
  clamp: (a) => t.clamp(a.get("input", tensor), a.maybe("min", orNull(operand)), a.maybe("max", orNull(operand))),
  clamp_min: (a) => t.clampMin(a.get("input", tensor), a.get("min", operand)),
  clamp_max: (a) => t.clampMax(a.get("input", tensor), a.get("max", operand)),
  logit: (a) => t.logit(a.get("input", tensor), a.maybe("eps", orNull(number))),
  round: (a) => t.round(a.get("input", tensor), a.options({ decimals: number })),
};
