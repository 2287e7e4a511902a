import { init } from "@kindling/nn";
import type { Tensor } from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { camelWord, number, orNull } from "../parsers.js";
import type { Adapters } from "./adapter.js";

/** Fills a tensor by a function of torch.nn.init. */
export type InitAdapter = (x: Tensor, options: Arguments) => unknown;

const kaiming = { a: number, mode: camelWord, nonlinearity: camelWord };

export const initializers: Readonly<Record<string, InitAdapter>> = {
  uniform_: (x, a) => init.uniform_(x, a.maybe("a", number), a.maybe("b", number)),
  normal_: (x, a) => init.normal_(x, a.maybe("mean", number), a.maybe("std", number)),
  constant_: (x, a) => init.constant_(x, a.get("val", number)),
  zeros_: (x) => init.zeros_(x),
  ones_: (x) => init.ones_(x),
  kaiming_uniform_: (x, a) => init.kaimingUniform_(x, a.options(kaiming)),
  kaiming_normal_: (x, a) => init.kaimingNormal_(x, a.options(kaiming)),
  xavier_uniform_: (x, a) => init.xavierUniform_(x, a.maybe("gain", number)),
  xavier_normal_: (x, a) => init.xavierNormal_(x, a.maybe("gain", number)),
  trunc_normal_: (x, a) =>
    init.truncNormal_(x, a.maybe("mean", number), a.maybe("std", number), a.maybe("a", number), a.maybe("b", number)),
  orthogonal_: (x, a) => init.orthogonal_(x, a.maybe("gain", number)),
  sparse_: (x, a) => init.sparse_(x, a.get("sparsity", number), a.maybe("std", number)),
  eye_: (x) => init.eye_(x),
  dirac_: (x, a) => init.dirac_(x, a.maybe("groups", number)),
};

export const gain: Adapters = {
  calculate_gain: (a) =>
    init.calculateGain(a.get("nonlinearity", camelWord), a.maybe("param", orNull(number)) ?? undefined),
};
