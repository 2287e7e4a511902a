import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

const docs = join(import.meta.dirname, "../../docs");
/** Beside this file, so that packages resolve as they do for the examples. */
const folder = mkdtempSync(join(import.meta.dirname, ".docs-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The TypeScript programs in the pages: blocks with an assertion. */
const programs = readdirSync(docs)
  .filter((name) => name.endsWith(".md"))
  .flatMap((page) =>
    [...readFileSync(join(docs, page), "utf8").matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text = ""], i) => ({
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
  const file = join(folder, `${page}-${number}.ts`);
  writeFileSync(file, text);
  await import(file);
});
