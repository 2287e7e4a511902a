import { gelu, relu, type Tensor, UsageError } from "@kindling/tensor";
import { Module } from "../module.js";
import { Dropout } from "./dropout.js";
import { LayerNorm } from "./layer-norm.js";
import { Linear } from "./linear.js";
import { MultiheadAttention } from "./multihead-attention.js";

/** What stands between the two products of the feed-forward part. */
export type TransformerActivation =
  | "relu"
  | "gelu"
  | ((x: Tensor) => Tensor)
  | (Module & { forward(x: Tensor): Tensor });

/** Options of the layers of a transformer. */
export interface TransformerLayerOptions {
  /** Size between the two products of the feed-forward part. Default 2048. */
  dimFeedforward?: number;
  /** Share that training drops, of the weights of attention and of what each part gives. Default 0.1. */
  dropout?: number;
  /** "relu", "gelu", a function or a layer. Default "relu". */
  activation?: TransformerActivation;
  /** Added to the variance by the norms. Default 1e-5. */
  layerNormEps?: number;
  /** Whether batches are [N, L, size] instead of [L, N, size]. Default false. */
  batchFirst?: boolean;
  /** Whether the input of each part is normalised, instead of the sum behind it. Default false. */
  normFirst?: boolean;
  /** Whether products and norms have biases. Default true. */
  bias?: boolean;
}

/** Makers of a layer's parts; each draws its parameters when it is called. */
export function partsOf(dModel: number, nhead: number, options: TransformerLayerOptions) {
  const { dimFeedforward = 2048, dropout = 0.1, layerNormEps = 1e-5, batchFirst = false, bias = true } = options;
  return {
    attention: () => new MultiheadAttention(dModel, nhead, { dropout, bias, batchFirst }),
    widen: () => new Linear(dModel, dimFeedforward, { bias }),
    narrow: () => new Linear(dimFeedforward, dModel, { bias }),
    norm: () => new LayerNorm(dModel, { eps: layerNormEps, bias }),
    dropout: () => new Dropout(dropout),
  };
}

/** @throws UsageError for what is no activation. */
export function checkActivation(owner: string, activation: TransformerActivation): void {
  if (activation === "relu" || activation === "gelu" || typeof activation === "function") return;
  if (activation instanceof Module) return;
  throw new UsageError(
    `${owner}: activation must be "relu", "gelu", a function or a layer, got ${JSON.stringify(activation)}`,
  );
}

export function activate(activation: TransformerActivation, x: Tensor): Tensor {
  if (activation === "relu") return relu(x);
  if (activation === "gelu") return gelu(x);
  return typeof activation === "function" ? activation(x) : activation.forward(x);
}

/** `x + part(norm(x))`, or, as in the first paper, `norm(x + part(x))`. */
export function residual(x: Tensor, norm: LayerNorm, normFirst: boolean, part: (x: Tensor) => Tensor): Tensor {
  return normFirst ? x.add(part(norm.forward(x))) : norm.forward(x.add(part(x)));
}
