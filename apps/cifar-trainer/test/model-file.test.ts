import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Linear } from "@kindling/nn";
import { loadSafetensors, saveSafetensors } from "@kindling/serialization";
import { DataError, zeros } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { Model } from "../src/model.js";
import { loadModel, saveModel } from "../src/model-file.js";
import { cifar10Normalization } from "../src/preprocessing.js";
import { temporaryDirectory } from "./temporary-directory.js";

const classes = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
const valuesOf = (model: Model) => Object.values(model.stateDict()).map((tensor) => tensor.toArray());

describe("a saved model", () => {
  it.each([[cifar10Normalization], [null]])(
    "comes back with its weights, classes and normalisation %j",
    async (normalization) => {
      const file = join(await temporaryDirectory(), "model.safetensors");
      const model = new Model();
      await saveModel(file, { model, classes, normalization }, { preset: "default" });
      const loaded = await loadModel(file);
      expect(valuesOf(loaded.model)).toEqual(valuesOf(model));
      expect(loaded).toMatchObject({ classes, normalization });
    },
  );

  it("has PyTorch's names, and the notes beside them", async () => {
    const file = join(await temporaryDirectory(), "model.safetensors");
    await saveModel(file, { model: new Model(), classes, normalization: null }, { preset: "tutorial", seed: "0" });
    const { tensors, metadata } = await loadSafetensors(file);
    expect(Object.keys(tensors).sort()).toEqual(
      [0, 2, 4, 7, 8].flatMap((index) => [`model.${index}.bias`, `model.${index}.weight`]),
    );
    expect(metadata).toMatchObject({ format: "pt", preset: "tutorial", seed: "0" });
  });
});

it("a state dict without our metadata counts as the tutorial's", async () => {
  const file = join(await temporaryDirectory(), "model.safetensors");
  await saveSafetensors(new Model().stateDict(), file);
  const loaded = await loadModel(file);
  expect(loaded.normalization).toBeNull();
  expect(loaded.classes[3]).toBe("cat");
});

describe("refuses, naming the file,", () => {
  async function failure(write: (file: string) => Promise<void>): Promise<string> {
    const file = join(await temporaryDirectory(), "model.safetensors");
    await write(file);
    const error: unknown = await loadModel(file).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toContain(file);
    return (error as Error).message;
  }
  const saveWith = (metadata: Record<string, string>) => (file: string) =>
    saveSafetensors(new Model().stateDict(), file, { metadata });

  it("a file that is not there", async () => {
    expect(await failure(async () => undefined)).toMatch(/no such file/);
  });

  it("a file that is no safetensors", async () => {
    await failure((file) => writeFile(file, "hello"));
  });

  it("another network, telling what does not fit", async () => {
    const message = await failure((file) => saveSafetensors(new Linear(2, 3).stateDict(), file));
    expect(message).toMatch(/does not fit the tutorial network/);
    expect(message).toMatch(/Missing key\(s\).*"model\.0\.weight"/);
    expect(message).toMatch(/Unexpected key\(s\).*"weight"/);
  });

  it("weights of another shape", async () => {
    const state = { ...new Model().stateDict(), "model.8.bias": zeros([3]) };
    const message = await failure((file) => saveSafetensors(state, file));
    expect(message).toMatch(/size mismatch for model\.8\.bias/);
  });

  it("another architecture", async () => {
    expect(await failure(saveWith({ architecture: "resnet" }))).toMatch(/got "resnet"/);
  });

  it.each([
    ["classes", '["one"]'],
    ["classes", "{"],
    ["normalization", '{"mean":[0,0,0]}'],
    ["normalization", '{"mean":[0,0,0],"std":[1,1,0]}'],
    ["normalization", '{"mean":[0,0,0],"std":[1,1,null]}'],
  ])("metadata %s = %s", async (name, text) => {
    expect(await failure(saveWith({ [name]: text }))).toMatch(new RegExp(`metadata "${name}" are damaged`));
  });
});
