// Runs the repository's own tools, which find each other without a global pnpm.
import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";

export const root = join(import.meta.dirname, "..");

/**
 * Runs a command in the repository's root and resolves to its exit code.
 * @param {string} command
 * @param {string[]} args
 * @param {{ environment?: object, onOutput?: (text: string) => void }} [options] With `onOutput` what it prints goes
 * there, else to where this process prints.
 * @returns {Promise<number>}
 */
export function run(command, args, { environment = {}, onOutput } = {}) {
  const { npm_config_loglevel: _, ...inherited } = process.env; // set by .npmrc for npm, not for what we start
  const child = spawn(command, args, {
    cwd: root,
    env: {
      ...inherited,
      PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH}`,
      TURBO_TELEMETRY_DISABLED: "1",
      TURBO_NO_UPDATE_NOTIFIER: "1",
      ...environment,
    },
    stdio: onOutput ? ["ignore", "pipe", "pipe"] : "inherit",
    shell: process.platform === "win32" && command !== process.execPath,
  });
  child.stdout?.setEncoding("utf8").on("data", onOutput);
  child.stderr?.setEncoding("utf8").on("data", onOutput);
  return new Promise((resolve) => {
    child.on("error", (error) => {
      onOutput?.(`${error.message}\n`);
      resolve(127);
    });
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/** Runs `turbo run ARGS`. */
export function turbo(args, options) {
  return run(process.execPath, [join(root, "node_modules/turbo/bin/turbo"), "run", ...args], options);
}
