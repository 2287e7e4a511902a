import type { RemovableHandle } from "@kindling/tensor";
import type { Optimizer, OptimizerState } from "./optimizer.js";

type AnyState = OptimizerState<{ lr: number }>;

/** Sees an optimizer before a step; a function that it returns takes the place of the closure. */
export type StepPreHook = (optimizer: Optimizer, closure: (() => unknown) | undefined) => (() => unknown) | undefined;

/** Sees an optimizer after a step, before or after its state is told, or after one is loaded. */
export type OptimizerHook = (optimizer: Optimizer) => void;

/** Sees a state that has been told, or is to be loaded; what it returns, unless undefined, takes its place. */
export type OptimizerStateHook = (optimizer: Optimizer, stateDict: AnyState) => AnyState | undefined;

/** Where a hook stands among others. */
export interface HookOptions {
  /** Whether the hook comes before those that are there already. Default false. */
  prepend?: boolean;
}

/** Hooks in the order in which they are called. One that is registered twice is called twice. */
export class HookList<Hook> {
  #entries: readonly { readonly hook: Hook }[] = [];

  add(hook: Hook, { prepend = false }: HookOptions): RemovableHandle {
    const entry = { hook };
    // A new list each time, so that hooks may come and go while they are called.
    this.#entries = prepend ? [entry, ...this.#entries] : [...this.#entries, entry];
    return {
      remove: () => {
        this.#entries = this.#entries.filter((other) => other !== entry);
      },
    };
  }

  *[Symbol.iterator](): Iterator<Hook> {
    for (const { hook } of this.#entries) yield hook;
  }
}
