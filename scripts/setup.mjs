// Makes a fresh clone ready with nothing but Node and npm: installs the dependencies and builds the packages.
// Both steps are skipped when nothing changed. Progress goes to standard error; standard output is the program's.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run, turbo } from "./command.mjs";
import { addonFile, writePlatform } from "./platform.mjs";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** A step that takes longer than this many milliseconds says what it does. */
const patienceMs = 1500;

/**
 * Installs and builds what is missing, or ends the process with the reason.
 * @param {{ filter?: string }} [options] `filter` builds only that package and what it needs.
 * @returns {Promise<{ native: boolean }>} whether the native addon was built.
 */
export async function setUp({ filter } = {}) {
  checkNode();
  await installDependencies();
  const compiler = writePlatform();
  if (compiler === undefined) {
    say("No C++ compiler found: the kernels run as WebAssembly, which is slower. Install g++ or clang for full speed.");
  }
  await buildPackages(filter);
  const native = compiler !== undefined && existsSync(addonFile);
  if (!native && process.env.KINDLING_REQUIRE_NATIVE === "1") {
    fail("KINDLING_REQUIRE_NATIVE=1, but the native addon could not be built: no C++ compiler works here.");
  }
  return { native };
}

/** Prints a line for the person who waits. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(message, output = "") {
  if (output) say(output.trimEnd());
  say(message);
  process.exit(1);
}

function checkNode() {
  const least = manifest.engines.node.replace(/^>=/, "");
  const isTooOld = process.versions.node.localeCompare(least, "en", { numeric: true }) < 0;
  if (isTooOld) fail(`Kindling needs Node ${least} or newer; this is ${process.versions.node}.`);
}

async function installDependencies() {
  // The marker lies inside node_modules, so that removing the folder removes it too.
  const marker = join(root, "node_modules/.kindling-installed");
  const lockfile = createHash("sha256")
    .update(readFileSync(join(root, "pnpm-lock.yaml")))
    .digest("hex");
  if (existsSync(marker) && readFileSync(marker, "utf8") === lockfile) return;
  await step("Installing dependencies", async (onOutput) => {
    const [command, ...args] = await findPnpm();
    return run(command, [...args, "install", "--frozen-lockfile", "--prefer-offline"], { onOutput });
  });
  writeFileSync(marker, lockfile);
}

/** The pnpm of this repository's major version: one that is there already, or the one that npm fetches. */
async function findPnpm() {
  const wanted = manifest.packageManager.replace("pnpm@", "");
  let version = "";
  await run("pnpm", ["--version"], {
    onOutput: (text) => {
      version += text;
    },
  });
  if (version.split(".")[0] === wanted.split(".")[0]) return ["pnpm"];
  return ["npx", "--yes", "--loglevel=error", manifest.packageManager];
}

async function buildPackages(filter) {
  const isFirst = !existsSync(join(root, "packages/kernels/build"));
  await step(`Building packages${isFirst ? " (the C++ kernels take some minutes)" : ""}`, (onOutput) =>
    turbo(["build", "--output-logs=errors-only", ...(filter ? [`--filter=${filter}...`] : [])], { onOutput }),
  );
}

/** Does `work`, which resolves to an exit code, and ends the process with all its output if it fails. */
async function step(name, work) {
  const start = performance.now();
  const announcement = setTimeout(() => say(`${name}…`), patienceMs);
  let output = "";
  const code = await work((text) => {
    output += text;
  });
  clearTimeout(announcement);
  if (code !== 0) fail(`${name} failed.`, output);
  const elapsedMs = performance.now() - start;
  if (elapsedMs > patienceMs) say(`… done in ${Math.round(elapsedMs / 1000)} s.`);
}
