// Builds the native tests: each test/*.test.cc with all kernel files under the address and undefined behaviour
// sanitizers (`threads`: parallel.test.cc and the pool alone under the thread sanitizer).
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { flags, isaArguments } from "./build-native.mjs";
import { compile, findCompiler, inParallel, kernelFiles, root } from "./compiler.mjs";

export const testNames = readdirSync(join(root, "test"))
  .filter((file) => file.endsWith(".test.cc"))
  .sort();

export { findCompiler };

/** Builds the tests for one instruction set; returns the path of each program by the name of its source. */
export async function buildTests(compiler, isa) {
  const sanitize = [
    "-O1",
    "-g1",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=undefined",
    "-fno-sanitize=alignment",
  ];
  const build = async (source, output, args) => {
    const state = await compile(
      compiler,
      [...args, ...flags, ...sanitize, "-w", ...isaArguments(isa), "-c", source],
      output,
    );
    if (state === "failed") throw new Error(`the C++ compiler rejected ${source}`);
    return output;
  };
  const sources = [...kernelFiles(), "parallel.cc"].map((file) => [`src/${file}`, `build/test/${isa}/${file}.o`]);
  const objects = sources.map(([, object]) => object);
  const tests = testNames.map((file) => [`test/${file}`, `build/test/${isa}/${file}.o`]);
  await inParallel([...sources, ...tests], 2, ([source, object]) => build(source, object, ["-Itest"]));
  const programs = new Map();
  await inParallel(tests, 2, async ([source, object]) => {
    const program = object.replace(/\.o$/, "");
    const inputs = [object, ...objects];
    const state = await compile(compiler, [...sanitize, "-pthread", ...inputs], program, { inputs });
    if (state === "failed") throw new Error(`linking ${source} failed`);
    programs.set(source.slice("test/".length), join(root, program));
  });
  return programs;
}

/** Builds test/parallel.test.cc with the pool under the thread sanitizer; undefined where there is no such sanitizer. */
export async function buildThreadTest(compiler) {
  const args = [
    "-O1",
    "-g1",
    ...flags,
    "-fsanitize=thread",
    ...isaArguments("base"),
    "-Itest",
    "test/parallel.test.cc",
    "src/parallel.cc",
  ];
  const inputs = [
    "test/parallel.test.cc",
    "test/check.h",
    "src/parallel.cc",
    "src/parallel.h",
    "src/platform.h",
    "src/platform-native.h",
  ];
  const state = await compile(compiler, args, "build/test/parallel-thread-sanitizer", { inputs });
  return state === "failed" ? undefined : join(root, "build/test/parallel-thread-sanitizer");
}
