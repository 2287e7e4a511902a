import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a program in a Node process of its own, with `kernels` as the built package; returns what it printed. */
export function runModule(program: string, env: Record<string, string> = {}, flags: string[] = []) {
  const text = `import * as kernels from "./dist/index.js";\n${program}`;
  const { PATH = "" } = process.env;
  const result = spawnSync(process.execPath, [...flags, "--input-type=module", "-e", text], {
    cwd: root,
    env: { PATH, ...env },
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status: result.status, output: result.stdout.trim(), errors: result.stderr.trim() };
}

/** Runs the command kindling-info. */
export function runInfo(args: string[], env: Record<string, string> = {}) {
  const { PATH = "" } = process.env;
  const result = spawnSync(process.execPath, ["dist/info.js", ...args], {
    cwd: root,
    env: { PATH, ...env },
    encoding: "utf8",
  });
  return { status: result.status, output: result.stdout.trim(), errors: result.stderr.trim() };
}
