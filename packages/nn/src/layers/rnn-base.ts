import {
  cat,
  collectStorages,
  dropout,
  empty,
  formatShape,
  linear,
  ShapeError,
  sameShape,
  stack,
  type Tensor,
  UsageError,
  zeros,
} from "@kindling/tensor";
import { uniform_ } from "../init.js";
import { Module } from "../module.js";
import { PackedSequence } from "../packed-sequence.js";
import { Parameter } from "../parameter.js";
import { showBool } from "../repr.js";
import { runSteps, type State } from "./recurrence.js";

/** Options of every recurrent network. */
export interface RNNBaseOptions {
  /** How many layers there are, each on the output of the one before. Default 1. */
  numLayers?: number;
  /** Whether the gates have biases. Default true. */
  bias?: boolean;
  /** Whether batches are [N, L, size] instead of [L, N, size]; states never are. Default false. */
  batchFirst?: boolean;
  /** Share of the outputs between layers that training drops. Default 0. */
  dropout?: number;
  /** Whether every layer also runs from the end to the beginning; its outputs stand beside each other. Default false. */
  bidirectional?: boolean;
}

/** What follows the sizes: the options, or as in PyTorch's examples the number of layers and then the options. */
export type RNNArguments<Options> = [options?: Options] | [numLayers: number, options?: Options];

/** The weights of one direction of one layer. */
export interface LayerWeights {
  readonly weightIh: Parameter;
  readonly weightHh: Parameter;
  readonly biasIh: Parameter | null;
  readonly biasHh: Parameter | null;
  /** From the hidden size to the projected one. */
  readonly weightHr: Parameter | null;
}

/** uniform on ±1/√hiddenSize, in the order of the parameters. */
export function resetRecurrent(module: Module, hiddenSize: number): void {
  const bound = 1 / Math.sqrt(hiddenSize);
  for (const parameter of module.parameters()) uniform_(parameter, -bound, bound);
}

/** @throws UsageError unless the value is a whole number of at least `least`. */
export function checkCount(owner: Module, name: string, value: number, least = 1): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new UsageError(`${owner.constructor.name}: ${name} must be a whole number of at least ${least}, got ${value}`);
}

/**
 * What RNN, LSTM and GRU share: parameters per layer and direction, and the way through layers, directions and steps.
 * The input's share of the gates is one matrix product for all steps.
 * @example new LSTM(10, 20) instanceof RNNBase; // → true
 */
export abstract class RNNBase extends Module {
  [weight: `weight${"Ih" | "Hh" | "Hr"}L${string}`]: Parameter;
  [bias: `bias${"Ih" | "Hh"}L${string}`]: Parameter;
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bias: boolean;
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly bidirectional: boolean;
  /** Size of the output if it is smaller than the hidden size, else 0. Only LSTMs have one. */
  readonly projSize: number;

  protected constructor(
    inputSize: number,
    hiddenSize: number,
    gates: number,
    args: RNNArguments<RNNBaseOptions & { projSize?: number }>,
  ) {
    super();
    const options = typeof args[0] === "number" ? { numLayers: args[0], ...args[1] } : (args[0] ?? {});
    const { numLayers = 1, bias = true, batchFirst = false, bidirectional = false, projSize = 0 } = options;
    const { dropout: p = 0 } = options;
    checkCount(this, "inputSize", inputSize, 0);
    checkCount(this, "hiddenSize", hiddenSize);
    checkCount(this, "numLayers", numLayers);
    checkCount(this, "projSize", projSize, 0);
    if (!(p >= 0 && p <= 1))
      throw new UsageError(`${this.constructor.name}: dropout must be between 0 and 1, got ${p}`);
    if (projSize >= hiddenSize) {
      throw new UsageError(
        `${this.constructor.name}: projSize must be smaller than the hiddenSize ${hiddenSize}, got ${projSize}`,
      );
    }
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.numLayers = numLayers;
    this.bias = bias;
    this.batchFirst = batchFirst;
    this.dropout = p;
    this.bidirectional = bidirectional;
    this.projSize = projSize;
    const outputs = this.outputSize;
    for (const { layer, suffix } of this.places()) {
      const inputs = layer === 0 ? inputSize : outputs * this.directions;
      this[`weightIh${suffix}`] = new Parameter(empty([gates * hiddenSize, inputs]));
      this[`weightHh${suffix}`] = new Parameter(empty([gates * hiddenSize, outputs]));
      if (bias) {
        this[`biasIh${suffix}`] = new Parameter(empty([gates * hiddenSize]));
        this[`biasHh${suffix}`] = new Parameter(empty([gates * hiddenSize]));
      }
      if (projSize > 0) this[`weightHr${suffix}`] = new Parameter(empty([projSize, hiddenSize]));
    }
    this.resetParameters();
  }

  private get outputSize(): number {
    return this.projSize || this.hiddenSize;
  }

  private get directions(): number {
    return this.bidirectional ? 2 : 1;
  }

  /** Every layer in every direction, with the end of its parameters' names. */
  private places(): { layer: number; isReverse: boolean; suffix: `L${string}` }[] {
    return Array.from({ length: this.numLayers * this.directions }, (_, i) => {
      const layer = Math.floor(i / this.directions);
      const isReverse = i % this.directions === 1;
      return { layer, isReverse, suffix: `L${layer}${isReverse ? "Reverse" : ""}` as const };
    });
  }

  /** Draws all parameters anew. */
  resetParameters(): void {
    resetRecurrent(this, this.hiddenSize);
  }

  /** Does nothing: weights need no particular place in memory. For programs that come from PyTorch. */
  flattenParameters(): void {}

  /** Sizes of the parts of a state: h, and for an LSTM c. */
  protected get stateSizes(): readonly number[] {
    return [this.outputSize];
  }

  /** The state after a step, from the input's share of the gates and the state before it. */
  protected abstract advance(gates: Tensor, state: State, weights: LayerWeights): State;

  /**
   * The output and the state of every layer and direction after the last step. Where all code on the way is built in, no
   * user code sees the tensors in between: their memory is reused as soon as the graph does not need it.
   */
  protected run<Input extends Tensor | PackedSequence>(
    input: Input,
    hx: State | null,
    isBuiltIn: boolean,
  ): [Input, Tensor[]] {
    // A packed sequence may keep what it computes on demand.
    if (!isBuiltIn || this.isWatched || input instanceof PackedSequence) return this.runInput(input, hx);
    const { result, storages } = collectStorages(() => this.runInput<Tensor>(input, hx));
    const [output, final] = result;
    const kept = new Set([output, ...final].map((part) => part.storage));
    for (const storage of storages) if (!kept.has(storage)) storage.disown();
    return result as [Input, Tensor[]];
  }

  private runInput<Input extends Tensor | PackedSequence>(input: Input, hx: State | null): [Input, Tensor[]] {
    const isPacked = input instanceof PackedSequence;
    const given: Tensor = isPacked ? input.data : input;
    const name = this.constructor.name;
    const isBatch = isPacked || given.ndim === 3;
    if (!(isPacked ? given.ndim === 2 : given.ndim === 2 || given.ndim === 3)) {
      const want = isPacked
        ? "packed steps [steps, inputSize]"
        : "a sequence [L, inputSize] or a batch of 3 dimensions";
      throw new ShapeError(`${name}: expected ${want}, got ${formatShape(given.shape)}`);
    }
    if (given.shape.at(-1) !== this.inputSize) {
      throw new ShapeError(
        `${name}: expected ${this.inputSize} features in the last dimension (inputSize), got input ${formatShape(given.shape)}`,
      );
    }
    // Time first, then the sequences: [L, N, size], or packed [steps, size].
    const batch = isBatch ? given : given.unsqueeze(1);
    const ordered = this.batchFirst && isBatch && !isPacked ? batch.transpose(0, 1) : batch;
    const batchSizes: number[] = isPacked
      ? Array.from(input.batchSizes.toTypedArray())
      : Array.from({ length: ordered.shape[0] as number }, () => ordered.shape[1] as number);
    if (batchSizes.length === 0)
      throw new ShapeError(`${name}: expected at least one step, got ${formatShape(given.shape)}`);
    const sorted = isPacked ? input.sortedIndices : null;
    const initial = this.initialState(given, hx, batchSizes[0] as number, isBatch).map((part) =>
      sorted === null ? part : part.indexSelect(1, sorted),
    );
    const { output, final } = this.runLayers(isPacked ? ordered : ordered.flatten(0, 1), batchSizes, initial);
    if (isPacked) {
      const unsorted = input.unsortedIndices;
      const back = final.map((part) => (unsorted === null ? part : part.indexSelect(1, unsorted)));
      return [input.withData(output) as Input, back];
    }
    const shaped = output.reshape([batchSizes.length, batchSizes[0] as number, -1]);
    if (!isBatch) return [shaped.squeeze(1) as Input, final.map((part) => part.squeeze(1))];
    return [(this.batchFirst ? shaped.transpose(0, 1) : shaped) as Input, final];
  }

  /** The parts of the state before the first step, each [layers · directions, N, size]. */
  private initialState(input: Tensor, hx: State | null, batch: number, isBatch: boolean): State {
    const sizes = this.stateSizes;
    const places = this.numLayers * this.directions;
    if (hx === null) return sizes.map((size) => zeros([places, batch, size], { dtype: input.dtype }));
    if (hx.length !== sizes.length) {
      throw new UsageError(`${this.constructor.name}: expected a state of ${sizes.length} tensors, got ${hx.length}`);
    }
    return hx.map((part, i) => {
      const size = sizes[i] as number;
      const want = isBatch ? [places, batch, size] : [places, size];
      if (!sameShape(part.shape, want)) {
        const which = sizes.length > 1 ? ["h", "c"][i] : "hx";
        throw new ShapeError(
          `${this.constructor.name}: expected ${which} of shape ${formatShape(want)} for input ${formatShape(input.shape)}, got ${formatShape(part.shape)}`,
        );
      }
      return isBatch ? part : part.unsqueeze(1);
    });
  }

  private runLayers(input: Tensor, batchSizes: readonly number[], initial: State): { output: Tensor; final: Tensor[] } {
    const perPlace = initial.map((part) => part.unbind(0));
    const finals: State[] = [];
    const outputs: Tensor[] = [];
    let layerInput = input;
    for (const [i, { layer, isReverse, suffix }] of this.places().entries()) {
      const weights = this.weights(suffix);
      const gates = linear(layerInput, weights.weightIh, weights.biasIh);
      const before = perPlace.map((parts) => parts[i] as Tensor);
      const advance = (step: Tensor, state: State): State => this.advance(step, state, weights);
      const { output, final } = runSteps(gates, batchSizes, before, advance, isReverse);
      finals.push(final);
      outputs.push(output);
      if (outputs.length < this.directions) continue;
      layerInput = this.bidirectional ? cat(outputs.splice(0), 1) : (outputs.pop() as Tensor);
      if (layer < this.numLayers - 1) layerInput = dropout(layerInput, this.dropout, { training: this.training });
    }
    return {
      output: layerInput,
      final: perPlace.map((_, part) => stack(finals.map((final) => final[part] as Tensor))),
    };
  }

  private weights(suffix: `L${string}`): LayerWeights {
    return {
      weightIh: this[`weightIh${suffix}`] as Parameter,
      weightHh: this[`weightHh${suffix}`] as Parameter,
      biasIh: this[`biasIh${suffix}`] ?? null,
      biasHh: this[`biasHh${suffix}`] ?? null,
      weightHr: this[`weightHr${suffix}`] ?? null,
    };
  }

  override extraRepr(): string {
    const parts = [`${this.inputSize}, ${this.hiddenSize}`];
    if (this.projSize !== 0) parts.push(`proj_size=${this.projSize}`);
    if (this.numLayers !== 1) parts.push(`num_layers=${this.numLayers}`);
    if (!this.bias) parts.push(`bias=${showBool(false)}`);
    if (this.batchFirst) parts.push(`batch_first=${showBool(true)}`);
    if (this.dropout !== 0) parts.push(`dropout=${this.dropout}`);
    if (this.bidirectional) parts.push(`bidirectional=${showBool(true)}`);
    return parts.join(", ");
  }
}
