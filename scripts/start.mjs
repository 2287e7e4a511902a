// `npm start -- ARGS`: sets up what is missing, then runs `cifar-trainer train ARGS`.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./command.mjs";
import { setUp } from "./setup.mjs";

await setUp({ filter: "cifar-trainer" });

const program = join(root, "apps/cifar-trainer/dist/cli.js");
// npm runs scripts in the package's directory, and says where the person stands.
const { INIT_CWD: cwd = process.cwd() } = process.env;
const trainer = spawn(process.execPath, [program, "train", ...process.argv.slice(2)], { cwd, stdio: "inherit" });

// The trainer ends by itself, in its own time, so this process outlives every signal and hands it on; the trainer takes
// a Ctrl-C that reaches it twice for one. A SIGTERM sent to npm alone ends only the shell between npm and this process,
// which shows as a new parent.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => trainer.kill(signal));
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  trainer.kill("SIGTERM");
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
