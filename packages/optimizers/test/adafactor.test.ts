import { stack, type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { Adafactor, type AdafactorOptions } from "../src/index.js";
import { parameter } from "./parameter.js";

const matrix = tensor([[1, 2], [3, 4], [5, 6]], { dtype: "float64" }); // biome-ignore format: a matrix
const gradients = [[[1, -2], [0.5, 3], [-1, 2]], [[0, 1], [2, -1], [1, 1]]].map((rows) => tensor(rows, { dtype: "float64" })); // biome-ignore format: matrices

/** Where a parameter is after a step with each gradient, both made by `of`. */
function path(options: Partial<AdafactorOptions>, of = (x: Tensor): Tensor => x): number[][] {
  const p = of(matrix).clone().requiresGrad_();
  const optimizer = new Adafactor([p], options);
  return gradients.map((gradient) => {
    p.grad = of(gradient).clone();
    optimizer.step();
    return [...p.detach().toTypedArray()];
  });
}

const near = (rows: number[][]): unknown => rows.map((row) => row.map((value) => expect.closeTo(value, 8)));

// The numbers are by PyTorch's formula, in float64.
describe("Adafactor", () => {
  it("keeps of a matrix the means by row and by column", () => {
    expect(path({})).toEqual(
      near([
        [0.951305783, 2.035430247, 2.98209965, 3.960926747, 5.048694217, 5.964569753],
        [0.951305783, 2.007174683, 2.927643537, 3.978728097, 5.009445655, 5.938909551],
      ]),
    );
    expect(path({ lr: 0.5, beta2Decay: -0.5, eps: [0.1, 0.3], d: 1.5, weightDecay: 0.2 })).toEqual(
      near([
        [-1.647148006, 3.653322401, 1.763649771, 1.556115407, 7.047148006, 3.546677599],
        [-1.482433205, 1.688379832, -0.86728015, 2.343787436, 4.534813794, 1.802682011],
      ]),
    );
  });

  it("keeps of a vector all squares", () => {
    expect(path({}, (x) => x.select(1, 0))).toEqual(
      near([
        [0.965843497, 2.965843497, 5.034156503],
        [0.965843497, 2.921737417, 4.999964977],
      ]),
    );
  });

  it("takes each matrix of more dimensions by itself", () => {
    const [, last] = path({}, (x) => stack([x, x === matrix ? x.mul(2) : x.flip(0)]));
    const want = [0.923007683, 2.01137327, 2.885650471, 3.966347835, 5.014975314, 5.903433948];
    const other = [2.014975314, 3.903433948, 5.885650471, 7.966347835, 9.923007683, 12.01137327];
    expect([last]).toEqual(near([[...want, ...other]]));
  });

  it("goes up to maximize", () => {
    const [down, up] = [path({})[0] as number[], path({ maximize: true })[0] as number[]];
    const mirrored = down.map((value, i) => 2 * (i + 1) - value);
    expect([up]).toEqual(near([mirrored]));
  });

  it("names its state as PyTorch does, and goes on from it with the same bits", () => {
    const [whole, parts] = [matrix.clone().requiresGrad_(), matrix.clone().requiresGrad_()];
    const step = (optimizer: Adafactor, p: Tensor, gradient: Tensor | undefined): void => {
      p.grad = gradient?.clone() ?? null;
      optimizer.step();
    };
    const all = new Adafactor([whole]);
    for (const gradient of gradients) step(all, whole, gradient);
    const first = new Adafactor([parts]);
    step(first, parts, gradients[0]);
    expect(Object.keys(first.stateDict().state[0] ?? {})).toEqual(["step", "rowVar", "colVar"]);
    const second = new Adafactor([parts]);
    second.loadStateDict(first.stateDict());
    step(second, parts, gradients[1]);
    expect(parts.toArray()).toEqual(whole.toArray());
  });

  it("refuses options out of range", () => {
    const p = [parameter(1)];
    expect(() => new Adafactor(p, { beta2Decay: 0.5 })).toThrow(/Adafactor: beta2Decay must be at most 0, got 0.5/);
    expect(() => new Adafactor(p, { d: 0.5 })).toThrow(/Adafactor: d must be at least 1, got 0.5/);
    expect(() => new Adafactor(p, { eps: [-1, 1] })).toThrow(/Adafactor: eps/);
    expect(() => new Adafactor(p, { weightDecay: -1 })).toThrow(/Adafactor: weightDecay/);
  });
});
