import { describe, expect, test } from "vitest";
import { addCounts, countTests } from "../report.mjs";

const report = (overrides) => ({
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ status: "passed", assertionResults: [{ status: "passed" }] }],
  ...overrides,
});

describe("countTests", () => {
  test("counts what vitest counted", () => {
    const failing = { status: "failed", assertionResults: [{ status: "failed" }, { status: "failed" }] };
    const counts = countTests(
      report({ numFailedTests: 2, numPendingTests: 1, numTodoTests: 4, testResults: [failing] }),
      1,
    );
    expect(counts).toEqual({ passed: 3, failed: 2, skipped: 5 });
  });

  test("counts a file that could not be loaded as a failure", () => {
    const broken = { status: "failed", assertionResults: [] };
    expect(countTests(report({ testResults: [broken] }), 1).failed).toBe(1);
  });

  test("counts an error outside every test as a failure", () => {
    expect(countTests(report({}), 1).failed).toBe(1);
  });

  test("finds no failure in a good report", () => {
    expect(countTests(report({}), 0)).toEqual({ passed: 3, failed: 0, skipped: 0 });
  });
});

test("addCounts adds up the runs", () => {
  const one = { passed: 1, failed: 2, skipped: 3 };
  expect(addCounts([one, one])).toEqual({ passed: 2, failed: 4, skipped: 6 });
  expect(addCounts([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
});
