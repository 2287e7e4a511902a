import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { encodePng } from "@kindling/datasets";
import { loadSafetensors } from "@kindling/serialization";
import { arange } from "@kindling/tensor";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { temporaryDirectory } from "./temporary-directory.js";

const packageDirectory = resolve(import.meta.dirname, "..");
const program = join(packageDirectory, "build/tiny-program.js");

// Each test starts one process or more.
vi.setConfig({ testTimeout: 60_000 });

// Node runs no TypeScript. The packages are taken as they are built.
beforeAll(() => {
  const tsup = join(packageDirectory, "node_modules/tsup/dist/cli-default.js");
  const args = [tsup, "test/tiny-program.ts", "--no-config", "--format", "esm", "--out-dir", "build", "--silent"];
  execFileSync(process.execPath, args, { cwd: packageDirectory });
}, 60_000);

interface Event {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** Starts the program; `onLine` is given each line of its output as it comes. */
async function run(
  args: readonly string[],
  options: { cwd?: string; onLine?: (line: string, pid: number) => void } = {},
) {
  const { cwd = await temporaryDirectory(), onLine } = options;
  const env = { ...process.env, TMPDIR: cwd };
  const child = spawn(process.execPath, [program, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  const lines: string[] = [];
  createInterface(child.stdout).on("line", (line) => {
    lines.push(line);
    onLine?.(line, child.pid as number);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, lines, stderr, events: () => lines.map((line) => JSON.parse(line) as Event) };
}

const quick = ["--epochs", "1", "--batch-size", "20", "--limit", "60"];

describe("train", () => {
  it("prints JSON lines only, and saves the model where it says", async () => {
    const cwd = await temporaryDirectory();
    const { code, events, stderr } = await run(["train", "--json", "--log-steps", "--out", "out", ...quick], { cwd });
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(events().map(({ event }) => event)).toEqual(["start", "step", "step", "step", "epoch", "done"]);
    expect(events().at(-1)).toEqual({ event: "done", model: join(cwd, "out/model.safetensors") });
    expect(await readdir(join(cwd, "out"))).toEqual(["model.safetensors"]);
  });

  it("prints a line per epoch, and how to go on", async () => {
    const { code, lines } = await run(["train", "--out", "out", ...quick]);
    expect(code).toBe(0);
    expect(lines.filter((line) => /^epoch 1\/1, loss sum \d/.test(line))).toHaveLength(1);
    expect(lines.at(-2)).toBe("The model is saved in out/model.safetensors");
    expect(lines.at(-1)).toMatch(/^Look at it: node .*tiny-program\.js evaluate out\/model\.safetensors$/);
  });

  it("computes on the backend and with the threads that it is told, whatever the environment says", async () => {
    const { events } = await run(["train", "--json", "--out", ".", "--backend", "wasm", "--threads", "1", ...quick]);
    expect(events()[0]).toMatchObject({ backend: "wasm", threads: 1 });
  });

  it("takes its options after the -- that pnpm hands on", async () => {
    const { code } = await run(["train", "--", "--json", "--out", ".", ...quick]);
    expect(code).toBe(0);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("ends after the running step on %s, with the model saved", async (signal) => {
    const cwd = await temporaryDirectory();
    const { code, events, stderr } = await run(
      ["train", "--json", "--log-steps", "--out", "out", "--epochs", "100000"],
      {
        cwd,
        onLine: (line, pid) => {
          if (line.includes('"step":3,')) process.kill(pid, signal);
        },
      },
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/Finishing the running step and saving the model/);
    const file = join(cwd, "out/model.safetensors");
    expect(events().at(-1)).toEqual({ event: "done", model: file, interrupted: true });
    expect(Object.keys((await loadSafetensors(file)).tensors)).toHaveLength(10);
  });

  it("saves its model when nobody reads on", async () => {
    const cwd = await temporaryDirectory();
    const child = spawn(
      process.execPath,
      [program, "train", "--json", "--log-steps", "--out", "out", "--epochs", "100000"],
      {
        cwd,
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    await once(child.stdout, "data");
    child.stdout.destroy();
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(existsSync(join(cwd, "out/model.safetensors"))).toBe(true);
  });

  it("stops at a loss that is no number, with the step and the last good model", async () => {
    const cwd = await temporaryDirectory();
    const { code, lines, stderr } = await run(["train", "--json", "--out", "out", "--lr", "1e30", ...quick], { cwd });
    expect(code).toBe(1);
    expect(lines).toHaveLength(1);
    expect(stderr).toMatch(/^error: The loss is (NaN|Infinity) at step 2 of epoch 1.*out\/model\.safetensors/);
    const { tensors } = await loadSafetensors(join(cwd, "out/model.safetensors"));
    for (const tensor of Object.values(tensors)) expect(tensor.isfinite().all().item()).toBe(1);
  });

  it.each([
    [["--lr", "abc"], /argument 'abc' is invalid/],
    [["--log-steps"], /--log-steps needs --json/],
    [["--optimizer", "adam", "--momentum", "0.5"], /--momentum belongs to --optimizer sgd/],
    [["--preset", "tutorial", "--limit", "10"], /10 images make no batch of 64; raise --limit or lower --batch-size/],
  ])("refuses %j with exit code 2", async (args, message) => {
    const { code, lines, stderr } = await run(["train", ...args]);
    expect(code).toBe(2);
    expect(lines).toEqual([]);
    expect(stderr).toMatch(message);
  });

  it("saves a model elsewhere that cannot be saved where it should be", async () => {
    const cwd = await temporaryDirectory();
    const { code, stderr } = await run(["train", "--json", "--log-steps", "--out", "out", "--epochs", "100000"], {
      cwd,
      onLine: (line) => {
        if (line.includes('"epoch":1,"step":1,')) rmSync(join(cwd, "out"), { recursive: true });
      },
    });
    expect(code).toBe(1);
    const [, file] = /out\/model\.safetensors: .*\. For now the model is saved in (.*)\n$/.exec(stderr) ?? [];
    expect(file?.startsWith(cwd)).toBe(true);
    expect(Object.keys((await loadSafetensors(file as string)).tensors)).toHaveLength(10);
  });

  it("finds out before the training that it cannot save", async () => {
    const cwd = await temporaryDirectory();
    await writeFile(join(cwd, "file"), "");
    const { code, lines, stderr } = await run(["train", "--out", "file", ...quick], { cwd });
    expect(code).toBe(1);
    expect(lines).toEqual([]);
    expect(stderr).toMatch(/^error: .*file: cannot make this directory/);
  });
});

describe("a trained model", () => {
  const stripes = encodePng(arange(6000).remainder(256).to("uint8").reshape(3, 40, 50));

  it("is evaluated and applied as it was trained", async () => {
    const cwd = await temporaryDirectory();
    const trained = await run(["train", "--json", "--out", ".", ...quick], { cwd });
    const evaluated = await run(["evaluate", "model.safetensors", "--json"], { cwd });
    expect(evaluated.code).toBe(0);
    const [result] = evaluated.events();
    const [epoch] = trained.events().filter(({ event }) => event === "epoch");
    expect(result).toMatchObject({
      event: "evaluation",
      accuracy: epoch?.testAccuracy,
      loss: epoch?.testLoss,
      images: 50,
    });
    expect((await run(["evaluate", "model.safetensors"], { cwd })).lines).toHaveLength(13);

    await writeFile(join(cwd, "a.png"), stripes);
    const predicted = await run(["predict", "model.safetensors", "a.png", "--json"], { cwd });
    const [prediction] = predicted.events();
    expect(prediction).toMatchObject({ event: "prediction", image: join(cwd, "a.png") });
    expect(prediction?.probabilities).toHaveLength(10);
    const { lines } = await run(["predict", "model.safetensors", "a.png", "--top", "2"], { cwd });
    expect(lines[0]).toBe(`a.png: ${String(prediction?.class)}`);
    expect(lines).toHaveLength(3);
  });

  it("classifies the images that can be read, and tells of the others", async () => {
    const cwd = await temporaryDirectory();
    await run(["train", "--json", "--out", ".", ...quick], { cwd });
    await writeFile(join(cwd, "a.png"), stripes);
    await writeFile(join(cwd, "b.png"), await readFile(join(cwd, "model.safetensors")));
    const { code, lines, stderr } = await run(["predict", "model.safetensors", "b.png", "a.png", "c.png"], { cwd });
    expect(code).toBe(1);
    expect(lines[0]).toMatch(/^a\.png: /);
    expect(stderr).toMatch(/^error: b\.png: expected a PNG or JPEG file, .*\nc\.png: .*no such file/);
  });

  it("that is another network is refused", async () => {
    const { code, stderr } = await run(["evaluate", "nowhere.safetensors"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*nowhere\.safetensors: there is no such file\n$/);
  });
});
