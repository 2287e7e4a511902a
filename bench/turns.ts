import { setTimeout } from "node:timers/promises";
import type { Child } from "./child.js";
import { median } from "./spread.js";

/** One of the programs that are compared. */
export interface Contestant {
  readonly name: string;
  readonly threads: number;
  readonly child: Child<unknown>;
}

/** What was measured of one, round by round, by the names of its samples. */
export interface Result {
  readonly name: string;
  readonly threads: number;
  readonly rounds: Readonly<Record<string, readonly number[]>>;
}

/** What was measured of one program, round by round, if it ran. */
export function timesOf(
  results: readonly Result[],
  name: string,
  threads: number,
  what: string,
): readonly number[] | undefined {
  return results.find((result) => result.name === name && result.threads === threads)?.rounds[what];
}

/** Options of benchmarks that take turns. */
export const turnOptions = {
  rounds: { meaning: "turns that each program has", default: 10 },
  "turn-ms": { meaning: "least length of a turn", default: 300 },
};

/**
 * Lets programs take turns, all of them in every round, so that a machine that slows down slows all of them. Every other
 * round runs backwards, and those with the same number of threads follow each other. Of the samples of a turn the median
 * counts. Every turn is asked for by `request`.
 */
export async function takeRounds(
  contestants: readonly Contestant[],
  rounds: number,
  request: unknown,
  report: (round: number) => void = () => {},
): Promise<Result[]> {
  const results = contestants
    .toSorted((a, b) => a.threads - b.threads)
    .map((contestant) => ({ ...contestant, rounds: {} as Record<string, number[]> }));
  // Round 0 lets the engines compile and the processors speed up.
  for (let round = 0; round <= rounds; round++) {
    report(round);
    for (const { child, rounds } of round % 2 === 0 ? results.toReversed() : results) {
      await setTimeout(30); // the threads of the one before spin for a while before they sleep
      const samples = await child.ask(request);
      if (round === 0) continue;
      for (const name of Object.keys(samples[0] ?? {})) {
        const values = samples.map((sample) => sample[name] ?? Number.NaN);
        rounds[name] = [...(rounds[name] ?? []), median(values)];
      }
    }
  }
  return results.map(({ name, threads, rounds }) => ({ name, threads, rounds }));
}

/** `takeRounds` with turns of a length; the programs are ended. */
export async function takeTurns(
  contestants: readonly Contestant[],
  options: { rounds: number; "turn-ms": number },
): Promise<Result[]> {
  const results = await takeRounds(contestants, options.rounds, options["turn-ms"], (round) => {
    process.stderr.write(round === 0 ? "warming up\n" : `round ${round} of ${options.rounds}\n`);
  });
  for (const { child } of contestants) child.stop();
  return results;
}
