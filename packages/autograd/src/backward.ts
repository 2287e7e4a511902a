import {
  type BackwardOptions,
  collectStorages,
  enableGrad,
  formatShape,
  noGrad,
  onesLike,
  ShapeError,
  sameShape,
  type Tensor,
  UsageError,
} from "@kindling/tensor";
import { AccumulateNode, type Edge, type Node, type Watcher } from "./node.js";
import { edgeOf } from "./tape.js";

/** Gradients that wait for their node, by output. */
type Pending = (Tensor | null)[];

/** The gradients that `grad` wants, by node and output. */
type Captured = Map<Node, Map<number, Tensor | null>>;

/**
 * Accumulates the gradients of `tensors` into the `.grad` of every leaf they were made from.
 *
 * @param gradients Where to start for each tensor; null for scalars, which start at 1.
 * @throws UsageError if a tensor does not require grad, is no scalar and has no gradient, or if the graph
 *   was freed by an earlier call without `retainGraph`.
 */
export function backward(
  tensors: readonly Tensor[],
  gradients: readonly (Tensor | null)[] = [],
  options: BackwardOptions = {},
): void {
  run(tensors, gradients, options, null);
}

export interface GradOptions extends BackwardOptions {
  /** Where to start for each output; null for scalars. */
  gradOutputs?: readonly (Tensor | null)[];
  /** Whether inputs that the outputs do not depend on give null instead of an error. Default false. */
  allowUnused?: boolean;
}

/**
 * The gradients of `outputs` with respect to `inputs`, without touching any `.grad`.
 *
 * @example
 * const [slope] = grad(x.pow(3).sum(), x, { createGraph: true }); // 3x², differentiable again
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
  const from = Array.isArray(outputs) ? (outputs as readonly Tensor[]) : [outputs as Tensor];
  const to = Array.isArray(inputs) ? (inputs as readonly Tensor[]) : [inputs as Tensor];
  const edges = to.map((input, i) => {
    const edge = edgeOf(input);
    if (edge === null)
      throw new UsageError(`grad: input ${i} does not require grad; ask with requiresGrad_() before use`);
    return edge;
  });
  const captured: Captured = new Map();
  for (const { node, output } of edges) {
    const slots = captured.get(node) ?? new Map<number, Tensor | null>();
    slots.set(output, null);
    captured.set(node, slots);
  }
  run(from, options.gradOutputs ?? [], options, captured);
  return edges.map(({ node, output }, i) => {
    const gradient = captured.get(node)?.get(output) ?? null;
    if (gradient === null && !options.allowUnused) {
      throw new UsageError(
        `grad: input ${i} appears to not have been used in the graph; pass { allowUnused: true } if this is desired`,
      );
    }
    return gradient;
  });
}

function startGradient(tensor: Tensor, gradient: Tensor | null | undefined): Tensor {
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

/** How many edges lead to each node that the roots reach. */
function countDependencies(roots: readonly Node[]): Map<Node, number> {
  const counts = new Map<Node, number>();
  const stack: Node[] = [];
  for (const root of roots) {
    if (!counts.has(root)) {
      counts.set(root, 0);
      stack.push(root);
    }
  }
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const edge of node.edges) {
      if (edge === null) continue;
      const seen = counts.get(edge.node);
      counts.set(edge.node, (seen ?? 0) + 1);
      if (seen === undefined) stack.push(edge.node);
    }
  }
  return counts;
}

/** The nodes from which a captured one can be reached. */
function nodesOnTheWay(all: Iterable<Node>, captured: ReadonlyMap<Node, unknown>): Set<Node> {
  // Edges lead to nodes made earlier, so that one pass in order of making suffices… but for nodes that
  // an in-place write rebased; repeat until nothing changes.
  const ordered = [...all].sort((a, b) => a.sequence - b.sequence);
  const needed = new Set<Node>([...captured.keys()]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const node of ordered) {
      if (needed.has(node) || !node.edges.some((edge) => edge !== null && needed.has(edge.node))) continue;
      needed.add(node);
      grown = true;
    }
  }
  return needed;
}

/** Walks the graph; `captured` null accumulates into leaves, else only what it names is computed. */
function run(
  tensors: readonly Tensor[],
  gradients: readonly (Tensor | null)[],
  options: BackwardOptions,
  captured: Captured | null,
): void {
  const { createGraph = false, retainGraph = createGraph } = options;
  const engine = new Engine(createGraph);
  const roots: Node[] = [];
  for (const [i, tensor] of tensors.entries()) {
    const edge = edgeOf(tensor);
    if (edge === null) {
      throw new UsageError(
        `backward: element ${i} of tensors does not require grad and does not have a gradFn; nothing it was made from asked for gradients`,
      );
    }
    const start = noGrad(() => startGradient(tensor, gradients[i]));
    roots.push(edge.node);
    engine.put(edge, gradients[i] ? start : engine.adopt(start));
  }
  const dependencies = countDependencies(roots);
  const needed = captured === null ? null : nodesOnTheWay(dependencies.keys(), captured);
  const ready = new ReadyQueue();
  for (const root of new Set(roots)) if (dependencies.get(root) === 0) ready.push(root);

  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    const { edges } = node;
    const wanted = captured?.get(node);
    const incoming = engine.take(node);
    if (wanted !== undefined) {
      for (const output of wanted.keys()) {
        const gradient = incoming[output] ?? null;
        if (gradient !== null) gradient.storage.owned = false;
        wanted.set(output, gradient);
      }
    }
    if (needed === null || (needed.has(node) && edges.some((edge) => edge !== null && needed.has(edge.node)))) {
      if (node instanceof AccumulateNode) {
        if (captured === null) engine.accumulate(node.leaf, incoming[0] ?? null);
      } else {
        engine.apply(node, incoming);
        if (!retainGraph) node.release();
      }
    }
    engine.drop(incoming);
    for (const edge of edges) {
      if (edge === null) continue;
      const left = (dependencies.get(edge.node) as number) - 1;
      dependencies.set(edge.node, left);
      if (left === 0) ready.push(edge.node);
    }
  }
}

/** Nodes in order of making, the last one first: it is nearest to the loss. */
class ReadyQueue {
  readonly #nodes: Node[] = [];

  push(node: Node): void {
    let at = this.#nodes.length;
    while (at > 0 && (this.#nodes[at - 1] as Node).sequence > node.sequence) at--;
    this.#nodes.splice(at, 0, node);
  }

  pop(): Node | undefined {
    return this.#nodes.pop();
  }
}

/**
 * Carries gradients from node to node. Those it made itself belong to it: once the last node that
 * reads one has run, its memory is reused, unless user code (a hook, a custom function, `.grad`) saw it.
 */
class Engine {
  readonly #pending = new Map<Node, Pending>();
  readonly #createGraph: boolean;

  constructor(createGraph: boolean) {
    this.#createGraph = createGraph;
  }

  /** Takes a tensor that nobody else knows into the engine's ownership. */
  adopt(tensor: Tensor): Tensor {
    if (!this.#createGraph) tensor.storage.owned = true;
    return tensor;
  }

  put({ node, output }: Edge, gradient: Tensor): void {
    let slots = this.#pending.get(node);
    if (slots === undefined) {
      slots = new Array<Tensor | null>(node.outputs).fill(null);
      this.#pending.set(node, slots);
    }
    const before = slots[output] ?? null;
    gradient.storage.hold();
    if (before === null) {
      slots[output] = gradient;
      return;
    }
    const sum = this.#add(before, gradient);
    if (sum !== before) {
      sum.storage.hold();
      before.storage.unhold();
    }
    gradient.storage.unhold();
    slots[output] = sum;
  }

  #add(before: Tensor, gradient: Tensor): Tensor {
    if (this.#createGraph) return enableGrad(() => before.add(gradient));
    const exclusive =
      before.storage.owned &&
      before.storage.holders === 1 &&
      before.isContiguous() &&
      before.storage !== gradient.storage;
    return noGrad(() => (exclusive ? before.add_(gradient) : this.adopt(before.add(gradient))));
  }

  take(node: Node): Pending {
    const slots = this.#pending.get(node) ?? new Array<Tensor | null>(node.outputs).fill(null);
    this.#pending.delete(node);
    for (const [output, watcher] of node.watchers ?? []) {
      const gradient = slots[output] ?? null;
      if (gradient !== null) slots[output] = this.#show(gradient, watcher);
    }
    return slots;
  }

  /** Lets hooks see (and replace) a gradient; keeps it where `retainGrad` asked. */
  #show(gradient: Tensor, { hooks, retainer }: Watcher): Tensor {
    let result = gradient;
    for (const hook of hooks) {
      result.storage.owned = false;
      const current = result;
      const replaced = this.#createGraph ? enableGrad(() => hook(current)) : noGrad(() => hook(current));
      if (replaced !== undefined && replaced !== null) {
        replaced.storage.hold();
        result.storage.unhold();
        result = replaced;
      }
    }
    if (retainer !== null) {
      result.storage.owned = false;
      const before = retainer.grad;
      retainer.grad = before === null ? result : noGrad(() => before.add(result));
    }
    return result;
  }

  apply(node: Node, incoming: Pending): void {
    if (this.#createGraph) {
      enableGrad(() => this.#deliver(node, node.apply(incoming)));
      return;
    }
    if (node.exposes) {
      for (const gradient of incoming) if (gradient !== null) gradient.storage.owned = false;
      noGrad(() => this.#deliver(node, node.apply(incoming)));
      return;
    }
    const { storages } = collectStorages(() =>
      noGrad(() => {
        const results = node.apply(incoming);
        this.#deliver(node, results);
      }),
    );
    // What the formula made and nobody took over was only needed on the way.
    for (const storage of storages) storage.disown();
  }

  #deliver(node: Node, results: readonly (Tensor | null)[]): void {
    for (const [i, edge] of node.edges.entries()) {
      const gradient = results[i] ?? null;
      if (edge !== null && gradient !== null) this.put(edge, gradient);
    }
  }

  accumulate(leaf: Tensor, gradient: Tensor | null): void {
    if (gradient === null) return;
    const state = leaf.autogradState();
    const { grad: before } = state;
    if (before === null) {
      // Ours alone: hand it over. Somebody else's: a copy, so that neither sees the other change.
      const exclusive = gradient.storage.owned && gradient.storage.holders === 1 && gradient.isContiguous();
      const kept = exclusive || this.#createGraph ? gradient : noGrad(() => this.adopt(gradient.clone()));
      kept.storage.hold();
      state.grad = kept;
    } else if (this.#createGraph) {
      const sum = enableGrad(() => before.add(gradient));
      sum.storage.hold();
      before.storage.unhold();
      state.grad = sum;
    } else {
      noGrad(() => before.add_(gradient));
    }
  }

  /** The gradients have been read: whoever held them for this node lets go. */
  drop(incoming: Pending): void {
    for (const gradient of incoming) gradient?.storage.unhold();
  }
}
