import * as nn from "@kindling/nn";
import { boolean, number, numbers, orNull, tensor, word } from "../parsers.js";
import { attentionModules } from "./attention-modules.js";
import { lossModules } from "./loss-modules.js";
import { layer, type ModuleAdapter } from "./module.js";
import { normModules } from "./norm-modules.js";
import { recurrentModules } from "./recurrent-modules.js";
import { spatialModules } from "./spatial-modules.js";

const inplace = boolean;

/** Every layer and loss that Kindling has, by PyTorch's name. */
export const modules: Readonly<Record<string, ModuleAdapter>> = {
  ...attentionModules,
  ...lossModules,
  ...recurrentModules,
  Identity: layer(() => new nn.Identity()),
  Linear: layer(
    (a) => new nn.Linear(a.get("in_features", number), a.get("out_features", number), a.options({ bias: boolean })),
  ),
  ...spatialModules,
  ...normModules,
  Embedding: layer(
    (a) =>
      new nn.Embedding(
        a.get("num_embeddings", number),
        a.get("embedding_dim", number),
        a.options({
          paddingIdx: orNull(number),
          maxNorm: orNull(number),
          normType: number,
          scaleGradByFreq: boolean,
        }),
      ),
  ),
  EmbeddingBag: (a) => {
    const module = new nn.EmbeddingBag(
      a.get("num_embeddings", number),
      a.get("embedding_dim", number),
      a.options({
        paddingIdx: orNull(number),
        maxNorm: orNull(number),
        normType: number,
        scaleGradByFreq: boolean,
        mode: word,
        includeLastOffset: boolean,
      }),
    );
    return {
      module,
      forward: (args) =>
        module.forward(
          args.get("input", tensor),
          args.maybe("offsets", orNull(tensor)),
          args.maybe("per_sample_weights", orNull(tensor)),
        ),
    };
  },
  Bilinear: (a) => {
    const module = new nn.Bilinear(
      a.get("in1_features", number),
      a.get("in2_features", number),
      a.get("out_features", number),
      a.options({ bias: boolean }),
    );
    return { module, forward: (args) => module.forward(args.get("input1", tensor), args.get("input2", tensor)) };
  },
  Flatten: layer((a) => new nn.Flatten(a.maybe("start_dim", number), a.maybe("end_dim", number))),
  Unflatten: layer((a) => new nn.Unflatten(a.get("dim", number), a.get("unflattened_size", numbers))),
  Dropout: layer((a) => new nn.Dropout(a.maybe("p", number), a.options({ inplace }))),
  Dropout1d: layer((a) => new nn.Dropout1d(a.maybe("p", number), a.options({ inplace }))),
  Dropout2d: layer((a) => new nn.Dropout2d(a.maybe("p", number), a.options({ inplace }))),
  Dropout3d: layer((a) => new nn.Dropout3d(a.maybe("p", number), a.options({ inplace }))),
  AlphaDropout: layer((a) => new nn.AlphaDropout(a.maybe("p", number), a.options({ inplace }))),
  FeatureAlphaDropout: layer((a) => new nn.FeatureAlphaDropout(a.maybe("p", number), a.options({ inplace }))),

  ReLU: layer((a) => new nn.ReLU(a.options({ inplace }))),
  ReLU6: layer((a) => new nn.ReLU6(a.options({ inplace }))),
  LeakyReLU: layer((a) => new nn.LeakyReLU(a.maybe("negative_slope", number), a.options({ inplace }))),
  PReLU: layer((a) => new nn.PReLU(a.maybe("num_parameters", number), a.options({ init: number }))),
  RReLU: layer((a) => new nn.RReLU(a.maybe("lower", number), a.maybe("upper", number), a.options({ inplace }))),
  ELU: layer((a) => new nn.ELU(a.maybe("alpha", number), a.options({ inplace }))),
  SELU: layer((a) => new nn.SELU(a.options({ inplace }))),
  CELU: layer((a) => new nn.CELU(a.maybe("alpha", number), a.options({ inplace }))),
  GELU: layer((a) => new nn.GELU(a.options({ approximate: word }))),
  SiLU: layer((a) => new nn.SiLU(a.options({ inplace }))),
  Mish: layer((a) => new nn.Mish(a.options({ inplace }))),
  Sigmoid: layer(() => new nn.Sigmoid()),
  LogSigmoid: layer(() => new nn.LogSigmoid()),
  Hardsigmoid: layer((a) => new nn.Hardsigmoid(a.options({ inplace }))),
  Hardswish: layer((a) => new nn.Hardswish(a.options({ inplace }))),
  Tanh: layer(() => new nn.Tanh()),
  Hardtanh: layer(
    (a) => new nn.Hardtanh(a.maybe("min_val", number), a.maybe("max_val", number), a.options({ inplace })),
  ),
  Tanhshrink: layer(() => new nn.Tanhshrink()),
  Hardshrink: layer((a) => new nn.Hardshrink(a.maybe("lambd", number))),
  Softshrink: layer((a) => new nn.Softshrink(a.maybe("lambd", number))),
  Softplus: layer((a) => new nn.Softplus(a.maybe("beta", number), a.maybe("threshold", number))),
  Softsign: layer(() => new nn.Softsign()),
  Threshold: layer((a) => new nn.Threshold(a.get("threshold", number), a.get("value", number), a.options({ inplace }))),
  GLU: layer((a) => new nn.GLU(a.maybe("dim", number))),
  Softmax: layer((a) => new nn.Softmax(a.get("dim", number))),
  LogSoftmax: layer((a) => new nn.LogSoftmax(a.get("dim", number))),
  Softmin: layer((a) => new nn.Softmin(a.get("dim", number))),
  Softmax2d: layer(() => new nn.Softmax2d()),
};
