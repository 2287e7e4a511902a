#!/usr/bin/env node
import { CommanderError } from "commander";
import pc from "picocolors";
import { createProgram, type KernelOptions } from "./command-line.js";
import { findDirectories } from "./directories.js";
import { ProgramError } from "./errors.js";

/** Loads the kernels that the command line asks for, before anything else does. */
async function loadKernels({ backend, threads }: KernelOptions): Promise<void> {
  if (backend !== undefined) process.env.KINDLING_BACKEND = backend;
  if (threads !== undefined) process.env.KINDLING_NUM_THREADS = String(threads);
  try {
    (await import("@kindling/kernels")).backend();
  } catch (cause) {
    throw new ProgramError(`The kernels do not load: ${(cause as Error).message}`, { cause });
  }
}

const directories = findDirectories(process.env, process.cwd());
const program = createProgram(
  {
    async train(options) {
      await loadKernels(options);
      await (await import("./commands/train.js")).runTrain(options, directories);
    },
    async evaluate(model, options) {
      await loadKernels(options);
      await (await import("./commands/evaluate.js")).runEvaluate(model, options);
    },
    async predict(model, images, options) {
      await loadKernels(options);
      await (await import("./commands/predict.js")).runPredict(model, images, options, directories);
    },
  },
  directories,
);

/** pnpm hands on a "--" before the options, which npm takes away. */
function withoutSeparator(argv: readonly string[]): string[] {
  return argv.filter((argument, index) => !(argument === "--" && argv[index - 1] === "train"));
}

/** Says what went wrong, unless commander has; returns the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const isExpected = error instanceof ProgramError || (error instanceof Error && "code" in error);
  const message = isExpected ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${pc.createColors(process.stderr.isTTY).red("error:")} ${message}\n`);
  return error instanceof ProgramError ? error.exitCode : 1;
}

try {
  await program.parseAsync(withoutSeparator(process.argv));
} catch (error) {
  process.exitCode = report(error);
}
