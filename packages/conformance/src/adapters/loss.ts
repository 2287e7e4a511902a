import * as t from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { boolean, either, number, numbers, orNull, tensor, word } from "../parsers.js";
import type { Adapters } from "./adapter.js";

const operands = (a: Arguments): [t.Tensor, t.Tensor] => [a.get("input", tensor), a.get("target", tensor)];
const pair = (a: Arguments): [t.Tensor, t.Tensor] => [a.get("input1", tensor), a.get("input2", tensor)];
const triplet = (a: Arguments): [t.Tensor, t.Tensor, t.Tensor] => [
  a.get("anchor", tensor),
  a.get("positive", tensor),
  a.get("negative", tensor),
];
const reduction = word;
const weight = orNull(tensor);

const lengths = either(tensor, numbers);

function ctc(a: Arguments, logProbs: t.Tensor): t.Tensor {
  const targets = a.get("targets", tensor);
  const [inputs, counts] = [a.get("input_lengths", lengths), a.get("target_lengths", lengths)];
  return t.ctcLoss(logProbs, targets, inputs, counts, a.options({ reduction, blank: number, zeroInfinity: boolean }));
}

export const loss: Adapters = {
  cross_entropy: (a) =>
    t.crossEntropy(...operands(a), a.options({ reduction, weight, ignoreIndex: number, labelSmoothing: number })),
  nll_loss: (a) => t.nllLoss(...operands(a), a.options({ reduction, weight, ignoreIndex: number })),
  mse_loss: (a) => t.mseLoss(...operands(a), a.options({ reduction })),
  l1_loss: (a) => t.l1Loss(...operands(a), a.options({ reduction })),
  smooth_l1_loss: (a) => t.smoothL1Loss(...operands(a), a.options({ reduction, beta: number })),
  huber_loss: (a) => t.huberLoss(...operands(a), a.options({ reduction, delta: number })),
  binary_cross_entropy: (a) => t.binaryCrossEntropy(...operands(a), a.options({ reduction, weight })),
  binary_cross_entropy_with_logits: (a) =>
    t.binaryCrossEntropyWithLogits(...operands(a), a.options({ reduction, weight, posWeight: orNull(tensor) })),
  kl_div: (a) => t.klDiv(...operands(a), a.options({ reduction, logTarget: boolean })),
  hinge_embedding_loss: (a) => t.hingeEmbeddingLoss(...operands(a), a.options({ reduction, margin: number })),
  soft_margin_loss: (a) => t.softMarginLoss(...operands(a), a.options({ reduction })),
  margin_ranking_loss: (a) =>
    t.marginRankingLoss(...pair(a), a.get("target", tensor), a.options({ reduction, margin: number })),
  cosine_embedding_loss: (a) =>
    t.cosineEmbeddingLoss(...pair(a), a.get("target", tensor), a.options({ reduction, margin: number })),
  triplet_margin_loss: (a) =>
    t.tripletMarginLoss(...triplet(a), a.options({ reduction, margin: number, p: number, eps: number, swap: boolean })),
  triplet_margin_with_distance_loss: (a) =>
    t.tripletMarginWithDistanceLoss(...triplet(a), a.options({ reduction, margin: number, swap: boolean })),
  multi_margin_loss: (a) =>
    t.multiMarginLoss(...operands(a), a.options({ reduction, p: number, margin: number, weight })),
  multilabel_margin_loss: (a) => t.multilabelMarginLoss(...operands(a), a.options({ reduction })),
  multilabel_soft_margin_loss: (a) => t.multilabelSoftMarginLoss(...operands(a), a.options({ reduction, weight })),
  poisson_nll_loss: (a) =>
    t.poissonNllLoss(...operands(a), a.options({ reduction, logInput: boolean, full: boolean, eps: number })),
  gaussian_nll_loss: (a) =>
    t.gaussianNllLoss(
      ...operands(a),
      a.get("var", either(tensor, number)),
      a.options({ reduction, full: boolean, eps: number }),
    ),
  ctc_loss: (a) => ctc(a, a.get("log_probs", tensor)),
  ctc_loss_of_logits: (a) => ctc(a, a.get("logits", tensor).logSoftmax(2)),
};
