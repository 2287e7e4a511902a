// Makes a fresh clone ready with nothing but Node and npm: installs the dependencies and builds the packages.
// Both steps are skipped when nothing changed. Progress goes to standard error; standard output is the program's.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addonFile, root, writePlatform } from "./platform.mjs";
import { runTurbo, toolEnvironment } from "./turbo.mjs";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/**
 * Installs and builds what is missing, or ends the process with the reason.
 * @param {{ filter?: string }} [options] `filter` builds only that package and what it needs.
 * @returns {{ native: boolean }} whether the native addon was built.
 */
export function setUp({ filter } = {}) {
  checkNode();
  installDependencies();
  const compiler = writePlatform();
  if (compiler === undefined) {
    say("No C++ compiler found: the kernels run as WebAssembly, which is slower. Install g++ or clang for full speed.");
  }
  buildPackages(filter);
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

function installDependencies() {
  // The marker lies inside node_modules, so that removing the folder removes it too.
  const marker = join(root, "node_modules/.kindling-installed");
  const lockfile = createHash("sha256")
    .update(readFileSync(join(root, "pnpm-lock.yaml")))
    .digest("hex");
  if (existsSync(marker) && readFileSync(marker, "utf8") === lockfile) return;
  const [command, ...args] = findPnpm();
  timed("Installing dependencies", () => run(command, [...args, "install", "--frozen-lockfile", "--prefer-offline"]));
  writeFileSync(marker, lockfile);
}

/** The pnpm of this repository's major version: one that is there already, or npm fetches it. */
function findPnpm() {
  const wanted = manifest.packageManager.replace("pnpm@", "");
  const { status, output } = run("pnpm", ["--version"]);
  const found = output.trim().split("\n").at(-1) ?? "";
  if (status === 0 && found.split(".")[0] === wanted.split(".")[0]) return ["pnpm"];
  return ["npx", "--yes", "--loglevel=error", manifest.packageManager];
}

function buildPackages(filter) {
  const args = ["build", "--output-logs=errors-only", ...(filter === undefined ? [] : [`--filter=${filter}...`])];
  // A dry look costs as much as a build that finds everything cached, so the line appears only when it takes a while.
  timed("Building packages (the C++ kernels take some minutes the first time)", () => {
    const { code, output } = runTurbo(args, { capture: true });
    return { status: code, output };
  });
}

function timed(what, work) {
  say(`${what}…`);
  const start = performance.now();
  const { status, output } = work();
  if (status !== 0) fail(`${what} failed.`, output);
  say(`${what.split(" ")[0]} done in ${((performance.now() - start) / 1000).toFixed(1)} s.`);
}

function run(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    env: toolEnvironment(),
    maxBuffer: 2 ** 28,
    shell: process.platform === "win32",
  });
  return { status, output: `${stdout ?? ""}${stderr ?? ""}` };
}
