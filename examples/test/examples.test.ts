import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";

const folder = join(import.meta.dirname, "..");
const names = readdirSync(folder).filter((name) => name.endsWith(".ts"));
const source = (name: string): string => readFileSync(join(folder, name), "utf8");

it("finds the examples that the README lists", () => {
  const listed = [...source("README.md").matchAll(/^\| \[`([\w-]+\.ts)`\]/gm)].map((match) => match[1]);
  expect(names.length).toBeGreaterThan(0);
  expect([...listed].sort()).toEqual(names);
});

describe.each(names)("%s", (name) => {
  it("says what it shows and how to run it, checks its result, and is short", () => {
    const lines = source(name).trimEnd().split("\n");
    expect(lines[0]).toMatch(/^\/\/ .{20,}/);
    expect(lines[1]).toBe(`// Run it: pnpm --filter @kindling/examples start ${name}`);
    expect(lines).toContainEqual(expect.stringMatching(/^\s*assert\b/));
    expect(lines.length).toBeLessThanOrEqual(60);
  });

  it("runs, and what it asserts holds", { timeout: 60_000 }, async () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    onTestFinished(() => log.mockRestore());
    await import(join(folder, name));
    expect(log).toHaveBeenCalled();
  });
});

it("the command in the first lines runs an example", { timeout: 60_000 }, () => {
  // What `pnpm start` runs, without needing pnpm on the path.
  const { scripts } = JSON.parse(source("package.json")) as { scripts: { start: string } };
  const [command, ...args] = scripts.start.split(" ") as [string, ...string[]];
  const output = execFileSync(join(folder, "node_modules/.bin", command), [...args, "custom-function.ts"], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(output).toContain("gradFn=<LogCosh>");
});
