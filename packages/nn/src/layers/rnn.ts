import { linear, type Tensor, UsageError } from "@kindling/tensor";
import type { PackedSequence } from "../packed-sequence.js";
import type { State } from "./recurrence.js";
import { type LayerWeights, type RNNArguments, RNNBase, type RNNBaseOptions } from "./rnn-base.js";

/** Options of {@link RNN}. */
export interface RNNOptions extends RNNBaseOptions {
  /** What is applied to the sum. Default "tanh". */
  nonlinearity?: RNNNonlinearity;
}

/** What a plain recurrent network applies to the sum. */
export type RNNNonlinearity = "tanh" | "relu";

/** @throws UsageError for another word. */
export function checkNonlinearity(owner: string, value: RNNNonlinearity): void {
  if (value !== "tanh" && value !== "relu") {
    throw new UsageError(`${owner}: nonlinearity must be "tanh" or "relu", got ${JSON.stringify(value)}`);
  }
}

/**
 * A plain recurrent network, over whole sequences: per step `h = tanh(W_ih x + b_ih + W_hh h + b_hh)`, or with relu.
 * Everything begins uniform on ±1/√hiddenSize.
 *
 * `forward(input, h0)` gives `[output, hn]`; the state is zeros if left out.
 *
 * **Shapes** input: [L, N, inputSize], with `batchFirst` [N, L, inputSize], without a batch [L, inputSize], or a
 * PackedSequence; output: the same with D · hiddenSize instead of inputSize; h0, hn: [D · numLayers, N, hiddenSize].
 * D is 2 if bidirectional, else 1. Parameters per layer k: `weightIhLk` [hiddenSize, …], `weightHhLk` [hiddenSize,
 * hiddenSize], `biasIhLk`, `biasHhLk` [hiddenSize]; those of the way back end in `Reverse`.
 * Options: `numLayers` (1, also as third argument), `nonlinearity` ("tanh"), `bias` (true), `batchFirst` (false),
 * `dropout` (0, between layers), `bidirectional` (false). Source: Elman 1990.
 * @throws ShapeError if the input or the state does not fit; UsageError for a bad option.
 * @example
 * const [output, hn] = new RNN(10, 20).forward(randn([5, 3, 10]));
 * [output.shape, hn.shape]; // → [[5, 3, 20], [1, 3, 20]]
 */
export class RNN extends RNNBase {
  readonly nonlinearity: RNNNonlinearity;

  constructor(inputSize: number, hiddenSize: number, ...args: RNNArguments<RNNOptions>) {
    super(inputSize, hiddenSize, 1, args);
    const options = typeof args[0] === "number" ? args[1] : args[0];
    this.nonlinearity = options?.nonlinearity ?? "tanh";
    checkNonlinearity("RNN", this.nonlinearity);
  }

  protected advance(gates: Tensor, [h]: State, { weightHh, biasHh }: LayerWeights): State {
    const sum = linear(h as Tensor, weightHh, biasHh).add(gates);
    return [this.nonlinearity === "tanh" ? sum.tanh() : sum.relu()];
  }

  forward(input: Tensor, hx?: Tensor | null): [Tensor, Tensor];
  forward(input: PackedSequence, hx?: Tensor | null): [PackedSequence, Tensor];
  forward(input: Tensor | PackedSequence, hx: Tensor | null = null): [Tensor | PackedSequence, Tensor] {
    const [output, final] = this.run(input, hx === null ? null : [hx], this.constructor === RNN);
    return [output, final[0] as Tensor];
  }
}
