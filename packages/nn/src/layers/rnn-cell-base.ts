import { empty, formatShape, linear, ShapeError, sameShape, type Tensor, zeros } from "@kindling/tensor";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { showBool } from "../repr.js";
import { checkCount, resetRecurrent } from "./rnn-base.js";

/** Options of every recurrent cell. */
export interface RNNCellBaseOptions {
  /** Whether the gates have biases. Default true. */
  bias?: boolean;
}

/**
 * What the cells share: the parameters, and the two shares of the gates.
 * @example new LSTMCell(10, 20) instanceof RNNCellBase; // → true
 */
export abstract class RNNCellBase extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  weightIh: Parameter;
  weightHh: Parameter;
  biasIh: Parameter | null;
  biasHh: Parameter | null;

  protected constructor(inputSize: number, hiddenSize: number, gates: number, options: RNNCellBaseOptions) {
    super();
    checkCount(this, "inputSize", inputSize, 0);
    checkCount(this, "hiddenSize", hiddenSize);
    const { bias = true } = options;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.weightIh = new Parameter(empty([gates * hiddenSize, inputSize]));
    this.weightHh = new Parameter(empty([gates * hiddenSize, hiddenSize]));
    this.biasIh = bias ? new Parameter(empty([gates * hiddenSize])) : null;
    this.biasHh = bias ? new Parameter(empty([gates * hiddenSize])) : null;
    this.resetParameters();
  }

  /** Draws all parameters anew. */
  resetParameters(): void {
    resetRecurrent(this, this.hiddenSize);
  }

  /** Calls `step` on a batch of inputs and states, and gives its results the input's number of dimensions. */
  protected onBatch(
    input: Tensor,
    names: readonly string[],
    given: readonly Tensor[] | null,
    step: (input: Tensor, state: readonly Tensor[]) => readonly Tensor[],
  ): readonly Tensor[] {
    const name = this.constructor.name;
    const { inputSize, hiddenSize } = this;
    if ((input.ndim !== 1 && input.ndim !== 2) || input.shape.at(-1) !== inputSize) {
      throw new ShapeError(
        `${name}: expected an input [N, ${inputSize}] or [${inputSize}] (inputSize), got ${formatShape(input.shape)}`,
      );
    }
    const want = [...input.shape.slice(0, -1), hiddenSize];
    const state = given ?? names.map(() => zeros(want, { dtype: input.dtype }));
    for (const [i, part] of names.entries()) {
      const shape = state[i]?.shape;
      if (shape !== undefined && sameShape(shape, want)) continue;
      throw new ShapeError(
        `${name}: expected ${part} of shape ${formatShape(want)} for input ${formatShape(input.shape)}, got ${shape === undefined ? "none" : formatShape(shape)}`,
      );
    }
    if (input.ndim === 2) return step(input, state);
    return step(
      input.unsqueeze(0),
      state.map((part) => part.unsqueeze(0)),
    ).map((part) => part.squeeze(0));
  }

  /** The input's share of the gates and the state's. */
  protected gates(input: Tensor, h: Tensor): [Tensor, Tensor] {
    return [linear(input, this.weightIh, this.biasIh), linear(h, this.weightHh, this.biasHh)];
  }

  override extraRepr(): string {
    const bias = this.biasIh === null ? `, bias=${showBool(false)}` : "";
    return `${this.inputSize}, ${this.hiddenSize}${bias}`;
  }
}
