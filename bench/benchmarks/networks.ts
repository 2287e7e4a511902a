import { type Cell, defineBenchmark } from "../benchmark.js";
import { startKindling, usableBackends } from "../child.js";
import { describeKindling, describeMachine } from "../machine.js";
import { describePyTorch, startPyTorchNetwork } from "../pytorch.js";
import { speedups, spread } from "../spread.js";
import { type Contestant, takeTurns, timesOf, turnOptions } from "../turns.js";

const all = ["mlp", "resnet20", "transformer", "lstm"];

export const networks = defineBenchmark({
  summary: "training steps of an MLP, ResNet-20, a transformer and an LSTM, beside PyTorch's",
  options: {
    ...turnOptions,
    only: { meaning: `some of ${all.join(",")}`, default: all.join(",") },
    threads: { meaning: "numbers of threads, with commas in between", default: "1,2" },
  },
  async run(options) {
    const machine = describeMachine();
    const threads = options.threads.split(",").map(Number);
    const rows: Cell[][] = [];
    const kindling = [];
    const pytorch = [];
    for (const network of options.only.split(",")) {
      process.stderr.write(`${network}\n`);
      const contestants: Contestant[] = [];
      for (const child of await startPyTorchNetwork(network, threads)) {
        pytorch.push(child);
        contestants.push({ name: "PyTorch", threads: child.description.threads, child });
      }
      for (const count of threads) {
        for (const backend of usableBackends()) {
          const child = await startKindling("network", backend, count, [network]);
          kindling.push(child);
          contestants.push({ name: `Kindling ${backend}`, threads: count, child });
        }
      }
      const results = await takeTurns(contestants, options);
      for (const { name, threads, rounds } of results) {
        const clock = threads === 1 ? "processor" : "wall";
        const times = rounds[clock] ?? [];
        const reference = timesOf(results, "PyTorch", threads, clock);
        rows.push([network, name, threads, spread(times), ...speedups(times, reference)]);
      }
    }
    return {
      setting: [machine, describeKindling(kindling), describePyTorch(pytorch.slice(0, threads.length))],
      tables: [{ title: "One training step", columns: ["", "", "threads", "ms", "× PyTorch", "by best"], rows }],
      notes: [
        "mlp: 784-512-512-10, batch 128, Adam. resnet20: 32×32 images, batch 64, SGD with momentum. transformer: 4 encoder layers",
        "of width 256 with a causal mask, 16 × 64 tokens, AdamW. lstm: 2 layers of width 256, 32 × 64 tokens, Adam.",
        "On one thread processor time counts, in which other programs show least.",
        "Wanted, native: at least 1.5 × PyTorch for resnet20, 1.2 × for the others.",
      ],
    };
  },
});
