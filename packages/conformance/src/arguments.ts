import type { Value, Values } from "./decode.js";
import { Mismatch, NotCovered } from "./outcome.js";

/** Turns a decoded value into what a function takes; throws NotCovered for a kind of value that it does not take. */
export type Parser<T> = (value: Value, name: string) => T;

/** `T_max`, `tMax` and `t_max` are one name. */
function plainName(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/**
 * The arguments of a call by PyTorch's names. What the case leaves out is left out of the call too, so that the
 * library's own default is what is tested. `expectAllRead` finds the arguments that no adapter asked for.
 */
export class Arguments {
  readonly #op: string;
  readonly #values = new Map<string, { name: string; value: Value }>();
  readonly #unread = new Set<string>();

  constructor(op: string, values: Values) {
    this.#op = op;
    for (const [name, value] of Object.entries(values)) {
      this.#values.set(plainName(name), { name, value });
      this.#unread.add(name);
    }
  }

  /** An argument that the call cannot do without. */
  get<T>(name: string, parse: Parser<T>): T {
    const value = this.maybe(name, parse);
    if (value === undefined) throw new Mismatch(`the case has no argument ${name}`);
    return value;
  }

  /** An argument, undefined where the case leaves it to its default. */
  maybe<T>(name: string, parse: Parser<T>): T | undefined {
    const found = this.#values.get(plainName(name));
    if (found === undefined) return undefined;
    this.#unread.delete(found.name);
    return parse(found.value, `${this.#op}: ${found.name}`);
  }

  /** Those of the options that the case gives, by their names in camelCase. */
  options<T extends object>(parsers: { readonly [K in keyof T]: Parser<T[K]> }): Partial<T> {
    const result: Partial<T> = {};
    for (const name of Object.keys(parsers) as (keyof T & string)[]) {
      const value = this.maybe(name, parsers[name]);
      if (value !== undefined) result[name] = value;
    }
    return result;
  }

  /** Throws NotCovered for an argument that nobody read: its meaning would be ignored. */
  expectAllRead(): void {
    for (const name of this.#unread) throw new NotCovered(`${this.#op}: argument ${name}`);
  }
}
