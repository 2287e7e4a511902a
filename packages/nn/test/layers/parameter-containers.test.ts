import { arange, ones, randn, type Tensor, zeros } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { Module, Parameter, ParameterDict, ParameterList } from "../../src/index.js";

class Mixture extends Module {
  weights = new ParameterList([zeros([2, 3]), new Parameter(ones([2]))]);
  scales = new ParameterDict({ left: ones([2]), right: ones([]) });
  forward(x: Tensor): Tensor {
    return x;
  }
}

describe("ParameterList and ParameterDict", () => {
  it("have their entries among the parameters, under PyTorch's names", () => {
    const model = new Mixture();
    const names = ["weights.0", "weights.1", "scales.left", "scales.right"];
    expect(Array.from(model.namedParameters(), ([name]) => name)).toEqual(names);
    expect(Object.keys(model.stateDict())).toEqual(names);
    expect(model.weights.at(0).requiresGrad).toBe(true);
    const state = Object.fromEntries(names.map((name) => [name, model.stateDict()[name]?.add(1) as Tensor]));
    model.loadStateDict(state);
    expect(model.weights.at(-1).toArray()).toEqual([2, 2]);
  });

  it("are copied and converted with their module", () => {
    const model = new Mixture();
    const clone = model.clone().double();
    expect([clone.weights.at(0).dtype, clone.scales.get("left").dtype]).toEqual(["float64", "float64"]);
    expect(clone.weights.at(0)).toBeInstanceOf(Parameter);
    expect([model.weights.at(0).dtype, model.scales.get("left").dtype]).toEqual(["float32", "float32"]);
  });

  it("can be changed and walked", () => {
    const list = new ParameterList().append(ones([1])).extend([zeros([1]), randn([2])]);
    list.set(-1, ones([3]));
    expect(Array.from(list, ({ shape }) => shape)).toEqual([[1], [1], [3]]);
    const dictionary = new ParameterDict([["a", ones([1])]]).update({ b: zeros([1]) });
    expect(Array.from(dictionary, ([name]) => name)).toEqual(["a", "b"]);
    expect([...dictionary.keys(), dictionary.has("a"), dictionary.pop("a").item(), dictionary.length]).toEqual([
      "a",
      "b",
      true,
      1,
      1,
    ]);
    expect([...dictionary.values()].length + [...dictionary.entries()].length).toBe(2);
    dictionary.clear();
    expect(dictionary.length).toBe(0);
  });

  it("show their entries", () => {
    expect(String(new Mixture())).toBe(
      [
        "Mixture(",
        "  (weights): ParameterList(",
        "    (0): Parameter containing: [float32 of size 2x3]",
        "    (1): Parameter containing: [float32 of size 2]",
        "  )",
        "  (scales): ParameterDict(",
        "    (left): Parameter containing: [float32 of size 2]",
        "    (right): Parameter containing: [float32 of size ]",
        "  )",
        ")",
      ].join("\n"),
    );
  });

  it("name what does not fit", () => {
    expect(() => new ParameterList([1 as unknown as Tensor])).toThrow(/ParameterList: an entry is no tensor/);
    expect(() => new ParameterList([arange(2)])).toThrow(/floating point dtype/);
    expect(() => new ParameterList().at(0)).toThrow(/index 0 is out of range for 0 parameters/);
    expect(() => new ParameterDict().get("a")).toThrow(/no parameter "a"/);
    expect(() => new ParameterDict({ "a.b": ones([1]) })).toThrow(/must not be empty or contain "."/);
    expect(() => new ParameterList().forward()).toThrow(/has no forward/);
    expect(() => new ParameterDict().forward()).toThrow(/has no forward/);
  });
});
