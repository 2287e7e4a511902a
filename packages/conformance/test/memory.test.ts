import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { collectStorages, manualSeed, type Storage } from "@kindling/tensor";
import { beforeAll, describe, expect, it } from "vitest";
import { samples } from "../src/samples/index.js";
import { gradientsOf, inputsOf } from "../src/samples/inputs.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Weak references to every storage that a sample's call and its backward make. */
function storagesOf(name: string): WeakRef<Storage>[] {
  const sample = samples[name as keyof typeof samples];
  manualSeed(7);
  const { storages } = collectStorages(() => {
    const inputs = inputsOf(sample, sample.shapes);
    const result = sample.call(...inputs);
    if ((sample.derivatives ?? 2) > 0) gradientsOf(result, inputs);
  });
  return storages.map((storage) => new WeakRef(storage));
}

describe("the memory of an operation", () => {
  const made = new Map<string, WeakRef<Storage>[]>();
  beforeAll(async () => {
    for (const name of Object.keys(samples)) made.set(name, storagesOf(name));
    // What a weak reference has been asked for, or made for, stays until the current job is done.
    await new Promise((resume) => setImmediate(resume));
    collectGarbage();
  });

  it.each(Object.keys(samples))("is kept by nothing once its tensors and their graph are gone: %s", (name) => {
    const storages = made.get(name) ?? [];
    expect(storages.length).toBeGreaterThan(0);
    expect(storages.filter((storage) => storage.deref() !== undefined).length).toBe(0);
  });
});
