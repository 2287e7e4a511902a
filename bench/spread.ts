/** Repeated measurements of one thing. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle) - 1] ?? Number.NaN)) / 2;
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * How many times faster `times` is than `reference`: the spread of the ratios of the same round, and the ratio of each
 * one's best round. Nothing without a reference other than itself.
 */
export function speedups(
  times: readonly number[],
  reference: readonly number[] | undefined,
): [byRound: Spread | null, byBest: number | null] {
  if (reference === undefined || reference === times) return [null, null];
  const ratios = times.map((time, round) => (reference[round] ?? Number.NaN) / time);
  return [spread(ratios), Math.min(...reference) / Math.min(...times)];
}
