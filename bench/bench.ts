// `pnpm bench NAME [OPTIONS]`: runs one benchmark; without a name, lists them.
import { parseArgs } from "node:util";
import type { Benchmark, Option } from "./benchmark.js";
import { kernels } from "./benchmarks/kernels.js";
import { loading } from "./benchmarks/loading.js";
import { matmul } from "./benchmarks/matmul.js";
import { memory } from "./benchmarks/memory.js";
import { networks } from "./benchmarks/networks.js";
import { ops } from "./benchmarks/ops.js";
import { overhead } from "./benchmarks/overhead.js";
import { step } from "./benchmarks/step.js";
import { formatReport } from "./print.js";

const benchmarks = new Map<string, Benchmark>(
  Object.entries({ step, networks, kernels, memory, loading, overhead, matmul, ops }),
);

function list(): string {
  const lines = [...benchmarks].flatMap(([name, { summary, options }]) => [
    `  ${name.padEnd(11)}${summary}`,
    ...Object.entries(options).map(
      ([option, { meaning, default: value }]) =>
        `${"".padEnd(12)}--${option}${typeof value === "boolean" ? "" : ` ${value}`}: ${meaning}`,
    ),
  ]);
  return ["pnpm bench NAME [OPTIONS], with the options' defaults; --json prints the numbers as JSON:", ...lines].join(
    "\n",
  );
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function parse(options: Readonly<Record<string, Option>>, args: string[]) {
  const types = Object.entries(options).map(([name, { default: value }]) => {
    return [name, { type: typeof value === "boolean" ? "boolean" : "string" } as const] as const;
  });
  try {
    return parseArgs({ args, options: { ...Object.fromEntries(types), json: { type: "boolean" } } }).values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

/** The values on the command line, else the defaults. */
function readOptions(options: Readonly<Record<string, Option>>, args: string[]) {
  const { json = false, ...given } = parse(options, args);
  const values = Object.entries(options).map(([name, { default: standard }]) => {
    const value = (given as Record<string, string | boolean>)[name] ?? standard;
    if (typeof standard !== "number") return [name, value];
    if (!(Number(value) > 0)) fail(`--${name}: expected a number above 0, got ${value}`);
    return [name, Number(value)];
  });
  return { json, values: Object.fromEntries(values) };
}

const [name, ...args] = process.argv.slice(2);
const benchmark = benchmarks.get(name ?? "");
if (benchmark === undefined) {
  console.log(list());
  if (name !== undefined) fail(`There is no benchmark ${name}.`);
} else {
  const { json, values } = readOptions(benchmark.options, args);
  const report = await benchmark.run(values);
  console.log(json ? JSON.stringify(report) : formatReport(report));
}
