// The system's C++ compiler, and object files that are compiled again only when something they were made of changed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the package; every path below is relative to it. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** The kernel files in src/: all but those of the addon and the pool. They are compiled once per instruction set. */
export const kernelFiles = () =>
  readdirSync(join(root, "src"))
    .filter((file) => file.endsWith(".cc") && !["addon.cc", "entry.cc", "parallel.cc"].includes(file))
    .sort();

/** The first compiler of $CXX, c++, g++, clang++ that can build a program, or undefined. */
export function findCompiler() {
  const candidates = process.env.CXX ? [process.env.CXX] : ["c++", "g++", "clang++"];
  const directory = mkdtempSync(join(tmpdir(), "kindling-"));
  const source = join(directory, "probe.cc");
  writeFileSync(source, "#include <stdint.h>\nint main() { return (int)(uintptr_t)nullptr; }\n");
  try {
    return candidates.find((candidate) => {
      const [command, ...flags] = candidate.split(" ");
      const { status } = spawnSync(command, [...flags, "-std=c++17", source, "-o", join(directory, "probe")]);
      return status === 0;
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Runs a command in the package's root; resolves to its exit code and what it printed. */
export function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root });
    let output = "";
    child.stdout.on("data", (bytes) => (output += bytes));
    child.stderr.on("data", (bytes) => (output += bytes));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

/** Runs `work` over all items, `limit` at a time. */
export async function inParallel(items, limit, work) {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: limit }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    }),
  );
}

/** A hash of a command line and of the contents of the files it read. */
export function hashOf(command, inputs) {
  const hash = createHash("sha256").update(JSON.stringify(command));
  for (const input of inputs) hash.update(`\0${input}\0`).update(readFileSync(resolve(root, input)));
  return hash.digest("hex");
}

/** Whether `output` exists and was made by this command from files that have not changed since. */
export function isFresh(output, command) {
  const record = join(root, `${output}.json`);
  if (!existsSync(join(root, output)) || !existsSync(record)) return false;
  try {
    const { hash, inputs } = JSON.parse(readFileSync(record, "utf8"));
    return hash === hashOf(command, inputs);
  } catch {
    return false; // an input is gone
  }
}

export function remember(output, command, inputs) {
  writeFileSync(join(root, `${output}.json`), JSON.stringify({ hash: hashOf(command, inputs), inputs }));
}

/**
 * Runs the compiler unless `output` is fresh. `args` lacks only `-o output`. The result appears in one
 * step, so that builds at the same time cannot see half a file. Returns "fresh", "built" or "failed".
 */
export async function compile(compiler, args, output, { inputs } = {}) {
  const [command, ...flags] = [...compiler.split(" "), ...args];
  if (isFresh(output, [command, ...flags])) return "fresh";
  mkdirSync(dirname(join(root, output)), { recursive: true });
  const partial = `${output}.${process.pid}.partial`;
  const dependencies = `${partial}.d`;
  const listing = inputs ? [] : ["-MMD", "-MF", dependencies];
  const { code, output: messages } = await run(command, [...flags, ...listing, "-o", partial]);
  if (messages) process.stderr.write(messages);
  if (code === 0) {
    remember(output, [command, ...flags], inputs ?? readDependencies(dependencies));
    renameSync(join(root, partial), join(root, output));
  }
  for (const leftover of [partial, dependencies]) rmSync(join(root, leftover), { force: true });
  return code === 0 ? "built" : "failed";
}

/** The files named in a makefile rule as written by -MMD. */
function readDependencies(file) {
  const rule = readFileSync(join(root, file), "utf8").replaceAll("\\\n", " ");
  return rule
    .slice(rule.indexOf(": ") + 2)
    .trim()
    .split(/\s+/);
}
