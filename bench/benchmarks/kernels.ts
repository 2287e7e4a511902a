import { availableParallelism } from "node:os";
import { type Cell, defineBenchmark, type Table } from "../benchmark.js";
import { startKindling, usableBackends } from "../child.js";
import { describeKindling, describeMachine } from "../machine.js";
import { median } from "../spread.js";
import { type Result, takeTurns, turnOptions } from "../turns.js";

export const kernels = defineBenchmark({
  summary: "where the tutorial's training step spends its time, kernel by kernel",
  options: {
    ...turnOptions,
    threads: { meaning: "threads of the kernels", default: availableParallelism() },
    algorithm: { meaning: "of convolutions: auto or direct", default: "auto" },
  },
  async run(options) {
    const machine = describeMachine();
    const { threads, algorithm } = options;
    const kindling = await Promise.all(
      usableBackends().map((backend) => startKindling("kernels", backend, threads, [algorithm])),
    );
    const contestants = kindling.map((child) => ({ name: child.description.backend, threads, child }));
    const results = await takeTurns(contestants, options);
    return {
      setting: [machine, describeKindling(kindling)],
      tables: results.map((result) => kernelTable(result, algorithm)),
      notes: ["Medians over the rounds. Calls are in the order of the step: backward visits the last layer first."],
    };
  },
});

function kernelTable(
  { name: backend, threads, rounds: { step = [], outside = [], ...calls } }: Result,
  algorithm: string,
): Table {
  const byKernel = new Map<string, number[]>();
  for (const [call, times] of Object.entries(calls)) {
    const kernel = call.slice(0, call.lastIndexOf(" "));
    byKernel.set(kernel, [...(byKernel.get(kernel) ?? []), median(times)]);
  }
  const whole = median(step);
  const sum = (times: readonly number[]) => times.reduce((total, time) => total + time, 0);
  const row = (name: string, time: number, each: Cell): Cell[] => [name, time, (time / whole) * 100, each];
  const rows = [...byKernel].map(([kernel, times]) =>
    row(kernel, sum(times), times.map((time) => time.toFixed(3)).join(" ")),
  );
  return {
    title: `One training step, batch 64, ${backend}, threads: ${threads}, convolutions: ${algorithm}`,
    columns: ["kernel", "ms", "%", "each call, ms"],
    rows: [
      row("the whole step", whole, null),
      row("outside kernels", median(outside), null),
      ...rows.toSorted((a, b) => Number(b[1]) - Number(a[1])),
    ],
  };
}
