import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cell, defineBenchmark } from "../benchmark.js";
import { Child, childFile, startKindling, usableBackends } from "../child.js";
import { describeKindling, describeMachine } from "../machine.js";
import { describePyTorch, startPyTorch } from "../pytorch.js";
import { speedups, spread } from "../spread.js";
import { type Contestant, takeTurns, timesOf, turnOptions } from "../turns.js";

const threadCounts = [1, 2];
const flops = 2 * 1024 ** 3;

/** Compiles children/fma-peak.cc for this very processor and starts it; none without a C++ compiler. */
async function startPeak(): Promise<Contestant[]> {
  const directory = mkdtempSync(join(tmpdir(), "kindling-bench-"));
  const program = join(directory, "fma-peak");
  const args = ["-std=c++17", "-O3", "-march=native", "-pthread", childFile("fma-peak.cc"), "-o", program];
  try {
    const compilers = [process.env.CXX ?? "c++", "g++", "clang++"];
    if (!compilers.some((compiler) => spawnSync(compiler, args).status === 0)) return [];
    const start = async (threads: number) => {
      return { name: "peak", threads, child: await Child.start([program, String(threads)]) };
    };
    return await Promise.all(threadCounts.map(start));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export const matmul = defineBenchmark({
  summary: "the product of two 1024×1024 matrices, against what the processor can do",
  options: turnOptions,
  async run(options) {
    const machine = describeMachine();
    const contestants = await startPeak();
    const pytorch = await startPyTorch("matmul", threadCounts);
    for (const child of pytorch) contestants.push({ name: "PyTorch", threads: child.description.threads, child });
    const kindling = [];
    for (const backend of usableBackends()) {
      for (const threads of threadCounts) {
        const child = await startKindling("matmul", backend, threads);
        kindling.push(child);
        contestants.push({ name: `Kindling ${backend}`, threads, child });
      }
    }
    const results = await takeTurns(contestants, options);

    const rows = results.map(({ name, threads, rounds: { matmul: times = [] } }): Cell[] => [
      name,
      threads,
      spread(times),
      spread(times.map((time) => flops / time / 1e6)),
      ...speedups(times, timesOf(results, "peak", threads, "matmul")),
      ...speedups(times, timesOf(results, "PyTorch", threads, "matmul")),
    ]);
    return {
      setting: [machine, describeKindling(kindling), describePyTorch(pytorch)],
      tables: [
        {
          title: "Product of two float32 matrices, 1024×1024 each",
          columns: ["", "threads", "ms", "GFLOPS", "× peak", "by best", "× PyTorch", "by best"],
          rows,
        },
      ],
      notes: [
        "The peak is that of fused multiply-adds on registers (needs a C++ compiler). × is by round, median (least–most); by best: of the best rounds.",
        "PyTorch multiplies with the BLAS library it was installed with; Debian's default is a slow one.",
        "Wanted: native at least 0.8 × the peak.",
      ],
    };
  },
});
