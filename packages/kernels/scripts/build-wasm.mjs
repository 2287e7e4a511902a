// Builds build/kindling-simd.wasm and build/kindling-relaxed.wasm with clang from npm: no toolchain on the machine.
// Both have threads (imported shared memory); engines without relaxed SIMD take the first.
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { runClang } from "@yowasp/clang";
import { isFresh, kernelFiles, remember, root } from "./compiler.mjs";
import "./table-header.mjs";

const variants = { simd: [], relaxed: ["-mrelaxed-simd"] };
const flags = [
  "--target=wasm32-unknown-unknown",
  "-std=c++17",
  "-O3",
  "-ffp-contract=fast",
  "-nostdlib",
  "-ffreestanding",
  "-nostdlibinc",
  "-nostdinc++",
  "-fno-exceptions",
  "-fno-rtti",
  "-fno-threadsafe-statics",
  "-fno-math-errno",
  "-fno-trapping-math",
  "-msimd128",
  "-mbulk-memory",
  "-mnontrapping-fptoint",
  "-msign-ext",
  "-matomics",
  "-Isrc",
  "-Ibuild",
  "-w",
  "-DKINDLING_ISA=wasm",
];
const exports = [
  "parallel_set_threads",
  "parallel_worker",
  "__stack_pointer",
  "__heap_base",
  "__wasm_init_tls",
  "__tls_size",
];
// The initial memory is the one in ts/wasm.ts; the maximum is all that 32 bits can address.
const linkFlags = [
  "--target=wasm32-unknown-unknown",
  "-nostdlib",
  "-Wl,--no-entry",
  "-Wl,--import-memory",
  "-Wl,--shared-memory",
  "-Wl,-z,stack-size=1048576",
  "-Wl,--initial-memory=16777216",
  "-Wl,--max-memory=4294967296",
  ...exports.map((name) => `-Wl,--export=${name}`),
];

/** Runs clang over files of the package (paths relative to its root); returns what it wrote. */
async function clang(args, inputs) {
  const files = { src: {}, build: {} };
  for (const file of readdirSync(join(root, "src"))) files.src[file] = readFileSync(join(root, "src", file), "utf8");
  files.build["table.h"] = readFileSync(join(root, "build/table.h"), "utf8");
  for (const input of inputs) files[basename(input)] = readFileSync(join(root, input));
  let messages = "";
  const print = (bytes) => (messages += bytes ? new TextDecoder().decode(bytes) : "");
  try {
    return await runClang(["clang++", ...args], files, { stdout: print, stderr: print, fetchProgress: () => {} });
  } finally {
    if (messages) process.stderr.write(messages);
  }
}

function write(output, bytes) {
  const partial = join(root, `${output}.${process.pid}.partial`);
  writeFileSync(partial, bytes);
  renameSync(partial, join(root, output));
}

async function buildVariant(variant) {
  mkdirSync(join(root, "build/wasm"), { recursive: true });
  const objects = [];
  const failed = [];
  for (const file of [...kernelFiles(), "parallel.cc"]) {
    const object = `build/wasm/${file}-${variant}.o`;
    const command = [...flags, ...variants[variant], "-c", `src/${file}`];
    objects.push(object);
    if (isFresh(object, command)) continue;
    try {
      const result = await clang([...command, "-MMD", "-MF", "out.d", "-o", "out.o"], []);
      const rule = String(
        typeof result["out.d"] === "string" ? result["out.d"] : new TextDecoder().decode(result["out.d"]),
      );
      const inputs = rule
        .replaceAll("\\\n", " ")
        .split(/\s+/)
        .filter((path) => /^(src|build)\//.test(path));
      write(object, result["out.o"]);
      remember(object, command, inputs);
    } catch (_error) {
      objects.pop();
      failed.push(file);
    }
  }
  const output = `build/kindling-${variant}.wasm`;
  const command = [...linkFlags, ...objects.map((object) => basename(object))];
  const fresh = isFresh(output, command);
  if (!fresh) {
    const result = await clang([...command, "-o", "out.wasm"], objects);
    write(output, result["out.wasm"]);
    remember(output, command, objects);
  }
  console.log(`wasm (${variant}): ${fresh ? "unchanged" : "built"}`);
  if (failed.length > 0) throw new Error(`clang rejected ${failed.join(", ")} for ${variant}`);
}

/** Builds all variants, each in a thread of its own: the compiler takes its time to warm up. */
export async function buildWasm(names = Object.keys(variants)) {
  await Promise.all(
    names.map(
      (variant) =>
        new Promise((resolve, reject) => {
          const worker = new Worker(new URL(import.meta.url), { workerData: { variant } });
          worker.on("error", reject);
          worker.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`building ${variant} failed`))));
        }),
    ),
  );
}

if (!isMainThread && workerData?.variant) await buildVariant(workerData.variant);
else if (process.argv[1] === fileURLToPath(import.meta.url))
  await buildWasm(process.argv.slice(2).length ? process.argv.slice(2) : undefined);
