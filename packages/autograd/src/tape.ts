import {
  isGradEnabled,
  noGrad,
  type OpAttributes,
  type OpName,
  type Recorder,
  type Tensor,
  UsageError,
} from "@kindling/tensor";
import { backward } from "./backward.js";
import type { Derivative } from "./derivative.js";
import { derivatives } from "./derivatives/index.js";
import { AccumulateNode, type Edge, Node, OperationNode } from "./node.js";

const accumulators = new WeakMap<Tensor, AccumulateNode>();

/** Where the gradient of `tensor` goes; null if it needs none. */
export function edgeOf(tensor: Tensor | null): Edge | null {
  if (tensor === null) return null;
  refreshView(tensor);
  const state = tensor.autograd;
  if (state === null) return null;
  if (state.node !== null) return { node: state.node as Node, output: state.output };
  if (!state.requiresGrad) return null;
  let node = accumulators.get(tensor);
  if (node === undefined) {
    node = new AccumulateNode(tensor);
    accumulators.set(tensor, node);
  }
  return { node, output: 0 };
}

/** A view whose memory was written since its history was recorded shows its base's present history. */
function refreshView(view: Tensor): void {
  const { base } = view;
  if (base === null || !base.requiresGrad) return;
  const state = view.autogradState();
  if (state.node !== null && state.viewVersion === view.storage.version) return;
  state.viewVersion = view.storage.version;
  const geometry = { shape: view.shape, strides: view.strides, offset: view.offset };
  state.node = operation("asStrided", geometry, [base], [view]);
  state.output = 0;
}

function operation<K extends OpName>(
  op: K,
  attributes: OpAttributes[K],
  inputs: readonly (Tensor | null)[],
  outputs: readonly Tensor[],
): Node {
  const derivative = derivatives[op] as Derivative<OpAttributes[K]>;
  const node = new OperationNode(op, derivative, attributes, inputs, inputs.map(edgeOf), outputs.length);
  node.save(inputs, outputs);
  return node;
}

/** Makes `outputs` the results of `node`; integer results have no gradient. */
export function attach(node: Node, outputs: readonly Tensor[]): void {
  for (let i = 0; i < outputs.length; i++) {
    const output = outputs[i] as Tensor;
    if (!output.isFloatingPoint()) continue;
    const state = output.autogradState();
    state.node = node;
    state.output = i;
    state.viewVersion = output.storage.version;
  }
}

/** The write of a view into its base: the base's gradient flows on except where the view wrote. */
class CopySlicesNode extends Node {
  readonly name = "copySlices";
  readonly #view: Tensor;
  readonly #base: Tensor;

  constructor(base: Tensor, view: Tensor, baseEdge: Edge | null, valueEdge: Edge | null) {
    super([baseEdge, valueEdge], 1);
    this.#view = view.detach();
    this.#base = base.detach();
  }

  apply([gradient]: readonly (Tensor | null)[]): readonly (Tensor | null)[] {
    if (!gradient) return [null, null];
    const { shape, strides, offset } = this.#view;
    const geometry = [shape, strides, offset - this.#base.offset] as const;
    const whole = gradient.clone();
    const written = whole.asStrided(...geometry).clone();
    whole.asStrided(...geometry).zero_();
    return [whole, written];
  }
}

export const recorder: Recorder = {
  record(op, inputs, outputs, attributes) {
    attach(operation(op, attributes as never, inputs, outputs), outputs);
  },

  checkInPlace(self) {
    const root = self.base ?? self;
    if (isGradEnabled() && root.autograd?.requiresGrad === true && root.autograd.node === null) {
      throw new UsageError(
        self.base === null
          ? "in-place operation: a leaf tensor that requires grad is being used in an in-place operation; wrap it in noGrad() or work on a clone"
          : "in-place operation: a view of a leaf tensor that requires grad is being used in an in-place operation; wrap it in noGrad() or work on a clone",
      );
    }
  },

  rebase(self, result) {
    const value = edgeOf(result);
    const { base } = self;
    if (base === null) {
      const state = self.autogradState();
      state.node = value?.node ?? null;
      state.output = value?.output ?? 0;
      return;
    }
    const state = base.autogradState();
    state.node = noGrad(() => new CopySlicesNode(base, self, edgeOf(base), value));
    state.output = 0;
    refreshView(self);
  },

  backward(tensor, gradient, options) {
    backward([tensor], [gradient], options);
  },
};
