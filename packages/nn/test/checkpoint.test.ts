import { checkpoint, checkpointSequential, grad, savedTensorsHooks } from "@kindling/autograd";
import { collectStorages, manualSeed, randn, type Storage, type Tensor } from "@kindling/tensor";
import { beforeEach, describe, expect, it } from "vitest";
import { BatchNorm2d, Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU, Sequential, Tanh } from "../src/index.js";

const layers = (): Sequential =>
  new Sequential(
    new Conv2d(3, 8, 3, { padding: 1 }),
    new BatchNorm2d(8),
    new Sequential(new ReLU(), new MaxPool2d(2)),
    new Dropout(0.3),
    new Conv2d(8, 8, 3, { padding: 1 }),
    new Tanh(),
    new Flatten(),
    new Linear(8 * 64, 16),
  );

/** The loss and all gradients of one step. */
function step(model: Sequential, x: Tensor, forward: (x: Tensor) => Tensor): number[][] {
  manualSeed(7);
  for (const parameter of model.parameters()) parameter.grad = null;
  const loss = forward(x).square().mean();
  loss.backward();
  return [loss, ...[...model.parameters()].map((parameter) => parameter.grad as Tensor)].map((t) => [
    ...t.toTypedArray(),
  ]);
}

let x: Tensor;
let model: Sequential;
beforeEach(() => {
  manualSeed(1);
  x = randn([4, 3, 16, 16]);
  model = layers();
});

describe("a checkpoint of a Sequential", () => {
  it("gives the same loss and gradients, again and again, in memory that is used again", () => {
    const plain = step(model, x, (input) => model.forward(input));
    const ways = [
      (input: Tensor) => checkpoint((value) => model.forward(value), input),
      (input: Tensor) => checkpointSequential(model, 3, input),
      (input: Tensor) => checkpoint((value) => checkpointSequential(model, 4, value), input),
    ];
    for (const way of [...ways, ...ways]) expect(step(model, x, way)).toEqual(plain);
  });

  it("keeps no memory between forward and backward but its result's", () => {
    const { result, storages } = collectStorages(() => checkpoint((value) => model.forward(value), x));
    expect(storages.length).toBeGreaterThan(10);
    expect(storages.filter((storage) => !storage.isReleased)).toEqual([result.storage]);
    expect(x.storage.holders).toBe(1);
    result.sum().backward();
    expect(x.storage.holders).toBe(0);
  });

  it("gives back after backward what the second run saved", () => {
    const seen: Storage[] = [];
    let result: Tensor | null = null;
    let runs = 0;
    const run = (value: Tensor): Tensor => {
      const { result: out, storages } = collectStorages(() => model.forward(value));
      if (runs++ === 1) {
        seen.push(...storages);
        result = out;
        expect(storages.filter((storage) => !storage.isReleased).length).toBeGreaterThan(5);
      }
      return out;
    };
    checkpoint(run, x).sum().backward();
    expect(seen.filter((storage) => !storage.isReleased)).toEqual([(result as unknown as Tensor).storage]);
  });

  it("gives it back at the end of a backward that keeps the graph, or needs a part of it only", () => {
    const seen: Storage[] = [];
    const run = (value: Tensor): Tensor => {
      const { result, storages } = collectStorages(() => model.slice(0, 6).forward(value));
      seen.push(...storages);
      return result;
    };
    const y = checkpoint(run, x).sum();
    for (const layer of [model.at(4) as Conv2d, model.at(0) as Conv2d]) {
      grad(y, layer.weight, { retainGraph: true });
      expect(seen.filter((storage) => storage.holders > 0)).toEqual([]);
    }
  });
});

it("memory that saved-tensor hooks have seen is not used again, however Sequential disowns it", () => {
  const seen: { tensor: Tensor; values: unknown }[] = [];
  const pack = (tensor: Tensor): Tensor => {
    seen.push({ tensor, values: tensor.toArray() });
    return tensor.add(0);
  };
  const plain = step(model, x, (input) => model.forward(input));
  expect(
    step(model, x, (input) =>
      savedTensorsHooks(
        pack,
        (packed) => packed,
        () => model.forward(input),
      ),
    ),
  ).toEqual(plain);
  step(model, randn([4, 3, 16, 16]), (input) => model.forward(input));
  expect(seen.length).toBeGreaterThan(8);
  for (const { tensor, values } of seen) expect(tensor.toArray()).toEqual(values);
});
