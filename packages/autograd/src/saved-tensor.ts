import { noGrad, type Storage, Tensor, UsageError, uncollected } from "@kindling/tensor";
import type { Edge, Node } from "./node.js";

/** A tensor that backward will need. */
export interface Saved {
  /** The tensor, with its place in the graph; `node` and `output` are those that an output gets back. */
  get(owner: string, node: Node | null, output: number): Tensor;
  release(): void;
}

/** Keeps something in the place of tensors that backward will need. */
export interface Packer {
  pack(tensor: Tensor): unknown;
  unpack(packed: unknown): Tensor;
  release(packed: unknown): void;
}

let packer: Packer | null = null;

/** Runs `body`; what it saves for backward goes through `own`. */
export function packWith<T>(own: Packer, body: () => T): T {
  const outer = packer;
  packer = own;
  try {
    return body();
  } finally {
    packer = outer;
  }
}

/** Saves an input of a node; `edge` is where its gradient goes. */
export function saveInput(tensor: Tensor, edge: Edge | null): Saved {
  return packer === null ? new KeptTensor(tensor, false) : new PackedTensor(packer, tensor, edge, false);
}

/** Saves an output of a node, which must not hold on to it: the node gives itself to `get`. */
export function saveOutput(tensor: Tensor): Saved {
  return packer === null ? new KeptTensor(tensor, true) : new PackedTensor(packer, tensor, null, true);
}

/** A tensor kept as it is: it must still hold the value that it had. */
class KeptTensor implements Saved {
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
    return this.#isOutput && node !== null ? placed(alias(tensor), node, output) : tensor;
  }

  release(): void {
    if (this.#tensor === null) return;
    this.#tensor = null;
    this.#storage.unhold();
  }
}

/** A tensor in whose place a packer keeps something. */
class PackedTensor implements Saved {
  readonly #edge: Edge | null;
  readonly #isOutput: boolean;
  readonly #shape: readonly number[];
  readonly #dtype: Tensor["dtype"];
  readonly #isContiguous: boolean;
  #packer: Packer | null;
  #packed: unknown;

  constructor(own: Packer, tensor: Tensor, edge: Edge | null, isOutput: boolean) {
    this.#edge = edge;
    this.#isOutput = isOutput;
    this.#shape = tensor.shape;
    this.#dtype = tensor.dtype;
    this.#isContiguous = tensor.isContiguous();
    this.#packer = own;
    const { storage } = tensor;
    const { version } = storage;
    this.#packed = uncollected(() => noGrad(() => own.pack(alias(tensor))));
    if (storage.version !== version) {
      throw new UsageError(
        "savedTensorsHooks: pack must not change its argument in place; return a changed copy instead",
      );
    }
  }

  get(_owner: string, node: Node | null, output: number): Tensor {
    const own = this.#packer;
    if (own === null) throw freedError();
    const value: unknown = uncollected(() => own.unpack(this.#packed));
    if (!(value instanceof Tensor)) {
      throw new UsageError(
        `savedTensorsHooks: unpack must return a tensor, got ${value === null ? "null" : typeof value}`,
      );
    }
    const [shape, wanted] = [value.shape, this.#shape].map((sizes) => `[${sizes.join(", ")}]`);
    if (shape !== wanted || value.dtype !== this.#dtype) {
      throw new UsageError(
        `savedTensorsHooks: unpack must return what pack was given, a ${this.#dtype} tensor of shape ${wanted}, got ${value.dtype} of shape ${shape}`,
      );
    }
    const restored = alias(this.#isContiguous ? value.contiguous() : value);
    if (this.#isOutput) return node === null ? restored : placed(restored, node, output);
    return this.#edge === null ? restored : placed(restored, this.#edge.node, this.#edge.output);
  }

  release(): void {
    const packed = this.#packed;
    this.#packed = null;
    this.#packer?.release(packed);
    this.#packer = null;
  }
}

/** The same memory without history. */
function alias(tensor: Tensor): Tensor {
  return new Tensor(tensor.storage, tensor.dtype, tensor.shape, tensor.strides, tensor.offset);
}

/** Gives `tensor` its place in the graph. */
function placed(tensor: Tensor, node: Node, output: number): Tensor {
  const state = tensor.autogradState();
  state.node = node;
  state.output = output;
  return tensor;
}

export function freedError(): UsageError {
  return new UsageError(
    "backward: trying to backward through the graph a second time: what it had saved was freed after the first; pass { retainGraph: true } to the first call",
  );
}
