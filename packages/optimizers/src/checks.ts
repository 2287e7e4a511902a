import { UsageError } from "@kindling/tensor";

/** Throws unless `value` is a finite number of at least 0. */
export function checkNotNegative(optimizer: string, name: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return;
  throw new UsageError(`${optimizer}: ${name} must be a finite number of at least 0, got ${value}`);
}

/** Throws unless `value` is a number from 0 to 1. */
export function checkShare(optimizer: string, name: string, value: number): void {
  if (value >= 0 && value <= 1) return;
  throw new UsageError(`${optimizer}: ${name} must be between 0 and 1, got ${value}`);
}

/** Throws unless both are at least 0 and below 1. */
export function checkBetas(optimizer: string, betas: readonly number[]): void {
  if (betas.length === 2 && betas.every((beta) => beta >= 0 && beta < 1)) return;
  throw new UsageError(`${optimizer}: betas must be two numbers of at least 0 and below 1, got ${betas.join(", ")}`);
}
