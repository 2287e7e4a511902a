import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  huberLoss,
  klDiv,
  l1Loss,
  mseLoss,
  nllLoss,
  poissonNllLoss,
  smoothL1Loss,
  softMarginLoss,
  tripletMarginLoss,
} from "@kindling/tensor";
import { both, constant, indices, matrix, normal, unitMatrix } from "./case.js";

const target = constant(matrix);
const probabilities = constant(unitMatrix);

export const losses = {
  mseLoss: both([matrix, target], (a, b) => mseLoss(a, b), "F.mse_loss(a, b)"),
  l1Loss: both([matrix, target], (a, b) => l1Loss(a, b), "F.l1_loss(a, b)"),
  smoothL1Loss: both([matrix, target], (a, b) => smoothL1Loss(a, b), "F.smooth_l1_loss(a, b)"),
  huberLoss: both([matrix, target], (a, b) => huberLoss(a, b), "F.huber_loss(a, b)"),
  binaryCrossEntropy: both(
    [unitMatrix, probabilities],
    (a, b) => binaryCrossEntropy(a, b),
    "F.binary_cross_entropy(a, b)",
  ),
  binaryCrossEntropyWithLogits: both(
    [matrix, probabilities],
    (a, b) => binaryCrossEntropyWithLogits(a, b),
    "F.binary_cross_entropy_with_logits(a, b)",
  ),
  crossEntropy: both([matrix, indices(1000, 1000)], (a, b) => crossEntropy(a, b), "F.cross_entropy(a, b)"),
  "crossEntropy 10 classes": both(
    [normal(100_000, 10), indices(10, 100_000)],
    (a, b) => crossEntropy(a, b),
    "F.cross_entropy(a, b)",
  ),
  "crossEntropy smoothed": both(
    [matrix, indices(1000, 1000)],
    (a, b) => crossEntropy(a, b, { labelSmoothing: 0.1 }),
    "F.cross_entropy(a, b, label_smoothing=0.1)",
  ),
  "crossEntropy images": both(
    [normal(4, 10, 160, 160), indices(10, 4, 160, 160)],
    (a, b) => crossEntropy(a, b),
    "F.cross_entropy(a, b)",
  ),
  nllLoss: both([matrix, indices(1000, 1000)], (a, b) => nllLoss(a, b), "F.nll_loss(a, b)"),
  klDiv: both([matrix, probabilities], (a, b) => klDiv(a, b), "F.kl_div(a, b)"),
  poissonNllLoss: both([matrix, probabilities], (a, b) => poissonNllLoss(a, b), "F.poisson_nll_loss(a, b)"),
  softMarginLoss: both([matrix, target], (a, b) => softMarginLoss(a, b), "F.soft_margin_loss(a, b)"),
  tripletMarginLoss: both(
    [matrix, matrix, matrix],
    (a, b, c) => tripletMarginLoss(a, b, c),
    "F.triplet_margin_loss(a, b, c)",
  ),
};
