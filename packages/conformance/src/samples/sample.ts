import type { OpName, Tensor } from "@kindling/tensor";

/** What the per-operation suite needs to know of an operation; it derives its checks from this. */
export interface Sample {
  /** Calls the operation; the result's gradient is checked where it is floating point. */
  readonly call: (...inputs: readonly Tensor[]) => Tensor;
  /** Shapes of the floating point inputs. Positions, masks and the like belong into `call`. */
  readonly shapes: readonly (readonly number[])[];
  /** Interval that the inputs are drawn from, away from kinks and poles; one for all or one for each. Default (−2, 2). */
  readonly domain?: Interval | readonly Interval[];
  /** Inputs without elements; null for an operation that takes none. */
  readonly empty: readonly (readonly number[])[] | null;
  /** Whether every element is computed by itself, so that any shape will do. Default false. */
  readonly isElementwise?: boolean;
  /** What the operation makes of single numbers, infinities, NaN and −0 among them. */
  readonly reference?: (...values: number[]) => number;
  /** Whether 0 and −0 are the same to it. Default false. */
  readonly ignoresSignOfZero?: boolean;
  /** How often the operation can be differentiated. Default 2. */
  readonly derivatives?: 0 | 1 | 2;
  /** A call that must be refused, and what the error says. */
  readonly error: readonly [call: () => unknown, message: RegExp] | null;
}

export type Interval = readonly [low: number, high: number];

/** Samples of some operations. A family file is `const x = {…} satisfies Samples<"exp" | …>`. */
export type Samples<Names extends OpName> = { readonly [K in Names]: Sample };
