// `pnpm bench NAME [OPTIONS]`: runs one benchmark; without a name, lists them.
import { parseArgs } from "node:util";
import type { Benchmark, Option } from "./benchmark.js";
import { step } from "./benchmarks/step.js";
import { formatReport } from "./print.js";

const benchmarks = new Map<string, Benchmark>(Object.entries({ step }));

function list(): string {
  const lines = [...benchmarks].flatMap(([name, { summary, options }]) => [
    `  ${name.padEnd(10)}${summary}`,
    ...Object.entries(options).map(
      ([option, { meaning, default: value }]) => `${"".padEnd(14)}--${option} ${value || "…"}`.padEnd(34) + meaning,
    ),
  ]);
  return ["pnpm bench NAME [OPTIONS], with the options' defaults; --json prints the numbers as JSON:", ...lines].join(
    "\n",
  );
}

/** The values on the command line, else the defaults. */
function readOptions(options: Readonly<Record<string, Option>>, args: string[]) {
  const strings = Object.fromEntries(Object.keys(options).map((name) => [name, { type: "string" } as const]));
  const { json = false, ...given } = parseArgs({ args, options: { ...strings, json: { type: "boolean" } } }).values;
  const values = Object.entries(options).map(([name, { default: standard }]) => {
    const value = (given as Record<string, string>)[name] ?? standard;
    if (typeof standard === "string") return [name, value];
    if (!(Number(value) > 0)) throw new Error(`--${name}: expected a number above 0, got ${value}`);
    return [name, Number(value)];
  });
  return { json, values: Object.fromEntries(values) };
}

const [name, ...args] = process.argv.slice(2);
const benchmark = benchmarks.get(name ?? "");
if (benchmark === undefined) {
  if (name !== undefined) console.error(`There is no benchmark called ${name}.`);
  console.log(list());
  process.exitCode = name === undefined ? 0 : 1;
} else {
  const { json, values } = readOptions(benchmark.options, args);
  const report = await benchmark.run(values);
  console.log(json ? JSON.stringify(report) : formatReport(report));
}
