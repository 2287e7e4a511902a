import { type Cell, defineBenchmark } from "../benchmark.js";
import { backends, Child, type Rounds, runTypeScript, startKindling, takeTurns } from "../child.js";
import { describeKindling, describeMachine } from "../machine.js";
import { describePyTorch, startPyTorch } from "../pytorch.js";
import { speedup, spread } from "../spread.js";

const threadCounts = [1, 2];
const algorithms = ["auto", "direct"];

interface TensorFlowDescription {
  readonly version: string;
  readonly hasSimd: boolean;
  readonly hasThreads: boolean;
}

interface Measured {
  readonly name: string;
  readonly threads: number;
  readonly rounds: Rounds;
}

export const step = defineBenchmark({
  summary: "the tutorial's training step, beside PyTorch's and TensorFlow.js'",
  options: {
    rounds: { meaning: "turns of every configuration", default: 10 },
    "turn-ms": { meaning: "least length of a turn", default: 300 },
  },
  async run({ rounds, "turn-ms": request }) {
    const machine = describeMachine();
    const pytorch = await startPyTorch("step", threadCounts);
    const tensorflow = await Child.start<TensorFlowDescription>(runTypeScript("tensorflow.ts"));
    const kindling = [];
    const entries: { name: string; threads: number; child: Child<unknown> }[] = [
      { name: "TensorFlow.js wasm", threads: 1, child: tensorflow },
      ...pytorch.map((child) => ({ name: "PyTorch", threads: child.description.threads, child })),
    ];
    for (const threads of threadCounts) {
      for (const backend of backends) {
        for (const algorithm of algorithms) {
          const child = await startKindling("step", backend, threads, [algorithm]);
          kindling.push(child);
          entries.push({ name: `Kindling ${backend} ${algorithm}`, threads, child });
        }
      }
    }
    // What is compared has its turns close to each other.
    entries.sort((a, b) => a.threads - b.threads);
    const results = await takeTurns(
      entries.map(({ child }) => child),
      { rounds, request },
    );
    for (const { child } of entries) child.stop();

    const measured = entries.map(({ name, threads }, i): Measured => ({ name, threads, rounds: results[i] ?? {} }));
    const { version, hasSimd, hasThreads } = tensorflow.description;
    return {
      setting: [
        machine,
        describeKindling(kindling),
        describePyTorch(pytorch),
        `TensorFlow.js: ${version}, WebAssembly with${hasSimd ? "" : "out"} SIMD, ${hasThreads ? "with" : "without"} threads in Node.`,
      ],
      tables: [speedTable(measured), phaseTable(measured)],
      notes: [
        "× says how many times faster, round by round: median (least–most); PyTorch at the same number of threads. By best: the ratio of each one's best round, which other programs on the machine disturb least.",
        "TensorFlow.js cannot train a convolution on its WebAssembly backend: the gradient of the weights was added, made of its own convolution.",
        "Wanted: native auto at least 1.5 × PyTorch; wasm auto at least 0.3 × PyTorch, and 4 × TensorFlow.js.",
      ],
    };
  },
});

function speedTable(measured: readonly Measured[]) {
  const stepTimes = (name: string, threads: number) =>
    measured.find((entry) => entry.name === name && entry.threads === threads)?.rounds.step;
  const compare = (times: readonly number[], reference: readonly number[] | undefined): Cell[] =>
    reference === undefined || reference === times
      ? [null, null]
      : [speedup(times, reference), Math.min(...reference) / Math.min(...times)];
  return {
    title: "One training step, batch 64",
    columns: ["", "threads", "ms", "× PyTorch", "by best", "× TensorFlow.js", "by best"],
    rows: measured.map(({ name, threads, rounds: { step: times = [] } }): Cell[] => [
      name,
      threads,
      spread(times),
      ...compare(times, stepTimes("PyTorch", threads)),
      ...compare(times, stepTimes("TensorFlow.js wasm", 1)),
    ]),
  };
}

function phaseTable(measured: readonly Measured[]) {
  const phases = ["forward", "backward", "update"];
  return {
    title: "Its phases: forward with the loss, backward, and the optimizer's update",
    columns: ["", "threads", ...phases.map((phase) => `${phase} ms`)],
    rows: measured.map(({ name, threads, rounds }) => [name, threads, ...phases.map((p) => spread(rounds[p] ?? []))]),
  };
}
