import "@kindling/autograd";
import { manualSeed, ones, type Tensor, tensor, zeros } from "@kindling/tensor";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  type Gradients,
  Linear,
  Module,
  ReLU,
  registerModuleForwardHook,
  registerModuleForwardPreHook,
  registerModuleFullBackwardHook,
  registerModuleFullBackwardPreHook,
  Sequential,
} from "../src/index.js";
import { expectNumbers } from "./numbers.js";

const numbers = (gradients: Gradients): unknown[] => gradients.map((gradient) => gradient?.toArray() ?? null);

/** A layer whose gradients PyTorch computed after the same seed. */
function seeded(): Linear {
  manualSeed(0);
  return new Linear(2, 2);
}

class Product extends Module {
  forward(x: Tensor, factor: number, y: Tensor): readonly Tensor[] {
    return [x.mul(y), y.mul(factor)];
  }
}

describe("full backward hooks", () => {
  it("see the gradients of inputs and outputs as PyTorch's, null where none is needed", () => {
    const layer = seeded();
    const seen: Gradients[][] = [];
    layer.registerFullBackwardHook((module, gradInputs, gradOutputs) => {
      expect(module).toBe(layer);
      seen.push([gradInputs, gradOutputs]);
      return undefined;
    });
    layer
      .forward(ones([1, 2]))
      .sum()
      .backward();
    expect(seen[0]?.map(numbers)).toEqual([[null], [[[1, 1]]]]);
    const x = ones([1, 2], { requiresGrad: true });
    layer.forward(x).square().sum().backward();
    expectNumbers(seen[1]?.[0]?.[0] as Tensor, [1.061332, 1.027112]);
    expectNumbers(seen[1]?.[1]?.[0] as Tensor, [0.2033673, -1.825505]);
    expect(x.grad?.equal(seen[1]?.[0]?.[0] as Tensor)).toBe(true);
  });

  it("replace the gradients of inputs, those before them of outputs, each in turn", () => {
    const layer = seeded();
    const x = ones([1, 2], { requiresGrad: true });
    layer.registerFullBackwardHook((_, [gradient]) => [(gradient as Tensor).mul(10)]);
    const handle = layer.registerFullBackwardHook((_, [gradient]) => (gradient as Tensor).add(1), { prepend: true });
    layer.forward(x).square().sum().backward();
    expectNumbers(x.grad as Tensor, [20.61332, 20.27111]);
    handle.remove();
    layer.registerFullBackwardPreHook((_, [gradient]) => (gradient as Tensor).mul(0));
    x.clearGrad();
    layer.zeroGrad();
    layer.forward(x).square().sum().backward();
    expect(x.grad?.toArray()).toEqual([[0, 0]]);
    expect(layer.weight.grad?.abs().sum().item()).toBe(0);
  });

  it("have one place per argument and per tensor of a list of outputs", () => {
    const module = new Product();
    const seen: unknown[] = [];
    module.registerFullBackwardHook((_, gradInputs, gradOutputs) => {
      seen.push(numbers(gradInputs), numbers(gradOutputs));
      return undefined;
    });
    const [x, y] = [tensor([2], { requiresGrad: true }), tensor([5], { requiresGrad: true })];
    const [product, scaled] = module.forward(x, 3, y) as [Tensor, Tensor];
    product.add(scaled.mul(2)).sum().backward();
    expect(seen).toEqual([
      [[5], null, [8]],
      [[1], [2]],
    ]);
    module.registerFullBackwardHook(() => []);
    const [again] = module.forward(x, 3, y) as [Tensor, Tensor];
    expect(() => again.sum().backward()).toThrow(/a hook of Product must return 3 gradients, got 0/);
  });

  it("do nothing where nothing is recorded", () => {
    const layer = new ReLU();
    layer.registerFullBackwardHook(() => {
      throw new Error("called");
    });
    expect(layer.forward(ones([1])).item()).toBe(1);
  });

  it("work inside a Sequential, whose memory they keep apart", () => {
    const model = new Sequential(new Linear(2, 3), new ReLU(), new Linear(3, 1));
    const kept: Tensor[] = [];
    for (const layer of model) {
      layer.registerFullBackwardHook((_, __, [gradient]) => {
        kept.push(gradient as Tensor);
        return undefined;
      });
    }
    model
      .forward(ones([4, 2]))
      .sum()
      .backward();
    const before = kept.map((gradient) => gradient.toArray());
    model
      .forward(ones([4, 2]))
      .sum()
      .backward();
    expect(kept.slice(0, 3).map((gradient) => gradient.toArray())).toEqual(before);
    expect(kept.map(({ shape }) => shape[1])).toEqual([1, 3, 3, 1, 3, 3]);
  });
});

describe("forward hooks", () => {
  it("come in the order of registration, or first, and are not called twice for one registration", () => {
    const layer = new ReLU();
    const order: string[] = [];
    layer.registerForwardHook(() => void order.push("b"));
    layer.registerForwardHook(() => void order.push("a"), { prepend: true });
    layer.registerForwardPreHook(() => void order.push("2"));
    layer.registerForwardPreHook(() => void order.push("1"), { prepend: true });
    layer.forward(ones([1]));
    expect(order.join("")).toBe("12ab");
  });

  it("are called when forward throws, if they ask for it", () => {
    const layer = new Linear(2, 2);
    const seen: unknown[] = [];
    layer.registerForwardHook(() => void seen.push("never"));
    layer.registerForwardHook((_, __, output) => void seen.push(output), { alwaysCall: true });
    expect(() => layer.forward(ones([3]))).toThrow(/linear/);
    expect(seen).toEqual([undefined]);
  });
});

describe("hooks of all modules", () => {
  it("see every module, before its own, until they are removed", () => {
    const order: string[] = [];
    const model = new Sequential(new Linear(2, 2), new ReLU());
    model.at(1).registerForwardHook(() => void order.push("own"));
    const handles = [
      registerModuleForwardPreHook((module) => void order.push(`>${module.constructor.name}`)),
      registerModuleForwardHook((module) => void order.push(`<${module.constructor.name}`)),
      registerModuleFullBackwardPreHook((module) => void order.push(`-${module.constructor.name}`)),
      registerModuleFullBackwardHook((module) => void order.push(`+${module.constructor.name}`)),
    ];
    onTestFinished(() => {
      for (const handle of handles) handle.remove();
    });
    expect(model.isWatched).toBe(true);
    const y = model.forward(ones([1, 2]));
    expect(order.splice(0).join(" ")).toBe(">Sequential >Linear <Linear >ReLU <ReLU own <Sequential");
    y.sum().backward();
    expect(order.splice(0).join(" ")).toBe("-Sequential +Sequential -ReLU +ReLU -Linear +Linear");
    for (const handle of handles) handle.remove();
    expect(model.isWatched).toBe(false);
    model.forward(ones([1, 2]));
    expect(order).toEqual(["own"]);
  });
});

describe("hooks of the state", () => {
  it("change what is saved and what is loaded", () => {
    const model = new Sequential(new Linear(1, 1, { bias: false }));
    const seen: string[] = [];
    model.at(0).registerStateDictPreHook((_, prefix) => void seen.push(prefix));
    model.at(0).registerStateDictPostHook((_, state, prefix) => {
      state[`${prefix}note`] = ones([1]);
    });
    model.at(0).registerLoadStateDictPreHook((_, state, prefix) => {
      delete state[`${prefix}note`];
      state[`${prefix}weight`] = state[`${prefix}kernel`] as Tensor;
      delete state[`${prefix}kernel`];
    });
    const state = { "0.kernel": zeros([1, 1]), "0.note": ones([1]) };
    expect(() => model.loadStateDict(state)).toThrow(/Missing key\(s\) in state_dict: "0.note"/);
    model.registerLoadStateDictPostHook((_, keys) => {
      keys.missingKeys = keys.missingKeys.filter((name) => !name.endsWith("note"));
    });
    expect(model.loadStateDict(state)).toEqual({ missingKeys: [], unexpectedKeys: [] });
    expect(Object.keys(state)).toEqual(["0.kernel", "0.note"]);
    expect(Object.keys(model.stateDict())).toEqual(["0.weight", "0.note"]);
    expect(model.getParameter("0.weight").item()).toBe(0);
    expect(seen).toContain("0.");
  });

  it("come along with what a module adds of its own", () => {
    class Counting extends Module {
      readonly scale = ones([1]);
      #count = 3;
      forward(): number {
        return this.#count;
      }
      override getExtraState(): Tensor {
        return tensor(this.#count);
      }
      override setExtraState(state: Tensor): void {
        this.#count = state.item();
      }
    }
    const model = new Sequential(new Counting() as never);
    const state = model.stateDict();
    expect(Object.keys(state)).toEqual(["0.scale", "0._extra_state"]);
    model.loadStateDict({ ...state, "0._extra_state": tensor(7) });
    expect(model.at(0).call()).toBe(7);
    const { "0._extra_state": _, ...rest } = state;
    expect(() => model.loadStateDict(rest)).toThrow(/Missing key\(s\) in state_dict: "0._extra_state"/);
  });
});
