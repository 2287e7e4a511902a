import {
  type GradientHook,
  type GradientNode,
  type OpAttributes,
  type OpName,
  type Storage,
  Tensor,
  UsageError,
} from "@kindling/tensor";
import type { Derivative } from "./derivative.js";

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
  }

  abstract apply(gradients: readonly (Tensor | null)[]): readonly (Tensor | null)[];

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

/** A tensor kept for backward: it must still hold the value that it had. */
export class SavedTensor {
  readonly #storage: Storage;
  readonly #version: number;
  readonly #isOutput: boolean;
  #tensor: Tensor | null;

  constructor(tensor: Tensor, isOutput: boolean) {
    this.#storage = tensor.storage;
    this.#version = tensor.storage.version;
    this.#isOutput = isOutput;
    // An output must not hold on to its own node, or the two would keep each other's history alive; the
    // node puts its place in the graph back when the value is needed.
    this.#tensor = isOutput ? alias(tensor) : tensor;
    this.#storage.hold();
  }

  get(owner: string, node: Node | null, output: number): Tensor {
    const tensor = this.#tensor;
    if (tensor === null) throw freedError();
    if (this.#storage.version !== this.#version) {
      throw new UsageError(
        `${owner}: one of the variables needed for gradient computation has been modified by an inplace operation: a ${tensor.dtype} tensor of shape [${tensor.shape.join(", ")}] is at version ${this.#storage.version}, expected version ${this.#version}; use the out-of-place form or clone it first`,
      );
    }
    if (this.#isOutput && node !== null) {
      const restored = alias(tensor);
      const state = restored.autogradState();
      state.node = node;
      state.output = output;
      return restored;
    }
    return tensor;
  }

  release(): void {
    if (this.#tensor === null) return;
    this.#tensor = null;
    this.#storage.unhold();
  }
}

function alias(tensor: Tensor): Tensor {
  return new Tensor(tensor.storage, tensor.dtype, tensor.shape, tensor.strides, tensor.offset);
}

export function freedError(): UsageError {
  return new UsageError(
    "backward: trying to backward through the graph a second time: what it had saved was freed after the first; pass { retainGraph: true } to the first call",
  );
}

/** A recorded primitive operation. */
export class OperationNode<K extends OpName> extends Node {
  readonly name: string;
  readonly #derivative: Derivative<OpAttributes[K]>;
  readonly #attributes: OpAttributes[K];
  readonly #shapes: readonly (readonly number[])[];
  readonly #dtypes: readonly string[];
  readonly #inputs: (SavedTensor | null)[] = [];
  readonly #outputs: (SavedTensor | null)[] = [];
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
      if (input) this.#inputs[i] = new SavedTensor(input, false);
    }
    for (const i of saveOutputs) this.#outputs[i] = new SavedTensor(outputs[i] as Tensor, true);
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
  readonly #leaf: Tensor;

  constructor(leaf: Tensor) {
    super([], 1);
    this.#leaf = leaf;
  }

  get leaf(): Tensor {
    return this.#leaf;
  }

  apply(): readonly (Tensor | null)[] {
    return [];
  }
}
