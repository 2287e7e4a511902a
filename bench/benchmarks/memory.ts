import { availableParallelism } from "node:os";
import { type Cell, defineBenchmark } from "../benchmark.js";
import { startKindling, usableBackends } from "../child.js";
import { describeKindling, describeMachine } from "../machine.js";

/** The step from which memory should not grow any more. */
const warmSteps = 500;

export const memory = defineBenchmark({
  summary: "resident memory over a long synchronous training loop",
  options: { steps: { meaning: "length of the loop", default: 5000 } },
  async run({ steps }) {
    const machine = describeMachine();
    const kindling = [];
    const rows: Cell[][] = [];
    for (const backend of usableBackends()) {
      for (const losses of ["drop", "keep"]) {
        process.stderr.write(`${steps} steps on ${backend}, losses: ${losses}\n`);
        const child = await startKindling("memory", backend, availableParallelism(), [losses]);
        kindling.push(child);
        const samples = await child.ask(steps);
        child.stop();
        const warm = samples.filter(({ step = 0 }) => step >= warmSteps);
        const resident = warm.map((sample) => sample.resident ?? Number.NaN);
        const heap = warm.map((sample) => sample.heap ?? Number.NaN);
        const ends = ([first = Number.NaN, ...rest]: readonly number[]) => [first, rest.at(-1) ?? first] as const;
        const [start, end] = ends(resident);
        const growth = [end, Math.max(...resident)].map((megabytes) => (megabytes / start - 1) * 100);
        rows.push([backend, losses === "keep" ? "kept" : "dropped", start, end, ...growth, ...ends(heap)]);
      }
    }
    return {
      setting: [machine, describeKindling(kindling)],
      tables: [
        {
          title: `Resident memory of the tutorial's training loop, batch 64, ${steps} steps`,
          columns: [
            "",
            "losses",
            `MB at step ${warmSteps}`,
            "at the end",
            "growth %",
            "at most %",
            `JS heap MB at step ${warmSteps}`,
            "at the end",
          ],
          rows,
        },
      ],
      notes: [
        "JS heap is the part of it that the engine holds for JavaScript objects. Wanted: a growth of less than 10 %.",
      ],
    };
  },
});
