// `pnpm bench NAME [ARGS]`: builds the packages, then runs the benchmark from the bench package.
import { run } from "./command.mjs";
import { setUp } from "./setup.mjs";

await setUp();
process.exitCode = await run("pnpm", [
  ...["--filter", "@kindling/bench", "--silent", "bench"],
  ...process.argv.slice(2),
]);
