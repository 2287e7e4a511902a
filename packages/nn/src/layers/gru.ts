import { gruStep, linear, type Tensor } from "@kindling/tensor";
import type { PackedSequence } from "../packed-sequence.js";
import type { State } from "./recurrence.js";
import { type LayerWeights, type RNNArguments, RNNBase, type RNNBaseOptions } from "./rnn-base.js";

/**
 * Gated recurrent units, over whole sequences: per step `r, z = σ(W_i x + b_i + W_h h + b_h)`,
 * `n = tanh(W_in x + b_in + r · (W_hn h + b_hn))`, `h = (1 − z) · n + z · h`. Everything begins uniform on ±1/√hiddenSize.
 *
 * `forward(input, h0)` gives `[output, hn]`; the state is zeros if left out.
 *
 * **Shapes** input: [L, N, inputSize], with `batchFirst` [N, L, inputSize], without a batch [L, inputSize], or a
 * PackedSequence; output: the same with D · hiddenSize instead of inputSize; h0, hn: [D · numLayers, N, hiddenSize].
 * D is 2 if bidirectional, else 1. Parameters per layer k: `weightIhLk` [3 · hiddenSize, …], `weightHhLk`
 * [3 · hiddenSize, hiddenSize], `biasIhLk`, `biasHhLk` [3 · hiddenSize], for r, z and n; those of the way back end in
 * `Reverse`. Options: `numLayers` (1, also as third argument), `bias` (true), `batchFirst` (false), `dropout` (0,
 * between layers), `bidirectional` (false). Source: Cho et al. 2014, in PyTorch's form.
 * @throws ShapeError if the input or the state does not fit; UsageError for a bad option.
 * @example
 * const [output, hn] = new GRU(10, 20).forward(randn([5, 3, 10]));
 * [output.shape, hn.shape]; // → [[5, 3, 20], [1, 3, 20]]
 */
export class GRU extends RNNBase {
  constructor(inputSize: number, hiddenSize: number, ...args: RNNArguments<RNNBaseOptions>) {
    super(inputSize, hiddenSize, 3, args);
  }

  protected advance(gates: Tensor, [h]: State, { weightHh, biasHh }: LayerWeights): State {
    return [gruStep(gates, linear(h as Tensor, weightHh, biasHh), h as Tensor)];
  }

  forward(input: Tensor, hx?: Tensor | null): [Tensor, Tensor];
  forward(input: PackedSequence, hx?: Tensor | null): [PackedSequence, Tensor];
  forward(input: Tensor | PackedSequence, hx: Tensor | null = null): [Tensor | PackedSequence, Tensor] {
    const [output, final] = this.run(input, hx === null ? null : [hx], this.constructor === GRU);
    return [output, final[0] as Tensor];
  }
}
