import { randomOps } from "@kindling/kernels";
import { type DType, isFloatingPoint } from "./dtype.js";
import { DTypeError, UsageError } from "./errors.js";
import { defaultGenerator, type Generator } from "./generator.js";
import { code, kernels, opCodes } from "./launch.js";
import { numberOfElements } from "./shape.js";
import type { Tensor } from "./tensor.js";

const codes = opCodes(randomOps);

export interface GeneratorOptions {
  /** Where the random numbers come from. Default: the generator that `manualSeed` seeds. */
  generator?: Generator | null;
}

/** Fills `out`, which is contiguous, with random numbers; see the kernel table for the parameters. */
export function draw(
  kind: (typeof randomOps)[number],
  out: Tensor,
  generator: Generator | null | undefined,
  p0 = 0,
  p1 = 0,
): Tensor {
  const count = numberOfElements(out.shape);
  if (count > 0) {
    const stream = generator ?? defaultGenerator;
    kernels.random(codes[kind], code(out.dtype), count, stream.address, out.address, p0, p1);
  }
  return out;
}

export function checkFloat(op: string, dtype: DType): void {
  if (!isFloatingPoint(dtype)) throw new DTypeError(`${op}: expected float32 or float64, got ${dtype}`);
}

export function checkProbability(op: string, p: number): void {
  if (!(p >= 0 && p <= 1)) throw new UsageError(`${op}: expected a probability of 0 to 1, got ${p}`);
}

export function checkDeviation(op: string, std: number): void {
  if (!(std >= 0)) throw new UsageError(`${op}: expected a standard deviation of at least 0, got ${std}`);
}

export function checkRange(op: string, low: number, high: number): void {
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || high <= low) {
    throw new UsageError(`${op}: expected whole numbers low < high, got ${low} and ${high}`);
  }
}
