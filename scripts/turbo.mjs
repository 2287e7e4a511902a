// Runs turbo tasks: `node scripts/turbo.mjs build typecheck --filter=@kindling/nn...`
import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { root, writePlatform } from "./platform.mjs";

/** The environment in which the repository's own tools run: they find each other without a global pnpm. */
export function toolEnvironment() {
  const { npm_config_loglevel: _, ...environment } = process.env; // set by .npmrc for npm, not for what we start
  return {
    ...environment,
    PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH}`,
    TURBO_TELEMETRY_DISABLED: "1",
    TURBO_NO_UPDATE_NOTIFIER: "1",
  };
}

/** Runs `turbo run ARGS` and returns its exit code and, with `capture`, what it printed. */
export function runTurbo(args, { capture = false } = {}) {
  const turbo = join(root, "node_modules/turbo/bin/turbo");
  const { status, stdout, stderr } = spawnSync(process.execPath, [turbo, "run", ...args], {
    cwd: root,
    encoding: "utf8",
    env: toolEnvironment(),
    maxBuffer: 2 ** 28,
    stdio: capture ? "pipe" : "inherit",
  });
  return { code: status ?? 1, output: `${stdout ?? ""}${stderr ?? ""}` };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writePlatform();
  process.exitCode = runTurbo(process.argv.slice(2)).code;
}
