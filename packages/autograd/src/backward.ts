import {
  type BackwardOptions,
  formatShape,
  noGrad,
  onesLike,
  ShapeError,
  sameShape,
  Tensor,
  UsageError,
  zerosLike,
} from "@kindling/tensor";
import { addToGrad, type Captured, type Root, walk } from "./engine.js";
import { AccumulateNode, type Edge } from "./node.js";
import { edgeOf } from "./tape.js";

/**
 * Accumulates the gradients of `tensors` into the `.grad` of every leaf they were made from.
 *
 * Options: `createGraph` (false): records the backward pass itself; `retainGraph` (as `createGraph`): keeps what the
 * graph saved; `inputs` (all leaves): the tensors, leaves or not, whose `.grad` is added to.
 * @param gradients Where to start for each tensor; null for scalars, which start at 1.
 * @throws UsageError if a tensor does not require grad, is no scalar and has no gradient, or if the graph
 *   was freed by an earlier call without `retainGraph`.
 * @example
 * const x = tensor(3, { requiresGrad: true });
 * backward([x.square(), x.mul(2)]);
 * x.grad?.item(); // → 8
 */
export function backward(
  tensors: readonly Tensor[],
  gradients: readonly (Tensor | null)[] = [],
  options: BackwardOptions = {},
): void {
  const { inputs, createGraph = false } = options;
  const roots = rootsOf(tensors, gradients);
  if (inputs === undefined) {
    walk(roots, options, null);
    return;
  }
  const list = inputs instanceof Tensor ? [inputs] : inputs;
  if (list.length === 0) throw new UsageError("backward: inputs must not be empty; leave it out for all leaves");
  const edges = edgesOf("backward", list);
  const gradientOf = capture(roots, edges, options);
  for (const [i, tensor] of list.entries()) {
    const gradient = gradientOf(i);
    if (gradient === null) continue;
    addToGrad(tensor, gradient, createGraph);
    const { node } = edges[i] as Edge;
    if (node instanceof AccumulateNode) node.runHooks();
  }
}

/** Options of {@link grad}. */
export interface GradOptions extends Omit<BackwardOptions, "inputs"> {
  /** Where to start for each output; null for scalars. */
  gradOutputs?: Tensor | null | readonly (Tensor | null)[];
  /** Whether inputs that the outputs do not depend on give null instead of an error. Default: `materializeGrads`. */
  allowUnused?: boolean;
  /** Whether inputs that the outputs do not depend on give zeros. Default false. */
  materializeGrads?: boolean;
}

/**
 * The gradients of `outputs` with respect to `inputs`, without touching any `.grad`.
 *
 * Options: `gradOutputs` (1 for scalars): where to start for each output; `createGraph` (false): records the gradients, to
 * differentiate them again; `retainGraph` (as `createGraph`): keeps what the graph saved; `allowUnused` (false): null for
 * inputs that the outputs do not depend on; `materializeGrads` (false): zeros for them.
 * @throws UsageError for an input that does not require grad, or is not used.
 * @example
 * const x = tensor(2, { requiresGrad: true });
 * const [slope] = grad(x.pow(3), x, { createGraph: true });
 * slope; // → 12
 * grad(slope, x); // → [12]
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  input: Tensor,
  options?: GradOptions & { allowUnused?: false },
): [Tensor];
export function grad<const Inputs extends readonly Tensor[]>(
  outputs: Tensor | readonly Tensor[],
  inputs: Inputs,
  options?: GradOptions & { allowUnused?: false },
): { -readonly [Key in keyof Inputs]: Tensor };
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions,
): (Tensor | null)[];
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions = {},
): (Tensor | null)[] {
  const { gradOutputs = [], materializeGrads = false, allowUnused = materializeGrads } = options;
  const from = Array.isArray(outputs) ? (outputs as readonly Tensor[]) : [outputs as Tensor];
  const to = Array.isArray(inputs) ? (inputs as readonly Tensor[]) : [inputs as Tensor];
  const gradientOf = capture(
    rootsOf(from, gradOutputs === null || gradOutputs instanceof Tensor ? [gradOutputs] : gradOutputs),
    edgesOf("grad", to),
    options,
  );
  return to.map((input, i) => {
    const gradient = gradientOf(i);
    if (gradient === null && !allowUnused) {
      throw new UsageError(
        `grad: input ${i} appears to not have been used in the graph; pass { allowUnused: true } if this is desired`,
      );
    }
    return gradient === null && materializeGrads ? zerosLike(input) : gradient;
  });
}

function edgesOf(op: string, inputs: readonly Tensor[]): Edge[] {
  return inputs.map((input, i) => {
    const edge = edgeOf(input);
    if (edge !== null) return edge;
    throw new UsageError(`${op}: input ${i} does not require grad; ask with requiresGrad_() before use`);
  });
}

/** Computes the gradients that arrive at `edges`; null where none does. */
function capture(
  roots: readonly Root[],
  edges: readonly Edge[],
  options: BackwardOptions,
): (index: number) => Tensor | null {
  const captured: Captured = new Map();
  for (const { node, output } of edges) {
    const slots = captured.get(node) ?? new Map<number, Tensor | null>();
    slots.set(output, null);
    captured.set(node, slots);
  }
  walk(roots, options, captured);
  return (index) => {
    const { node, output } = edges[index] as Edge;
    return captured.get(node)?.get(output) ?? null;
  };
}

function rootsOf(tensors: readonly Tensor[], gradients: readonly (Tensor | null)[]): Root[] {
  return tensors.map((tensor, i) => {
    const edge = edgeOf(tensor);
    if (edge === null) {
      throw new UsageError(
        `backward: element ${i} of tensors does not require grad and does not have a gradFn; nothing it was made from asked for gradients`,
      );
    }
    const given = gradients[i] ?? null;
    return { edge, gradient: noGrad(() => startGradient(tensor, given)), isOwn: given === null };
  });
}

function startGradient(tensor: Tensor, gradient: Tensor | null): Tensor {
  if (gradient) {
    if (!sameShape(gradient.shape, tensor.shape)) {
      throw new ShapeError(
        `backward: expected a gradient of shape ${formatShape(tensor.shape)}, got ${formatShape(gradient.shape)}`,
      );
    }
    return gradient;
  }
  if (tensor.numel() !== 1) {
    throw new UsageError(
      `backward: a gradient can be implicitly created only for scalar outputs, got shape ${formatShape(tensor.shape)}; pass one, or reduce with .sum()`,
    );
  }
  return onesLike(tensor);
}
