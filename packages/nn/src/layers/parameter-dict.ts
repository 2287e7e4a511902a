import { type Tensor, UsageError } from "@kindling/tensor";
import { Module } from "../module.js";
import type { Parameter } from "../parameter.js";
import { asParameter, showParameters } from "./parameter-list.js";

/**
 * Parameters by name, in the order in which they were added. Other tensors become parameters. It has no `forward`.
 *
 * @throws UsageError for an entry that is no tensor, a name with a dot in it, or a name that is not there.
 * @example
 * class Choice extends Module {
 *   scales = new ParameterDict({ left: ones([4]), right: ones([4]) });
 *   forward(x: Tensor, side: string) { return x.mul(this.scales.get(side)); }
 * }
 * Object.keys(new Choice().stateDict()); // → ["scales.left", "scales.right"]
 */
export class ParameterDict extends Module {
  private readonly map = new Map<string, Parameter>();

  constructor(values: Readonly<Record<string, Tensor>> | Iterable<readonly [string, Tensor]> = {}) {
    super();
    this.update(values);
  }

  protected override fields(): Iterable<readonly [string, unknown]> {
    return this.map;
  }

  protected override setField(name: string, value: unknown): void {
    this.set(name, value as Tensor);
  }

  /** How many parameters there are. */
  get length(): number {
    return this.map.size;
  }

  /** Whether there is a parameter of this name. */
  has(name: string): boolean {
    return this.map.has(name);
  }

  /** The parameter of this name. */
  get(name: string): Parameter {
    const parameter = this.map.get(name);
    if (parameter !== undefined) return parameter;
    throw new UsageError(`ParameterDict: no parameter "${name}"; there are: ${[...this.map.keys()].join(", ")}`);
  }

  /** Adds a parameter, or puts it in the place of the one of this name. */
  set(name: string, value: Tensor): this {
    if (name === "" || name.includes(".")) {
      throw new UsageError(`ParameterDict: a name must not be empty or contain ".", got "${name}"`);
    }
    this.map.set(name, asParameter("ParameterDict", value));
    return this;
  }

  /** Adds several parameters. */
  update(values: Readonly<Record<string, Tensor>> | Iterable<readonly [string, Tensor]>): this {
    const entries = Symbol.iterator in values ? values : Object.entries(values);
    for (const [name, value] of entries) this.set(name, value);
    return this;
  }

  /** Takes the parameter of this name out and returns it. */
  pop(name: string): Parameter {
    const parameter = this.get(name);
    this.map.delete(name);
    return parameter;
  }

  /** Takes all parameters out. */
  clear(): void {
    this.map.clear();
  }

  /** The names. */
  keys(): IterableIterator<string> {
    return this.map.keys();
  }

  /** The parameters. */
  values(): IterableIterator<Parameter> {
    return this.map.values();
  }

  /** The names with their parameters. */
  entries(): IterableIterator<[string, Parameter]> {
    return this.map.entries();
  }

  *[Symbol.iterator](): Iterator<[string, Parameter]> {
    yield* this.map;
  }

  override extraRepr(): string {
    return showParameters(this.map);
  }

  /** Refuses: it has none. @throws UsageError always. */
  forward(): never {
    throw new UsageError("ParameterDict has no forward: use its parameters by name");
  }
}
