import { type BackwardOptions, collectStorages, enableGrad, noGrad, type Tensor } from "@kindling/tensor";
import { applyWatched, isAnomalyEnabled } from "./anomaly.js";
import { AccumulateNode, type Edge, type Node, type Watcher } from "./node.js";

/** Gradients that wait for their node, by output. */
type Pending = (Tensor | null)[];

/** The gradients that are wanted, by node and output. */
export type Captured = Map<Node, Map<number, Tensor | null>>;

/** Where a walk of the graph starts. */
export interface Root {
  readonly edge: Edge;
  readonly gradient: Tensor;
  /** Whether nobody else knows the gradient. */
  readonly isOwn: boolean;
}

/** What the walk that goes on has to do when it ends. */
let endings: Set<() => void> | null = null;

/** Calls `ending`, once, when the walk that goes on has ended; returns false if none does. */
export function atEndOfBackward(ending: () => void): boolean {
  endings?.add(ending);
  return endings !== null;
}

/** How many edges lead to each node that the roots reach. */
function countDependencies(roots: ReadonlySet<Node>): Map<Node, number> {
  const counts = new Map<Node, number>();
  const stack: Node[] = [];
  for (const root of roots) {
    counts.set(root, 0);
    stack.push(root);
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
export function walk(roots: readonly Root[], options: BackwardOptions, captured: Captured | null): void {
  const outer = endings;
  const own = new Set<() => void>();
  endings = own;
  try {
    walkFrom(roots, options, captured);
  } finally {
    endings = outer;
    for (const ending of own) ending();
  }
}

function walkFrom(roots: readonly Root[], options: BackwardOptions, captured: Captured | null): void {
  const { createGraph = false, retainGraph = createGraph } = options;
  const engine = new Engine(createGraph);
  for (const { edge, gradient, isOwn } of roots) engine.put(edge, isOwn ? engine.adopt(gradient) : gradient);
  const starts = new Set(roots.map(({ edge }) => edge.node));
  const dependencies = countDependencies(starts);
  const needed = captured === null ? null : nodesOnTheWay(dependencies.keys(), captured);
  const ready = new ReadyQueue();
  for (const start of starts) if (dependencies.get(start) === 0) ready.push(start);

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
        if (captured === null) engine.accumulate(node, incoming[0] ?? null);
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
    return this.#createGraph ? tensor : owned(tensor);
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
      enableGrad(() => this.#run(node, incoming));
      return;
    }
    if (node.exposes) {
      for (const gradient of incoming) if (gradient !== null) gradient.storage.owned = false;
      noGrad(() => this.#run(node, incoming));
      return;
    }
    const { storages } = collectStorages(() => noGrad(() => this.#run(node, incoming)));
    // What the formula made and nobody took over was only needed on the way.
    for (const storage of storages) storage.disown();
  }

  #run(node: Node, incoming: Pending): void {
    const results = isAnomalyEnabled() ? applyWatched(node, incoming) : node.apply(incoming);
    for (const [i, edge] of node.edges.entries()) {
      const gradient = results[i] ?? null;
      if (edge !== null && gradient !== null) this.put(edge, gradient);
    }
  }

  accumulate(node: AccumulateNode, gradient: Tensor | null): void {
    if (gradient === null) return;
    addToGrad(node.variable, gradient, this.#createGraph);
    node.runHooks();
  }

  /** The gradients have been read: whoever held them for this node lets go. */
  drop(incoming: Pending): void {
    for (const gradient of incoming) gradient?.storage.unhold();
  }
}

/** Adds a gradient to the `.grad` of a tensor. */
export function addToGrad(tensor: Tensor, gradient: Tensor, createGraph: boolean): void {
  const state = tensor.autogradState();
  const { grad: before } = state;
  if (before !== null && !createGraph) {
    noGrad(() => before.add_(gradient));
    return;
  }
  let after = gradient;
  if (before !== null) after = enableGrad(() => before.add(gradient));
  else if (!createGraph) {
    // Ours alone: hand it over. Somebody else's: a copy, so that neither sees the other change.
    const isExclusive = gradient.storage.owned && gradient.storage.holders === 1 && gradient.isContiguous();
    if (!isExclusive) after = owned(noGrad(() => gradient.clone()));
  }
  after.storage.hold();
  before?.storage.unhold();
  state.grad = after;
}

/** A tensor that no user code has seen. */
function owned(tensor: Tensor): Tensor {
  tensor.storage.owned = true;
  return tensor;
}
