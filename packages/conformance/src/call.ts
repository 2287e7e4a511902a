import { KindlingError } from "@kindling/tensor";
import type { Results } from "./adapters/adapter.js";
import { operations } from "./adapters/index.js";
import { Arguments } from "./arguments.js";
import type { Got } from "./compare.js";
import type { Values } from "./decode.js";
import type { ExpectedError } from "./folder.js";
import { Mismatch, NotCovered } from "./outcome.js";

/** Nested results depth-first, without those that are null. */
export function flatten(results: Results): Got[] {
  if (Array.isArray(results)) return results.flatMap(flatten);
  return results === null || results === undefined ? [] : [results as Got];
}

/** Runs `body` with named arguments; throws NotCovered if one of them was never read, also where the call itself throws. */
export function withArguments<T>(op: string, values: Values, body: (args: Arguments) => T): T {
  const args = new Arguments(op, values);
  try {
    return body(args);
  } finally {
    args.expectAllRead();
  }
}

/** An entry of a table of adapters. */
export function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found === undefined) throw new NotCovered(name);
  return found;
}

/** Calls an operation by PyTorch's name. */
export function callOperation(op: string, values: Values): Got[] {
  return flatten(withArguments(op, values, lookUp(operations, op)));
}

/** Throws a Mismatch unless `body` throws an error that Kindling threw on purpose. */
export function expectThrows(error: ExpectedError, body: () => unknown): void {
  try {
    body();
  } catch (thrown) {
    if (thrown instanceof KindlingError) return;
    if (thrown instanceof NotCovered || thrown instanceof Mismatch) throw thrown;
    throw new Mismatch(`expected a KindlingError (${error.class}: ${error.message}), got ${String(thrown)}`);
  }
  throw new Mismatch(`expected an error (${error.class}: ${error.message}), but the call returned`);
}
