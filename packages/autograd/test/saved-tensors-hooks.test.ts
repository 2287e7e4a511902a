import { manualSeed, maxPool2d, randn, softmax, type Tensor, tensor } from "@kindling/tensor";
import { beforeEach, describe, expect, it } from "vitest";
import { grad, gradcheck, savedTensorsHooks } from "../src/index.js";

const same = (saved: Tensor): Tensor => saved;

let x: Tensor;
beforeEach(() => {
  manualSeed(2);
  x = randn([3, 4], { dtype: "float64", requiresGrad: true });
});

describe("savedTensorsHooks", () => {
  it("gives pack each tensor that backward needs, and unpack what pack returned", () => {
    const a = tensor([1, 2], { dtype: "float32", requiresGrad: true });
    const log: unknown[] = [];
    const y = savedTensorsHooks(
      (saved) => {
        log.push(["pack", saved.toArray(), saved.requiresGrad]);
        return { of: saved };
      },
      ({ of }) => {
        log.push("unpack");
        return of;
      },
      () => a.mul(a).exp(),
    );
    expect(log).toEqual([
      ["pack", [1, 2], false],
      ["pack", [1, 2], false],
      ["pack", y.toArray(), false],
    ]);
    y.sum().backward();
    expect(log.slice(3)).toEqual(["unpack", "unpack", "unpack"]);
    expect(a.grad?.toArray()).toEqual(y.detach().mul(a.detach()).mul(2).toArray());
  });

  it("leaves first and second derivatives as they are", () => {
    const fn = (input: Tensor): Tensor =>
      savedTensorsHooks(
        (saved) => saved.neg(),
        (packed) => packed.neg(),
        () => softmax(input.tanh().mul(input), 1).mul(input.select(1, 0).unsqueeze(1)),
      );
    expect(gradcheck(fn, [x])).toBe(true);
    const slope = (input: Tensor): Tensor => grad(fn(input).square().sum(), input, { createGraph: true })[0].square();
    expect(gradcheck(slope, [x])).toBe(true);
  });

  it("computes with what unpack returns", () => {
    const y = savedTensorsHooks(
      same,
      (saved) => saved.mul(10),
      () => x.square().sum(),
    );
    expect(grad(y, x)[0].toArray()).toEqual(x.detach().mul(10).mul(2).toArray());
  });

  it("takes integers that ops save for themselves, and gives formulas the layout that they had", () => {
    const image = randn([1, 2, 4, 4], { requiresGrad: true });
    const turned = (saved: Tensor): Tensor => saved.transpose(0, -1).contiguous().transpose(0, -1);
    const pooled = (): Tensor => softmax(maxPool2d(image, 2), 1).square().sum();
    const [want] = grad(pooled(), image);
    const [got] = grad(savedTensorsHooks(same, turned, pooled), image);
    expect(got.toArray()).toEqual(want.toArray());
  });

  it("applies the innermost hooks only, and none after it", () => {
    const names: string[] = [];
    const noting = (name: string) => (saved: Tensor) => {
      names.push(name);
      return saved;
    };
    savedTensorsHooks(noting("outer"), same, () => {
      savedTensorsHooks(noting("inner"), same, () => x.square());
      x.square();
    });
    x.square();
    expect(names).toEqual(["inner", "outer"]);
  });

  it("runs pack unrecorded, and hooks no op of pack itself", () => {
    let calls = 0;
    const y = savedTensorsHooks(
      (saved) => {
        calls++;
        return saved.square().sqrt();
      },
      same,
      () => x.square().sum(),
    );
    expect(calls).toBe(1);
    expect(y.gradFn?.nextFunctions[0]?.[0]?.name).toBe("square");
  });

  it("goes back to no hooks when the function throws", () => {
    const fail = (): never => {
      throw new Error("mine");
    };
    expect(() => savedTensorsHooks(fail, same, () => x.square())).toThrow("mine");
    expect(() => x.square()).not.toThrow();
  });

  it("refuses to write into what is saved, and to unpack something else", () => {
    const inPlace = (saved: Tensor): Tensor => saved.mul_(2);
    expect(() => savedTensorsHooks(inPlace, same, () => x.detach().requiresGrad_().square())).toThrow(/in place/);
    const unpacking = (unpack: (saved: Tensor) => Tensor) => () =>
      savedTensorsHooks(same, unpack, () => x.square().sum()).backward();
    expect(unpacking((saved) => saved.sum())).toThrow(/float64 tensor of shape \[3, 4\], got float64 of shape \[\]/);
    expect(unpacking((saved) => saved.to("float32"))).toThrow(/got float32/);
    expect(unpacking(() => null as unknown as Tensor)).toThrow(/must return a tensor, got null/);
  });

  it("says that the graph was freed in a second backward", () => {
    const y = savedTensorsHooks(same, same, () => x.square().sum());
    y.backward();
    expect(() => y.backward()).toThrow(/retainGraph/);
  });
});
