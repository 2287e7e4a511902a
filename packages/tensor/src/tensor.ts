import { type DType, isFloatingPoint, itemSize, type TypedArray, typedView } from "./dtype.js";
import { DTypeError, ShapeError, UsageError } from "./errors.js";
import { formatTensor } from "./format.js";
import type { Methods } from "./methods.js";
import { copyInto } from "./ops/copy.js";
import {
  type AutogradState,
  type BackwardOptions,
  type GradientHook,
  type GradientNode,
  type PostAccumulateGradHook,
  type RemovableHandle,
  requireRecorder,
} from "./recorder.js";
import { contiguousStrides, formatShape, isContiguous, normalizeDim, numberOfElements, sameShape } from "./shape.js";
import { Storage } from "./storage.js";

/** Nested arrays of numbers, as `tensor()` takes and `toArray()` gives them; a scalar is a plain number. */
export type NestedArray = number | boolean | readonly NestedArray[];

/** Every operation of this package is a method too: `x.matmul(y)` is `matmul(x, y)`, with the same docstring. */
export interface Tensor extends Methods {}

/**
 * A multi-dimensional array of numbers of one element type, possibly a view of another's memory.
 *
 * Tensors come from `tensor`, `zeros`, `randn` and the like, and from operations on other tensors.
 * Nobody frees them: memory goes back when nothing can reach it.
 *
 * @example
 * const x = tensor([[1, 2], [3, 4]], { dtype: "float32" });
 * x.matmul(x).sum(); // → 54
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: methods.ts puts every operation on the prototype.
export class Tensor {
  /** Sizes of the dimensions; `[]` for a scalar. */
  readonly shape: readonly number[];
  /** Distance between neighbours along each dimension, in elements. */
  readonly strides: readonly number[];
  /** Element type. */
  readonly dtype: DType;
  /** Index of the first element in the storage. */
  readonly offset: number;
  /** The memory, which views share. */
  readonly storage: Storage;
  /** The tensor whose memory this one shows, if it is a recorded view. */
  base: Tensor | null = null;
  /** What autograd keeps of this tensor. For the recorder. */
  autograd: AutogradState | null = null;
  readonly #contiguous: boolean;

  /** For operations; users call `tensor`, `zeros` and so on. */
  constructor(storage: Storage, dtype: DType, shape: readonly number[], strides?: readonly number[], offset = 0) {
    this.storage = storage;
    this.dtype = dtype;
    this.shape = shape;
    this.strides = strides ?? contiguousStrides(shape);
    this.offset = offset;
    this.#contiguous = strides === undefined || isContiguous(shape, strides);
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }

  /** Number of dimensions, as PyTorch's method. */
  dim(): number {
    return this.shape.length;
  }

  /**
   * Number of elements.
   * @example numel(zeros([2, 3])); // → 6
   */
  numel(): number {
    return numberOfElements(this.shape);
  }

  /** All sizes, or the size of one dimension. */
  size(): readonly number[];
  size(dim: number): number;
  size(dim?: number): number | readonly number[] {
    if (dim === undefined) return this.shape;
    return this.shape[normalizeDim("size", dim, this.ndim)] as number;
  }

  /** All strides, or the stride of one dimension, in elements. */
  stride(): readonly number[];
  stride(dim: number): number;
  stride(dim?: number): number | readonly number[] {
    if (dim === undefined) return this.strides;
    return this.strides[normalizeDim("stride", dim, this.ndim)] as number;
  }

  /** Whether the elements lie row-major without gaps. */
  isContiguous(): boolean {
    return this.#contiguous;
  }

  /**
   * Bytes of one element.
   * @example zeros([2, 3]).itemsize; // → 4
   */
  get itemsize(): number {
    return itemSize(this.dtype);
  }

  /**
   * Bytes of all elements.
   * @example zeros([2, 3]).nbytes; // → 24
   */
  get nbytes(): number {
    return this.numel() * this.itemsize;
  }

  /**
   * The dimensions in reverse order, as a view.
   * @example zeros([2, 3]).T.shape; // → [3, 2]
   */
  get T(): Tensor {
    return this.permute(this.shape.map((_, i) => this.ndim - 1 - i));
  }

  /**
   * The last two dimensions exchanged, as a view.
   * @example zeros([2, 3, 4]).mT.shape; // → [2, 4, 3]
   */
  get mT(): Tensor {
    return this.transpose(-2, -1);
  }

  /** Whether the elements are float32 or float64. */
  isFloatingPoint(): boolean {
    return isFloatingPoint(this.dtype);
  }

  /** Address of the first element, valid until the next allocation. For kernels. */
  get address(): number {
    return this.storage.block.address() + this.offset * itemSize(this.dtype);
  }

  // ---- reading

  /** The elements in row-major order, as a copy; bools come as bytes 0 and 1. */
  toTypedArray(): TypedArray {
    const count = this.numel();
    let source: Tensor = this;
    if (!this.#contiguous) {
      source = new Tensor(new Storage(count * itemSize(this.dtype)), this.dtype, this.shape);
      copyInto(source, this);
    }
    const bytes = source.storage.block.view();
    return typedView(this.dtype, bytes.buffer, bytes.byteOffset + source.offset * itemSize(this.dtype), count).slice();
  }

  /** The elements as nested arrays; a scalar as a number; bools as booleans. */
  toArray(): NestedArray {
    const flat = this.toTypedArray();
    const isBool = this.dtype === "bool";
    let position = 0;
    const build = (dim: number): NestedArray => {
      if (dim === this.ndim) {
        const value = flat[position++] as number;
        return isBool ? value !== 0 : value;
      }
      return Array.from({ length: this.shape[dim] as number }, () => build(dim + 1));
    };
    return build(0);
  }

  /** The value of a tensor of one element, as a number (bools: 0 or 1). */
  item(): number {
    if (this.numel() !== 1) {
      throw new ShapeError(`item: expected a tensor of one element, got shape ${formatShape(this.shape)}`);
    }
    const bytes = this.storage.block.view();
    const size = itemSize(this.dtype);
    return typedView(this.dtype, bytes.buffer, bytes.byteOffset + this.offset * size, 1)[0] as number;
  }

  /** The elements as PyTorch prints them, with type and shape where they are not told by the numbers. */
  toString(): string {
    return formatTensor(this);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** The slices along the first dimension, as views. */
  *[Symbol.iterator](): Iterator<Tensor> {
    if (this.ndim === 0) throw new ShapeError("iteration: a 0-dimensional tensor has no slices");
    for (let i = 0; i < (this.shape[0] as number); i++) yield this.select(0, i);
  }

  // ---- autograd

  /** Whether gradients flow to this tensor: it is a leaf that asked for them, or was made from one. */
  get requiresGrad(): boolean {
    const state = this.autograd;
    if (state !== null && (state.requiresGrad || state.node !== null)) return true;
    return this.base?.requiresGrad ?? false;
  }

  set requiresGrad(value: boolean) {
    this.requiresGrad_(value);
  }

  /** Asks for gradients (or not) and returns this tensor. */
  requiresGrad_(value = true): this {
    if (value && !isFloatingPoint(this.dtype)) {
      throw new DTypeError(
        `requiresGrad: only tensors of floating point dtype can require gradients, got ${this.dtype}; convert with .to("float32")`,
      );
    }
    if (!this.isLeaf) {
      if (!value) {
        throw new UsageError(
          "requiresGrad: you can only change requiresGrad of leaf tensors; use .detach() to cut one off",
        );
      }
      return this;
    }
    if (value || this.autograd !== null) this.autogradState().requiresGrad = value;
    return this;
  }

  /** Whether no operation that autograd recorded made this tensor. */
  get isLeaf(): boolean {
    return this.gradFn === null && (this.base === null || !this.base.requiresGrad);
  }

  /** The node of the graph that made this tensor, null for a leaf. */
  get gradFn(): GradientNode | null {
    return this.autograd?.node ?? null;
  }

  /**
   * The same memory without history, as `detach` gives it: what is written to it is not recorded.
   * @example ones([2], { requiresGrad: true }).data.requiresGrad; // → false
   */
  get data(): Tensor {
    return this.detach();
  }

  /**
   * Cuts this tensor off from the graph, in place.
   *
   * @throws UsageError for a view of a tensor that requires grad.
   */
  detach_(): this {
    if (this.base?.requiresGrad) {
      throw new UsageError("detach_: a view belongs to the graph of its base; use .detach() for a tensor cut off");
    }
    this.autograd = null;
    return this;
  }

  /** The gradient that `backward` accumulated, null before. */
  get grad(): Tensor | null {
    const grad = this.autograd?.grad ?? null;
    // Once somebody has seen it, nobody can prove it dead.
    if (grad !== null) grad.storage.owned = false;
    return grad;
  }

  set grad(value: Tensor | null) {
    if (value !== null && (value.dtype !== this.dtype || !sameShape(value.shape, this.shape))) {
      throw new ShapeError(
        `grad: expected a tensor of shape ${formatShape(this.shape)} and dtype ${this.dtype}, got ${formatShape(value.shape)} and ${value.dtype}`,
      );
    }
    this.clearGrad();
    if (value !== null) {
      value.storage.hold();
      this.autogradState().grad = value;
    }
  }

  /** The gradient, without making it visible to user code. For optimizers. */
  peekGrad(): Tensor | null {
    return this.autograd?.grad ?? null;
  }

  /** Forgets the gradient; its memory is reused if no user code has seen it. */
  clearGrad(): void {
    const state = this.autograd;
    if (state === null || state.grad === null) return;
    const { storage } = state.grad;
    state.grad = null;
    storage.unhold();
  }

  /**
   * Accumulates the gradient of this scalar with respect to every leaf it was made from into their
   * `.grad`. For a tensor of several elements, `gradient` (same shape) is where it starts.
   */
  backward(gradient: Tensor | null = null, options: BackwardOptions = {}): void {
    requireRecorder("backward").backward(this, gradient, options);
  }

  /** Calls `hook` with the gradient of this tensor whenever it has been computed; what it returns replaces it. */
  registerHook(hook: GradientHook): RemovableHandle {
    if (!this.requiresGrad) {
      throw new UsageError("registerHook: cannot register a hook on a tensor that does not require grad");
    }
    return requireRecorder("registerHook").registerHook(this, hook);
  }

  /**
   * Calls `hook` with this leaf whenever `backward` has added to its `.grad`: a place to step an optimizer and forget
   * the gradient at once.
   *
   * @throws UsageError for a tensor that does not require grad or is no leaf.
   * @example
   * const weight = tensor([1, 2], { requiresGrad: true });
   * weight.registerPostAccumulateGradHook((leaf) => {
   *   leaf.sub_(leaf.grad!.mul(0.5));
   *   leaf.grad = null;
   * });
   * weight.square().sum().backward();
   * weight; // → [0, 0]
   */
  registerPostAccumulateGradHook(hook: PostAccumulateGradHook): RemovableHandle {
    const op = "registerPostAccumulateGradHook";
    if (!this.requiresGrad) throw new UsageError(`${op}: this tensor does not require grad; ask with requiresGrad_()`);
    if (!this.isLeaf) throw new UsageError(`${op}: only leaves accumulate gradients; use registerHook for this tensor`);
    return requireRecorder(op).registerPostAccumulateGradHook(this, hook);
  }

  /** Keeps `.grad` of a tensor that is no leaf. */
  retainGrad(): void {
    if (!this.requiresGrad) throw new UsageError("retainGrad: this tensor does not require grad");
    if (!this.isLeaf) requireRecorder("retainGrad").retainGrad(this);
  }

  /** Whether this is no leaf, and `retainGrad` was called on it. */
  get retainsGrad(): boolean {
    return this.gradFn !== null && requireRecorder("retainsGrad").retainsGrad(this);
  }

  /** The autograd state, made if there is none. For the recorder. */
  autogradState(): AutogradState {
    this.autograd ??= {
      requiresGrad: false,
      grad: null,
      node: null,
      output: 0,
      viewVersion: this.storage.version,
    };
    return this.autograd;
  }

  /** A copy of the value with this tensor's place in the graph: what an in-place operation differentiates. */
  snapshot(): Tensor {
    const copy = new Tensor(new Storage(this.numel() * itemSize(this.dtype)), this.dtype, this.shape);
    copyInto(copy, this);
    copy.autograd = this.autograd;
    return copy;
  }

  /** Overwrites the elements with those of `value`, which broadcasts; not recorded. */
  overwrite(value: Tensor): void {
    copyInto(this, value);
  }
}

/**
 * Number of elements of a tensor, as a JavaScript number.
 *
 * **Shapes** x: any.
 * @example numel(zeros([2, 3])); // → 6
 */
export function numel(x: Tensor): number {
  return x.numel();
}
