// `pnpm bench NAME [ARGS]`: builds the packages, then runs the benchmark from the bench package.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./platform.mjs";
import { setUp } from "./setup.mjs";
import { toolEnvironment } from "./turbo.mjs";

setUp();
const { status } = spawnSync(
  process.execPath,
  [
    join(root, "node_modules/pnpm/bin/pnpm.cjs"),
    "--filter",
    "@kindling/bench",
    "--silent",
    "bench",
    ...process.argv.slice(2),
  ],
  { cwd: root, env: toolEnvironment(), stdio: "inherit" },
);
process.exitCode = status ?? 1;
