import { UsageError } from "@kindling/tensor";
import { Module } from "../module.js";

/** A list of modules whose parameters count; it has no `forward` of its own. */
export class ModuleList<T extends Module = Module> extends Module {
  readonly #modules: T[];

  constructor(modules: Iterable<T> = []) {
    super();
    this.#modules = [...modules];
  }

  protected override fields(): Iterable<readonly [string, unknown]> {
    return this.#modules.map((module, i) => [String(i), module] as const);
  }

  get length(): number {
    return this.#modules.length;
  }

  /** The module at `index`; negative ones count from the end. */
  at(index: number): T {
    const module = this.#modules.at(index);
    if (module === undefined)
      throw new UsageError(`ModuleList: index ${index} is out of range for ${this.length} modules`);
    return module;
  }

  append(module: T): this {
    this.#modules.push(module);
    return this;
  }

  *[Symbol.iterator](): Iterator<T> {
    yield* this.#modules;
  }

  forward(): never {
    throw new UsageError("ModuleList has no forward: call its modules one by one");
  }
}
