import { UsageError } from "@kindling/tensor";
import { Module } from "../module.js";

/**
 * Modules by name, whose parameters count, in the order in which they were added. It has no `forward` of its own.
 *
 * @throws UsageError for an entry that is no module, a name with a dot in it, or a name that is not there.
 * @example
 * class Choice extends Module {
 *   activations = new ModuleDict({ relu: new ReLU(), tanh: new Tanh() });
 *   forward(x: Tensor, name: string) { return this.activations.get(name).forward(x); }
 * }
 * new Choice().forward(tensor([-1, 1]), "relu"); // → [0, 1]
 */
export class ModuleDict<T extends Module = Module> extends Module {
  private readonly map = new Map<string, T>();

  constructor(modules: Readonly<Record<string, T>> | Iterable<readonly [string, T]> = {}) {
    super();
    this.update(modules);
  }

  protected override fields(): Iterable<readonly [string, unknown]> {
    return this.map;
  }

  protected override setField(name: string, value: unknown): void {
    this.set(name, value as T);
  }

  /** How many modules there are. */
  get length(): number {
    return this.map.size;
  }

  /** Whether there is a module of this name. */
  has(name: string): boolean {
    return this.map.has(name);
  }

  /** The module of this name. */
  get(name: string): T {
    const module = this.map.get(name);
    if (module === undefined) {
      throw new UsageError(`ModuleDict: no module "${name}"; there are: ${[...this.map.keys()].join(", ")}`);
    }
    return module;
  }

  /** Adds a module, or puts it in the place of the one of this name. */
  set(name: string, module: T): this {
    if (!(module instanceof Module)) throw new UsageError(`ModuleDict: entry "${name}" is no module`);
    if (name === "" || name.includes(".")) {
      throw new UsageError(`ModuleDict: a name must not be empty or contain ".", got "${name}"`);
    }
    this.map.set(name, module);
    return this;
  }

  /** Adds several modules. */
  update(modules: Readonly<Record<string, T>> | Iterable<readonly [string, T]>): this {
    const entries = Symbol.iterator in modules ? modules : Object.entries(modules);
    for (const [name, module] of entries) this.set(name, module);
    return this;
  }

  /** Takes the module of this name out and returns it. */
  pop(name: string): T {
    const module = this.get(name);
    this.map.delete(name);
    return module;
  }

  /** Takes all modules out. */
  clear(): void {
    this.map.clear();
  }

  /** The names, in the order in which they were added. */
  keys(): IterableIterator<string> {
    return this.map.keys();
  }

  /** The modules, in the order in which they were added. */
  values(): IterableIterator<T> {
    return this.map.values();
  }

  /** The names and the modules, in the order in which they were added. */
  entries(): IterableIterator<[string, T]> {
    return this.map.entries();
  }

  *[Symbol.iterator](): Iterator<[string, T]> {
    yield* this.map;
  }

  forward(): never {
    throw new UsageError("ModuleDict has no forward: call its modules by name");
  }
}
