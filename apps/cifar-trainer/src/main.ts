import { CommanderError } from "commander";
import pc from "picocolors";
import { createProgram, type KernelOptions } from "./command-line.js";
import type { ImageSource } from "./data.js";
import { findDirectories } from "./directories.js";
import { ProgramError } from "./errors.js";

/** Runs the program with the arguments of a command line. Resolves to the exit code. */
export async function main(args: readonly string[], images?: ImageSource): Promise<number> {
  // Nobody reads on, as behind `| head`: no reason to fail.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  const directories = findDirectories(process.env, process.cwd());
  const source = async (): Promise<ImageSource> => images ?? (await import("./data.js")).loadCifar10;
  // What needs tensors is imported when the kernels are chosen.
  const program = createProgram(
    {
      async train(options) {
        await loadKernels(options);
        await (await import("./commands/train.js")).runTrain(options, directories, await source());
      },
      async evaluate(model, options) {
        await loadKernels(options);
        await (await import("./commands/evaluate.js")).runEvaluate(model, options, await source());
      },
      async predict(model, files, options) {
        await loadKernels(options);
        await (await import("./commands/predict.js")).runPredict(model, files, options, directories);
      },
    },
    directories,
  );
  try {
    await program.parseAsync(withoutSeparator(args), { from: "user" });
    return 0;
  } catch (error) {
    return report(error);
  }
}

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

/** pnpm hands on a "--" before the options, which npm takes away. */
function withoutSeparator(args: readonly string[]): string[] {
  return args.filter((argument, index) => !(argument === "--" && index === 1));
}

/** Says what went wrong, unless commander has; returns the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const isExpected = error instanceof ProgramError || (error instanceof Error && "code" in error);
  const message = isExpected ? error.message : error instanceof Error ? error.stack : String(error);
  // Without a terminal isTTY is not false but missing.
  const { red } = pc.createColors(process.stderr.isTTY === true && pc.isColorSupported);
  process.stderr.write(`${red("error:")} ${message}\n`);
  return error instanceof ProgramError ? error.exitCode : 1;
}
