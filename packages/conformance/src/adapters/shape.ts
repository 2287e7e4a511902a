import * as t from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { either, number, numbers, oneOrMore, tensor, tensors, word } from "../parsers.js";
import type { Adapters } from "./adapter.js";
import { plain } from "./unary.js";

const input = (a: Arguments): t.Tensor => a.get("input", tensor);
const all = (a: Arguments): t.Tensor[] => a.get("tensors", tensors);
const dim = (a: Arguments, name = "dim"): number | undefined => a.maybe(name, number);

export const shape: Adapters = {
  reshape: (a) => t.reshape(input(a), a.get("shape", numbers)),
  view: (a) => t.view(input(a), a.get("size", numbers)),
  flatten: (a) => t.flatten(input(a), dim(a, "start_dim"), dim(a, "end_dim")),
  unflatten: (a) => t.unflatten(input(a), a.get("dim", number), a.get("sizes", numbers)),
  transpose: (a) => t.transpose(input(a), a.get("dim0", number), a.get("dim1", number)),
  swapaxes: (a) => t.swapaxes(input(a), a.get("axis0", number), a.get("axis1", number)),
  t: plain(t.t),
  permute: (a) => t.permute(input(a), a.get("dims", numbers)),
  movedim: (a) => t.movedim(input(a), a.get("source", oneOrMore), a.get("destination", oneOrMore)),
  squeeze: (a) => t.squeeze(input(a), a.maybe("dim", oneOrMore)),
  unsqueeze: (a) => t.unsqueeze(input(a), a.get("dim", number)),
  expand: (a) => t.expand(input(a), a.get("size", numbers)),
  expand_as: (a) => t.expandAs(input(a), a.get("other", tensor)),
  broadcast_to: (a) => t.broadcastTo(input(a), a.get("size", numbers)),
  broadcast_tensors: (a) => t.broadcastTensors(...all(a)),
  meshgrid: (a) => t.meshgrid(all(a), a.options({ indexing: word })),
  cartesian_prod: (a) => t.cartesianProd(...all(a)),
  combinations: (a) => t.combinations(input(a), a.maybe("r", number)),
  block_diag: (a) => t.blockDiag(...all(a)),
  identity: plain((x) => x),
  atleast_1d: plain(t.atleast1d),
  atleast_2d: plain(t.atleast2d),
  atleast_3d: plain(t.atleast3d),

  repeat: (a) => t.repeat(input(a), a.get("sizes", numbers)),
  tile: (a) => t.tile(input(a), a.get("dims", numbers)),
  repeat_interleave: (a) => t.repeatInterleave(input(a), a.get("repeats", either(tensor, oneOrMore)), dim(a)),
  flip: (a) => t.flip(input(a), a.get("dims", numbers)),
  fliplr: plain(t.fliplr),
  flipud: plain(t.flipud),
  roll: (a) => t.roll(input(a), a.get("shifts", oneOrMore), a.maybe("dims", oneOrMore)),
  rot90: (a) => t.rot90(input(a), a.maybe("k", number), a.maybe("dims", numbers) as [number, number] | undefined),
  tril: (a) => t.tril(input(a), dim(a, "diagonal")),
  triu: (a) => t.triu(input(a), dim(a, "diagonal")),
  diag: (a) => t.diag(input(a), dim(a, "diagonal")),
  diagonal: (a) => t.diagonal(input(a), dim(a, "offset"), dim(a, "dim1"), dim(a, "dim2")),
  diag_embed: (a) => t.diagEmbed(input(a), dim(a, "offset"), dim(a, "dim1"), dim(a, "dim2")),
  pad: (a) => t.pad(input(a), a.get("pad", numbers), a.options({ mode: word, value: number })),
  "Tensor.unfold": (a) => t.unfold(input(a), a.get("dimension", number), a.get("size", number), a.get("step", number)),

  cat: (a) => t.cat(all(a), dim(a)),
  stack: (a) => t.stack(all(a), dim(a)),
  hstack: (a) => t.hstack(all(a)),
  vstack: (a) => t.vstack(all(a)),
  dstack: (a) => t.dstack(all(a)),
  column_stack: (a) => t.columnStack(all(a)),
  split: (a) => t.split(input(a), a.get("split_size_or_sections", oneOrMore), dim(a)),
  chunk: (a) => t.chunk(input(a), a.get("chunks", number), dim(a)),
  tensor_split: (a) => t.tensorSplit(input(a), a.get("indices_or_sections", oneOrMore), dim(a)),
  unbind: (a) => t.unbind(input(a), dim(a)),
  narrow: (a) => t.narrow(input(a), a.get("dim", number), a.get("start", number), a.get("length", number)),
  select: (a) => t.select(input(a), a.get("dim", number), a.get("index", number)),
};
