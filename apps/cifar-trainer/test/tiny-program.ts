// The program as it is, but for its images, which are made up. `program.test.ts` builds and starts it.
import { main } from "../src/main.js";

process.exitCode = await main(process.argv.slice(2), async (...request) => {
  // Only now, as the program does it: the command line says which kernels are loaded.
  const { tinySource } = await import("./tiny-images.js");
  return tinySource(...request);
});
