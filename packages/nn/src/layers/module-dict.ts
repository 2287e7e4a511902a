import { UsageError } from "@kindling/tensor";
import { Module } from "../module.js";

/** Named modules whose parameters count; it has no `forward` of its own. */
export class ModuleDict<T extends Module = Module> extends Module {
  readonly #modules: Map<string, T>;

  constructor(modules: Readonly<Record<string, T>> = {}) {
    super();
    this.#modules = new Map(Object.entries(modules));
  }

  protected override fields(): Iterable<readonly [string, unknown]> {
    return this.#modules;
  }

  get(name: string): T {
    const module = this.#modules.get(name);
    if (module === undefined) {
      throw new UsageError(`ModuleDict: no module "${name}"; there are: ${[...this.#modules.keys()].join(", ")}`);
    }
    return module;
  }

  set(name: string, module: T): this {
    this.#modules.set(name, module);
    return this;
  }

  *[Symbol.iterator](): Iterator<[string, T]> {
    yield* this.#modules;
  }

  forward(): never {
    throw new UsageError("ModuleDict has no forward: call its modules by name");
  }
}
