import type { Tensor } from "@kindling/tensor";

/** What an input holds: floats of a distribution, integers below `high`, or bools. */
export interface Input {
  readonly kind: "normal" | "uniform" | "indices" | "int32" | "mask";
  readonly shape: readonly number[];
  readonly high: number;
  /** Whether the backward pass computes its gradient. */
  readonly gradient: boolean;
}

export type Result = Tensor | readonly Tensor[] | { readonly values: Tensor };

/** One operation in both libraries, side by side. */
export interface Case {
  readonly inputs: readonly Input[];
  // biome-ignore lint/suspicious/noConfusingVoidType: an operation in place may return nothing
  readonly ours: (...inputs: Tensor[]) => Result | void;
  /** The same in Python, of inputs a, b, c, d, e. */
  readonly pytorch: string;
  readonly backward: boolean;
}

const float = { high: 0, gradient: true };
/** Standard normal numbers. */
export const normal = (...shape: number[]): Input => ({ kind: "normal", shape, ...float });
/** Numbers from 0 to 1. */
export const uniform = (...shape: number[]): Input => ({ kind: "uniform", shape, ...float });
/** Positions below `high`, in each library's own type for them: int32, and int64 for PyTorch. */
export const indices = (high: number, ...shape: number[]): Input => ({ kind: "indices", shape, high, gradient: false });
/** int32 below `high` in both. */
export const int32 = (high: number, ...shape: number[]): Input => ({ kind: "int32", shape, high, gradient: false });
/** Bools, true half of the time. */
export const mask = (...shape: number[]): Input => ({ kind: "mask", shape, high: 0, gradient: false });
/** An input that is no variable. */
export const constant = (input: Input): Input => ({ ...input, gradient: false });

/** A million elements. */
export const matrix = normal(1000, 1000);
export const unitMatrix = uniform(1000, 1000);
export const row = normal(1_000_000);

/** Measured forward, and backward to every input that has a gradient. */
export function both(inputs: readonly Input[], ours: Case["ours"], pytorch: string): Case {
  return { inputs, ours, pytorch, backward: true };
}

/** Measured forward only. */
export function forward(inputs: readonly Input[], ours: Case["ours"], pytorch: string): Case {
  return { inputs, ours, pytorch, backward: false };
}
