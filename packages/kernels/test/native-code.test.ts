import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
// @ts-expect-error -- the build scripts are plain JavaScript
import { buildTests, buildThreadTest, findCompiler, testNames } from "../scripts/build-tests.js";
import { loadNative } from "../ts/native.js";
import { nativeIsBuilt } from "./native-is-built.js";

const compiler = findCompiler() as string | undefined;
const names = testNames as string[];
const minutes = 60_000;

function isas(): string[] {
  if (process.arch !== "x64") return process.arch === "arm64" ? ["neon"] : ["base"];
  return nativeIsBuilt && loadNative().isa !== "base" ? ["base", "avx2"] : ["base"];
}

const run = (program: string) => {
  const { status, signal, stdout, stderr } = spawnSync(program, { encoding: "utf8", timeout: 5 * minutes });
  return { status, signal, output: (stdout + stderr).slice(0, 4000) };
};
const passed = { status: 0, signal: null, output: expect.any(String) };

// Skipped, visibly, on machines without a C++ compiler. Only what changed is compiled again.
describe.skipIf(compiler === undefined).each(isas())("native tests for %s under the sanitizers", (isa) => {
  let programs: Promise<Map<string, string>> | undefined;
  it.each(names)(
    "%s",
    async (name) => {
      programs ??= buildTests(compiler, isa) as Promise<Map<string, string>>;
      expect(run((await programs).get(name) as string)).toEqual(passed);
    },
    30 * minutes,
  );
});

describe.skipIf(compiler === undefined)("the pool under the thread sanitizer", () => {
  it("has no data race", { timeout: 5 * minutes }, async ({ skip }) => {
    const program = (await buildThreadTest(compiler)) as string | undefined;
    if (program === undefined) return skip("this compiler has no thread sanitizer");
    expect(run(program)).toEqual(passed);
  });
});
