import {
  attentionWeights,
  cat,
  type DType,
  DTypeError,
  empty,
  formatShape,
  linear,
  ShapeError,
  sameShape,
  scalarTensor,
  scaledDotProductAttention,
  type Tensor,
  UsageError,
  where,
  zeros,
} from "@kindling/tensor";
import { xavierNormal_, xavierUniform_, zeros_ } from "../init.js";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { Linear } from "./linear.js";

/** Options of {@link MultiheadAttention}. */
export interface MultiheadAttentionOptions {
  /** Share of the weights that training drops. Default 0. */
  dropout?: number;
  /** Whether the projections have biases. Default true. */
  bias?: boolean;
  /** Whether a learned key and value are added to all others. Default false. */
  addBiasKv?: boolean;
  /** Whether a key and a value of zeros are added to all others. Default false. */
  addZeroAttn?: boolean;
  /** Size of the keys. Default: embedDim. */
  kdim?: number | null;
  /** Size of the values. Default: embedDim. */
  vdim?: number | null;
  /** Whether batches are [N, L, size] instead of [L, N, size]. Default false. */
  batchFirst?: boolean;
}

/** Options of a call of {@link MultiheadAttention}. */
export interface MultiheadAttentionInputs {
  /** Keys that nobody sees (bool: true), or what is added to their scores. [N, S], without a batch [S]. Default none. */
  keyPaddingMask?: Tensor | null;
  /** Whether the weights come too. Default true. */
  needWeights?: boolean;
  /** Which keys each query does not see (bool: true), or what is added: [L, S] or [N · numHeads, L, S]. Default none. */
  attnMask?: Tensor | null;
  /** Whether the weights are averaged over the heads. Default true. */
  averageAttnWeights?: boolean;
  /** Says that `attnMask`, which must be given too, lets query i see the keys 0 … i only. Default false. */
  isCausal?: boolean;
}

/** A `Linear` under the name by which PyTorch shows the projection out of attention. */
class NonDynamicallyQuantizableLinear extends Linear {
  static override readonly keepsNoTensors = true;
}

/** What is added to scores so that a mask holds: −∞ where a mask of bools is true. */
function additive(name: string, mask: Tensor, dtype: DType): Tensor {
  if (mask.isFloatingPoint()) return mask;
  if (mask.dtype !== "bool" && mask.dtype !== "uint8") {
    throw new DTypeError(
      `MultiheadAttention: expected ${name} of bools or floating point numbers, got ${mask.dtype}; convert with .to("bool")`,
    );
  }
  return where(mask.to("bool"), scalarTensor(Number.NEGATIVE_INFINITY, { dtype }), 0);
}

/**
 * Attention by several heads, each on its own projections: `heads(q, k, v) · W_outᵀ + b_out`, where a head is
 * `softmax(q W_q (k W_k)ᵀ / √headDim + mask) v W_v`. The weights in begin by Xavier's uniform rule, all biases as zeros.
 *
 * `forward(query, key, value, options)` gives `[output, weights]`; weights are null with `needWeights: false`.
 *
 * **Shapes** query: [L, N, embedDim]; key: [S, N, kdim]; value: [S, N, vdim]; all three without N, or with `batchFirst` N
 * first; output: that of query; weights: [N, L, S], with `averageAttnWeights: false` [N, numHeads, L, S].
 * Parameters: `inProjWeight` [3 · embedDim, embedDim], or `qProjWeight`, `kProjWeight`, `vProjWeight` if kdim or vdim
 * differ; `inProjBias` [3 · embedDim]; `biasK`, `biasV` [1, 1, embedDim]; `outProj`, a Linear.
 * Options: `dropout` (0), `bias` (true), `addBiasKv` (false), `addZeroAttn` (false), `kdim`, `vdim` (embedDim),
 * `batchFirst` (false). Source: Vaswani et al. 2017.
 * @throws UsageError unless numHeads divides embedDim; ShapeError if inputs or masks do not fit.
 * @example
 * const attention = new MultiheadAttention(16, 4);
 * const x = randn([5, 2, 16]);
 * const [output, weights] = attention.forward(x, x, x);
 * [output.shape, weights?.shape]; // → [[5, 2, 16], [2, 5, 5]]
 */
export class MultiheadAttention extends Module {
  readonly embedDim: number;
  readonly numHeads: number;
  readonly kdim: number;
  readonly vdim: number;
  readonly headDim: number;
  readonly dropout: number;
  readonly batchFirst: boolean;
  readonly addZeroAttn: boolean;
  inProjWeight: Parameter | null = null;
  qProjWeight: Parameter | null = null;
  kProjWeight: Parameter | null = null;
  vProjWeight: Parameter | null = null;
  inProjBias: Parameter | null;
  biasK: Parameter | null;
  biasV: Parameter | null;
  outProj: Linear;

  constructor(embedDim: number, numHeads: number, options: MultiheadAttentionOptions = {}) {
    super();
    const { dropout = 0, bias = true, addBiasKv = false, addZeroAttn = false, batchFirst = false } = options;
    if (!(numHeads >= 1 && embedDim >= 1 && Number.isInteger(embedDim / numHeads))) {
      throw new UsageError(
        `MultiheadAttention: embedDim must be divisible by numHeads, got ${embedDim} and ${numHeads}`,
      );
    }
    if (!(dropout >= 0 && dropout <= 1)) {
      throw new UsageError(`MultiheadAttention: dropout must be between 0 and 1, got ${dropout}`);
    }
    this.embedDim = embedDim;
    this.numHeads = numHeads;
    this.kdim = options.kdim ?? embedDim;
    this.vdim = options.vdim ?? embedDim;
    this.headDim = embedDim / numHeads;
    this.dropout = dropout;
    this.batchFirst = batchFirst;
    this.addZeroAttn = addZeroAttn;
    if (this.kdim === embedDim && this.vdim === embedDim) {
      this.inProjWeight = new Parameter(empty([3 * embedDim, embedDim]));
    } else {
      this.qProjWeight = new Parameter(empty([embedDim, embedDim]));
      this.kProjWeight = new Parameter(empty([embedDim, this.kdim]));
      this.vProjWeight = new Parameter(empty([embedDim, this.vdim]));
    }
    this.inProjBias = bias ? new Parameter(empty([3 * embedDim])) : null;
    this.biasK = addBiasKv ? new Parameter(empty([1, 1, embedDim])) : null;
    this.biasV = addBiasKv ? new Parameter(empty([1, 1, embedDim])) : null;
    this.outProj = new NonDynamicallyQuantizableLinear(embedDim, embedDim, { bias });
    this.resetParameters();
  }

  /** Draws the weights of the way in anew and sets the biases to zeros. */
  resetParameters(): void {
    for (const weight of [this.inProjWeight, this.qProjWeight, this.kProjWeight, this.vProjWeight]) {
      if (weight !== null) xavierUniform_(weight);
    }
    for (const bias of [this.inProjBias, this.outProj.bias]) if (bias !== null) zeros_(bias);
    for (const bias of [this.biasK, this.biasV]) if (bias !== null) xavierNormal_(bias);
  }

  forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options: MultiheadAttentionInputs = {},
  ): [output: Tensor, weights: Tensor | null] {
    const { keyPaddingMask = null, needWeights = true, attnMask = null, averageAttnWeights = true } = options;
    if ((options.isCausal ?? false) && attnMask === null) {
      throw new UsageError(
        "MultiheadAttention: isCausal needs attnMask too; Transformer.generateSquareSubsequentMask makes one",
      );
    }
    this.checkInputs(query, key, value);
    const isBatch = query.ndim === 3;
    const lead = this.batchFirst && isBatch ? "batch" : "time";
    const projected = this.project(query, key, value).map((x) => (isBatch ? x : x.unsqueeze(1)));
    const [q, k, v] = projected.map((x) => this.heads(x, lead)) as [Tensor, Tensor, Tensor];
    const keys = this.extend(k, this.biasK);
    const values = this.extend(v, this.biasV);
    const mask = this.mergeMasks(q, k.shape[2] as number, keyPaddingMask, attnMask, isBatch);
    const dropoutP = this.training ? this.dropout : 0;
    const weights = needWeights ? attentionWeights(q, keys, { attnMask: mask, dropoutP }) : null;
    const mixed = weights?.matmul(values) ?? scaledDotProductAttention(q, keys, values, { attnMask: mask, dropoutP });
    // [N, heads, L, headDim] back to the layout of the query.
    const joined = (lead === "batch" ? mixed.permute(0, 2, 1, 3) : mixed.permute(2, 0, 1, 3)).flatten(2);
    const output = this.outProj.forward(joined);
    const shown = weights !== null && averageAttnWeights ? weights.mean(1) : weights;
    return isBatch ? [output, shown] : [output.squeeze(1), shown?.squeeze(0) ?? null];
  }

  private checkInputs(query: Tensor, key: Tensor, value: Tensor): void {
    const sizes = [this.embedDim, this.kdim, this.vdim];
    const inputs = { query, key, value };
    for (const [i, [name, x]] of Object.entries(inputs).entries()) {
      if (x.ndim !== query.ndim || (x.ndim !== 2 && x.ndim !== 3)) {
        throw new ShapeError(
          `MultiheadAttention: expected query, key and value of 3 dimensions, or without a batch of 2, got ${formatShape(query.shape)}, ${formatShape(key.shape)} and ${formatShape(value.shape)}`,
        );
      }
      if (x.shape.at(-1) !== sizes[i]) {
        throw new ShapeError(
          `MultiheadAttention: expected ${name} vectors of size ${sizes[i]}, got ${formatShape(x.shape)}`,
        );
      }
    }
    const batchDim = this.batchFirst ? 0 : 1;
    const fits = query.ndim === 2 || query.shape[batchDim] === key.shape[batchDim];
    if (!fits || !sameShape(key.shape.slice(0, -1), value.shape.slice(0, -1))) {
      throw new ShapeError(
        `MultiheadAttention: expected a value for each key, and as many of them as queries in the batch, got query ${formatShape(query.shape)}, key ${formatShape(key.shape)} and value ${formatShape(value.shape)}`,
      );
    }
  }

  /** Query, key and value, each through its own part of the weights. */
  private project(query: Tensor, key: Tensor, value: Tensor): Tensor[] {
    const { inProjWeight: packed, inProjBias: bias, embedDim } = this;
    // Of one and the same tensor all three in one product.
    if (packed !== null && query === key && key === value) return linear(query, packed, bias).chunk(3, -1);
    const separate = [this.qProjWeight, this.kProjWeight, this.vProjWeight] as Tensor[];
    const weights = packed === null ? separate : packed.split(embedDim);
    const biases = bias === null ? [] : bias.split(embedDim);
    return [query, key, value].map((x, i) => linear(x, weights[i] as Tensor, biases[i] ?? null));
  }

  /** [L, N, embedDim] or [N, L, embedDim] as [N, heads, L, headDim]. */
  private heads(x: Tensor, lead: "time" | "batch"): Tensor {
    const split = x.unflatten(-1, [this.numHeads, this.headDim]);
    return lead === "batch" ? split.permute(0, 2, 1, 3) : split.permute(1, 2, 0, 3);
  }

  /** Keys or values with those that this layer adds to all of them. */
  private extend(x: Tensor, bias: Parameter | null): Tensor {
    const one = [x.shape[0] as number, this.numHeads, 1, this.headDim];
    const parts = [x];
    if (bias !== null) parts.push(bias.reshape([1, this.numHeads, 1, this.headDim]).expand(one));
    if (this.addZeroAttn) parts.push(zeros(one, { dtype: x.dtype }));
    return parts.length === 1 ? x : cat(parts, 2);
  }

  /** What both masks add to scores, broadcasting to [N, heads, L, keys]. */
  private mergeMasks(
    query: Tensor,
    keys: number,
    keyPaddingMask: Tensor | null,
    attnMask: Tensor | null,
    isBatch: boolean,
  ): Tensor | null {
    const [batch, heads, queries] = query.shape as [number, number, number];
    const check = (name: string, mask: Tensor, ...shapes: number[][]): void => {
      if (shapes.some((shape) => sameShape(mask.shape, shape))) return;
      throw new ShapeError(
        `MultiheadAttention: expected ${name} of shape ${shapes.map(formatShape).join(" or ")}, got ${formatShape(mask.shape)}`,
      );
    };
    let mask: Tensor | null = null;
    if (attnMask !== null) {
      check("attnMask", attnMask, [queries, keys], [batch * heads, queries, keys]);
      const added = additive("attnMask", attnMask, query.dtype);
      mask = added.ndim === 3 ? added.unflatten(0, [batch, heads]) : added;
    }
    if (keyPaddingMask !== null) {
      check("keyPaddingMask", keyPaddingMask, isBatch ? [batch, keys] : [keys]);
      const added = additive("keyPaddingMask", keyPaddingMask, query.dtype).reshape([batch, 1, 1, keys]);
      mask = mask === null ? added : mask.add(added);
    }
    const extra = (this.biasK === null ? 0 : 1) + (this.addZeroAttn ? 1 : 0);
    return mask === null || extra === 0 ? mask : mask.pad([0, extra]);
  }
}
