import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { deserialize } from "node:v8";
import { backendInfo } from "@kindling/kernels";
import { describe, expect, it } from "vitest";
import { type Answers, allAnswers } from "../src/samples/answers.js";

const root = join(import.meta.dirname, "..");
const other = backendInfo().backend === "native" ? "wasm" : "native";

/** What the samples give on the other backend, or null if this machine does not have it. */
function answersOfOther(): Answers | null {
  try {
    const output = execFileSync(
      process.execPath,
      ["--import=tsx", "--conditions=@kindling/source", join(root, "src/answers-command.ts")],
      { cwd: root, env: { ...process.env, KINDLING_BACKEND: other }, maxBuffer: 2 ** 28, stdio: "pipe" },
    );
    return deserialize(output) as Answers;
  } catch (error) {
    const isMissing = String(error).includes("the addon does not load");
    if (isMissing && process.env.KINDLING_REQUIRE_NATIVE !== "1") return null;
    throw error;
  }
}

/** Largest difference, relative to the largest element of the same tensor. */
const tolerances = { float32: 2e-6, float64: 1e-14 } as const;

function expectSameToRounding(got: readonly number[], want: readonly number[], tolerance: number): void {
  expect(got.length).toBe(want.length);
  const largest = Math.max(1, ...want.map(Math.abs).filter(Number.isFinite));
  got.forEach((value, i) => {
    const expected = want[i] as number;
    if (!Object.is(value, expected) && !(Math.abs(value - expected) <= tolerance * largest)) {
      expect.fail(`element ${i}: ${value} here, ${expected} on ${other}`);
    }
  });
}

const there = answersOfOther();

describe.skipIf(there === null)(`the same operation on ${other}${there === null ? ", which is not built" : ""}`, () => {
  it.each(Object.entries(allAnswers()))("gives the same numbers and gradients, to rounding: %s", (name, answers) => {
    for (const dtype of ["float32", "float64"] as const) {
      const expected = there?.[name]?.[dtype] ?? [];
      expect(answers[dtype].length).toBe(expected.length);
      answers[dtype].forEach((tensor, i) => {
        expectSameToRounding(tensor, expected[i] as number[], tolerances[dtype]);
      });
    }
  });
});
