import type { OpAttributes, OpName, Tensor } from "@kindling/tensor";

/** What a derivative formula sees of the operation that it differentiates. */
export interface Context<Attributes> {
  /** The saved inputs by position; null where not saved or absent. */
  readonly inputs: readonly Tensor[];
  /** The saved outputs by position. */
  readonly outputs: readonly Tensor[];
  readonly attributes: Attributes;
  /** Which inputs want a gradient: compute no others. */
  readonly needs: readonly boolean[];
  /** Shape of every input, saved or not. */
  readonly shapes: readonly (readonly number[])[];
  /** The gradients of all outputs; null where none arrived. The first is also the formula's `g`. */
  readonly gradients: readonly (Tensor | null)[];
}

/**
 * How gradients flow back through one operation. Formulas are written with operations, so that they
 * can be differentiated again. A gradient may have the broadcast shape: the engine sums it back to the
 * input's shape and converts it to the input's type. Null or undefined stands for no gradient.
 */
export interface Derivative<Attributes> {
  /** Positions of the inputs that the formula reads, given which inputs need gradients. Default none. */
  readonly saveInputs?: readonly number[] | ((needs: readonly boolean[]) => readonly number[]);
  /** Positions of the outputs that the formula reads. Default none. */
  readonly saveOutputs?: readonly number[];
  readonly backward: (g: Tensor, context: Context<Attributes>) => readonly (Tensor | null | undefined | false)[];
}

/** Derivatives of some operations. A family file is `const x = {…} satisfies Derivatives<"exp" | …>`. */
export type Derivatives<Names extends OpName> = { readonly [K in Names]: Derivative<OpAttributes[K]> };

/** Every operation must have an entry here; the compiler names the one that is missing. */
export type DerivativeTable = Derivatives<OpName>;
