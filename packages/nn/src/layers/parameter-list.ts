import { Tensor, UsageError } from "@kindling/tensor";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";

/** A tensor as a parameter. @throws UsageError for what is none. */
export function asParameter(owner: string, value: unknown): Parameter {
  if (value instanceof Parameter) return value;
  if (value instanceof Tensor) return new Parameter(value);
  throw new UsageError(`${owner}: an entry is no tensor`);
}

/** How a list or dictionary shows its entries. */
export function showParameters(entries: Iterable<readonly [string, Parameter]>): string {
  const lines = Array.from(entries, ([name, { dtype, shape }]) => {
    const size = shape.length === 0 ? "" : shape.join("x");
    return `(${name}): Parameter containing: [${dtype} of size ${size}]`;
  });
  return lines.join("\n");
}

/**
 * A list of parameters; their names are their positions. Other tensors become parameters. It has no `forward`.
 *
 * @throws UsageError for an entry that is no tensor, or a position out of range.
 * @example
 * class Mixture extends Module {
 *   weights = new ParameterList(Array.from({ length: 3 }, () => randn([4, 4])));
 *   forward(x: Tensor) { return x.matmul(this.weights.at(0)).add(x.matmul(this.weights.at(-1))); }
 * }
 * Object.keys(new Mixture().stateDict()); // → ["weights.0", "weights.1", "weights.2"]
 */
export class ParameterList extends Module {
  private readonly list: Parameter[] = [];

  constructor(values: Iterable<Tensor> = []) {
    super();
    this.extend(values);
  }

  protected override fields(): Iterable<readonly [string, unknown]> {
    return this.list.map((parameter, i) => [String(i), parameter] as const);
  }

  protected override setField(name: string, value: unknown): void {
    this.set(Number(name), value as Tensor);
  }

  /** How many parameters there are. */
  get length(): number {
    return this.list.length;
  }

  private position(index: number): number {
    const position = index < 0 ? index + this.length : index;
    if (Number.isInteger(position) && position >= 0 && position < this.length) return position;
    throw new UsageError(`ParameterList: index ${index} is out of range for ${this.length} parameters`);
  }

  /** The parameter at `index`; negative ones count from the end. */
  at(index: number): Parameter {
    return this.list[this.position(index)] as Parameter;
  }

  /** Puts a parameter in the place of the one at `index`. */
  set(index: number, value: Tensor): this {
    this.list[this.position(index)] = asParameter("ParameterList", value);
    return this;
  }

  /** Adds a parameter at the end. */
  append(value: Tensor): this {
    this.list.push(asParameter("ParameterList", value));
    return this;
  }

  /** Adds several parameters at the end. */
  extend(values: Iterable<Tensor>): this {
    for (const value of values) this.append(value);
    return this;
  }

  *[Symbol.iterator](): Iterator<Parameter> {
    yield* this.list;
  }

  override extraRepr(): string {
    return showParameters(this.list.map((parameter, i) => [String(i), parameter]));
  }

  /** Refuses: it has none. @throws UsageError always. */
  forward(): never {
    throw new UsageError("ParameterList has no forward: use its parameters one by one");
  }
}
