// Builds all of the package: the native addon (where there is a compiler), the WebAssembly files and dist/.
// `--kernels` leaves out dist/, which the other packages' tests do not need.

import { buildNative } from "./build-native.mjs";
import { buildWasm } from "./build-wasm.mjs";
import { run } from "./compiler.mjs";

await buildNative();
await buildWasm();
if (!process.argv.includes("--kernels")) {
  const { code, output } = await run(process.execPath, ["node_modules/tsup/dist/cli-default.js", "--silent"]);
  if (code !== 0) throw new Error(`tsup failed:\n${output}`);
  console.log("dist: built");
}
