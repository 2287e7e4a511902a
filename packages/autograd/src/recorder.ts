import {
  type GradientHook,
  type GradientsHook,
  isGradEnabled,
  noGrad,
  type PostAccumulateGradHook,
  type Recorder,
  type Tensor,
  UsageError,
} from "@kindling/tensor";
import { backward } from "./backward.js";
import { type AccumulateNode, type Edge, Node, type Watcher } from "./node.js";
import { attach, edgeOf, operation, refreshView } from "./tape.js";

/** The write of a view into its base: the base's gradient flows on except where the view wrote. */
class CopySlicesNode extends Node {
  readonly name = "copySlices";
  /** Where the view lies, not the view: its memory may go. */
  readonly #geometry: readonly [shape: readonly number[], strides: readonly number[], offset: number];

  constructor(base: Tensor, { shape, strides, offset }: Tensor, baseEdge: Edge | null, valueEdge: Edge | null) {
    super([baseEdge, valueEdge], 1);
    this.#geometry = [shape, strides, offset - base.offset];
  }

  apply([gradient]: readonly (Tensor | null)[]): readonly (Tensor | null)[] {
    if (!gradient) return [null, null];
    const whole = gradient.clone();
    const written = whole.asStrided(...this.#geometry).clone();
    whole.asStrided(...this.#geometry).zero_();
    return [whole, written];
  }
}

/** Shows the gradients of several tensors together to user code. */
class PassThroughNode extends Node {
  readonly name = "passThrough";
  readonly #hook: GradientsHook;

  constructor(tensors: readonly Tensor[], hook: GradientsHook) {
    super(tensors.map(edgeOf), tensors.length);
    this.#hook = hook;
  }

  override get exposes(): boolean {
    return true;
  }

  apply(gradients: readonly (Tensor | null)[]): readonly (Tensor | null)[] {
    const results = this.#hook(this.edges.map((_, i) => gradients[i] ?? null));
    return this.edges.map((edge, i) => (edge === null ? null : (results[i] ?? null)));
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
    state.node = new CopySlicesNode(base, self, edgeOf(base), value);
    state.output = 0;
    refreshView(self);
  },

  backward(tensor, gradient, options) {
    backward([tensor], [gradient], options);
  },

  registerHook(tensor, hook) {
    const { hooks } = watcherOf(tensor);
    // A wrapper of its own, so that the same function can be registered twice.
    const entry: GradientHook = (gradient) => hook(gradient);
    hooks.add(entry);
    return { remove: () => void hooks.delete(entry) };
  },

  registerPostAccumulateGradHook(leaf, hook) {
    // The door lets only leaves in.
    const node = edgeOf(leaf)?.node as AccumulateNode;
    node.hooks ??= new Set();
    const { hooks } = node;
    const entry: PostAccumulateGradHook = (tensor) => hook(tensor);
    hooks.add(entry);
    return { remove: () => void hooks.delete(entry) };
  },

  retainGrad(tensor) {
    watcherOf(tensor).retainer = tensor;
  },

  passThrough(tensors, hook) {
    const outputs = noGrad(() => tensors.map((tensor) => tensor.detach()));
    attach(new PassThroughNode(tensors, hook), outputs);
    return outputs;
  },

  retainsGrad(tensor) {
    const edge = edgeOf(tensor);
    return edge !== null && (edge.node.watchers?.get(edge.output)?.retainer ?? null) !== null;
  },
};

/** Belongs to the node, so that it outlives the tensor. */
function watcherOf(tensor: Tensor): Watcher {
  const edge = edgeOf(tensor);
  if (edge === null) throw new UsageError("this tensor does not require grad; ask with requiresGrad_()");
  return edge.node.watch(edge.output);
}
