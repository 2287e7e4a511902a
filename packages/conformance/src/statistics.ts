import { lookUp } from "./call.js";
import { Mismatch } from "./outcome.js";

/** Random numbers to judge. */
export interface Sample {
  readonly values: ArrayLike<number>;
  /** Where the numbers fall into classes: for each class how many there were, and of how many. */
  readonly classes?: readonly { readonly hits: number; readonly of: number }[];
}

/** What is expected of random numbers, by the names of the golden folder's README. */
export interface Expectations {
  readonly low?: number;
  readonly high?: number;
  readonly high_open?: boolean;
  readonly mean?: number;
  readonly std?: number;
  readonly values?: readonly number[];
  readonly integers?: boolean;
  readonly every_value?: boolean;
  readonly frequencies?: readonly number[];
  readonly permutation_of?: number;
  readonly distinct?: boolean;
  readonly never?: readonly number[];
  readonly within_one_std?: number;
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}

export function deviationOf(values: ArrayLike<number>): number {
  const mean = meanOf(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += ((values[i] as number) - mean) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/** Throws unless a share of `hits` in `of` draws fits the probability: within five deviations. */
export function expectFrequency(what: string, hits: number, of: number, probability: number): void {
  const allowed = 5 * Math.sqrt((probability * (1 - probability)) / of);
  if (!(Math.abs(hits / of - probability) <= allowed)) {
    throw new Mismatch(`${what}: a share of ${hits / of} for ${probability} ± ${allowed}`);
  }
}

function expectEvery(what: string, { values }: Sample, holds: (value: number) => boolean): void {
  for (let i = 0; i < values.length; i++) {
    if (!holds(values[i] as number)) throw new Mismatch(`element ${i}: ${values[i]} is not ${what}`);
  }
}

/** The deviation that the mean's tolerance follows from; that of a coin where only the mean is given. */
function expectedDeviation({ std, mean = 0, values }: Expectations): number {
  return std ?? (values === undefined ? Number.NaN : Math.sqrt(mean * (1 - mean)));
}

type Check<K extends keyof Expectations> = (
  sample: Sample,
  want: NonNullable<Expectations[K]>,
  all: Expectations,
) => void;

// Bounds are those of the numbers' own type: a bound that it cannot hold is rounded as they are.
const checks: { readonly [K in keyof Required<Expectations>]: Check<K> } = {
  low: (sample, low) => expectEvery(`at least ${low}`, sample, (value) => value >= Math.fround(low)),
  high: (sample, high, { high_open }) => {
    const bound = Math.fround(high);
    expectEvery(`below ${high}`, sample, (value) => (high_open ? value < bound : value <= bound));
  },
  high_open: () => undefined,
  mean: ({ values }, mean, all) => {
    const got = meanOf(values);
    const allowed = (5 * expectedDeviation(all)) / Math.sqrt(values.length);
    if (!(Math.abs(got - mean) <= allowed)) throw new Mismatch(`mean ${got} for ${mean} ± ${allowed}`);
  },
  std: ({ values }, std) => {
    const got = deviationOf(values);
    const allowed = (5 * std) / Math.sqrt(2 * values.length);
    if (!(Math.abs(got - std) <= allowed)) throw new Mismatch(`std ${got} for ${std} ± ${allowed}`);
  },
  values: (sample, allowed) => expectEvery(`one of ${allowed}`, sample, (value) => allowed.includes(value)),
  integers: (sample) => expectEvery("whole", sample, Number.isInteger),
  every_value: ({ values }, _, { low = 0, high = 0 }) => {
    const seen = new Set(Array.from(values));
    for (let value = low; value < high; value++) if (!seen.has(value)) throw new Mismatch(`${value} never occurs`);
  },
  frequencies: ({ classes = [] }, frequencies) => {
    if (classes.length !== frequencies.length) throw new Mismatch(`${classes.length} classes`);
    frequencies.forEach((frequency, i) => {
      const { hits, of } = classes[i] as { hits: number; of: number };
      expectFrequency(`class ${i}`, hits, of, frequency);
    });
  },
  permutation_of: ({ values }, n) => {
    const sorted = Array.from(values).sort((a, b) => a - b);
    if (sorted.length !== n || sorted.some((value, i) => value !== i)) throw new Mismatch(`no permutation of ${n}`);
  },
  distinct: ({ values }) => {
    if (new Set(Array.from(values)).size !== values.length) throw new Mismatch("a value occurs twice");
  },
  never: (sample, excluded) => expectEvery(`other than ${excluded}`, sample, (value) => !excluded.includes(value)),
  within_one_std: ({ values }, probability, { mean = 0, std = 1 }) => {
    const hits = Array.from(values).filter((value) => Math.abs(value - mean) <= std).length;
    expectFrequency("within one deviation", hits, values.length, probability);
  },
};

/** Throws a Mismatch unless the numbers are as expected; NotCovered for an expectation that has no check. */
export function expectStatistics(sample: Sample, expectations: Expectations): void {
  for (const [name, want] of Object.entries(expectations)) {
    lookUp(checks as Readonly<Record<string, Check<never>>>, name)(sample, want as never, expectations);
  }
}
