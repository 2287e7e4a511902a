import { ones } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { Linear, type Module, ModuleDict, ModuleList, ReLU, Tanh } from "../../src/index.js";

describe("ModuleList", () => {
  const list = () => new ModuleList([new Linear(1, 1), new Linear(1, 2), new Linear(1, 3)]);
  const widths = (modules: Iterable<Linear>): number[] => Array.from(modules, ({ outFeatures }) => outFeatures);

  it("names its modules by their positions", () => {
    expect(Array.from(list().namedParameters(), ([name]) => name)).toEqual([
      "0.weight",
      "0.bias",
      "1.weight",
      "1.bias",
      "2.weight",
      "2.bias",
    ]);
  });

  it("is indexed from both ends, and sliced", () => {
    const modules = list();
    expect([modules.at(0).outFeatures, modules.at(-1).outFeatures, modules.length]).toEqual([1, 3, 3]);
    expect(widths(modules.slice(1))).toEqual([2, 3]);
    expect(modules.slice(-1).at(0)).toBe(modules.at(2));
    for (const index of [3, -4, 0.5]) expect(() => modules.at(index)).toThrow(/out of range for 3 modules/);
  });

  it("grows, shrinks and changes in place", () => {
    const modules = list()
      .append(new Linear(1, 4))
      .extend([new Linear(1, 5)])
      .insert(0, new Linear(1, 9));
    expect(widths(modules)).toEqual([9, 1, 2, 3, 4, 5]);
    expect(modules.set(-1, new Linear(1, 8)).pop().outFeatures).toBe(8);
    expect(modules.pop(0).outFeatures).toBe(9);
    expect(widths(modules.insert(-1, new Linear(1, 7)))).toEqual([1, 2, 3, 7, 4]);
    expect(() => new ModuleList().pop()).toThrow(/out of range for 0 modules/);
  });

  it("takes modules only, and has no forward", () => {
    expect(() => new ModuleList([1 as unknown as Module])).toThrow(/ModuleList: an entry is no module/);
    expect(() => list().set(0, ones([1]) as unknown as Linear)).toThrow(/no module/);
    expect(() => list().forward()).toThrow(/ModuleList has no forward/);
  });
});

describe("ModuleDict", () => {
  const dict = () => new ModuleDict({ a: new ReLU(), b: new Tanh() });

  it("names its modules by their keys, as they are", () => {
    const modules = new ModuleDict({ myLayer: new Linear(1, 1, { bias: false }) });
    expect(Object.keys(modules.stateDict())).toEqual(["myLayer.weight"]);
  });

  it("is read and changed as a map", () => {
    const modules = dict();
    expect([[...modules.keys()], modules.length, modules.has("a"), modules.has("c")]).toEqual([
      ["a", "b"],
      2,
      true,
      false,
    ]);
    const a = modules.get("a");
    expect([...modules.values()][0]).toBe(a);
    expect(Array.from(modules.entries(), ([name]) => name)).toEqual(Array.from(modules, ([name]) => name));
    modules.set("c", new ReLU()).update([["a", new Tanh()]]);
    expect([[...modules.keys()], modules.get("a") === a]).toEqual([["a", "b", "c"], false]);
    expect(modules.pop("b")).toBeInstanceOf(Tanh);
    modules.clear();
    expect(modules.length).toBe(0);
  });

  it("takes modules only, under names without dots, and has no forward", () => {
    expect(() => dict().set("x", 1 as unknown as ReLU)).toThrow(/entry "x" is no module/);
    expect(() => dict().set("x.y", new ReLU())).toThrow(/must not be empty or contain "."/);
    expect(() => dict().get("x")).toThrow(/no module "x"; there are: a, b/);
    expect(() => dict().forward()).toThrow(/ModuleDict has no forward/);
  });
});
