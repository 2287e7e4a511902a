import type { RemovableHandle } from "./recorder.js";

/** Where a hook stands among others. */
export interface HookOptions {
  /** Whether the hook comes before those that are there already. Default false. */
  prepend?: boolean;
}

interface Entry<T> {
  readonly hook: T;
  readonly alwaysCall: boolean;
}

/**
 * Hooks in the order in which they are called. One that is registered twice is called twice.
 *
 * @internal
 */
export class HookList<T> {
  #entries: readonly Entry<T>[] = [];

  /** Registers a hook, behind the others unless `prepend`; `alwaysCall` is kept beside it for whoever calls. */
  add(hook: T, { prepend = false, alwaysCall = false }: HookOptions & { alwaysCall?: boolean } = {}): RemovableHandle {
    const entry: Entry<T> = { hook, alwaysCall };
    // A new list each time, so that hooks may come and go while they are called.
    this.#entries = prepend ? [entry, ...this.#entries] : [...this.#entries, entry];
    return {
      remove: () => {
        this.#entries = this.#entries.filter((other) => other !== entry);
      },
    };
  }

  /** How many hooks there are. */
  get size(): number {
    return this.#entries.length;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const { hook } of this.#entries) yield hook;
  }

  /** The hooks with what was said of them. */
  get entries(): readonly Entry<T>[] {
    return this.#entries;
  }

  /** Takes over the hooks of another list. */
  copyFrom(other: HookList<T>): void {
    this.#entries = other.#entries;
  }
}
