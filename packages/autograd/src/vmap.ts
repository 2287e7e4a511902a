import { defaultGenerator, formatShape, noGrad, ShapeError, stack, Tensor, UsageError, zeros } from "@kindling/tensor";
import { isPlainObject, leavesOf, mapTree } from "./tree.js";

/** The dimension that holds the samples, null for none; or one for each entry of an array or object. */
export type BatchDims = number | null | readonly BatchDims[] | { readonly [name: string]: BatchDims };

/** Options of {@link vmap}. */
export interface VmapOptions {
  /** The dimension of the samples in each input, null for an input that all samples share. Default 0. */
  inDims?: BatchDims;
  /** Where the samples go in each result; null for a result that all samples have in common. Default 0. */
  outDims?: BatchDims;
  /** Whether fn may draw random numbers, and whether they are the same for all samples. Default "error". */
  randomness?: "error" | "different" | "same";
  /** Taken for PyTorch's sake: samples are computed one by one, whatever it says. Default null. */
  chunkSize?: number | null;
}

/**
 * Makes of a function of one sample a function of many: `fn` is called once for each slice of the inputs along `inDims`,
 * and its results are stacked along `outDims`.
 *
 * Batching is by a loop, so it is right for every operation, also where `fn` looks at values (`item()`), and no faster
 * than a loop. It can be differentiated, nested, and put around {@link func.grad} for the gradients of each sample.
 *
 * **Shapes** Inputs and results: tensors, also in nested arrays and plain objects; an input [*a*, n, *b*] with samples along
 * dimension 1 is given to `fn` as [*a*, *b*]. Negative dimensions count from the end. Other values than tensors are shared.
 * Options: `inDims` (0) and `outDims` (0): a dimension or null for all, or an array or object of them, nested as the
 * arguments or the result are; `randomness` ("error"): "different" or "same" random numbers for the samples, if `fn`
 * draws any from the default generator; `chunkSize` (null): taken, and changes nothing.
 * With no samples `fn` is called once on zeros, for the shapes of the results.
 * @throws ShapeError if the numbers of samples differ or a dimension is out of range; UsageError for an inDim of what is
 *   no tensor, a result that is no tensor, or random numbers.
 * @example
 * const [x, y] = [tensor([[1, 2], [3, 4]]), tensor([10, 20])];
 * vmap((row: Tensor, scale: Tensor) => row.mul(scale).sum())(x, y); // → [30, 140]
 * vmap((column: Tensor, all: Tensor) => column.add(all), { inDims: [1, null] })(x, y); // → [[11, 23], [12, 24]]
 * const slope = func.grad((w: Tensor, x: Tensor) => x.mul(w).square().sum());
 * vmap(slope, { inDims: [null, 0] })(tensor(2, { dtype: "float32" }), tensor([1, 3])); // → [4, 36]
 * @source `torch.func.vmap`, which batches by rules.
 */
export function vmap<Inputs extends unknown[], Result>(
  fn: (...inputs: Inputs) => Result,
  options: VmapOptions = {},
): (...inputs: Inputs) => Result {
  const { inDims = 0, outDims = 0, randomness = "error", chunkSize = null } = options;
  if (!["error", "different", "same"].includes(randomness)) {
    throw new UsageError(`vmap: randomness must be "error", "different" or "same", got ${JSON.stringify(randomness)}`);
  }
  if (chunkSize !== null && (!Number.isInteger(chunkSize) || chunkSize < 1)) {
    throw new UsageError(`vmap: chunkSize must be a whole number of at least 1, or null, got ${chunkSize}`);
  }
  return (...inputs) => {
    if (inputs.length === 0) throw new UsageError("vmap: the function got no inputs, so there is nothing to map over");
    const dims = dimsFor("inDims", inDims, inputs);
    const leaves = leavesOf(inputs).map((leaf, i) => new Leaf(leaf, dims[i] ?? null));
    const count = countOf(leaves);
    const call = (at: (leaf: Leaf) => unknown): unknown => {
      const rest = leaves.map(at);
      return fn(...(mapTree(inputs, () => rest.shift()) as Inputs));
    };
    if (count === 0)
      return noGrad(() =>
        emptied(
          call((leaf) => leaf.blank()),
          outDims,
        ),
      ) as Result;
    const results = Array.from({ length: count }, () => null as unknown);
    withRandomness(randomness, results, (i) => call((leaf) => leaf.at(i)));
    return stacked(results, outDims) as Result;
  };
}

/** One value among the inputs, with its samples if it has any. */
class Leaf {
  readonly value: unknown;
  readonly dim: number | null;
  readonly count: number | null;
  readonly #samples: readonly unknown[];

  constructor(value: unknown, dim: number | null) {
    this.value = value;
    this.dim = dim;
    if (dim === null) {
      this.count = null;
      this.#samples = [];
      return;
    }
    if (!(value instanceof Tensor)) {
      throw new UsageError(
        `vmap: inDims has ${dim} for an input that is no tensor but ${typeof value}; give null for it`,
      );
    }
    if (!Number.isInteger(dim) || dim < -value.ndim || dim >= value.ndim) {
      throw new ShapeError(
        `vmap: inDims has ${dim} for an input of shape ${formatShape(value.shape)}: expected one of its ${value.ndim} dimensions, or null`,
      );
    }
    this.#samples = value.unbind(dim);
    this.count = this.#samples.length;
  }

  at(i: number): unknown {
    return this.count === null ? this.value : this.#samples[i];
  }

  /** Zeros of the shape of a sample. */
  blank(): unknown {
    if (!(this.value instanceof Tensor) || this.dim === null) return this.value;
    const { shape, dtype, ndim } = this.value;
    const dim = this.dim < 0 ? this.dim + ndim : this.dim;
    return zeros(shape.toSpliced(dim, 1), { dtype });
  }
}

function countOf(leaves: readonly Leaf[]): number {
  const counts = leaves.flatMap(({ count }) => (count === null ? [] : [count]));
  const [first] = counts;
  if (first === undefined) throw new UsageError("vmap: inDims is null for every input; at least one must have samples");
  if (counts.some((count) => count !== first)) {
    throw new ShapeError(`vmap: all inputs must have the same number of samples, got ${counts.join(", ")}`);
  }
  return first;
}

/** A dimension for each leaf of `tree`: one for all below it, or nested as the tree is. */
function dimsFor(name: string, dims: BatchDims | undefined, tree: unknown): (number | null)[] {
  if (dims === null || typeof dims === "number") return leavesOf(tree).map(() => dims);
  const isArray = Array.isArray(dims);
  const keys = typeof tree === "object" && tree !== null ? Object.keys(tree) : [];
  const given = typeof dims === "object" ? Object.keys(dims) : [];
  const isAlike = isArray ? Array.isArray(tree) : isPlainObject(tree);
  if (!isAlike || given.length !== keys.length || given.some((key) => !keys.includes(key))) {
    throw new UsageError(
      `vmap: ${name} must be a dimension, or nested as what it is for: got ${JSON.stringify(dims)} for ${outline(tree)}`,
    );
  }
  const [inner, values] = [dims as Record<string, BatchDims>, tree as Record<string, unknown>];
  return keys.flatMap((key) => dimsFor(name, inner[key], values[key]));
}

function outline(tree: unknown): string {
  if (Array.isArray(tree)) return `[${tree.map(outline).join(", ")}]`;
  if (isPlainObject(tree))
    return `{ ${Object.entries(tree)
      .map(([key, item]) => `${key}: ${outline(item)}`)
      .join(", ")} }`;
  return tree instanceof Tensor ? "a tensor" : typeof tree;
}

/** Fills `results` with what `call` gives for each sample. */
function withRandomness(
  randomness: "error" | "different" | "same",
  results: unknown[],
  call: (i: number) => unknown,
): void {
  const before = randomness === "different" ? null : defaultGenerator.getState();
  for (let i = 0; i < results.length; i++) {
    if (randomness === "same" && before !== null && i > 0) defaultGenerator.setState(before);
    results[i] = call(i);
    if (randomness === "error" && i === 0 && before !== null && !isSame(before, defaultGenerator.getState())) {
      throw new UsageError('vmap: fn draws random numbers; say { randomness: "different" } or { randomness: "same" }');
    }
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.every((byte, i) => byte === b[i]);

/** Puts the results of all samples together. */
function stacked(results: readonly unknown[], outDims: BatchDims): unknown {
  const [first] = results;
  const columns = results.map((result) => tensorsOf(result));
  const count = columns[0]?.length ?? 0;
  if (columns.some(({ length }) => length !== count)) {
    throw new UsageError("vmap: fn must return as many tensors for every sample");
  }
  const dims = dimsFor("outDims", outDims, first);
  let position = 0;
  return mapTree(first, () => {
    const dim = dims[position] ?? null;
    const column = columns.map((tensors) => tensors[position] as Tensor);
    position++;
    return dim === null ? common(column) : stack(column, checkOutDim(dim, column[0] as Tensor));
  });
}

function tensorsOf(result: unknown): Tensor[] {
  return leavesOf(result).map((leaf) => {
    if (leaf instanceof Tensor) return leaf;
    throw new UsageError(`vmap: fn must return tensors, also in arrays and plain objects, got ${typeof leaf}`);
  });
}

function checkOutDim(dim: number, { ndim, shape }: Tensor): number {
  if (Number.isInteger(dim) && dim >= -ndim - 1 && dim <= ndim) return dim;
  throw new ShapeError(
    `vmap: outDims has ${dim} for results of shape ${formatShape(shape)}: expected a whole number of ${-ndim - 1} to ${ndim}`,
  );
}

/** What all samples gave alike. */
function common(column: readonly Tensor[]): Tensor {
  const [first] = column as [Tensor];
  if (column.every((tensor) => tensor === first || tensor.equal(first))) return first;
  throw new UsageError("vmap: outDims is null for a result that is not the same for all samples; give it a dimension");
}

/** What no samples give: a result of one, with none in its place. */
function emptied(result: unknown, outDims: BatchDims): unknown {
  const dims = dimsFor("outDims", outDims, result);
  const tensors = tensorsOf(result);
  let position = 0;
  return mapTree(result, () => {
    const tensor = tensors[position] as Tensor;
    const dim = dims[position++] ?? null;
    if (dim === null) return tensor;
    const at = checkOutDim(dim, tensor);
    return zeros(tensor.shape.toSpliced(at < 0 ? at + tensor.ndim + 1 : at, 0, 0), { dtype: tensor.dtype });
  });
}
