import { UsageError } from "@kindling/tensor";
import { Module } from "../module.js";

function check(module: unknown): void {
  if (!(module instanceof Module)) throw new UsageError("ModuleList: an entry is no module");
}

/**
 * A list of modules whose parameters count; their names are their positions. It has no `forward` of its own.
 *
 * @throws UsageError for an entry that is no module, or a position out of range.
 * @example
 * class Stack extends Module {
 *   layers = new ModuleList(Array.from({ length: 3 }, () => new Linear(8, 8)));
 *   forward(x: Tensor) {
 *     let y = x;
 *     for (const layer of this.layers) y = layer.forward(y).relu();
 *     return y;
 *   }
 * }
 * [...new Stack().namedParameters()].map(([name]) => name).slice(0, 3); // → ["layers.0.weight", "layers.0.bias", "layers.1.weight"]
 */
export class ModuleList<T extends Module = Module> extends Module {
  private readonly list: T[] = [];

  constructor(modules: Iterable<T> = []) {
    super();
    this.extend(modules);
  }

  protected override fields(): Iterable<readonly [string, unknown]> {
    return this.list.map((module, i) => [String(i), module] as const);
  }

  protected override setField(name: string, value: unknown): void {
    check(value);
    if (!/^\d+$/.test(name)) throw new UsageError(`ModuleList: the name of an entry is its position, got "${name}"`);
    this.list[this.position(Number(name), this.length + 1)] = value as T;
  }

  /** How many modules there are. */
  get length(): number {
    return this.list.length;
  }

  private position(index: number, end = this.length): number {
    const position = index < 0 ? index + this.length : index;
    if (Number.isInteger(position) && position >= 0 && position < end) return position;
    throw new UsageError(`ModuleList: index ${index} is out of range for ${this.length} modules`);
  }

  /** The module at `index`; negative ones count from the end. */
  at(index: number): T {
    return this.list[this.position(index)] as T;
  }

  /** The modules from `start` to before `end` as a new list; negative ones count from the end. */
  slice(start?: number, end?: number): ModuleList<T> {
    return new ModuleList(this.list.slice(start, end));
  }

  /** Puts a module in the place of the one at `index`. */
  set(index: number, module: T): this {
    check(module);
    this.list[this.position(index)] = module;
    return this;
  }

  /** Adds a module at the end. */
  append(module: T): this {
    return this.insert(this.length, module);
  }

  /** Adds several modules at the end. */
  extend(modules: Iterable<T>): this {
    for (const module of modules) this.append(module);
    return this;
  }

  /** Adds a module before the one at `index`. */
  insert(index: number, module: T): this {
    check(module);
    this.list.splice(this.position(index, this.length + 1), 0, module);
    return this;
  }

  /** Takes the module at `index` out (default: the last) and returns it. */
  pop(index = -1): T {
    return this.list.splice(this.position(index), 1)[0] as T;
  }

  *[Symbol.iterator](): Iterator<T> {
    yield* this.list;
  }

  forward(): unknown {
    throw new UsageError("ModuleList has no forward: call its modules one by one");
  }
}
