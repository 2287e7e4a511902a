import * as losses from "@kindling/losses";
import * as nn from "@kindling/nn";
import type { Tensor } from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { boolean, either, listOf, number, oneOrMore, orNull, tensor, word, wordOrSize } from "../parsers.js";
import type { Results } from "./adapter.js";

/** A module, and how a case's arguments reach its `forward`. */
export interface Built {
  readonly module: nn.Module;
  forward(args: Arguments): Results;
}

/** Builds a module from its constructor's arguments. */
export type ModuleAdapter = (init: Arguments) => Built;

function layer(build: (init: Arguments) => nn.Module & { forward(x: Tensor): Tensor }): ModuleAdapter {
  return (init) => {
    const module = build(init);
    return { module, forward: (args) => module.forward(args.get("input", tensor)) };
  };
}

function loss(
  build: (init: Arguments) => nn.Module & { forward(input: Tensor, target: Tensor): Tensor },
): ModuleAdapter {
  return (init) => {
    const module = build(init);
    return { module, forward: (args) => module.forward(args.get("input", tensor), args.get("target", tensor)) };
  };
}

const batchNorm = { eps: number, momentum: orNull(number), affine: boolean, trackRunningStats: boolean };
const reduction = word;
const weight = orNull(tensor);

/** Every layer and loss that Kindling has, by PyTorch's name. */
export const modules: Readonly<Record<string, ModuleAdapter>> = {
  Identity: layer(() => new nn.Identity()),
  Linear: layer(
    (a) => new nn.Linear(a.get("in_features", number), a.get("out_features", number), a.options({ bias: boolean })),
  ),
  Conv2d: layer(
    (a) =>
      new nn.Conv2d(
        a.get("in_channels", number),
        a.get("out_channels", number),
        a.get("kernel_size", oneOrMore),
        a.options({
          stride: oneOrMore,
          padding: wordOrSize,
          dilation: oneOrMore,
          groups: number,
          bias: boolean,
          paddingMode: word,
        }),
      ),
  ),
  MaxPool2d: layer(
    (a) =>
      new nn.MaxPool2d(
        a.get("kernel_size", oneOrMore),
        a.options({ stride: orNull(oneOrMore), padding: oneOrMore, dilation: oneOrMore, ceilMode: boolean }),
      ),
  ),
  AvgPool2d: layer(
    (a) =>
      new nn.AvgPool2d(
        a.get("kernel_size", oneOrMore),
        a.options({
          stride: orNull(oneOrMore),
          padding: oneOrMore,
          ceilMode: boolean,
          countIncludePad: boolean,
          divisorOverride: orNull(number),
        }),
      ),
  ),
  AdaptiveAvgPool2d: layer(
    (a) => new nn.AdaptiveAvgPool2d(a.get("output_size", either(number, listOf(orNull(number))))),
  ),
  BatchNorm1d: layer((a) => new nn.BatchNorm1d(a.get("num_features", number), a.options(batchNorm))),
  BatchNorm2d: layer((a) => new nn.BatchNorm2d(a.get("num_features", number), a.options(batchNorm))),
  LayerNorm: layer(
    (a) =>
      new nn.LayerNorm(
        a.get("normalized_shape", oneOrMore),
        a.options({ eps: number, elementwiseAffine: boolean, bias: boolean }),
      ),
  ),
  Embedding: layer((a) => new nn.Embedding(a.get("num_embeddings", number), a.get("embedding_dim", number))),
  Flatten: layer((a) => new nn.Flatten(a.maybe("start_dim", number), a.maybe("end_dim", number))),
  Dropout: layer((a) => new nn.Dropout(a.maybe("p", number))),

  ReLU: layer(() => new nn.ReLU()),
  LeakyReLU: layer((a) => new nn.LeakyReLU(a.maybe("negative_slope", number))),
  Sigmoid: layer(() => new nn.Sigmoid()),
  Tanh: layer(() => new nn.Tanh()),
  GELU: layer((a) => new nn.GELU(a.options({ approximate: word }))),
  SiLU: layer(() => new nn.SiLU()),
  Softmax: layer((a) => new nn.Softmax(a.get("dim", number))),
  LogSoftmax: layer((a) => new nn.LogSoftmax(a.get("dim", number))),

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
};
