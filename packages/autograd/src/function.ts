import { type DType, isRecording, noGrad, Tensor, UsageError } from "@kindling/tensor";
import { fitGradient, Node } from "./node.js";
import { freedError, type Saved, saveInput, saveOutput } from "./saved-tensor.js";
import { attach, edgeOf } from "./tape.js";

/**
 * What the `forward` of a {@link Function} leaves for its `backward`: tensors by `saveForBackward`, anything else as a
 * field.
 * @example
 * import * as autograd from "@kindling/autograd";
 *
 * class Scale extends autograd.Function {
 *   static override forward(context: FunctionContext, x: Tensor, factor: number) {
 *     context.factor = factor;
 *     return x.mul(factor);
 *   }
 *   static override backward(context: FunctionContext, gradient: Tensor) {
 *     return [gradient.mul(context.factor as number), null];
 *   }
 * }
 * const x = tensor(2, { requiresGrad: true });
 * Scale.apply(x, 10).backward();
 * x.grad; // → 10
 */
export class FunctionContext {
  /** Which tensor arguments want a gradient, by argument position. */
  needsInputGrad: readonly boolean[] = [];
  /** Anything besides tensors. */
  [key: string]: unknown;
  #saved: readonly Tensor[] = [];
  /** Reads what was saved, once it is guarded. */
  #read: (() => readonly Tensor[]) | null = null;
  #guards: readonly Saved[] = [];

  /** Keeps tensors for `backward`, guarded against in-place changes. */
  saveForBackward(...tensors: Tensor[]): void {
    this.#saved = tensors;
  }

  /**
   * What `forward` saved, in order.
   *
   * @throws UsageError if one was changed in place meanwhile, or the graph was freed.
   */
  get savedTensors(): readonly Tensor[] {
    return this.#read === null ? this.#saved : this.#read();
  }

  /** Starts guarding what was saved for `node`, whose outputs these are. For the engine. */
  guard(node: Node, outputs: readonly Tensor[]): void {
    const positions = this.#saved.map((tensor) => outputs.indexOf(tensor));
    const guards = this.#saved.map((tensor, i) =>
      positions[i] === -1 ? saveInput(tensor, edgeOf(tensor)) : saveOutput(tensor),
    );
    this.#guards = guards;
    this.#read = () => guards.map((guard, i) => guard.get(node.name, node, positions[i] as number));
    this.#saved = [];
  }

  /** Gives back what was saved. For the engine. */
  releaseSaved(): void {
    for (const guard of this.#guards) guard.release();
  }
}

interface FunctionClass {
  readonly name: string;
  forward(context: FunctionContext, ...args: never[]): Tensor | readonly Tensor[];
  backward(context: FunctionContext, ...gradients: never[]): Tensor | null | readonly (Tensor | null)[];
}

class FunctionNode extends Node {
  readonly name: string;
  readonly #function: FunctionClass;
  readonly #context: FunctionContext;
  /** What the gradients of tensor arguments must look like; not the tensors, whose memory may go. */
  readonly #arguments: readonly ({ readonly shape: readonly number[]; readonly dtype: DType } | null)[];
  #freed = false;

  constructor(type: FunctionClass, context: FunctionContext, args: readonly (Tensor | null)[], outputs: number) {
    super(args.map(edgeOf), outputs);
    this.name = type.name;
    this.#function = type;
    this.#context = context;
    this.#arguments = args.map((arg) => (arg === null ? null : { shape: arg.shape, dtype: arg.dtype }));
  }

  override get exposes(): boolean {
    return true;
  }

  apply(gradients: readonly (Tensor | null)[]): readonly (Tensor | null)[] {
    if (this.#freed) throw freedError();
    const result = this.#function.backward(this.#context, ...(gradients as never[]));
    const list = (Array.isArray(result) ? result : [result]) as readonly (Tensor | null)[];
    const tensors = this.#arguments.filter((arg) => arg !== null).length;
    if (list.length !== this.edges.length && list.length !== tensors) {
      throw new UsageError(
        `${this.name}.backward: expected ${this.edges.length} gradients, one per argument of forward (null for none), got ${list.length}`,
      );
    }
    let next = 0;
    return this.edges.map((edge, i) => {
      const arg = this.#arguments[i];
      const position = list.length === this.edges.length ? i : arg ? next++ : -1;
      const gradient = list[position] ?? null;
      if (edge === null || gradient === null || !arg) return null;
      return fitGradient(gradient, arg.shape, arg.dtype);
    });
  }

  override release(): void {
    this.#context.releaseSaved();
    this.#freed = true;
    this.edges = [];
  }
}

/**
 * An operation of one's own: static `forward` computes, static `backward` turns the gradients of the
 * outputs into those of the arguments (null for none).
 * @example
 * import * as autograd from "@kindling/autograd";
 *
 * class Cube extends autograd.Function {
 *   static override forward(context: FunctionContext, x: Tensor) {
 *     context.saveForBackward(x);
 *     return x.pow(3);
 *   }
 *   static override backward(context: FunctionContext, gradient: Tensor) {
 *     const [x] = context.savedTensors as [Tensor];
 *     return gradient.mul(x.square()).mul(3);
 *   }
 * }
 * const x = tensor(2, { requiresGrad: true });
 * Cube.apply(x).backward();
 * x.grad; // → 12
 */
// biome-ignore lint/complexity/noStaticOnlyClass: extended by users with static methods, as in PyTorch.
// biome-ignore lint/suspicious/noShadowRestrictedNames: the name is fixed by PyTorch.
export abstract class Function {
  /** Computes the outputs from the arguments, without being recorded. Override it. */
  static forward(_context: FunctionContext, ..._args: never[]): Tensor | readonly Tensor[] {
    throw new UsageError("Function: override static forward(context, ...args)");
  }

  /** The gradients of the arguments from those of the outputs, one for each argument, null for none. Override it. */
  static backward(_context: FunctionContext, ..._gradients: never[]): Tensor | null | readonly (Tensor | null)[] {
    throw new UsageError("Function: override static backward(context, ...gradients)");
  }

  /** Runs `forward` and records `backward`. */
  static apply(this: unknown, ...args: unknown[]): Tensor {
    // biome-ignore lint/complexity/noThisInStatic: the user's subclass is meant, not this class.
    const type = this as FunctionClass;
    const tensors = args.map((arg) => (arg instanceof Tensor ? arg : null));
    const context = new FunctionContext();
    context.needsInputGrad = tensors.map((tensor) => tensor?.requiresGrad === true);
    const result = noGrad(() => type.forward(context, ...(args as never[])));
    if (!isRecording(tensors)) return result as Tensor;
    // An argument handed back keeps its own history: the output is another tensor over the same memory.
    const own = (output: Tensor): Tensor => (tensors.includes(output) ? output.detach() : output);
    const outputs = (Array.isArray(result) ? result : [result]).map(own);
    const node = new FunctionNode(type, context, tensors, outputs.length);
    context.guard(node, outputs);
    attach(node, outputs);
    return (Array.isArray(result) ? outputs : outputs[0]) as Tensor;
  }
}
