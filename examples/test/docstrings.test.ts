import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as kindling from "@kindling/kindling";
import ts from "typescript";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exampleCode, examplesModule } from "./example-code.js";
import { check, checkThrows } from "./example-values.js";
import { createProgram, entry, packages, publicNames } from "./public-names.js";

/** Examples that need what a test does not have. They are not run, but their types are checked like the others'. */
const notRun: Readonly<Record<string, string>> = {};

/** Beside this file, so that packages resolve as they do for the examples. */
const folder = mkdtempSync(join(import.meta.dirname, ".docstrings-"));
afterAll(() => rmSync(folder, { recursive: true }));

const program = createProgram(packages.map(entry));
const names = publicNames(program);

/** The examples of the names, those that check something: others could rot unseen, and do not count. */
const examples = names.flatMap((name) =>
  name.examples
    .map((text) => ({ name, title: `${name.package} ${name.name}`, code: exampleCode(text) }))
    .filter(({ name: { name: key }, code }) => code.checks > 0 || key in notRun),
);
const withExample = new Set(examples.map(({ name }) => name));

const values = new Set(Object.keys(kindling));
const types = new Set(names.filter(({ isValue }) => !isValue).map(({ name }) => name));

/** Paths of the modules made of the examples, with the titles of these in order. */
const modules = packages.flatMap((packageName) => {
  const mine = examples.filter(({ name }) => name.package === packageName);
  const path = join(folder, `${packageName}.ts`);
  if (mine.length === 0) return [];
  writeFileSync(
    path,
    examplesModule(
      mine.map(({ code }) => code),
      values,
      types,
    ),
  );
  return [{ packageName, path, mine }];
});

describe.each(packages)("%s", (packageName) => {
  const mine = names.filter((name) => name.package === packageName);
  const list = (some: readonly (typeof mine)[number][]) => some.map(({ name, place }) => `${name} (${place})`);

  it("has public names, each with a sentence that says what it is", () => {
    expect(mine.length).toBeGreaterThan(0);
    const bare = list(mine.filter(({ sentence }) => sentence === ""));
    expect(bare, "without a sentence").toEqual([]);
  });

  it("has an example that checks what it says for every function, class and constant", () => {
    const needing = mine.filter(({ isValue, isMember, isInternal }) => isValue && !isMember && !isInternal);
    const bare = list(needing.filter((name) => !withExample.has(name)));
    expect(bare, "without an example").toEqual([]);
  });
});

it("examples are TypeScript without errors of types", { timeout: 60_000 }, () => {
  const checked = createProgram(
    modules.map(({ path }) => path),
    program,
  );
  const errors = modules.flatMap(({ path, mine }) => {
    const file = checked.getSourceFile(path);
    if (!file) throw new Error(`${path} was not read`);
    const starts = [...file.text.matchAll(/^async \(check, checkThrows\) => \{$/gm)].map(({ index }) => index);
    const found = [...checked.getSyntacticDiagnostics(file), ...checked.getSemanticDiagnostics(file)];
    return found.map(({ start = 0, messageText }) => {
      const { title, name } = mine[starts.findLastIndex((from) => from < start)] ?? {
        title: path,
        name: { place: "" },
      };
      return `${title} (${name.place}): ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
  });
  expect(errors).toEqual([]);
});

describe.each(modules)("the examples of $packageName", ({ path, mine }) => {
  type Run = (checkValue: typeof check, checkError: typeof checkThrows) => Promise<void>;
  let runs: readonly Run[] = [];
  const home = process.cwd();
  const scratch = mkdtempSync(join(tmpdir(), "kindling-examples-"));
  beforeAll(async () => {
    runs = ((await import(path)) as { examples: readonly Run[] }).examples;
    process.chdir(scratch);
  });
  afterAll(() => {
    process.chdir(home);
    rmSync(scratch, { recursive: true });
  });
  // An example whose numbers are random says so by seeding; one that does not would fail here now and then.
  beforeEach(() => {
    kindling.defaultGenerator.seed();
  });

  const runnable = mine.flatMap((example, index) => (example.name.name in notRun ? [] : [{ ...example, index }]));
  // Most take a millisecond, but some start workers.
  it.each(runnable)("$title gives what it says", { timeout: 60_000 }, async ({ index }) => {
    await (runs[index] as Run)(check, checkThrows);
  });
});
