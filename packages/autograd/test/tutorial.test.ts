import {
  conv2d,
  crossEntropy,
  linear,
  manualSeed,
  maxPool2d,
  noGrad,
  rand,
  randint,
  type Tensor,
  tensor,
} from "@kindling/tensor";
import { expect, expectTypeOf, test } from "vitest";
import { grad, gradcheck } from "../src/index.js";

/** Parameters of the tutorial network, drawn as PyTorch draws them. */
function parameters(): Tensor[] {
  const sizes: [number[], number][] = [
    [[32, 3, 5, 5], 75],
    [[32, 32, 5, 5], 800],
    [[64, 32, 5, 5], 800],
    [[64, 1024], 1024],
    [[10, 64], 64],
  ];
  return sizes.flatMap(([shape, fanIn]) => {
    const bound = 1 / Math.sqrt(fanIn);
    return [shape, [shape[0] as number]].map((size) =>
      rand(size)
        .mul(2 * bound)
        .sub(bound)
        .detach()
        .requiresGrad_(),
    );
  });
}

function forward(x: Tensor, p: Tensor[]): Tensor {
  let h = x;
  for (let i = 0; i < 3; i++) h = maxPool2d(conv2d(h, p[2 * i] as Tensor, p[2 * i + 1], { padding: 2 }), 2);
  h = linear(h.flatten(1), p[6] as Tensor, p[7]);
  return linear(h, p[8] as Tensor, p[9]);
}

test("gradient descent on one batch of the tutorial network lowers the loss at every step", () => {
  manualSeed(0);
  const p = parameters();
  const x = rand([16, 3, 32, 32]);
  const target = randint(0, 10, [16]);
  const losses: number[] = [];
  for (let step = 0; step < 6; step++) {
    for (const parameter of p) parameter.clearGrad();
    const loss = crossEntropy(forward(x, p), target);
    loss.backward();
    losses.push(loss.item());
    noGrad(() => {
      for (const parameter of p) parameter.sub_((parameter.grad as Tensor).mul(0.05));
    });
  }
  expect(losses[0]).toBeCloseTo(Math.log(10), 0);
  for (let i = 1; i < losses.length; i++) expect(losses[i]).toBeLessThan(losses[i - 1] as number);
});

test("gradcheck accepts the derivative of a product and of a view written in place", () => {
  const a = tensor([0.5, -1.25, 2], { dtype: "float64", requiresGrad: true });
  const b = tensor([[1.5], [-0.75]], { dtype: "float64", requiresGrad: true });
  expect(gradcheck((x, y) => x.mul(y).tanh(), [a, b])).toBe(true);
  const overwriteFirst = (x: Tensor): Tensor => {
    const copy = x.clone();
    copy.select(0, 0).mul_(3);
    return copy.square();
  };
  expect(gradcheck(overwriteFirst, [a])).toBe(true);
});

test("a second backward through a freed graph says how to keep it", () => {
  const x = tensor([1.5, 2.5], { requiresGrad: true });
  const loss = x.square().sum();
  loss.backward();
  expect(x.grad?.toArray()).toEqual([3, 5]);
  expect(() => loss.backward()).toThrow(/retainGraph/);
});

test("the gradient of a gradient is available with createGraph", () => {
  const x = tensor([2, -3], { requiresGrad: true });
  const [first] = grad(x.pow(3).sum(), x, { createGraph: true });
  const [second] = grad(first.sum(), x);
  expect(first.toArray()).toEqual([12, 27]);
  expect(second.toArray()).toEqual([12, -18]);
});

test("grad gives a tensor for each input, and null only where an unused input is allowed", () => {
  const [x, y] = [tensor(2, { requiresGrad: true }), tensor(3, { requiresGrad: true })];
  const [dx, dy] = grad(x.mul(y), [x, y]);
  expectTypeOf(dy).toEqualTypeOf<Tensor>();
  expect([dx.item(), dy.item()]).toEqual([3, 2]);
  const [unused] = grad(x.square(), [y], { allowUnused: true });
  expect(unused).toBeNull();
});
