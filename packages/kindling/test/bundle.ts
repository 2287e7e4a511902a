import { build } from "esbuild";

/** A program as a bundler ships it: its minified text, and the source files that it is made of. */
export interface Bundle {
  readonly text: string;
  readonly files: readonly string[];
}

/** Bundles a program that imports workspace packages, from their sources. */
export async function bundle(program: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: import.meta.dirname, loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    conditions: ["@kindling/source"],
    legalComments: "none",
  });
  const [output] = Object.values(metafile.outputs);
  // Files of which nothing is left are listed too.
  const files = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return { text: outputFiles[0]?.text ?? "", files: files.map(([name]) => name) };
}
