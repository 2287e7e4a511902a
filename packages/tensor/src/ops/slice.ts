/** Which elements along a dimension an index takes: from `start` to before `stop`, every `step`-th. */
export interface Slice {
  readonly kind: "slice";
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number | null;
}

/**
 * An index item, as `start:stop:step` in Python: negative bounds count from the end, null leaves a bound open.
 * @example
 * arange(10).index(slice(2, 8, 2)); // → [2, 4, 6]
 * arange(10).index(slice(-3)); // → [7, 8, 9]
 */
export function slice(start: number | null = null, stop: number | null = null, step: number | null = null): Slice {
  return { kind: "slice", start, stop, step };
}
