import "@kindling/autograd";
import { isGradEnabled, manualSeed, ones, randn, type Tensor, tensor, zeros } from "@kindling/tensor";
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  BatchNorm1d,
  Conv2d,
  Dropout,
  Flatten,
  Linear,
  MaxPool2d,
  Module,
  ModuleDict,
  ModuleList,
  Parameter,
  ReLU,
  Sequential,
} from "../src/index.js";

class Model extends Module {
  model = new Sequential(new Conv2d(3, 4, 5, { padding: 2 }), new MaxPool2d(2), new Flatten(), new Linear(64, 10));
  runningMean = zeros([2]);
  extra = new Parameter(ones([1]));
  forward(x: Tensor): Tensor {
    return this.model.forward(x);
  }
}

class Masked extends Module {
  mask!: Tensor;
  bound = ones([1]);
  constructor() {
    super();
    this.registerBuffer("mask", ones([2]), { persistent: false });
  }
  forward(x: Tensor): Tensor {
    return x.mul(this.mask);
  }
}

/** Two layers that share everything, and a parameter that is there twice. */
class Shared extends Module {
  first = new Linear(2, 2);
  second = this.first;
  tied = this.first.weight;
  forward(x: Tensor): Tensor {
    return this.second.forward(this.first.forward(x));
  }
}

const names = (entries: Iterable<readonly [string, unknown]>): string[] => Array.from(entries, ([name]) => name);

describe("the tree of fields", () => {
  it("has parameters, buffers and children in the order of declaration, under PyTorch's names", () => {
    const model = new Model();
    expect(names(model.namedParameters())).toEqual([
      "extra",
      "model.0.weight",
      "model.0.bias",
      "model.3.weight",
      "model.3.bias",
    ]);
    expect(names(model.namedBuffers())).toEqual(["running_mean"]);
    expect(names(model.namedChildren())).toEqual(["model"]);
    expect(names(model.namedModules())).toEqual(["", "model", "model.0", "model.1", "model.2", "model.3"]);
    expect([...model.children()].map((child) => child === model.model)).toEqual([true]);
    expect([...model.buffers()].length).toBe(1);
  });

  it("can be listed under a prefix, and without what is below", () => {
    const model = new Model();
    expect(names(model.namedParameters("net", { recurse: false }))).toEqual(["net.extra"]);
    expect(names(model.namedBuffers("net"))).toEqual(["net.running_mean"]);
    expect([...model.parameters({ recurse: false })].length).toBe(1);
    expect([...new Sequential(new BatchNorm1d(2)).buffers({ recurse: false })].length).toBe(0);
  });

  it("lists what is shared once, but saves it under every name", () => {
    const model = new Shared();
    expect(names(model.namedParameters())).toEqual(["tied", "first.bias"]);
    expect(names(model.namedModules())).toEqual(["", "first"]);
    const state = ["tied", "first.weight", "first.bias", "second.weight", "second.bias"];
    expect(Object.keys(model.stateDict())).toEqual(state);
  });

  it("finds modules, parameters and buffers by path", () => {
    const model = new Model();
    expect(model.getSubmodule("model.3")).toBe(model.model.at(3));
    expect(model.getSubmodule("")).toBe(model);
    expect(model.getParameter("extra")).toBe(model.extra);
    expect(model.getParameter("model.0.bias").shape).toEqual([4]);
    expect(model.getBuffer("running_mean")).toBe(model.runningMean);
    expect(() => model.getSubmodule("model.9")).toThrow(/no module "model.9" in Model: Sequential has 0, 1, 2, 3/);
    expect(() => model.getSubmodule("model.0.x")).toThrow(/Conv2d has no modules/);
    expect(() => model.getParameter("running_mean")).toThrow(/no parameter "running_mean" in Model/);
    expect(() => model.getBuffer("extra")).toThrow(/no buffer "extra" in Model/);
  });

  it("is visited by apply, children first", () => {
    const seen: string[] = [];
    new Sequential(new ReLU(), new Sequential(new Flatten())).apply((module) => seen.push(module.constructor.name));
    expect(seen).toEqual(["ReLU", "Flatten", "Sequential", "Sequential"]);
  });
});

describe("buffers", () => {
  it("that are not persistent stay out of the state dict", () => {
    const module = new Masked();
    expect(names(module.namedBuffers())).toEqual(["mask", "bound"]);
    expect(Object.keys(module.stateDict())).toEqual(["bound"]);
    expect(module.loadStateDict({ bound: zeros([1]) })).toEqual({ missingKeys: [], unexpectedKeys: [] });
    expect(module.forward(ones([2])).toArray()).toEqual([1, 1]);
    module.registerBuffer("mask", zeros([2]));
    expect(Object.keys(module.stateDict())).toEqual(["mask", "bound"]);
    module.registerBuffer("mask", null);
    expect(Object.keys(module.stateDict())).toEqual(["bound"]);
  });

  it("take no name that is taken or has a dot, and no parameters", () => {
    const module = new Masked();
    expect(() => module.registerBuffer("a.b", ones([1]))).toThrow(/"a.b" cannot be a field of Masked/);
    expect(() => module.registerBuffer("forward", ones([1]))).toThrow(/"forward" cannot be a field.*another field/);
    expect(() => module.registerBuffer("x", new Parameter(ones([1])))).toThrow(/a Parameter is none/);
  });
});

describe("fields by name", () => {
  it("are added, replaced and found again, by PyTorch's names too", () => {
    const model = new Model();
    model.addModule("head", new Linear(10, 2)).registerModule("tail", new ReLU());
    expect(names(model.namedChildren())).toEqual(["model", "head", "tail"]);
    model.registerParameter("scale_factor", new Parameter(ones([2])));
    expect(model.getParameter("scale_factor").shape).toEqual([2]);
    model.registerBuffer("running_mean", ones([2]));
    expect(model.runningMean.toArray()).toEqual([1, 1]);
    model.addModule("tail", null);
    expect(names(model.namedChildren())).toEqual(["model", "head"]);
  });

  it("are entries where containers are filled", () => {
    const model = new Sequential().addModule("conv", new Conv2d(3, 4, 1)).addModule("act", new ReLU());
    expect(names(model.namedChildren())).toEqual(["conv", "act"]);
    expect(model.forward(ones([1, 3, 2, 2])).shape).toEqual([1, 4, 2, 2]);
    const list = new ModuleList<Module>([new ReLU()]).addModule("1", new Flatten());
    const nested = new ModuleDict<Module>({ list, model });
    nested.setSubmodule("list.0", new Dropout());
    nested.setSubmodule("model.act", new Flatten());
    nested.setSubmodule("new", new ReLU());
    expect(Array.from(nested.namedModules(), ([name, module]) => `${name} ${module.constructor.name}`)).toEqual([
      " ModuleDict",
      "list ModuleList",
      "list.0 Dropout",
      "list.1 Flatten",
      "model Sequential",
      "model.conv Conv2d",
      "model.act Flatten",
      "new ReLU",
    ]);
  });

  it("are not taken twice, and hold what they are for", () => {
    const model = new Model();
    expect(() => model.addModule("extra", new ReLU())).toThrow(/addModule: "extra" cannot be a field of Model/);
    expect(() => model.addModule("a.b", new ReLU())).toThrow(/no "." there/);
    expect(() => model.registerParameter("model", new Parameter(ones([1])))).toThrow(/another field/);
    expect(() => model.registerParameter("other", ones([1]) as Parameter)).toThrow(/new Parameter\(tensor\)/);
    expect(() => model.setSubmodule("", new ReLU())).toThrow(/the path is empty/);
    expect(() => model.setSubmodule("model.9.x", new ReLU())).toThrow(/no module "model.9"/);
    expect(() => new ModuleList().addModule("first", new ReLU())).toThrow(/the name of an entry is its position/);
  });
});

describe("a computed field", () => {
  it("is read and assigned by functions, belongs to no list, and is copied with its module", () => {
    const layer = new Linear(2, 1);
    layer.registerParameter("scale", new Parameter(ones([1])));
    layer.computeField("weight", {
      get: (module) => module.getParameter("scale").expand([1, 2]),
      set: (module, value) => void module.getParameter("scale").detach().copy_(value.select(1, 0)),
    });
    expect(names(layer.namedParameters())).toEqual(["bias", "scale"]);
    layer.weight = new Parameter(tensor([[3, 3]], { dtype: "float32" }));
    expect(layer.getParameter("scale").item()).toBe(3);
    const clone = layer.clone();
    clone.getParameter("scale").detach().fill_(5);
    expect([layer.weight.toArray(), clone.weight.toArray()]).toEqual([[[3, 3]], [[5, 5]]]);
    layer.computeField("weight", null);
    expect(layer.weight).toBeUndefined();
  });
});

describe("stateDict and loadStateDict", () => {
  it("name the state as PyTorch does: own parameters, own buffers, then the children's", () => {
    expect(Object.keys(new Model().stateDict())).toEqual([
      "extra",
      "running_mean",
      "model.0.weight",
      "model.0.bias",
      "model.3.weight",
      "model.3.bias",
    ]);
    expect(Object.keys(new ReLU().stateDict("x"))).toEqual([]);
  });

  it("share memory on the way out, and copy on the way in", () => {
    const [a, b] = [new Linear(1, 1), new Linear(1, 1)];
    b.loadStateDict(a.stateDict());
    expect(b.stateDict().weight?.requiresGrad).toBe(false);
    a.stateDict().weight?.fill_(7);
    expect(a.weight.item()).toBe(7);
    expect(b.weight.item()).not.toBe(7);
  });

  it("make two models agree, in another dtype too", () => {
    const [a, b] = [new Model(), new Model()];
    const x = randn([2, 3, 8, 8]);
    expect(b.loadStateDict(a.to("float64").stateDict())).toEqual({ missingKeys: [], unexpectedKeys: [] });
    expect(b.forward(x).toArray()).toEqual(a.to("float32").forward(x).toArray());
  });

  it("take a Map as well as an object", () => {
    const layer = new Linear(1, 1, { bias: false });
    layer.loadStateDict(new Map([["weight", tensor([[3]], { dtype: "float32" })]]));
    expect(layer.weight.item()).toBe(3);
  });

  it("list everything that is missing, unexpected or of another size, and copy nothing then", () => {
    const model = new Model();
    const { extra: _, ...rest } = new Model().stateDict();
    const wrong = { ...rest, other: ones([1]), running_mean: ones([3]), "model.3.bias": [1] as unknown as Tensor };
    const before = model.stateDict()["model.0.weight"]?.toArray();
    expect(() => model.loadStateDict(wrong)).toThrow(
      [
        "Error(s) in loading state_dict for Model:",
        '\tMissing key(s) in state_dict: "extra".',
        '\tUnexpected key(s) in state_dict: "other".',
        "\tsize mismatch for running_mean: copying a param with shape [3] from checkpoint, the shape in current model is [2].",
        "\tmodel.3.bias: expected a tensor, got object.",
      ].join("\n"),
    );
    expect(model.stateDict()["model.0.weight"]?.toArray()).toEqual(before);
  });

  it("pass over missing and unexpected names if not strict, and return them", () => {
    const model = new Model();
    const result = model.loadStateDict({ extra: tensor([5]), other: ones([1]) }, { strict: false });
    expect(model.extra.item()).toBe(5);
    expect(result.unexpectedKeys).toEqual(["other"]);
    expect(result.missingKeys).toEqual(Object.keys(model.stateDict()).filter((name) => name !== "extra"));
    expect(() => model.loadStateDict({ extra: ones([2]) }, { strict: false })).toThrow(/size mismatch for extra/);
  });
});

describe("modes and conversions", () => {
  it("train and eval reach every module", () => {
    const model = new Sequential(new Dropout(), new ModuleList([new Dropout()]) as unknown as Dropout);
    expect([...model.eval().modules()].map(({ training }) => training)).toEqual([false, false, false, false]);
    expect([...model.train().modules()].map(({ training }) => training)).toEqual([true, true, true, true]);
    expect(model.train(false).training).toBe(false);
  });

  it("zeroGrad forgets the gradients", () => {
    const layer = new Linear(2, 1);
    layer
      .forward(ones([1, 2]))
      .sum()
      .backward();
    expect(layer.weight.grad?.toArray()).toEqual([[1, 1]]);
    layer.zeroGrad();
    expect(layer.weight.grad).toBe(null);
  });

  it("requiresGrad_ freezes all parameters", () => {
    const model = new Model().requiresGrad_(false);
    expect([...model.parameters()].some(({ requiresGrad }) => requiresGrad)).toBe(false);
    expect(model.forward(randn([1, 3, 8, 8])).requiresGrad).toBe(false);
  });

  it("to converts floating point tensors and gradients, and keeps what is shared shared", () => {
    const model = new Shared();
    model.first.bias?.requiresGrad_(false);
    model
      .forward(ones([1, 2]))
      .sum()
      .backward();
    const gradient = model.tied.grad?.toArray();
    model.to("float64");
    expect(model.tied).toBe(model.first.weight);
    expect(model.first.bias?.requiresGrad).toBe(false);
    expect(model.tied.grad?.dtype).toBe("float64");
    expect(model.tied.grad?.toArray()).toEqual(gradient);
    expect(model.forward(ones([1, 2], { dtype: "float64" })).dtype).toBe("float64");
    const norm = new BatchNorm1d(2).to("float64");
    expect([norm.runningMean?.dtype, norm.numBatchesTracked?.dtype]).toEqual(["float64", "int32"]);
    expect(model.float().tied.dtype).toBe("float32");
    expect(model.double().tied.dtype).toBe("float64");
    expect(() => model.to("int32")).toThrow(/floating point dtypes only, got int32/);
  });
});

describe("toString", () => {
  it("shows the tree as PyTorch does", () => {
    expect(String(new Model())).toBe(
      [
        "Model(",
        "  (model): Sequential(",
        "    (0): Conv2d(3, 4, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2))",
        "    (1): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)",
        "    (2): Flatten(start_dim=1, end_dim=-1)",
        "    (3): Linear(in_features=64, out_features=10, bias=True)",
        "  )",
        ")",
      ].join("\n"),
    );
  });

  it("shows what a module says of itself above its children", () => {
    class Odd extends Sequential {
      override extraRepr(): string {
        return "one=1\ntwo=2";
      }
    }
    expect(String(new Odd())).toBe("Odd(\n  one=1\n  two=2\n)");
    expect(String(new Odd(new ReLU()))).toBe("Odd(\n  one=1\n  two=2\n  (0): ReLU()\n)");
    expect(String(new ModuleDict({ a: new ReLU() }))).toBe("ModuleDict(\n  (a): ReLU()\n)");
  });
});

describe("hooks", () => {
  it("see inputs and output whoever calls forward, and can replace the output", () => {
    const layer = new Linear(2, 2);
    const model = new Sequential(layer);
    const seen: unknown[] = [];
    const watch = layer.registerForwardHook((module, inputs, output) => {
      seen.push(module, inputs[0], output);
    });
    const x = ones([1, 2]);
    const y = layer.forward(x);
    expect(seen.map((value, i) => value === [layer, x, y][i])).toEqual([true, true, true]);
    const replace = layer.registerForwardHook(() => ones([1]));
    expect(model.forward(x).shape).toEqual([1]);
    replace.remove();
    watch.remove();
    expect(model.forward(x).shape).toEqual([1, 2]);
    expect(seen.length).toBe(6);
  });

  it("before forward can replace the inputs, by a list or by the only one", () => {
    const layer = new Linear(2, 2);
    const first = layer.registerForwardPreHook((_, [x]) => [(x as Tensor).mul(0)]);
    expect(layer.forward(ones([1, 2])).toArray()).toEqual([layer.bias?.toArray()]);
    first.remove();
    layer.registerForwardPreHook(() => zeros([3, 2]));
    expect(layer.forward(ones([1, 2])).shape).toEqual([3, 2]);
  });

  it("are not called by super.forward, and once for a module in a module", () => {
    class Twice extends Linear {
      override forward(x: Tensor): Tensor {
        return super.forward(super.forward(x));
      }
    }
    let calls = 0;
    const layer = new Twice(2, 2);
    layer.registerForwardHook(() => {
      calls++;
    });
    new Sequential(new Sequential(layer)).forward(ones([1, 2]));
    expect(calls).toBe(1);
  });

  it("and a forward of the object's own make a module a watched one", () => {
    const layer = new Linear(2, 2);
    expect(layer.isWatched).toBe(false);
    const handle = layer.registerForwardHook(() => undefined);
    expect(layer.isWatched).toBe(true);
    handle.remove();
    expect(layer.isWatched).toBe(false);
    layer.forward = (x) => x;
    expect(layer.isWatched).toBe(true);
    expect(new Sequential(layer).forward(ones([1, 2])).toArray()).toEqual([[1, 1]]);
    expect(Object.keys(layer.stateDict())).toEqual(["weight", "bias"]);
  });

  it("keep the types and the grad mode of forward", () => {
    class Modes extends Module {
      forward(x: Tensor, { scale = 1 }: { scale?: number } = {}): readonly [Tensor, boolean] {
        return [x.mul(scale), isGradEnabled()];
      }
    }
    const module = new Modes();
    const result = module.forward(ones([1]), { scale: 3 });
    expectTypeOf(result).toEqualTypeOf<readonly [Tensor, boolean]>();
    expect([result[0].item(), result[1]]).toEqual([3, true]);
    expect(module.call(ones([1]))).toHaveLength(2);
  });
});

it("accumulates gradients in every parameter of the tutorial's layers", () => {
  manualSeed(0);
  const model = new Model();
  model
    .forward(randn([2, 3, 8, 8]))
    .sum()
    .backward();
  const sizes = [...model.model.parameters()].map((parameter) => parameter.grad?.shape);
  expect(sizes).toEqual([[4, 3, 5, 5], [4], [10, 64], [10]]);
});
