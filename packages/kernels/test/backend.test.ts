import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import { bindKernels } from "../ts/backend.js";
import { type BackendInfo, table } from "../ts/index.js";
import { loadNative } from "../ts/native.js";
import { loadWasm } from "../ts/wasm-node.js";
import { nativeIsBuilt } from "./native-is-built.js";
import { runInfo, runModule } from "./run-module.js";

const info = (env: Record<string, string>) => JSON.parse(runInfo(["--json"], env).output) as BackendInfo;

describe("the table", () => {
  it.skipIf(!nativeIsBuilt)("names the kernels of the native addon", () => {
    expect(Object.keys(loadNative().kernels)).toEqual(Object.keys(table));
  });

  it("names the kernels of the WebAssembly module", () => {
    expect(Object.keys(loadWasm().kernels)).toEqual(Object.keys(table));
  });

  it("refuses kernels that were built of another version of it", () => {
    const bind = (hash: number) => () => bindKernels((name) => () => (name === "tableHash" ? hash : 0));
    expect(bind(loadWasm().kernels.tableHash())).not.toThrow();
    expect(bind(1)).toThrow(/another version of their table, build @kindling\/kernels again/);
  });
});

describe.each([["native", loadNative] as const, ["wasm", loadWasm] as const])("the kernels of %s", (name, load) => {
  it.skipIf(name === "native" && !nativeIsBuilt)("take their arguments in the table's order and return numbers", () => {
    const { kernels, memory, metaBlock } = load();
    const [x, out] = [memory.allocate(80), memory.allocate(80)];
    kernels.arange(6, 10, -2, 0.5, x.address());
    metaBlock.view().set([10, 1, 1]);
    kernels.unary(12, 6, 1, metaBlock.address, x.address(), out.address(), 0, 0);
    const view = out.view();
    expect([...new Float64Array(view.buffer, view.byteOffset, 10)]).toEqual([
      4, 2.25, 1, 0.25, 0, 0.25, 1, 2.25, 4, 6.25,
    ]);
    expect(kernels.nonzero(6, 10, x.address(), 0)).toBe(9);
  });
});

describe("KINDLING_BACKEND", () => {
  it("forces WebAssembly, and says so", () => {
    const { backend, isa, reason, wasmVariant } = info({ KINDLING_BACKEND: "wasm" });
    expect({ backend, isa, reason }).toEqual({
      backend: "wasm",
      isa: "wasm",
      reason: "KINDLING_BACKEND=wasm asks for it",
    });
    expect(["relaxed", "simd"]).toContain(wasmVariant);
  });

  it.skipIf(!nativeIsBuilt)("forces the native addon", () => {
    expect(info({ KINDLING_BACKEND: "native" }).backend).toBe("native");
    expect(info({ KINDLING_BACKEND: "native" }).addon).toMatch(/kindling\.node$/);
  });

  it("refuses another word", () => {
    const { status, errors } = runInfo([], { KINDLING_BACKEND: "cuda" });
    expect(status).toBe(1);
    expect(errors).toBe('KINDLING_BACKEND: expected "native" or "wasm", got "cuda"');
  });

  it.skipIf(!nativeIsBuilt)("says why the addon does not load when it is forced, and falls back when it is not", () => {
    const env = { KINDLING_ISA: "abacus" };
    const { status, errors } = runInfo([], { ...env, KINDLING_BACKEND: "native" });
    expect(status).toBe(1);
    expect(errors).toMatch(/^KINDLING_BACKEND=native: the addon does not load: KINDLING_ISA/);
    expect(info(env)).toMatchObject({ backend: "wasm", reason: expect.stringContaining("KINDLING_ISA") });
  });
});

describe("KINDLING_ISA", () => {
  it.skipIf(!nativeIsBuilt || process.arch !== "x64")("forces an instruction set", () => {
    expect(info({ KINDLING_ISA: "base" }).isa).toBe("base");
  });
});

describe("threads", () => {
  it("are as many as cores, unless KINDLING_NUM_THREADS says otherwise", () => {
    expect(info({}).threads).toBe(Math.min(64, availableParallelism()));
    expect(info({ KINDLING_NUM_THREADS: "3" }).threads).toBe(3);
  });

  it.each(["0", "65", "two", "1.5"])("cannot be %s", (threads) => {
    const { status, errors } = runInfo([], { KINDLING_NUM_THREADS: threads });
    expect(status).toBe(1);
    expect(errors).toBe(`KINDLING_NUM_THREADS: expected a whole number of threads from 1 to 64, got ${threads}`);
    expect(runModule(`try { kernels.setNumThreads("${threads}") } catch (e) { console.log(e.name) }`).output).toBe(
      "RangeError",
    );
  });

  it.each(nativeIsBuilt ? ["native", "wasm"] : ["wasm"])(
    "give the same bits at any number (%s)",
    { timeout: 60_000 },
    (name) => {
      const program = `
      const { kernels: k, memory, metaBlock } = kernels.backend();
      const n = 1_000_000, block = memory.allocate(n * 4), out = memory.allocate(n * 4);
      const hash = () => { let h = 0; for (const byte of new Uint32Array(out.view().buffer, out.view().byteOffset, n)) h = (h * 31 + byte) | 0; return h; };
      const hashes = new Set();
      for (const threads of [1, 2, 5, 12, 3]) {
        kernels.setNumThreads(threads);
        for (let i = 0; i < 10; i++) {
          k.arange(5, n, 1, 0.001, block.address());
          metaBlock.view().set([n, 1, 1]);
          k.unary(14, 5, 1, metaBlock.address, block.address(), out.address(), 0, 0);
        }
        hashes.add(hash());
      }
      console.log(kernels.getNumThreads(), hashes.size);`;
      const { output, errors, status } = runModule(program, { KINDLING_BACKEND: name });
      expect({ output, errors, status }).toEqual({ output: "3 1", errors: "", status: 0 });
    },
  );

  it.skipIf(!nativeIsBuilt)("serve several Node threads at once", { timeout: 60_000 }, () => {
    const program = `
      import { Worker } from "node:worker_threads";
      const work = (kernels) => {
        const { kernels: k, memory } = kernels.backend();
        kernels.setNumThreads(3);
        const n = 300_000, block = memory.allocate(n * 8);
        for (let i = 0; i < 200; i++) {
          k.arange(6, n, i, 1, block.address());
          const numbers = new Float64Array(block.view().buffer, block.view().byteOffset, n);
          if (numbers[0] !== i || numbers[n - 1] !== n - 1 + i) throw new Error("wrong numbers");
        }
      };
      const text = "const work = " + work + "; import(" + JSON.stringify(new URL("./dist/index.js", "file://" + process.cwd() + "/").href) + ").then(work);";
      const ends = [1, 2].map(() => new Promise((resolve, reject) => new Worker(text, { eval: true }).on("exit", resolve).on("error", reject)));
      work(kernels);
      console.log((await Promise.all(ends)).join());
      work(kernels);`;
    expect(runModule(program)).toEqual({ output: "0,0", errors: "", status: 0 });
  });
});

describe("kindling-info", () => {
  it("prints a line per fact", () => {
    const { output } = runInfo([], { KINDLING_BACKEND: "wasm", KINDLING_NUM_THREADS: "2" });
    expect(output).toMatch(/^backend +wasm$/m);
    expect(output).toMatch(/^threads +2$/m);
  });
});
