import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { loadNative } from "../ts/native.js";
import { nativeIsBuilt } from "./native-is-built.js";

/** The build scripts are plain JavaScript. */
interface BuildTests {
  readonly testNames: readonly string[];
  findCompiler(): string | undefined;
  buildTests(compiler: string, isa: string): Promise<Map<string, string>>;
  buildThreadTest(compiler: string): Promise<string | undefined>;
}
const build: BuildTests = await import(new URL("../scripts/build-tests.mjs", import.meta.url).href);
const compiler = build.findCompiler() ?? "";
const minutes = 60_000;

/** The instruction sets that this machine can run. */
function isas(): string[] {
  if (process.arch !== "x64") return process.arch === "arm64" ? ["neon"] : ["base"];
  const all = ["base", "avx2", "avx512"];
  return all.slice(0, 1 + (nativeIsBuilt ? all.indexOf(loadNative().isa) : 0));
}

const run = (program: string) => {
  const { status, signal, stdout, stderr } = spawnSync(program, { encoding: "utf8", timeout: 5 * minutes });
  return { status, signal, output: (stdout + stderr).slice(0, 4000) };
};
const passed = { status: 0, signal: null, output: expect.any(String) };

// Skipped, visibly, on machines without a C++ compiler. Only what changed is compiled again.
describe.skipIf(compiler === "").each(isas())("native tests for %s under the sanitizers", (isa) => {
  let programs: Promise<Map<string, string>> | undefined;
  it.each(build.testNames)(
    "%s",
    async (name) => {
      programs ??= build.buildTests(compiler, isa);
      expect(run((await programs).get(name) as string)).toEqual(passed);
    },
    30 * minutes,
  );
});

describe.skipIf(compiler === "")("the pool under the thread sanitizer", () => {
  it("has no data race", { timeout: 5 * minutes }, async ({ skip }) => {
    const program = await build.buildThreadTest(compiler);
    if (program === undefined) return skip("this compiler has no thread sanitizer");
    expect(run(program)).toEqual(passed);
  });
});
