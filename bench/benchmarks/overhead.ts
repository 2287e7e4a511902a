import { spawnSync } from "node:child_process";
import { type Cell, defineBenchmark } from "../benchmark.js";
import { startKindling, usableBackends } from "../child.js";
import { describeKindling, describeMachine } from "../machine.js";
import { spread } from "../spread.js";
import { takeTurns, turnOptions } from "../turns.js";

/** A program that prints the milliseconds it takes to import the umbrella package. */
const importer = `
const start = performance.now();
await import("@kindling/kindling");
console.log(performance.now() - start);
`;

function importMs(backend: string): number {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", importer], {
    encoding: "utf8",
    cwd: import.meta.dirname,
    env: { ...process.env, KINDLING_BACKEND: backend },
  });
  if (stdout === "") throw new Error(stderr);
  return Number(stdout);
}

export const overhead = defineBenchmark({
  summary: "the cost of one small operation, and of importing everything",
  options: turnOptions,
  async run(options) {
    const machine = describeMachine();
    const kindling = await Promise.all(usableBackends().map((backend) => startKindling("overhead", backend, 1)));
    const contestants = kindling.map((child) => ({ name: child.description.backend, threads: 1, child }));
    const results = await takeTurns(contestants, options);
    const rows = results.map(({ name, rounds: { plain = [], recorded = [] } }): Cell[] => {
      const imports = Array.from({ length: options.rounds }, () => importMs(name));
      return [name, spread(plain), spread(recorded), spread(imports)];
    });
    return {
      setting: [machine, describeKindling(kindling)],
      tables: [
        {
          title: "Add of two tensors with one element each, and import of @kindling/kindling in a new process",
          columns: ["", "add µs", "recorded add µs", "import ms"],
          rows,
        },
      ],
      notes: [
        "A recorded add is one of a tensor that requires a gradient.",
        "Wanted: add below 1 µs, recorded below 2 µs, import below 100 ms.",
      ],
    };
  },
});
