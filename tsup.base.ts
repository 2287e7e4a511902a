import { defineConfig, type Options } from "tsup";

/** The build every package shares: one ES module with its types and source map. A package passes only what differs. */
export function packageBuild(overrides: Options = {}) {
  return defineConfig({
    entry: ["src/index.ts"],
    format: "esm",
    target: "node20",
    // Keep "node:" in front of Node's own modules, so that no bundler takes them for packages.
    removeNodeProtocol: false,
    sourcemap: true,
    clean: true,
    // Other packages' declarations come from their builds here, so that each package emits only its own.
    dts: { compilerOptions: { customConditions: [] } },
    ...overrides,
  });
}
