import "@kindling/autograd";
import { manualSeed, noGrad, ones, rand, randn, type Tensor, zeros } from "@kindling/tensor";
import { expect, test } from "vitest";
import {
  BatchNorm1d,
  Conv2d,
  ConvTranspose2d,
  Dropout,
  InstanceNorm2d,
  Linear,
  LSTM,
  Module,
  ModuleDict,
  ModuleList,
  Parameter,
  ReflectionPad2d,
  ReLU,
  Sequential,
} from "../src/index.js";

class Model extends Module {
  layer = new Linear(2, 2);
  tied = this.layer.weight;
  parts = new ModuleList([this.layer, new Sequential({ norm: new BatchNorm1d(2), act: new ReLU() })]);
  choice = new ModuleDict({ relu: new ReLU() });
  offset = zeros([2]);
  list = [new Linear(2, 1)];
  settings = { depth: 3 };
  self: Model | null = null;
  forward(x: Tensor): Tensor {
    return this.parts.at(1).call(this.layer.forward(x).add(this.offset)) as Tensor;
  }
}

test("a clone gives the same, draws nothing, and has memory of its own", () => {
  const model = new Model();
  manualSeed(5);
  const clone = model.clone();
  const drawn = rand([3]);
  manualSeed(5);
  expect(rand([3]).equal(drawn)).toBe(true);
  expect(clone).toBeInstanceOf(Model);
  const x = randn([4, 2]);
  expect(clone.forward(x).equal(model.forward(x))).toBe(true);
  const state = model.stateDict();
  expect(Object.keys(clone.stateDict())).toEqual(Object.keys(state));
  for (const [name, tensor] of Object.entries(clone.stateDict())) {
    expect(tensor.equal(state[name] as Tensor), name).toBe(true);
    expect(tensor.storage, name).not.toBe(state[name]?.storage);
  }
  noGrad(() => clone.layer.weight.zero_());
  expect(model.layer.weight.ne(0).any().item()).toBe(1);
});

test("what is in several places stays one, cycles too", () => {
  const model = new Model();
  model.self = model;
  const clone = model.clone();
  expect(clone.tied === clone.layer.weight).toBe(true);
  expect(clone.parts.at(0) === clone.layer).toBe(true);
  expect(clone.self === clone).toBe(true);
  expect(clone.list[0] === model.list[0]).toBe(false);
  expect(clone.settings).toBe(model.settings);
});

test("modes, hooks, frozen parameters and buffers that are not saved come along; gradients do not", () => {
  const model = new Sequential(new Linear(2, 2), new Dropout());
  model.eval().requiresGrad_(false);
  const layer = model.at(0) as Linear;
  layer.bias?.requiresGrad_();
  layer.registerBuffer("mask", ones([2]), { persistent: false });
  let calls = 0;
  model.registerForwardHook(() => void calls++);
  model
    .forward(ones([1, 2]))
    .sum()
    .backward();
  const clone = model.clone();
  const copy = clone.at(0) as Linear;
  expect([clone.training, copy.training]).toEqual([false, false]);
  expect([copy.weight.requiresGrad, copy.bias?.requiresGrad]).toEqual([false, true]);
  expect(copy.bias).toBeInstanceOf(Parameter);
  expect(copy.bias?.grad).toBeNull();
  expect(Object.keys(clone.stateDict())).toEqual(["0.weight", "0.bias"]);
  expect(copy.getBuffer("mask").toArray()).toEqual([1, 1]);
  clone.forward(ones([1, 2]));
  expect(calls).toBe(2);
});

test.each([
  [new Conv2d(2, 3, 3, { padding: "same", paddingMode: "reflect" }), [1, 2, 4, 4]],
  [new ConvTranspose2d(2, 3, 3, { stride: 2 }), [1, 2, 4, 4]],
  [new ReflectionPad2d(1), [1, 2, 4, 4]],
  [new InstanceNorm2d(2), [2, 4, 4]],
  [new LSTM(2, 3, { bidirectional: true, projSize: 2 }), [4, 1, 2]],
])("%s works as a clone", (layer, shape) => {
  const clone = (layer as Module).clone();
  expect(String(clone)).toBe(String(layer));
  const first = (module: Module): Tensor => [module.call(ones(shape))].flat()[0] as Tensor;
  expect(first(clone).equal(first(layer))).toBe(true);
});
