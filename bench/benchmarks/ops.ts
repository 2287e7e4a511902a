import { writeFileSync } from "node:fs";
import { type Cell, defineBenchmark, type Report, type Table } from "../benchmark.js";
import { startKindling, usableBackends } from "../child.js";
import { describeKindling, describeMachine } from "../machine.js";
import { type Task, tasks } from "../ops/cases.js";
import { formatMarkdown } from "../print.js";
import { describePyTorch, startPyTorchOps } from "../pytorch.js";
import { median } from "../spread.js";
import { type Contestant, type Result, takeRounds, timesOf } from "../turns.js";

/** Times of PyTorch's that are allowed. */
const limit = 2;

export const ops = defineBenchmark({
  summary: "operations on a million elements, forward and backward, beside PyTorch's",
  options: {
    only: { meaning: "names of operations or families, with commas in between", default: "all" },
    threads: { meaning: "numbers of threads, with commas in between", default: "1,2" },
    backend: { meaning: "native or wasm", default: "native" },
    rounds: { meaning: "turns that each program has", default: 7 },
    "turn-ms": { meaning: "least length of a turn", default: 40 },
    write: { meaning: "writes the table to bench/ops.md, too", default: false },
  },
  async run(options) {
    const machine = describeMachine();
    const threads = options.threads.split(",").map(Number);
    const backend = usableBackends().find((one) => one === options.backend);
    if (backend === undefined) throw new Error(`--backend: expected one of ${usableBackends().join(", ")}`);
    const turnMs = options["turn-ms"];
    const pytorch = await startPyTorchOps(threads, turnMs);
    const kindling = await Promise.all(threads.map((count) => startKindling("ops", backend, count, [String(turnMs)])));
    const contestants = [
      ...kindling.map((child, i) => ({ name: "Kindling", threads: threads[i] ?? 1, child })),
      ...pytorch.map((child) => ({ name: "PyTorch", threads: child.description.threads, child })),
    ];
    const chosen = choose(options.only);
    const rows: Cell[][] = [];
    for (const [i, task] of chosen.entries()) {
      process.stderr.write(`${i + 1} of ${chosen.length}: ${task.name} ${task.pass}\n`);
      rows.push(rowOf(task, await measure(contestants, options.rounds, task), threads));
    }
    for (const { child } of contestants) child.stop();
    const report: Report = {
      setting: [machine, describeKindling(kindling), describePyTorch(pytorch)],
      tables: families(chosen, rows, threads),
      notes: [
        "ms: Kindling's and PyTorch's best round. On one thread processor time counts, in which other programs do not show.",
        "×: Kindling's time as a multiple of PyTorch's, the median over the rounds, and of the best rounds.",
        `Wanted: at most ${limit} ×. Rows where both are above end in "slow".`,
      ],
    };
    if (options.write) writeFileSync(new URL("../ops.md", import.meta.url), document(report));
    return report;
  },
});

/** The tasks whose operation or family is asked for; the name's first word will do. */
function choose(only: string): readonly Task[] {
  if (only === "all") return tasks;
  const wanted = only.split(",");
  const chosen = tasks.filter(({ family, name }) =>
    wanted.some((one) => one === family || one === name || one === name.split(" ")[0]),
  );
  if (chosen.length === 0) throw new Error(`--only: there is no operation ${only}`);
  return chosen;
}

function measure(contestants: readonly Contestant[], rounds: number, task: Task): Promise<Result[]> {
  const { inputs, pytorch } = task.case;
  return takeRounds(contestants, rounds, { position: tasks.indexOf(task), pass: task.pass, inputs, pytorch });
}

function rowOf({ name, pass }: Task, results: readonly Result[], threads: readonly number[]): Cell[] {
  let slow = false;
  const cells = threads.flatMap((count): Cell[] => {
    const clock = count === 1 ? "processor" : "wall";
    const ours = timesOf(results, "Kindling", count, clock) ?? [];
    const theirs = timesOf(results, "PyTorch", count, clock);
    if (theirs === undefined) return [Math.min(...ours), null, null, null];
    const byRound = median(ours.map((time, round) => time / (theirs[round] ?? Number.NaN)));
    const byBest = Math.min(...ours) / Math.min(...theirs);
    slow ||= Math.min(byRound, byBest) > limit;
    return [Math.min(...ours), Math.min(...theirs), byRound, byBest];
  });
  return [name, pass, ...cells, slow ? "slow" : ""];
}

function families(chosen: readonly Task[], rows: readonly Cell[][], threads: readonly number[]): Table[] {
  const names = [...new Set(chosen.map(({ family }) => family))];
  const perThreads = threads.flatMap((count) => [`ms on ${count}`, "PyTorch", "×", "by best"]);
  return names.map((title) => ({
    title,
    columns: ["", "", ...perThreads, ""],
    rows: rows.filter((_, i) => chosen[i]?.family === title),
  }));
}

function document(report: Report): string {
  const intro = "Written by `pnpm bench ops --write`: operations on about a million elements beside PyTorch's.";
  return `# Speed of the operations\n\n${intro}\n\n${formatMarkdown(report)}\n`;
}
