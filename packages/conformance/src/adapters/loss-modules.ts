import * as losses from "@kindling/losses";
import * as nn from "@kindling/nn";
import type { Tensor } from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { boolean, either, number, numbers, orNull, tensor, word } from "../parsers.js";
import type { ModuleAdapter } from "./module.js";

/** The adapter of a module whose `forward` takes tensors of these names. */
function loss(
  build: (init: Arguments) => nn.Module & { forward(...inputs: Tensor[]): Tensor },
  names: readonly string[] = ["input", "target"],
): ModuleAdapter {
  return (init) => {
    const module = build(init);
    return { module, forward: (args) => module.forward(...names.map((name) => args.get(name, tensor))) };
  };
}

const reduction = word;
const weight = orNull(tensor);
const triplet = ["anchor", "positive", "negative"];
const pair = ["input1", "input2", "target"];

/** Every loss that Kindling has, and what measures distances, by PyTorch's name. */
export const lossModules: Readonly<Record<string, ModuleAdapter>> = {
  CrossEntropyLoss: loss(
    (a) => new losses.CrossEntropyLoss(a.options({ weight, ignoreIndex: number, reduction, labelSmoothing: number })),
  ),
  NLLLoss: loss((a) => new losses.NLLLoss(a.options({ weight, ignoreIndex: number, reduction }))),
  MSELoss: loss((a) => new losses.MSELoss(a.options({ reduction }))),
  L1Loss: loss((a) => new losses.L1Loss(a.options({ reduction }))),
  SmoothL1Loss: loss((a) => new losses.SmoothL1Loss(a.options({ reduction, beta: number }))),
  HuberLoss: loss((a) => new losses.HuberLoss(a.options({ reduction, delta: number }))),
  BCELoss: loss((a) => new losses.BCELoss(a.options({ weight, reduction }))),
  BCEWithLogitsLoss: loss(
    (a) => new losses.BCEWithLogitsLoss(a.options({ weight, posWeight: orNull(tensor), reduction })),
  ),
  KLDivLoss: loss((a) => new losses.KLDivLoss(a.options({ reduction, logTarget: boolean }))),
  HingeEmbeddingLoss: loss((a) => new losses.HingeEmbeddingLoss(a.options({ margin: number, reduction }))),
  SoftMarginLoss: loss((a) => new losses.SoftMarginLoss(a.options({ reduction }))),
  MarginRankingLoss: loss((a) => new losses.MarginRankingLoss(a.options({ margin: number, reduction })), pair),
  CosineEmbeddingLoss: loss((a) => new losses.CosineEmbeddingLoss(a.options({ margin: number, reduction })), pair),
  TripletMarginLoss: loss(
    (a) =>
      new losses.TripletMarginLoss(a.options({ margin: number, p: number, eps: number, swap: boolean, reduction })),
    triplet,
  ),
  TripletMarginWithDistanceLoss: loss(
    (a) => new losses.TripletMarginWithDistanceLoss(a.options({ margin: number, swap: boolean, reduction })),
    triplet,
  ),
  MultiMarginLoss: loss((a) => new losses.MultiMarginLoss(a.options({ p: number, margin: number, weight, reduction }))),
  MultiLabelMarginLoss: loss((a) => new losses.MultiLabelMarginLoss(a.options({ reduction }))),
  MultiLabelSoftMarginLoss: loss((a) => new losses.MultiLabelSoftMarginLoss(a.options({ weight, reduction }))),
  PoissonNLLLoss: loss(
    (a) => new losses.PoissonNLLLoss(a.options({ logInput: boolean, full: boolean, eps: number, reduction })),
    ["log_input", "target"],
  ),
  GaussianNLLLoss: loss(
    (a) => new losses.GaussianNLLLoss(a.options({ full: boolean, eps: number, reduction })),
    ["input", "target", "var"],
  ),
  CTCLoss: (init) => {
    const module = new losses.CTCLoss(init.options({ blank: number, reduction, zeroInfinity: boolean }));
    const lengths = either(tensor, numbers);
    return {
      module,
      forward: (a) =>
        module.forward(
          a.get("log_probs", tensor),
          a.get("targets", tensor),
          a.get("input_lengths", lengths),
          a.get("target_lengths", lengths),
        ),
    };
  },
  CosineSimilarity: loss((a) => new nn.CosineSimilarity(a.options({ dim: number, eps: number })), ["x1", "x2"]),
  PairwiseDistance: loss(
    (a) => new nn.PairwiseDistance(a.options({ p: number, eps: number, keepdim: boolean })),
    ["x1", "x2"],
  ),
};
