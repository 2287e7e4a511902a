import * as t from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { boolean, number, orNull, tensor, word } from "../parsers.js";
import type { Adapters } from "./adapter.js";

const operands = (a: Arguments): [t.Tensor, t.Tensor] => [a.get("input", tensor), a.get("target", tensor)];
const reduction = word;
const weight = orNull(tensor);

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
};
