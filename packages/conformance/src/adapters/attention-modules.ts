import * as nn from "@kindling/nn";
import type { Arguments } from "../arguments.js";
import { withArguments } from "../call.js";
import type { Values } from "../decode.js";
import { boolean, number, oneOrMore, orNull, record, tensor, word } from "../parsers.js";
import type { ModuleAdapter } from "./module.js";

const mask = orNull(tensor);

const layerOptions = {
  dimFeedforward: number,
  dropout: number,
  activation: word,
  layerNormEps: number,
  batchFirst: boolean,
  normFirst: boolean,
  bias: boolean,
};
const decoderInputs = {
  tgtMask: mask,
  memoryMask: mask,
  tgtKeyPaddingMask: mask,
  memoryKeyPaddingMask: mask,
  tgtIsCausal: boolean,
  memoryIsCausal: boolean,
};

const encoderLayer = (a: Arguments): nn.TransformerEncoderLayer =>
  new nn.TransformerEncoderLayer(a.get("d_model", number), a.get("nhead", number), a.options(layerOptions));
const decoderLayer = (a: Arguments): nn.TransformerDecoderLayer =>
  new nn.TransformerDecoderLayer(a.get("d_model", number), a.get("nhead", number), a.options(layerOptions));

/** A module that is spelled out: its own arguments by name, `norm` as `{LayerNorm: size}`. */
const nested = <T>(a: Arguments, name: string, build: (inner: Arguments) => T): T =>
  withArguments(name, a.get(name, record), build);
const lastNorm = (a: Arguments): { norm?: nn.LayerNorm | null } => {
  const spelled = a.maybe("norm", orNull(record)) as Values | null | undefined;
  if (spelled === undefined || spelled === null) return {};
  return withArguments("norm", spelled, (inner) => ({ norm: new nn.LayerNorm(inner.get("LayerNorm", oneOrMore)) }));
};

export const attentionModules: Readonly<Record<string, ModuleAdapter>> = {
  MultiheadAttention: (a) => {
    const module = new nn.MultiheadAttention(
      a.get("embed_dim", number),
      a.get("num_heads", number),
      a.options({
        dropout: number,
        bias: boolean,
        addBiasKv: boolean,
        addZeroAttn: boolean,
        kdim: orNull(number),
        vdim: orNull(number),
        batchFirst: boolean,
      }),
    );
    const inputs = {
      keyPaddingMask: mask,
      needWeights: boolean,
      attnMask: mask,
      averageAttnWeights: boolean,
      isCausal: boolean,
    };
    return {
      module,
      forward: (args) =>
        module.forward(
          args.get("query", tensor),
          args.get("key", tensor),
          args.get("value", tensor),
          args.options(inputs),
        ),
    };
  },
  TransformerEncoderLayer: (a) => {
    const module = encoderLayer(a);
    const inputs = { srcMask: mask, srcKeyPaddingMask: mask, isCausal: boolean };
    return { module, forward: (args) => module.forward(args.get("src", tensor), args.options(inputs)) };
  },
  TransformerDecoderLayer: (a) => {
    const module = decoderLayer(a);
    return {
      module,
      forward: (args) =>
        module.forward(args.get("tgt", tensor), args.get("memory", tensor), args.options(decoderInputs)),
    };
  },
  TransformerEncoder: (a) => {
    const layer = nested(a, "encoder_layer", encoderLayer);
    const module = new nn.TransformerEncoder(layer, a.get("num_layers", number), lastNorm(a));
    const inputs = { mask, srcKeyPaddingMask: mask, isCausal: boolean };
    return { module, forward: (args) => module.forward(args.get("src", tensor), args.options(inputs)) };
  },
  TransformerDecoder: (a) => {
    const layer = nested(a, "decoder_layer", decoderLayer);
    const module = new nn.TransformerDecoder(layer, a.get("num_layers", number), lastNorm(a));
    return {
      module,
      forward: (args) =>
        module.forward(args.get("tgt", tensor), args.get("memory", tensor), args.options(decoderInputs)),
    };
  },
  Transformer: (a) => {
    const module = new nn.Transformer(
      a.maybe("d_model", number),
      a.maybe("nhead", number),
      a.options({ ...layerOptions, numEncoderLayers: number, numDecoderLayers: number }),
    );
    const inputs = { ...decoderInputs, srcMask: mask, srcKeyPaddingMask: mask, srcIsCausal: boolean };
    return {
      module,
      forward: (args) => module.forward(args.get("src", tensor), args.get("tgt", tensor), args.options(inputs)),
    };
  },
};
