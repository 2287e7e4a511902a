import type { OpAttributes, OpName, Tensor } from "@kindling/tensor";
import type { Derivative } from "./derivative.js";
import { derivatives } from "./derivatives/index.js";
import { AccumulateNode, type Edge, type Node, OperationNode } from "./node.js";

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
export function refreshView(view: Tensor): void {
  const { base } = view;
  if (base === null || !base.requiresGrad) return;
  const state = view.autogradState();
  if (state.node !== null && state.viewVersion === view.storage.version) return;
  state.viewVersion = view.storage.version;
  const geometry = { shape: view.shape, strides: view.strides, offset: view.offset };
  state.node = operation("asStrided", geometry, [base], [view]);
  state.output = 0;
}

export function operation<K extends OpName>(
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
