import type { Case } from "./folder.js";
import type { Outcome } from "./outcome.js";

export interface Result {
  readonly golden: Case;
  readonly outcome: Outcome;
}

export interface Counts {
  passed: number;
  failed: number;
  notCovered: number;
}

export function count(results: readonly Result[]): Counts {
  const counts: Counts = { passed: 0, failed: 0, notCovered: 0 };
  for (const { outcome } of results) counts[outcome.status]++;
  return counts;
}

export function addCounts(all: readonly Counts[]): Counts {
  const sum: Counts = { passed: 0, failed: 0, notCovered: 0 };
  for (const { passed, failed, notCovered } of all) {
    sum.passed += passed;
    sum.failed += failed;
    sum.notCovered += notCovered;
  }
  return sum;
}

/** What is missing, and how many cases for lack of it are not covered; most first. */
export function missingCounts(results: readonly Result[]): [name: string, cases: number][] {
  const counts = new Map<string, number>();
  for (const { outcome } of results) {
    if (outcome.status === "notCovered") counts.set(outcome.missing, (counts.get(outcome.missing) ?? 0) + 1);
  }
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

/** A group's results for a reader. */
export function formatGroup(group: string, results: readonly Result[]): string {
  const { passed, failed, notCovered } = count(results);
  const lines = [`${group}: ${passed} passed, ${failed} failed, ${notCovered} not covered`];
  for (const { golden, outcome } of results) {
    if (outcome.status === "failed") lines.push(`  FAILED ${golden.id}: ${outcome.reason}`);
  }
  const missing = missingCounts(results).map(([name, cases]) => `${name} (${cases})`);
  if (missing.length > 0) lines.push(`  not covered: ${missing.join(", ")}`);
  return lines.join("\n");
}

/** A group's results for a program: a line of JSON per case, then one for the group. */
export function jsonGroup(group: string, results: readonly Result[]): string {
  const cases = results.map(({ golden: { id, op, kind }, outcome }) => ({ id, group, op, kind, ...outcome }));
  const summary = { group, ...count(results), missing: Object.fromEntries(missingCounts(results)) };
  return [...cases, summary].map((line) => JSON.stringify(line)).join("\n");
}
