import { DataError, DeviceError, DTypeError, ShapeError, UsageError } from "@kindling/tensor";

/** An error in a form that crosses threads. */
export interface DescribedError {
  readonly name: string;
  readonly message: string;
  /** The lines of the stack, without the message. */
  readonly frames: string;
}

const known = {
  DataError,
  DeviceError,
  DTypeError,
  ShapeError,
  UsageError,
  RangeError,
  SyntaxError,
  TypeError,
} as const;

export function describeError(error: unknown): DescribedError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), frames: "" };
  const frames = error.stack?.split("\n").filter((line) => /^\s+at /.test(line)) ?? [];
  return { name: error.name, message: error.message, frames: frames.join("\n") };
}

/** The error again, of its class where that is known, with the stack it had in the worker. */
export function rebuildError({ name, message, frames }: DescribedError, where: string): Error {
  const make = (known as Readonly<Record<string, new (message: string) => Error>>)[name] ?? Error;
  const error = new make(`${where}: ${message}`);
  error.stack = `${name}: ${error.message}\n${frames}`;
  return error;
}
