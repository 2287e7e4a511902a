import {
  type GradientHook,
  type GradientNode,
  noGrad,
  type OpAttributes,
  type OpName,
  type PostAccumulateGradHook,
  type Tensor,
} from "@kindling/tensor";
import { isAnomalyEnabled, remember } from "./anomaly.js";
import type { Derivative } from "./derivative.js";
import { freedError, type Saved, saveInput, saveOutput } from "./saved-tensor.js";

/** Where a gradient goes next: output `output` of `node`. */
export interface Edge {
  readonly node: Node;
  readonly output: number;
}

/** What the user asked of the gradient of one output. */
export interface Watcher {
  readonly hooks: Set<GradientHook>;
  /** The tensor whose `.grad` keeps the gradient, if it was asked to. */
  retainer: Tensor | null;
}

/** Something of the graph that turns gradients of its outputs into gradients of its inputs. */
export abstract class Node implements GradientNode {
  abstract readonly name: string;
  /** For each input where its gradient goes; null if it needs none. */
  edges: readonly (Edge | null)[];
  readonly outputs: number;
  #watchers: Map<number, Watcher> | null = null;
  /** Made later means nearer to the loss: the order in which ready nodes run. */
  readonly sequence: number;

  constructor(edges: readonly (Edge | null)[], outputs: number) {
    this.edges = edges;
    this.outputs = outputs;
    this.sequence = nextSequence++;
    if (isAnomalyEnabled()) remember(this);
  }

  abstract apply(gradients: readonly (Tensor | null)[]): readonly (Tensor | null)[];

  get nextFunctions(): readonly (readonly [Node | null, number])[] {
    return this.edges.map((edge) => (edge === null ? [null, 0] : [edge.node, edge.output]));
  }

  get watchers(): ReadonlyMap<number, Watcher> | null {
    return this.#watchers;
  }

  /** The watcher of one output, made if there is none. */
  watch(output: number): Watcher {
    this.#watchers ??= new Map();
    let watcher = this.#watchers.get(output);
    if (watcher === undefined) {
      watcher = { hooks: new Set(), retainer: null };
      this.#watchers.set(output, watcher);
    }
    return watcher;
  }

  /** Whether user code sees the gradients that pass here, so that none of them may be reused. */
  get exposes(): boolean {
    return false;
  }
  /** Gives back what was saved for backward. */
  release(): void {}
}

let nextSequence = 0;

/** A recorded primitive operation. */
export class OperationNode<K extends OpName> extends Node {
  readonly name: string;
  readonly #derivative: Derivative<OpAttributes[K]>;
  readonly #attributes: OpAttributes[K];
  readonly #shapes: readonly (readonly number[])[];
  readonly #dtypes: readonly string[];
  readonly #inputs: (Saved | null)[] = [];
  readonly #outputs: (Saved | null)[] = [];
  #saves = false;
  #freed = false;

  constructor(
    name: K,
    derivative: Derivative<OpAttributes[K]>,
    attributes: OpAttributes[K],
    inputs: readonly (Tensor | null)[],
    edges: readonly (Edge | null)[],
    outputs: number,
  ) {
    super(edges, outputs);
    this.name = name;
    this.#derivative = derivative;
    this.#attributes = attributes;
    this.#shapes = inputs.map((input) => input?.shape ?? []);
    this.#dtypes = inputs.map((input) => input?.dtype ?? "float32");
  }

  save(inputs: readonly (Tensor | null)[], outputs: readonly Tensor[]): void {
    const { saveInputs = [], saveOutputs = [] } = this.#derivative;
    const wanted = typeof saveInputs === "function" ? saveInputs(this.edges.map((edge) => edge !== null)) : saveInputs;
    for (const i of wanted) {
      const input = inputs[i];
      if (input) this.#inputs[i] = saveInput(input, this.edges[i] ?? null);
    }
    for (const i of saveOutputs) this.#outputs[i] = saveOutput(outputs[i] as Tensor);
    this.#saves = wanted.length + saveOutputs.length > 0;
  }

  apply(gradients: readonly (Tensor | null)[]): readonly (Tensor | null)[] {
    if (this.#freed) throw freedError();
    const first = gradients.find((gradient) => gradient !== null);
    if (!first) return this.edges.map(() => null);
    const results = this.#derivative.backward(gradients[0] ?? first, {
      inputs: this.#shapes.map((_, i) => this.#inputs[i]?.get(this.name, null, 0) ?? null) as Tensor[],
      outputs: Array.from(
        { length: this.outputs },
        (_, i) => this.#outputs[i]?.get(this.name, this, i) ?? null,
      ) as Tensor[],
      attributes: this.#attributes,
      needs: this.edges.map((edge) => edge !== null),
      shapes: this.#shapes,
      gradients,
    });
    return this.edges.map((edge, i) => {
      const gradient = results[i];
      if (edge === null || !gradient) return null;
      return fitGradient(gradient, this.#shapes[i] as readonly number[], this.#dtypes[i] as Tensor["dtype"]);
    });
  }

  override release(): void {
    if (!this.#saves) return;
    for (const saved of this.#inputs) saved?.release();
    for (const saved of this.#outputs) saved?.release();
    this.#freed = true;
    // Nothing can pass here any more: let go of the graph behind, so that a kept loss does not keep it.
    this.edges = [];
  }
}

/** Sums a gradient over the dimensions that broadcasting added, and converts it to the input's type. */
export function fitGradient(gradient: Tensor, shape: readonly number[], dtype: Tensor["dtype"]): Tensor {
  let result = gradient;
  const lead = result.ndim - shape.length;
  const dims: number[] = [];
  for (let i = 0; i < result.ndim; i++) if (i < lead || (shape[i - lead] === 1 && result.shape[i] !== 1)) dims.push(i);
  if (dims.length > 0) result = result.sum(dims, { keepdim: true });
  if (lead > 0) result = result.reshape(shape);
  return result.dtype === dtype ? result : result.to(dtype);
}

/** Where gradients of a leaf end: they add up in its `.grad`. */
export class AccumulateNode extends Node {
  readonly name = "accumulateGrad";
  readonly variable: Tensor;
  /** Called when a gradient has been added. */
  hooks: Set<PostAccumulateGradHook> | null = null;

  constructor(leaf: Tensor) {
    super([], 1);
    this.variable = leaf;
  }

  runHooks(): void {
    for (const hook of this.hooks ?? []) noGrad(() => hook(this.variable));
  }

  apply(): readonly (Tensor | null)[] {
    return [];
  }
}
