import { manualSeed, setConvolutionAlgorithm } from "@kindling/tensor";
import "@kindling/autograd";
import { lookUp } from "./call.js";
import type { Case, Group } from "./folder.js";
import { runCollate, runDataLoader, runDataset, runDatasetIndex, runTransform } from "./kinds/data.js";
import { runInit, runModuleInit } from "./kinds/init.js";
import { runLbfgs } from "./kinds/lbfgs.js";
import { runModule, runModuleSequence } from "./kinds/module.js";
import { runOp } from "./kinds/op.js";
import { runOptimizer } from "./kinds/optimizer.js";
import { runPacked } from "./kinds/packed.js";
import { runProgram } from "./kinds/program.js";
import { runRandom } from "./kinds/random.js";
import { runScheduler } from "./kinds/scheduler.js";
import { runTraining } from "./kinds/training.js";
import { Mismatch, NotCovered, type Outcome } from "./outcome.js";
import type { Result } from "./report.js";

/** Runs one case; throws Mismatch or NotCovered. */
type Runner = (group: Group, golden: Case) => void | Promise<void>;

const runners: Readonly<Record<string, Runner>> = {
  op: runOp,
  module: runModule,
  module_sequence: runModuleSequence,
  packed: runPacked,
  program: runProgram,
  optimizer: runOptimizer,
  lbfgs: runLbfgs,
  scheduler: runScheduler,
  init: runInit,
  module_init: runModuleInit,
  random: runRandom,
  training: runTraining,
  dataset: runDataset,
  transform: runTransform,
  dataloader: runDataLoader,
  collate: runCollate,
  dataset_index: runDatasetIndex,
};

/** Runs one case. An error that no case expects is a failure of that case, not of the run. */
export async function runCase(group: Group, golden: Case): Promise<Outcome> {
  setConvolutionAlgorithm("direct");
  manualSeed(0);
  try {
    await lookUp(runners, golden.kind)(group, golden);
    return { status: "passed" };
  } catch (error) {
    if (error instanceof NotCovered) return { status: "notCovered", missing: error.missing };
    if (error instanceof Mismatch) return { status: "failed", reason: error.message };
    return { status: "failed", reason: `threw ${String(error)}` };
  } finally {
    setConvolutionAlgorithm("auto");
  }
}

/** Runs every case of a group, in order. */
export async function runGroup(group: Group): Promise<Result[]> {
  const results: Result[] = [];
  for (const golden of group.cases) results.push({ golden, outcome: await runCase(group, golden) });
  return results;
}
