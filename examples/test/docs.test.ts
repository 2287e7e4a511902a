import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
/** Beside this file, so that packages resolve as they do for the examples. */
const folder = mkdtempSync(join(import.meta.dirname, ".docs-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The pages of `docs`, and the README of every package. */
const pages = [
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
  ...readdirSync(join(root, "packages")).map((name) => join("packages", name, "README.md")),
];

/** The TypeScript programs in the pages: blocks with an assertion. */
const programs = pages
  .flatMap((page) =>
    [...readFileSync(join(root, page), "utf8").matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text = ""], i) => ({
      page,
      number: i + 1,
      text,
    })),
  )
  .filter(({ text }) => text.includes("assert."));

it("finds programs in the documentation", () => {
  expect(programs.length).toBeGreaterThan(0);
});

it.each(programs)("program $number of $page does what it says", async ({ page, number, text }) => {
  const file = join(folder, `${page.replaceAll(/[\\/]/g, "-")}-${number}.ts`);
  writeFileSync(file, text);
  await import(file);
});
