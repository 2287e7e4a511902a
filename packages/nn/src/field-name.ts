import { Tensor, UsageError } from "@kindling/tensor";
import type { Module } from "./module.js";

/** A field's name as PyTorch writes it: `runningMean` is `running_mean`. */
export function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}

/** The field of a module's own parameter or buffer, by the field's name or PyTorch's. @throws UsageError if none. */
export function requireTensorField(what: string, module: Module, name: string): string {
  const field = Object.keys(module).find((key) => key === name || snakeCase(key) === name);
  if (field !== undefined && Reflect.get(module, field) instanceof Tensor) return field;
  throw new UsageError(`${what}: ${module.constructor.name} has no parameter or buffer "${name}"`);
}
