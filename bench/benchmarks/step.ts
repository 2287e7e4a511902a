import { type Cell, defineBenchmark } from "../benchmark.js";
import { Child, runTypeScript, startKindling, usableBackends } from "../child.js";
import { describeKindling, describeMachine } from "../machine.js";
import { describePyTorch, startPyTorch } from "../pytorch.js";
import { speedups, spread } from "../spread.js";
import { type Contestant, type Result, takeTurns, timesOf, turnOptions } from "../turns.js";

const threadCounts = [1, 2];
const algorithms = ["auto", "direct"];
const phases = ["forward", "backward", "update"];

interface TensorFlowDescription {
  readonly version: string;
  readonly hasSimd: boolean;
  readonly hasThreads: boolean;
}

export const step = defineBenchmark({
  summary: "the tutorial's training step, beside PyTorch's and TensorFlow.js'",
  options: turnOptions,
  async run(options) {
    const machine = describeMachine();
    const tensorflow = await Child.start<TensorFlowDescription>(runTypeScript("tensorflow.ts"));
    const pytorch = await startPyTorch("step", threadCounts);
    const kindling = [];
    const contestants: Contestant[] = [{ name: "TensorFlow.js wasm", threads: 1, child: tensorflow }];
    for (const child of pytorch) contestants.push({ name: "PyTorch", threads: child.description.threads, child });
    for (const threads of threadCounts) {
      for (const backend of usableBackends()) {
        for (const algorithm of algorithms) {
          const child = await startKindling("step", backend, threads, [algorithm]);
          kindling.push(child);
          contestants.push({ name: `Kindling ${backend} ${algorithm}`, threads, child });
        }
      }
    }
    const results = await takeTurns(contestants, options);

    const { version, hasSimd, hasThreads } = tensorflow.description;
    return {
      setting: [
        machine,
        describeKindling(kindling),
        describePyTorch(pytorch),
        `TensorFlow.js: ${version}, WebAssembly with${hasSimd ? "" : "out"} SIMD, with${hasThreads ? "" : "out"} threads in Node.`,
      ],
      tables: [speedTable(results), phaseTable(results)],
      notes: [
        "× says how many times faster, round by round: median (least–most); PyTorch at the same number of threads.",
        "By best: the ratio of each one's best round, which other programs on the machine disturbed least.",
        "TensorFlow.js' WebAssembly backend lacks the gradient of a convolution's weights: it was added, made of its own convolution.",
        "Wanted: native auto at least 1.5 × PyTorch; wasm auto at least 0.3 × PyTorch, and 4 × TensorFlow.js.",
      ],
    };
  },
});

function speedTable(results: readonly Result[]) {
  return {
    title: "One training step, batch 64",
    columns: ["", "threads", "ms", "× PyTorch", "by best", "× TensorFlow.js", "by best"],
    rows: results.map(({ name, threads, rounds: { step: times = [] } }): Cell[] => [
      name,
      threads,
      spread(times),
      ...speedups(times, timesOf(results, "PyTorch", threads, "step")),
      ...speedups(times, timesOf(results, "TensorFlow.js wasm", 1, "step")),
    ]),
  };
}

function phaseTable(results: readonly Result[]) {
  return {
    title: "Its phases: forward with the loss, backward, and the optimizer's update",
    columns: ["", "threads", ...phases.map((phase) => `${phase} ms`)],
    rows: results.map(({ name, threads, rounds }) => [
      name,
      threads,
      ...phases.map((phase) => spread(rounds[phase] ?? [])),
    ]),
  };
}
