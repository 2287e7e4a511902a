import type { Tensor } from "@kindling/tensor";
import { checkNonlinearity, type RNNNonlinearity } from "./rnn.js";
import { RNNCellBase, type RNNCellBaseOptions } from "./rnn-cell-base.js";

/** Options of {@link RNNCell}. */
export interface RNNCellOptions extends RNNCellBaseOptions {
  /** What is applied to the sum. Default "tanh". */
  nonlinearity?: RNNNonlinearity;
}

/**
 * One step of `RNN`: `h' = tanh(W_ih x + b_ih + W_hh h + b_hh)`, or with relu.
 *
 * **Shapes** input: [N, inputSize] or [inputSize]; hx, result: [N, hiddenSize] or [hiddenSize]; hx is zeros if left out.
 * Parameters: `weightIh` [hiddenSize, inputSize], `weightHh` [hiddenSize, hiddenSize], `biasIh`, `biasHh` [hiddenSize].
 * Options: `bias` (true), `nonlinearity` ("tanh").
 * @throws ShapeError if the input or the state does not fit; UsageError for a bad option.
 * @example
 * const cell = new RNNCell(10, 20);
 * let h = zeros([3, 20]);
 * for (const x of randn([5, 3, 10])) h = cell.forward(x, h);
 * h.shape; // → [3, 20]
 */
export class RNNCell extends RNNCellBase {
  readonly nonlinearity: RNNNonlinearity;

  constructor(inputSize: number, hiddenSize: number, options: RNNCellOptions = {}) {
    super(inputSize, hiddenSize, 1, options);
    this.nonlinearity = options.nonlinearity ?? "tanh";
    checkNonlinearity("RNNCell", this.nonlinearity);
  }

  forward(input: Tensor, hx: Tensor | null = null): Tensor {
    const [result] = this.onBatch(input, ["hx"], hx === null ? null : [hx], (x, [h]) => {
      const [inputGates, hiddenGates] = this.gates(x, h as Tensor);
      const sum = inputGates.add(hiddenGates);
      return [this.nonlinearity === "tanh" ? sum.tanh() : sum.relu()];
    });
    return result as Tensor;
  }

  override extraRepr(): string {
    return this.nonlinearity === "tanh" ? super.extraRepr() : `${super.extraRepr()}, nonlinearity=${this.nonlinearity}`;
  }
}
