// What decides the outcome of the kernels' build besides their sources: operating system, processor and C++ compiler.
// turbo hashes none of them, so they are written to .platform, a file that turbo.json lists as an input.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findCompiler } from "../packages/kernels/scripts/compiler.mjs";
import { root } from "./command.mjs";

/** Where the kernels' build leaves the addon, if there is a compiler. */
export const addonFile = join(root, "packages/kernels/build/native/kindling.node");

/** Writes .platform if it changed. Returns the command of the C++ compiler, or undefined if there is none that works. */
export function writePlatform() {
  const compiler = findCompiler();
  const content = `${process.platform} ${process.arch} ${compiler === undefined ? "no compiler" : version(compiler)}\n`;
  const file = join(root, ".platform");
  if (!existsSync(file) || readFileSync(file, "utf8") !== content) writeFileSync(file, content);
  return compiler;
}

function version(compiler) {
  const [command, ...flags] = compiler.split(" ");
  const { stdout } = spawnSync(command, [...flags, "--version"], { encoding: "utf8" });
  return `${compiler} ${stdout?.split("\n")[0] ?? ""}`;
}
