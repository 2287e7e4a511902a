import { formatShape, ShapeError, sameShape, Tensor, UsageError, zerosLike } from "@kindling/tensor";
import { grad } from "./backward.js";

/** One tensor, or several in an array. */
export type Tensors = Tensor | readonly Tensor[];

/** Options of {@link vjp}, {@link jvp}, {@link vhp} and {@link hvp}. */
export interface FunctionalOptions {
  /** Whether results can be differentiated again. Default false. */
  createGraph?: boolean;
  /** Whether what does not depend on an input is an error, instead of zeros. Default false. */
  strict?: boolean;
}

export const listOf = (tensors: Tensors): readonly Tensor[] => (tensors instanceof Tensor ? [tensors] : tensors);

const shapesOf = (tensors: readonly Tensor[]): string => tensors.map(({ shape }) => formatShape(shape)).join(", ");

/** A call of the user's function on inputs of its own, of which gradients are taken. */
export class FunctionalCall {
  readonly inputs: readonly Tensor[];
  /** What fn returned. */
  readonly result: Tensors;
  readonly outputs: readonly Tensor[];
  readonly createGraph: boolean;
  readonly #op: string;
  readonly #strict: boolean;

  constructor(op: string, fn: (...inputs: Tensor[]) => Tensors, inputs: Tensors, options: FunctionalOptions) {
    this.#op = op;
    this.#strict = options.strict ?? false;
    this.createGraph = options.createGraph ?? false;
    this.inputs = listOf(inputs).map((input, i) => {
      if (!(input instanceof Tensor)) throw new UsageError(`${op}: input ${i} must be a tensor, got ${typeof input}`);
      // Never the very tensor, which fn might use besides; with its history where the result keeps one.
      return this.createGraph && input.requiresGrad ? input.viewAs(input) : input.detach().requiresGrad_();
    });
    this.result = fn(...this.inputs);
    this.outputs = listOf(this.result);
    for (const [i, output] of this.outputs.entries()) {
      if (!(output instanceof Tensor)) {
        throw new UsageError(`${op}: fn must return a tensor or an array of tensors, got ${typeof output} at ${i}`);
      }
      if (this.#strict && !output.requiresGrad) {
        throw new UsageError(`${op}: output ${i} does not depend on the inputs, which strict forbids`);
      }
    }
  }

  /** The only output, which must have one element. */
  scalar(): Tensor {
    const [output] = this.outputs;
    if (this.outputs.length === 1 && output?.numel() === 1) return output;
    throw new ShapeError(`${this.#op}: fn must return one tensor of one element, got ${shapesOf(this.outputs)}`);
  }

  /** The vector to multiply with; it may be left out where it is a single number, 1. */
  vector(v: Tensors | null, like: readonly Tensor[], what: string): readonly (Tensor | null)[] {
    if (v === null) {
      if (like.length === 1 && like[0]?.numel() === 1) return [null];
      throw new UsageError(`${this.#op}: v can be left out only where ${what} is a single tensor of one element`);
    }
    const list = listOf(v);
    if (list.length === like.length && list.every((one, i) => sameShape(one.shape, like[i]?.shape ?? []))) return list;
    throw new ShapeError(`${this.#op}: v must have the shapes of ${what}, ${shapesOf(like)}, got ${shapesOf(list)}`);
  }

  /** Gradients of `of`, starting with `start`; null for what does not depend. */
  gradients(
    of: readonly Tensor[],
    by: readonly Tensor[],
    start: readonly (Tensor | null)[],
    options: { readonly createGraph?: boolean; readonly retainGraph?: boolean } = {},
  ): (Tensor | null)[] {
    const { createGraph = this.createGraph, retainGraph = createGraph } = options;
    const depending = of.flatMap((tensor, i) => (tensor.requiresGrad ? [i] : []));
    if (depending.length === 0) return by.map(() => null);
    return grad(
      depending.map((i) => of[i] as Tensor),
      by,
      { gradOutputs: depending.map((i) => start[i] ?? null), createGraph, retainGraph, allowUnused: true },
    );
  }

  /** Zeros in the place of nothing; an error if `strict`. */
  filled(gradients: readonly (Tensor | null)[], like: readonly Tensor[], what: string): Tensor[] {
    return gradients.map((gradient, i) => {
      if (this.#strict && (gradient === null || (this.createGraph && !gradient.requiresGrad))) {
        throw new UsageError(
          `${this.#op}: ${gradient === null ? what : `the derivative of ${what}`} does not depend on input ${i}, which strict forbids`,
        );
      }
      return gradient ?? zerosLike(like[i] as Tensor);
    });
  }

  /** The outputs for the caller: without history unless that is wanted. */
  results(): readonly Tensor[] {
    return this.createGraph ? this.outputs : this.outputs.map((output) => output.detach());
  }
}
