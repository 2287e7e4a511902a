import "@kindling/autograd";
import { collectStorages, manualSeed, noGrad, randn, type Tensor } from "@kindling/tensor";
import { beforeEach, describe, expect, it } from "vitest";
import {
  BatchNorm2d,
  Conv2d,
  Dropout,
  Flatten,
  Identity,
  Linear,
  MaxPool2d,
  Module,
  ReLU,
  Sequential,
} from "../../src/index.js";

/** A layer of somebody who looks at what passes later on. */
class Keeper extends Module {
  seen: Tensor[] = [];
  forward(x: Tensor): Tensor {
    const y = x.mul(2);
    this.seen.push(x, y);
    return y;
  }
}

class KeepingReLU extends ReLU {
  seen: Tensor[] = [];
  override forward(x: Tensor): Tensor {
    this.seen.push(x);
    return super.forward(x);
  }
}

function layers(): Sequential {
  return new Sequential(
    new Conv2d(3, 8, 3, { padding: 1 }),
    new BatchNorm2d(8),
    new Sequential(new ReLU(), new MaxPool2d(2)),
    new Dropout(0.3),
    new Identity(),
    new Flatten(),
    new Linear(8 * 64, 16),
  );
}

/** The loss and all gradients of one step. */
function step(model: Sequential, x: Tensor): number[][] {
  manualSeed(7);
  for (const parameter of model.parameters()) parameter.grad = null;
  const loss = model.forward(x).square().mean();
  loss.backward();
  return [loss, ...[...model.parameters()].map((parameter) => parameter.grad as Tensor)].map((t) => [
    ...t.toTypedArray(),
  ]);
}

describe("memory between the layers of Sequential", () => {
  let x: Tensor;
  beforeEach(() => {
    manualSeed(1);
    x = randn([4, 3, 16, 16]);
  });

  it("changes no result and no gradient when it is used again", () => {
    const model = layers();
    const hooks = [...model.modules()].map((module) => module.registerForwardHook(() => undefined));
    const kept = step(model, x);
    for (const hook of hooks) hook.remove();
    const reused = [step(model, x), step(model, x)];
    expect(reused).toEqual([kept, kept]);
  });

  it("goes back to the pool as soon as the next layer has read it, if nothing saved it", () => {
    const model = new Sequential(new ReLU(), new MaxPool2d(2), new Flatten());
    const { result, storages } = collectStorages(() => noGrad(() => model.forward(x)));
    expect(storages.filter((storage) => !storage.isReleased)).toEqual([result.storage]);
    expect(result.shape).toEqual([4, 3 * 8 * 8]);
  });

  it("goes back once backward has read what was saved", () => {
    const model = layers();
    const { result, storages } = collectStorages(() => model.forward(x));
    expect(storages.filter((storage) => !storage.isReleased).length).toBeGreaterThan(5);
    result.sum().backward();
    expect(storages.filter((storage) => !storage.isReleased)).toEqual([result.storage]);
  });

  it("is left alone where a layer of the user's has seen it", () => {
    const keeper = new Keeper();
    const model = new Sequential(new Conv2d(3, 8, 3), keeper, new ReLU(), new Flatten());
    noGrad(() => model.forward(x));
    const [input, output] = keeper.seen.map((tensor) => tensor.toArray());
    for (let i = 0; i < 3; i++) noGrad(() => model.forward(randn([4, 3, 16, 16])));
    expect([keeper.seen[0]?.toArray(), keeper.seen[1]?.toArray()]).toEqual([input, output]);
  });

  it("is left alone where a subclass of a built-in layer keeps it", () => {
    const relu = new KeepingReLU();
    const model = new Sequential(new Conv2d(3, 8, 3), relu, new MaxPool2d(2));
    noGrad(() => model.forward(x));
    const input = relu.seen[0]?.toArray();
    noGrad(() => model.forward(randn([4, 3, 16, 16])));
    expect(relu.seen[0]?.toArray()).toEqual(input);
  });

  it("is left alone where a forward hook keeps it, in a nested Sequential too", () => {
    const inner = new Linear(8, 8);
    const model = new Sequential(new Linear(4, 8), new Sequential(new ReLU(), inner), new ReLU());
    const seen: Tensor[] = [];
    inner.registerForwardHook((_, [input], output) => void seen.push(input as Tensor, output as Tensor));
    noGrad(() => model.forward(randn([64, 4])));
    const values = seen.map((tensor) => tensor.toArray());
    noGrad(() => model.forward(randn([64, 4])));
    expect(seen.slice(0, 2).map((tensor) => tensor.toArray())).toEqual(values);
  });

  it("leaves the input and the result of the whole to the user", () => {
    const model = new Sequential(new Identity(), new ReLU(), new Identity());
    const copy = x.toArray();
    const results = [x, randn([4, 3, 16, 16])].map((input) => noGrad(() => model.forward(input)));
    expect(x.toArray()).toEqual(copy);
    expect(results[0]?.toArray()).toEqual(x.relu().toArray());
  });
});

describe("the layers of Sequential", () => {
  const names = (model: Sequential): string[] =>
    Array.from(model.namedChildren(), ([name, layer]) => `${name} ${layer.constructor.name}`);

  it("are named by position, or by the keys of an object", () => {
    expect(names(new Sequential(new ReLU(), new Flatten()))).toEqual(["0 ReLU", "1 Flatten"]);
    expect(names(new Sequential({ act: new ReLU(), flat: new Flatten() }))).toEqual(["act ReLU", "flat Flatten"]);
  });

  it("are appended, inserted, replaced and taken out, and numbered anew", () => {
    const model = new Sequential(new ReLU());
    model.append(new Flatten()).insert(0, new Identity()).extend([new Dropout()]).set(-1, new MaxPool2d(2));
    expect(names(model)).toEqual(["0 Identity", "1 ReLU", "2 Flatten", "3 MaxPool2d"]);
    expect(model.pop(0)).toBeInstanceOf(Identity);
    expect(names(model)).toEqual(["0 ReLU", "1 Flatten", "2 MaxPool2d"]);
    expect(model.at(-1)).toBe(model.at(2));
  });

  it("keep their names in a slice, and are shared with it", () => {
    const model = new Sequential(new ReLU(), new Linear(2, 3), new Linear(3, 4));
    const tail = model.slice(1);
    expect(names(tail)).toEqual(["1 Linear", "2 Linear"]);
    expect(tail.at(0)).toBe(model.at(1));
    expect(tail.forward(randn([5, 2])).shape).toEqual([5, 4]);
  });

  it("must be modules, at places that exist", () => {
    const model = new Sequential(new ReLU());
    expect(() => model.append({} as ReLU)).toThrow(/entry 1 is no module/);
    expect(() => model.at(1)).toThrow(/index 1 is out of range for 1 layers/);
    expect(() => model.insert(3, new ReLU())).toThrow(/out of range/);
    expect(() => new Sequential().pop()).toThrow(/out of range/);
  });
});
