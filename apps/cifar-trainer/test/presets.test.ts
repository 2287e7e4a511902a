import { describe, expect, it } from "vitest";
import { CommandLineError } from "../src/errors.js";
import { describeDefault, resolveConfig } from "../src/presets.js";

describe("resolveConfig", () => {
  it("trains on the training images in five epochs, tested after each, unless told otherwise", () => {
    expect(resolveConfig({})).toMatchObject({
      preset: "default",
      split: "train",
      evaluates: true,
      normalizes: true,
      epochs: 5,
      optimizer: "sgd",
      momentum: 0.9,
      seed: 0,
      limit: null,
    });
  });

  it("follows the tutorial to the letter", () => {
    expect(resolveConfig({ preset: "tutorial" })).toEqual({
      preset: "tutorial",
      split: "test",
      evaluates: false,
      normalizes: false,
      epochs: 10,
      batchSize: 64,
      dropLast: true,
      optimizer: "sgd",
      lr: 0.001,
      momentum: 0,
      weightDecay: 0,
      schedule: "constant",
      seed: 0,
      limit: null,
    });
  });

  it("takes every option over the preset, and nothing else that comes with them", () => {
    const overrides = {
      preset: "tutorial",
      epochs: 2,
      batchSize: 8,
      lr: 0.5,
      momentum: 0.1,
      weightDecay: 0.2,
      seed: 3,
      limit: 4,
    } as const;
    const config = resolveConfig({ ...overrides, ...{ data: "elsewhere" } });
    expect(config).toMatchObject(overrides);
    expect(config).not.toHaveProperty("data");
  });

  it("takes 0 for a value", () => {
    expect(resolveConfig({ momentum: 0, seed: 0, lr: 0 })).toMatchObject({ momentum: 0, seed: 0, lr: 0 });
  });

  it("gives another optimizer its own defaults, not those of the preset's", () => {
    expect(resolveConfig({ optimizer: "adam" })).toMatchObject({ lr: 0.001, momentum: 0, schedule: "constant" });
    expect(resolveConfig({ optimizer: "adamw" })).toMatchObject({ weightDecay: 0.01 });
    expect(resolveConfig({ optimizer: "adam", lr: 0.1 })).toMatchObject({ lr: 0.1 });
    expect(resolveConfig({ optimizer: "sgd" })).toEqual(resolveConfig({}));
  });

  it("refuses a momentum for an optimizer that has none", () => {
    expect(() => resolveConfig({ optimizer: "adam", momentum: 0.9 })).toThrow(CommandLineError);
    expect(() => resolveConfig({ optimizer: "adam", momentum: 0.9 })).toThrow(/--momentum belongs to --optimizer sgd/);
  });
});

it("describeDefault tells where the presets differ", () => {
  expect(describeDefault("epochs")).toBe("5; tutorial: 10");
  expect(describeDefault("batchSize")).toBe("64");
});
