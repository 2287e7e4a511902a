import {
  arange,
  eye,
  full,
  fullLike,
  linspace,
  logspace,
  oneHot,
  ones,
  onesLike,
  trilIndices,
  triuIndices,
  zeros,
  zerosLike,
} from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { dtype, filler, number, oneOrMore, tensor } from "../parsers.js";
import type { Adapters } from "./adapter.js";

const typed = (a: Arguments) => a.options({ dtype });

export const creation: Adapters = {
  arange: (a) => arange(a.maybe("start", number) ?? 0, a.get("end", number), a.maybe("step", number) ?? 1, typed(a)),
  linspace: (a) => linspace(a.get("start", number), a.get("end", number), a.get("steps", number), typed(a)),
  logspace: (a) =>
    logspace(a.get("start", number), a.get("end", number), a.get("steps", number), a.options({ base: number, dtype })),
  eye: (a) => eye(a.get("n", number), a.maybe("m", number), typed(a)),
  zeros: (a) => zeros(a.get("size", oneOrMore), typed(a)),
  ones: (a) => ones(a.get("size", oneOrMore), typed(a)),
  full: (a) => full(a.get("size", oneOrMore), a.get("fill_value", filler), typed(a)),
  zeros_like: (a) => zerosLike(a.get("input", tensor), typed(a)),
  ones_like: (a) => onesLike(a.get("input", tensor), typed(a)),
  full_like: (a) => fullLike(a.get("input", tensor), a.get("fill_value", filler), typed(a)),
  tril_indices: (a) => trilIndices(a.get("row", number), a.get("col", number), a.maybe("offset", number)),
  triu_indices: (a) => triuIndices(a.get("row", number), a.get("col", number), a.maybe("offset", number)),
  one_hot: (a) => oneHot(a.get("input", tensor), a.maybe("num_classes", number)),
};
