import { KindlingError } from "@kindling/tensor";
import type { Module } from "./module.js";

/** How far an error has come. */
interface Place {
  /** The module whose `forward` threw it, as far as is known, and what it said. */
  origin: Module;
  message: string;
  /** The outermost module that it has left, and the path from there to the origin. */
  outer: Module;
  path: string;
  /** The message as it stands in the stack trace. */
  shown: string;
}

const places = new WeakMap<KindlingError, Place>();

export function join(prefix: string, name: string): string {
  return prefix === "" || name === "" ? prefix + name : `${prefix}.${name}`;
}

/**
 * Notes that an error leaves `module.forward`, and puts before its message the path from there to the module that threw
 * it: `model.3 (Linear): …`. Modules know their children but not their parents, so the path grows on the way out.
 */
export function locate(error: unknown, module: Module): void {
  if (!(error instanceof KindlingError)) return;
  const place = places.get(error);
  if (place === undefined) {
    const { message } = error;
    places.set(error, { origin: module, message, outer: module, path: "", shown: message });
    return;
  }
  const found = Array.from(module.namedModules()).find(([, inner]) => inner === place.outer);
  if (found !== undefined) place.path = join(found[0], place.path);
  // A module that is nobody's child, such as one in an array: its caller answers for it.
  else Object.assign(place, { origin: module, message: error.message, path: "" });
  place.outer = module;
  if (place.path === "") return;
  error.message = `${place.path} (${place.origin.constructor.name}): ${place.message}`;
  // The stack trace, which is what an uncaught error shows, repeats the message that the error was made with.
  if (error.stack !== undefined) error.stack = error.stack.replace(place.shown, () => error.message);
  place.shown = error.message;
}
