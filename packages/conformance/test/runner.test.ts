import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { expectThrows } from "../src/call.js";
import { count, type Result, readGroups, runGroup } from "../src/index.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "golden-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A float32 tensor of the folder's bin, which holds 0, 1, 2, … */
const floats = (first: number, length: number, more = {}) => ({
  dtype: "float32",
  shape: [length],
  at: 4 * first,
  ...more,
});

/** Writes a folder of one group, whose bin holds the floats 0 to 15. */
function writeFolder(cases: readonly object[]): void {
  const numbers = Float32Array.from({ length: 16 }, (_, i) => i);
  const head = { format: 1, group: "tiny", title: "Tiny", bin: "tiny.bin", bytes: numbers.byteLength, cases };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify({ groups: [{ group: "tiny", json: "tiny.json" }] }));
  writeFileSync(join(folder, "tiny.json"), JSON.stringify(head));
  writeFileSync(join(folder, "tiny.bin"), numbers);
}

async function run(...cases: readonly object[]): Promise<Result[]> {
  writeFolder(cases.map((golden, i) => ({ id: `tiny/${i}`, kind: "op", ...golden })));
  const results: Result[] = [];
  for (const group of readGroups(folder)) results.push(...(await runGroup(group)));
  return results;
}

async function outcomeOf(golden: object): Promise<unknown> {
  const [result] = await run(golden);
  return result?.outcome;
}

// 1 + 2, 2 + 3, 3 + 4
const addition = { op: "add", args: { input: floats(1, 3), other: floats(2, 3) } };
const odd = { dtype: "float32", shape: [], at: 12 }; // 3

describe("a case", () => {
  test("passes when the answer is right", async () => {
    expect(await outcomeOf({ op: "sum", args: { input: floats(1, 2) }, outputs: [odd] })).toEqual({ status: "passed" });
  });

  test("fails when the answer is wrong, and says what differs first", async () => {
    expect(await outcomeOf({ ...addition, outputs: [floats(3, 3)] })).toEqual({
      status: "failed",
      reason: "contiguous inputs: output 0: element 1: 5 for 4 ± 0",
    });
  });

  test("fails on another shape, another dtype and another number of outputs", async () => {
    const [shape, dtype, number] = await run(
      { ...addition, outputs: [floats(3, 2)] },
      { ...addition, outputs: [floats(3, 3, { dtype: "float64", at: 0 })] },
      { ...addition, outputs: [] },
    );
    expect(shape?.outcome).toMatchObject({ reason: expect.stringContaining("shape [3] for [2]") });
    expect(dtype?.outcome).toMatchObject({ reason: expect.stringContaining("dtype float32 for float64") });
    expect(number?.outcome).toMatchObject({ reason: expect.stringContaining("1 results for 0") });
  });

  test("passes within its tolerance, and not beyond it", async () => {
    const [within, beyond] = await run(
      { op: "mul", args: { input: floats(4, 1), other: 1.2 }, outputs: [floats(5, 1, { tol: [0.01, 0.16] })] },
      { op: "mul", args: { input: floats(4, 1), other: 1.2 }, outputs: [floats(5, 1, { tol: [0.01, 0.14] })] },
    );
    expect(within?.outcome.status).toBe("passed");
    expect(beyond?.outcome.status).toBe("failed");
  });

  test("fails when a gradient is wrong", async () => {
    const square = {
      op: "square",
      args: { input: floats(2, 1) },
      outputs: [floats(4, 1)],
      grad_outputs: [floats(1, 1)],
    };
    const [right, wrong] = await run(
      { ...square, grads: { input: floats(4, 1) } },
      { ...square, grads: { input: floats(5, 1) } },
    );
    expect(right?.outcome.status).toBe("passed");
    expect(wrong?.outcome).toMatchObject({ reason: expect.stringContaining("gradient of input: element 0: 4 for 5") });
  });

  test("is not covered when its operation is missing, its kind, or an element type", async () => {
    const results = await run(
      { op: "no_such_op", args: {} },
      { op: "add", kind: "no_such_kind" },
      { op: "neg", args: { input: floats(0, 1, { dtype: "complex64" }) } },
    );
    expect(results.map(({ outcome }) => outcome)).toEqual([
      { status: "notCovered", missing: "no_such_op" },
      { status: "notCovered", missing: "no_such_kind" },
      { status: "notCovered", missing: "dtype complex64" },
    ]);
  });

  test("is not covered when it has an argument that is not known, also where an error is expected", async () => {
    const args = { ...addition.args, no_such_argument: 1 };
    const results = await run(
      { ...addition, args, outputs: [floats(3, 3)] },
      {
        op: "add",
        args: { input: floats(0, 2), other: floats(0, 3), no_such_argument: 1 },
        error: { class: "E", message: "" },
      },
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(
      results.map(() => ({ status: "notCovered", missing: "add: argument no_such_argument" })),
    );
  });

  test("is not covered when an argument is of a kind that is not known", async () => {
    const args = { ...addition.args, alpha: [1, 2] };
    expect(await outcomeOf({ ...addition, args })).toEqual({ status: "notCovered", missing: "add: alpha as a list" });
  });

  test("with an error passes when the call throws, and fails when it returns", async () => {
    const error = { class: "RuntimeError", message: "sizes" };
    const [throws, returns] = await run(
      { op: "add", args: { input: floats(0, 2), other: floats(0, 3) }, error },
      { ...addition, error },
    );
    expect(throws?.outcome.status).toBe("passed");
    expect(returns?.outcome).toMatchObject({ status: "failed", reason: expect.stringContaining("the call returned") });
  });

  test("with an error fails when what is thrown is not thrown on purpose", () => {
    const mistake = (): never => {
      throw new TypeError("x is undefined");
    };
    expect(() => expectThrows({ class: "RuntimeError", message: "sizes" }, mistake)).toThrow(
      "expected a KindlingError (RuntimeError: sizes), got TypeError: x is undefined",
    );
  });
});

test("the counts add up", async () => {
  const results = await run({ ...addition, outputs: [floats(3, 3)] }, { op: "no_such_op", args: {} });
  expect(count(results)).toEqual({ passed: 0, failed: 1, notCovered: 1 });
});

describe("the command", () => {
  const tsx = createRequire(import.meta.url).resolve("tsx/cli");
  const command = (...args: string[]): Promise<{ code: number; lines: string[] }> =>
    new Promise((resolve) => {
      execFile(
        process.execPath,
        [tsx, "--conditions=@kindling/source", "src/golden-command.ts", ...args],
        { cwd: join(import.meta.dirname, ".."), env: { ...process.env, GOLDEN_DIR: folder } },
        (error, stdout) => resolve({ code: Number(error?.code ?? 0), lines: stdout.trimEnd().split("\n") }),
      );
    });

  test("ends with the sum as JSON, and with exit code 1 when something failed", { timeout: 60_000 }, async () => {
    writeFolder([{ id: "tiny/wrong", kind: "op", ...addition, outputs: [floats(3, 3)] }]);
    const { code, lines } = await command();
    expect(code).toBe(1);
    expect(lines.at(-1)).toBe('{"passed":0,"failed":1,"notCovered":0}');
    expect(lines.join("\n")).toContain("FAILED tiny/wrong: contiguous inputs: output 0: element 1: 5 for 4");
  });

  test("writes a line of JSON for every case and group", { timeout: 60_000 }, async () => {
    writeFolder([{ id: "tiny/sum", kind: "op", op: "sum", args: { input: floats(1, 2) }, outputs: [odd] }]);
    const { code, lines } = await command("--json");
    expect(code).toBe(0);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { id: "tiny/sum", group: "tiny", op: "sum", kind: "op", status: "passed" },
      { group: "tiny", passed: 1, failed: 0, notCovered: 0, missing: {} },
      { passed: 1, failed: 0, notCovered: 0 },
    ]);
  });
});
