import { linear, lstmStep, type Tensor } from "@kindling/tensor";
import type { PackedSequence } from "../packed-sequence.js";
import type { State } from "./recurrence.js";
import { type LayerWeights, type RNNArguments, RNNBase, type RNNBaseOptions } from "./rnn-base.js";

/** Options of {@link LSTM}. */
export interface LSTMOptions extends RNNBaseOptions {
  /** Size to which each output is projected; 0: none. Default 0. */
  projSize?: number;
}

/**
 * Long short-term memory, over whole sequences: per step
 * `i, f, g, o = σ, σ, tanh, σ of (W_ih x + b_ih + W_hh h + b_hh)`, `c = f · c + i · g`, `h = o · tanh(c)`,
 * with `projSize` `h = W_hr (o · tanh(c))`. Everything begins uniform on ±1/√hiddenSize.
 *
 * `forward(input, [h0, c0])` gives `[output, [hn, cn]]`; the state is zeros if left out.
 *
 * **Shapes** input: [L, N, inputSize], with `batchFirst` [N, L, inputSize], without a batch [L, inputSize], or a
 * PackedSequence; output: the same with D · H instead of inputSize; h0, hn: [D · numLayers, N, H]; c0, cn:
 * [D · numLayers, N, hiddenSize]. D is 2 if bidirectional, else 1; H is projSize, or hiddenSize if that is 0.
 * Parameters per layer k: `weightIhLk` [4 · hiddenSize, …], `weightHhLk` [4 · hiddenSize, H], `biasIhLk`, `biasHhLk`
 * [4 · hiddenSize], `weightHrLk` [projSize, hiddenSize]; those of the way back end in `Reverse`.
 * Options: `numLayers` (1, also as third argument), `bias` (true), `batchFirst` (false), `dropout` (0, between layers),
 * `bidirectional` (false), `projSize` (0). Source: Hochreiter & Schmidhuber 1997; projections: Sak et al. 2014.
 * @throws ShapeError if the input or the state does not fit; UsageError for a bad option.
 * @example
 * const lstm = new LSTM(10, 20, { numLayers: 2 });
 * const [output, [hn, cn]] = lstm.forward(randn([5, 3, 10]));
 * [output.shape, hn.shape, cn.shape]; // → [[5, 3, 20], [2, 3, 20], [2, 3, 20]]
 */
export class LSTM extends RNNBase {
  constructor(inputSize: number, hiddenSize: number, ...args: RNNArguments<LSTMOptions>) {
    super(inputSize, hiddenSize, 4, args);
  }

  protected override get stateSizes(): readonly number[] {
    return [this.projSize || this.hiddenSize, this.hiddenSize];
  }

  protected advance(gates: Tensor, [h, c]: State, { weightHh, biasHh, weightHr }: LayerWeights): State {
    const [output, cell] = lstmStep(gates, linear(h as Tensor, weightHh, biasHh), c as Tensor);
    return [weightHr === null ? output : linear(output, weightHr), cell];
  }

  forward(input: Tensor, hx?: readonly [Tensor, Tensor] | null): [Tensor, [Tensor, Tensor]];
  forward(input: PackedSequence, hx?: readonly [Tensor, Tensor] | null): [PackedSequence, [Tensor, Tensor]];
  forward(
    input: Tensor | PackedSequence,
    hx: readonly [Tensor, Tensor] | null = null,
  ): [Tensor | PackedSequence, [Tensor, Tensor]] {
    return this.run(input, hx, this.constructor === LSTM) as [Tensor | PackedSequence, [Tensor, Tensor]];
  }
}
