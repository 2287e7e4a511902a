import { describe, expect, test } from "vitest";
import {
  count,
  formatGroup,
  type Group,
  goldenFolder,
  hasManifest,
  missingCifar10,
  missingCounts,
  type Result,
  readGroups,
  runGroup,
} from "../src/index.js";
import { notCovered } from "./not-covered.js";

const folder = goldenFolder();
const groups = hasManifest(folder) ? [...readGroups(folder)] : [];
const timeoutMs = 600_000;

/** Both tests of a group need its results; whichever comes first runs it. */
const running = new Map<string, Promise<Result[]>>();
function resultsOf(group: Group): Promise<Result[]> {
  const results = running.get(group.name) ?? runGroup(group);
  running.set(group.name, results);
  return results;
}

if (groups.length === 0) {
  test.skip(`there is no golden folder at ${folder}: set GOLDEN_DIR to check against PyTorch`, () => undefined);
}

describe.each(groups.map((group) => [group.name, group] as const))("golden %s", (name, group) => {
  test("every answer is PyTorch's", { timeout: timeoutMs }, async () => {
    const results = await resultsOf(group);
    const { passed, failed, notCovered: missing } = count(results);
    expect(failed, formatGroup(name, results)).toBe(0);
    expect(passed + missing).toBe(group.cases.length);
  });

  // Other folders have other cases.
  test.skipIf(process.env.GOLDEN_DIR)("what is not covered only becomes less", { timeout: timeoutMs }, async () => {
    const missing = missingCounts(await resultsOf(group)).filter(([what]) => what !== missingCifar10);
    const cases = missing.reduce((sum, [, some]) => sum + some, 0);
    const ceiling = notCovered[name] ?? 0;
    const list = missing.map(([what, some]) => `${what} (${some})`).join(", ");
    expect(cases, `more of ${name} is not covered than before: ${list}`).toBeLessThanOrEqual(ceiling);
    expect(cases, `less of ${name} is not covered than before: lower its number in test/not-covered.ts`).toBe(ceiling);
  });
});
