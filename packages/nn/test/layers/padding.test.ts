import "@kindling/autograd";
import { arange, type Tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import * as nn from "../../src/index.js";

const row = (): Tensor => arange(3, { dtype: "float32" }).reshape([1, 1, 3]);
const numbers = (...shape: number[]): Tensor => arange(27, { dtype: "float32" }).reshape([1, 1, ...shape]);

describe("padding layers", () => {
  it.each<[nn.Module & { forward(x: Tensor): Tensor }, number[]]>([
    [new nn.ZeroPad1d(1), [0, 0, 1, 2, 0]],
    [new nn.ConstantPad1d([2, 0], 9), [9, 9, 0, 1, 2]],
    [new nn.ReflectionPad1d([1, 2]), [1, 0, 1, 2, 1, 0]],
    [new nn.ReplicationPad1d(2), [0, 0, 0, 1, 2, 2, 2]],
    [new nn.CircularPad1d([1, 2]), [2, 0, 1, 2, 0, 1]],
    [new nn.ZeroPad1d([-1, 1]), [1, 2, 0]],
  ])("add elements on both sides: %s", (layer, want) => {
    expect(layer.forward(row()).toArray()).toEqual([[want]]);
    expect(layer.forward(row().squeeze(0)).toArray()).toEqual([want]);
  });

  it("count the amounts from the last dimension", () => {
    const layers = [nn.ZeroPad2d, nn.ReflectionPad2d, nn.ReplicationPad2d, nn.CircularPad2d];
    for (const Pad of layers) {
      expect(new Pad([1, 0, 2, 1]).forward(numbers(3, 9)).shape).toEqual([1, 1, 6, 10]);
    }
    for (const Pad of [nn.ZeroPad3d, nn.ReflectionPad3d, nn.ReplicationPad3d, nn.CircularPad3d]) {
      const layer = new Pad([1, 0, 2, 1, 0, 1]);
      expect(layer.forward(numbers(3, 3, 3)).shape).toEqual([1, 1, 4, 6, 4]);
    }
    expect(new nn.ConstantPad2d(1, 2).forward(row().reshape([1, 1, 3])).shape).toEqual([1, 3, 5]);
    expect(new nn.ConstantPad3d(1, 2).forward(row().reshape([1, 1, 1, 3])).shape).toEqual([1, 3, 3, 5]);
  });

  it("give a repeated element all its gradients", () => {
    const x = row().requiresGrad_();
    new nn.ReplicationPad1d(2).forward(x).sum().backward();
    expect(x.grad?.toArray()).toEqual([[[3, 1, 3]]]);
  });

  it("refuse other numbers of amounts and other inputs", () => {
    expect(() => new nn.ZeroPad2d([1, 2])).toThrow(/ZeroPad2d: padding must be a whole number or a list of 4/);
    expect(() => new nn.ZeroPad1d(0.5)).toThrow(/padding must be a whole number/);
    expect(() => new nn.ReflectionPad2d(1).forward(arange(4))).toThrow(
      /ReflectionPad2d: expected an input of 3 or 4 dimensions, got \[4\]/,
    );
    expect(() => new nn.ReflectionPad1d(3).forward(row())).toThrow(/reflect padding of 3 and 3 needs more/);
  });
});
