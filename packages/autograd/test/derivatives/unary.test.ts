import { type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it, test } from "vitest";
import { grad } from "../../src/index.js";
import { checkTwice, seeded, variable } from "./check.js";

const activations: Record<string, (x: Tensor) => Tensor> = {
  relu: (x) => x.relu(),
  leakyRelu: (x) => x.leakyRelu(0.1),
  sigmoid: (x) => x.sigmoid(),
  tanh: (x) => x.tanh(),
  silu: (x) => x.silu(),
  gelu: (x) => x.gelu(),
  "gelu (tanh)": (x) => x.gelu({ approximate: "tanh" }),
};

describe("activations", () => {
  test.each(Object.entries(activations))(
    "%s has the first and second derivative that differences show",
    (_, activation) => seeded(() => checkTwice(activation, [variable([3, 4], -2, 2)]))(),
  );

  test.each(Object.entries(activations))(
    "%s has one gradient, whether it is recorded or computed in one kernel call",
    (_, activation) =>
      seeded(() => {
        const x = variable([4, 5], -3, 3);
        const y = activation(x.t()).mul(2).sum();
        const [recorded] = grad(y, x, { createGraph: true });
        const [direct] = grad(y, x);
        const differences = (recorded as Tensor).sub(direct as Tensor).abs();
        expect(differences.max().item()).toBeLessThan(1e-12);
      })(),
  );

  it("lets no infinite gradient through where relu is flat", () => {
    const x = tensor([-1, 0, 2], { requiresGrad: true });
    x.relu().backward(tensor([Infinity, Infinity, 1]));
    expect(x.grad?.toArray()).toEqual([0, 0, 1]);
  });
});
