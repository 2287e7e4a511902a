// `npm start -- ARGS`: sets up what is missing, then runs `cifar-trainer train ARGS`.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./command.mjs";
import { setUp } from "./setup.mjs";

await setUp({ filter: "cifar-trainer" });

const program = join(root, "apps/cifar-trainer/dist/cli.js");
if (!existsSync(program)) {
  console.error(
    "The trainer (apps/cifar-trainer) is not written yet; the packages are built, and `npm test` runs their tests.",
  );
  process.exit(1);
}
const trainer = spawn(process.execPath, [program, "train", ...process.argv.slice(2)], { stdio: "inherit" });

// The trainer ends by itself, in its own time, so this process outlives every signal. Ctrl-C on a terminal reaches the
// trainer directly; a signal sent to this process is handed on. One sent to npm alone ends only the shell between npm
// and this process, which shows as a new parent.
const hasTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    if (signal !== "SIGINT" || !hasTerminal) trainer.kill(signal);
  });
}
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  trainer.kill("SIGINT");
}, 250);

trainer.on("error", (error) => {
  console.error(`cifar-trainer did not start: ${error.message}`);
  process.exit(1);
});
trainer.on("exit", (code, signal) => {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
