import "@kindling/autograd";
import { manualSeed, ones, randn, type Tensor, zeros } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { Conv2d, Flatten, Linear, MaxPool2d, Module, Parameter, Sequential } from "../src/index.js";

class Model extends Module {
  model = new Sequential(new Conv2d(3, 4, 5, { padding: 2 }), new MaxPool2d(2), new Flatten(), new Linear(64, 10));
  runningMean = zeros([2]);
  extra = new Parameter(ones([1]));
  forward(x: Tensor): Tensor {
    return this.model.forward(x);
  }
}

describe("Module", () => {
  it("names its state as PyTorch does", () => {
    expect(Object.keys(new Model().stateDict())).toEqual([
      "extra",
      "running_mean",
      "model.0.weight",
      "model.0.bias",
      "model.3.weight",
      "model.3.bias",
    ]);
  });

  it("shows itself as PyTorch does", () => {
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

  it("copies a loaded state, so that two models agree", () => {
    const [a, b] = [new Model(), new Model()];
    const x = randn([2, 3, 8, 8]);
    expect(b.loadStateDict(a.stateDict())).toEqual({ missingKeys: [], unexpectedKeys: [] });
    expect(b.forward(x).toArray()).toEqual(a.forward(x).toArray());
  });

  it("lists what is missing, unexpected and of another size", () => {
    const { extra: _, ...rest } = new Model().stateDict();
    const load = () => new Model().loadStateDict({ ...rest, other: ones([1]), running_mean: ones([3]) });
    expect(load).toThrow(/Missing key\(s\) in state_dict: "extra"[\s\S]*"other"[\s\S]*size mismatch for running_mean/);
  });

  it("reaches every module with train and eval", () => {
    const model = new Model().eval();
    expect([...model.modules()].map((module) => module.training)).not.toContain(true);
  });

  it("names the layer that an input does not fit", () => {
    const inner = new Sequential(new Flatten(), new Linear(3, 2));
    expect(() => new Sequential(inner).forward(ones([2, 4]))).toThrow(/^0\.1 \(Linear\): /);
  });

  it("calls hooks, and lets them replace the output", () => {
    const layer = new Linear(2, 2);
    const hook = layer.registerForwardHook(() => ones([1]));
    const model = new Sequential(layer);
    expect(model.forward(ones([1, 2])).shape).toEqual([1]);
    hook.remove();
    expect(model.forward(ones([1, 2])).shape).toEqual([1, 2]);
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
});
