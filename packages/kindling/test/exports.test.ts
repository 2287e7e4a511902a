import * as autograd from "@kindling/autograd";
import * as datasets from "@kindling/datasets";
import { backendInfo, getNumThreads, setNumThreads } from "@kindling/kernels";
import * as losses from "@kindling/losses";
import * as nn from "@kindling/nn";
import * as optimizers from "@kindling/optimizers";
import * as serialization from "@kindling/serialization";
import * as tensor from "@kindling/tensor";
import { expect, it } from "vitest";
import * as kindling from "../src/index.js";

const packages = { autograd, datasets, losses, nn, optimizers, serialization, tensor };
/** Kernels work on addresses; these are the functions of theirs that a user calls. */
const settings = { backendInfo, getNumThreads, setNumThreads };
const all: Readonly<Record<string, unknown>> = kindling;

// Where two packages used one name for different things, `export *` would leave it out without a word.
it.each(Object.entries({ ...packages, settings }))("has every public name of %s", (_name, names) => {
  expect(Object.keys(names).length).toBeGreaterThan(0);
  expect(Object.entries(names).filter(([name, value]) => all[name] !== value)).toEqual([]);
});

it("has no names of its own", () => {
  const known = new Set(Object.values({ ...packages, settings }).flatMap((names) => Object.keys(names)));
  expect(Object.keys(all).filter((name) => !known.has(name))).toEqual([]);
});

it("trains with one import", () => {
  const { Linear, manualSeed, MSELoss, ones, SGD } = kindling;
  manualSeed(0);
  const model = new Linear(2, 1);
  const sgd = new SGD(model.parameters(), { lr: 0.1 });
  const loss = (): kindling.Tensor => new MSELoss().forward(model.forward(ones([4, 2])), ones([4, 1]));
  const before = loss().item();
  loss().backward();
  sgd.step();
  expect(loss().item()).toBeLessThan(before);
});
