// Builds build/native/kindling.node with the system's C++ compiler: every kernel file once per instruction set.
// A machine without a compiler is fine (WebAssembly is used there) unless KINDLING_REQUIRE_NATIVE=1.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { compile, findCompiler, inParallel, kernelFiles } from "./compiler.mjs";
import "./table-header.mjs";

const isaFlags = {
  base: [],
  avx2: ["-mavx2", "-mfma"],
  avx512: ["-mavx512f", "-mavx512bw", "-mavx512dq", "-mavx512vl", "-mavx2", "-mfma", "-mprefer-vector-width=512"],
  neon: [],
};
/** The instruction sets of this processor architecture, the best first. */
export const isas = { x64: ["avx512", "avx2", "base"], arm64: ["neon"] }[process.arch] ?? ["base"];

export const flags = [
  "-std=c++17",
  "-ffp-contract=fast",
  "-fno-exceptions",
  "-fno-rtti",
  "-fvisibility=hidden",
  "-fPIC",
  "-fno-math-errno",
  "-fno-trapping-math",
  "-fno-threadsafe-statics",
  "-pthread",
  "-Wall",
  "-Wno-unknown-pragmas",
  "-Wno-psabi",
  "-Isrc",
  "-Ibuild",
];
export const isaArguments = (isa) => [`-DKINDLING_ISA=${isa}`, ...isaFlags[isa]];

/** Builds the addon if there is a compiler; throws if the compiler rejects a file. */
export async function buildNative() {
  const compiler = findCompiler();
  if (compiler === undefined) {
    const message = "native addon: no C++ compiler found (set CXX to name one), WebAssembly will be used";
    if (process.env.KINDLING_REQUIRE_NATIVE === "1") throw new Error(`${message}, but KINDLING_REQUIRE_NATIVE=1`);
    console.log(message);
    return;
  }
  const { include_dir } = createRequire(import.meta.url)("node-api-headers");
  const jobs = [
    ...[...kernelFiles(), "entry.cc"].flatMap((file) =>
      isas.map((isa) => ({ file, name: `${file}-${isa}`, args: isaArguments(isa) })),
    ),
    { file: "parallel.cc", name: "parallel.cc", args: [] },
    {
      file: "addon.cc",
      name: "addon.cc",
      args: [`-I${include_dir}`, `-DKINDLING_ISAS=${isas.map((isa) => `X(${isa})`).join(" ")}`],
    },
  ];
  const objects = [];
  const failed = [];
  await inParallel(jobs, 2, async ({ file, name, args }) => {
    const object = `build/native/${name}.o`;
    const state = await compile(compiler, ["-O3", ...flags, ...args, "-c", `src/${file}`], object);
    (state === "failed" ? failed : objects).push(object);
  });
  objects.sort();
  const link =
    process.platform === "darwin" ? ["-bundle", "-undefined", "dynamic_lookup"] : ["-shared", "-Wl,--gc-sections"];
  const state = await compile(compiler, [...link, "-pthread", ...objects], "build/native/kindling.node", {
    inputs: objects,
  });
  if (failed.length > 0) throw new Error(`the C++ compiler rejected ${failed.join(", ")}`);
  if (state === "failed") throw new Error("linking the native addon failed");
  console.log(`native addon (${isas.join(", ")}): ${state === "fresh" ? "unchanged" : "built"}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildNative();
