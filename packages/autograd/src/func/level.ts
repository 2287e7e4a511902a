import { isGradEnabled, type Tensor, zeros, zerosLike } from "@kindling/tensor";
import { grad } from "../backward.js";
import { AccumulateNode, type Node } from "../node.js";
import { edgeOf } from "../tape.js";
import { mapTensors } from "../tree.js";

/** Tensors in the place of tensors, in the same nesting of arrays and plain objects. */
export type Gradients<T> = T extends Tensor ? Tensor : { -readonly [Key in keyof T]: Gradients<T[Key]> };

/** One differentiation, that may go on inside another. */
export class Level {
  readonly #isOutsideRecorded = isGradEnabled();
  readonly #own = new Set<Tensor>();

  /** The same tensors as inputs of this level: what is outside does not see this level's gradients. */
  track<T>(tree: T): T {
    return mapTensors(tree, (tensor) => {
      if (this.#isOutsideRecorded && tensor.requiresGrad) return tensor.viewAs(tensor);
      const own = tensor.detach().requiresGrad_();
      this.#own.add(own);
      return own;
    });
  }

  /** Whether `outputs` depend on something outside that wants gradients, so that results must be recorded. */
  isOpen(outputs: readonly Tensor[]): boolean {
    if (!this.#isOutsideRecorded) return false;
    const nodes: Node[] = outputs.flatMap((output) => edgeOf(output)?.node ?? []);
    const seen = new Set(nodes);
    for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
      if (node instanceof AccumulateNode && !this.#own.has(node.variable)) return true;
      for (const edge of node.edges) {
        if (edge === null || seen.has(edge.node)) continue;
        seen.add(edge.node);
        nodes.push(edge.node);
      }
    }
    return false;
  }
}

/** What leaves a level: without history unless something outside wants gradients. */
export function leave<T>(tree: T, isOpen: boolean): T {
  return isOpen ? tree : mapTensors(tree, (tensor) => tensor.detach());
}

/** `grad` that starts with `starts` and gives zeros for what does not depend. */
export function pullBack(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  starts: readonly Tensor[],
  options: { readonly createGraph: boolean; readonly retainGraph?: boolean },
): Tensor[] {
  const depending = outputs.flatMap((output, i) => (output.requiresGrad ? [i] : []));
  if (depending.length === 0) return inputs.map((input) => zerosLike(input));
  const gradOutputs = depending.map((i) => starts[i] as Tensor);
  return grad(
    depending.map((i) => outputs[i] as Tensor),
    inputs,
    { ...options, gradOutputs, materializeGrads: true },
  );
}

/** Zeros like `tensor` but for a 1 at one position. */
export function unit(tensor: Tensor, position: number): Tensor {
  const flat = zeros([tensor.numel()], { dtype: tensor.dtype });
  flat.select(0, position).fill_(1);
  return flat.reshape(tensor.shape);
}

/** `J v` as a function of v: the derivative by u of `uᵀ J`. */
export function transposed(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
): (v: readonly Tensor[], options: { createGraph: boolean; retainGraph?: boolean }) => Tensor[] {
  const starts = outputs.map((output) => zerosLike(output).requiresGrad_());
  const rows = pullBack(outputs, inputs, starts, { createGraph: true });
  return (v, options) => pullBack(rows, starts, v, options);
}
