// `npm test [-- ARGS]`: the whole suite, on the native backend and again on WebAssembly. ARGS go to vitest;
// KINDLING_BACKEND=native|wasm runs only that one.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./command.mjs";
import { addCounts, countTests } from "./report.mjs";
import { say, setUp } from "./setup.mjs";

/** Projects that test both backends in one run, or no kernels at all: they need no second run. */
const backendIndependent = ["kernels", "kindling", "scripts"];
const backendDependent = ["packages", "apps"]
  .flatMap((parent) => readdirSync(join(root, parent)))
  .concat("examples")
  .filter((name) => !backendIndependent.includes(name));

const { native } = await setUp();
const asked = process.env.KINDLING_BACKEND;
if (asked === "native" && !native) {
  say("KINDLING_BACKEND=native, but the native addon was not built: there is no C++ compiler.");
  process.exit(1);
}
const backends = asked ? [asked] : native ? ["native", "wasm"] : ["wasm"];
if (!native && !asked) say("Skipping the native backend: there is no C++ compiler. Only WebAssembly is tested.");

const reports = join(root, "reports");
mkdirSync(reports, { recursive: true });

const counts = [];
for (const [index, backend] of backends.entries()) {
  say(`\nTesting on ${backend}…`);
  const file = join(reports, `vitest-${backend}.json`);
  rmSync(file, { force: true });
  const repeated = index === 0 ? [] : backendDependent.map((project) => `--project=${project}`);
  const args = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`, ...repeated];
  const exitCode = await run(
    process.execPath,
    [join(root, "node_modules/vitest/vitest.mjs"), ...args, ...process.argv.slice(2)],
    { environment: { KINDLING_BACKEND: backend } },
  );
  const count = existsSync(file)
    ? countTests(JSON.parse(readFileSync(file, "utf8")), exitCode)
    : { passed: 0, failed: 1, skipped: 0 };
  say(`${backend}: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  counts.push(count);
}

const { passed, failed } = addCounts(counts);
if (passed + failed === 0) say("No test ran.");
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
