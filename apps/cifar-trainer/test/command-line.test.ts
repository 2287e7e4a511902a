import { CommanderError } from "commander";
import { describe, expect, it, vi } from "vitest";
import { createProgram } from "../src/command-line.js";

const directories = { user: "/home/me", home: "/repository" };

/** What the commands were called with, and what went to the terminal. */
async function run(...args: string[]) {
  const calls: unknown[][] = [];
  const action =
    (name: string) =>
    async (...values: unknown[]) =>
      void calls.push([name, ...values]);
  const actions = { train: action("train"), evaluate: action("evaluate"), predict: action("predict") };
  let output = "";
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((text) => {
      output += text;
      return true;
    });
  }
  const error = await createProgram(actions, directories)
    .parseAsync(args, { from: "user" })
    .then(() => null)
    .catch((reason: unknown) => reason);
  vi.restoreAllMocks();
  return { calls, output, error };
}

describe("train", () => {
  it("leaves to the preset what is not given", async () => {
    const { calls } = await run("train");
    expect(calls).toEqual([["train", { preset: "default", data: "/repository/data" }]]);
  });

  it("understands every option", async () => {
    const { calls } = await run(
      ..."train --preset tutorial --data d --epochs 3 --batch-size 32 --lr 1e-2 --momentum 0.5 --weight-decay 0.1".split(
        " ",
      ),
      ..."--optimizer sgd --seed 7 --threads 1 --backend wasm --limit 100 --out o --json --log-steps --no-download".split(
        " ",
      ),
    );
    expect(calls[0]?.[1]).toEqual({
      preset: "tutorial",
      data: "/home/me/d",
      epochs: 3,
      batchSize: 32,
      lr: 0.01,
      momentum: 0.5,
      weightDecay: 0.1,
      optimizer: "sgd",
      seed: 7,
      threads: 1,
      backend: "wasm",
      limit: 100,
      out: "/home/me/o",
      json: true,
      logSteps: true,
      download: false,
    });
  });

  it.each([
    ["--lr abc", /--lr <number>' argument 'abc' is invalid. Expected a number of at least 0, such as 0.01/],
    ["--lr -1", /Expected a number of at least 0/],
    ["--lr Infinity", /Expected a number of at least 0/],
    ["--epochs 0", /Expected a whole number of at least 1/],
    ["--epochs 1.5", /Expected a whole number of at least 1/],
    ["--limit many", /--limit <n>' argument 'many' is invalid/],
    ["--threads 65", /Expected a whole number from 1 to 64/],
    ["--preset fast", /argument 'fast' is invalid. Allowed choices are default, tutorial/],
    ["--optimizer rmsprop", /Allowed choices are sgd, adam, adamw/],
    ["--backend gpu", /Allowed choices are native, wasm/],
    ["--epoch 3", /unknown option '--epoch'\n\(Did you mean --epochs\?\)/],
    ["--seed", /option '--seed <n>' argument missing/],
    ["images", /too many arguments/],
  ])("refuses %s, and says what is valid", async (args, message) => {
    const { calls, output, error } = await run("train", ...args.split(" "));
    expect(error).toBeInstanceOf(CommanderError);
    expect(output).toMatch(message);
    expect(calls).toEqual([]);
  });

  it.each([[""], [" "]])("refuses %j for a number", async (text) => {
    expect((await run("train", "--lr", text)).output).toMatch(/Expected a number/);
  });
});

it("evaluate and predict take a model and images relative to where the person stands", async () => {
  expect((await run("evaluate", "m.safetensors", "--limit", "5")).calls).toEqual([
    ["evaluate", "/home/me/m.safetensors", { data: "/repository/data", limit: 5 }],
  ]);
  expect((await run("predict", "/m.safetensors", "a.png", "../b.png", "--top", "2")).calls).toEqual([
    ["predict", "/m.safetensors", ["/home/me/a.png", "/home/b.png"], { top: 2 }],
  ]);
});

it("predict without an image, and an unknown command, say what is missing", async () => {
  expect((await run("predict", "m")).output).toMatch(/missing required argument 'images'/);
  expect((await run("trian")).output).toMatch(/unknown command 'trian'\n\(Did you mean train\?\)/);
});

describe("--help", () => {
  it.each([[[]], [["train"]], [["evaluate"]], [["predict"]]])("of %j shows examples", async (command) => {
    const { output, error } = await run(...command, "--help");
    expect((error as CommanderError).exitCode).toBe(0);
    expect(output).toMatch(/Examples?:\n {2}cifar-trainer /);
  });

  it("of train tells the presets, their defaults and what Ctrl-C does", async () => {
    const { output } = await run("train", "--help");
    expect(output).toMatch(/default: 5; tutorial: 10/);
    expect(output).toMatch(/Presets:\n {2}default/);
    expect(output).toMatch(/Ctrl-C/);
  });
});
