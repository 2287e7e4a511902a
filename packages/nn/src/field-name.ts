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

/** The value of a module's parameter or buffer, computed or not. @throws UsageError if there is none. */
export function requireTensor(what: string, module: Module, name: string): Tensor {
  const field = Object.getOwnPropertyNames(module).find((key) => key === name || snakeCase(key) === name);
  const value: unknown = field === undefined ? undefined : Reflect.get(module, field);
  if (value instanceof Tensor) return value;
  throw new UsageError(`${what}: ${module.constructor.name} has no parameter or buffer "${name}"`);
}
