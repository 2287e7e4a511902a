import {
  cat,
  diagEmbed,
  flip,
  noGrad,
  pad,
  placeStrided,
  repeat,
  roll,
  slice,
  split,
  stack,
  type Tensor,
  tensor,
  tril,
  unbind,
  unfold,
  where,
  zeros,
} from "@kindling/tensor";
import { expect, test } from "vitest";
import { grad } from "../../src/index.js";
import { checkTwice, seeded, variable } from "./check.js";

const cases: Record<string, [(...inputs: Tensor[]) => Tensor, () => Tensor[]]> = {
  "view and permute": [(x) => x.permute(2, 0, 1).reshape(4, 3), () => [variable([2, 3, 2])]],
  expand: [(x) => x.expand(2, 3, 4), () => [variable([3, 1])]],
  "squeeze and unsqueeze of a strided tensor": [(x) => x.t().unsqueeze(1).squeeze(), () => [variable([2, 3])]],
  "narrow and slices with a step": [(x) => x.index(slice(1, null, 2), slice(0, 3)), () => [variable([4, 5])]],
  select: [(x) => x.select(1, -1), () => [variable([2, 3, 2])]],
  "diagonal above and below": [(x) => cat([x.diagonal(1, 0, 2), x.diagonal(-1, 0, 2)], 1), () => [variable([3, 2, 4])]],
  "elements placed on each other": [(x) => placeStrided(x, [7], [2, 1, 0], 1), () => [variable([2, 3, 2])]],
  "overlapping windows": [(x) => unfold(x, 0, 3, 1), () => [variable([5, 2])]],
  "asStrided with overlap and gaps": [(x) => x.asStrided([2, 3], [3, 2], 1), () => [variable([3, 4])]],
  "asStrided of a transposed tensor": [(x) => x.t().asStrided([2, 2], [2, 1]), () => [variable([2, 3])]],
  placeStrided: [(x) => placeStrided(x, [3, 4], [8, 2], 1, 5), () => [variable([2, 2])]],
  diagEmbed: [(x) => diagEmbed(x, -1), () => [variable([2, 3])]],
  "split of which one piece is unused": [
    (x) => {
      const [a, , c] = split(x, [1, 2, 1], 1) as [Tensor, Tensor, Tensor];
      return a.mul(c.square());
    },
    () => [variable([2, 4])],
  ],
  "unbind of which one slice is unused": [
    (x) => {
      const [a, , c] = unbind(x, 1) as [Tensor, Tensor, Tensor];
      return a.square().mul(c);
    },
    () => [variable([2, 3])],
  ],
  flip: [(x) => flip(x, 0, 2), () => [variable([2, 3, 2])]],
  "cat and stack": [(x, y) => stack([cat([x, y], 1), cat([y, x], 1)]), () => [variable([2, 1]), variable([2, 3])]],
  "constant padding and cutting": [(x) => pad(x, [1, -1, -1, 2], { value: 3 }), () => [variable([3, 4])]],
  "reflected padding": [(x) => pad(x, [2, 1], { mode: "reflect" }), () => [variable([2, 4])]],
  "repeat and roll": [(x) => roll(repeat(x, 2, 2), 1, 1), () => [variable([2, 3])]],
  tril: [(x) => tril(x, -1), () => [variable([3, 3])]],
  where: [(x, y) => where(x.detach().gt(0), x, y), () => [variable([2, 3]), variable([3])]],
  "clone and to": [(x) => x.to("float64").clone(), () => [variable([3])]],
};

for (const [name, [fn, inputs]] of Object.entries(cases)) {
  test(
    `first and second derivatives of ${name} agree with differences`,
    seeded(() => {
      checkTwice(fn, inputs());
    }),
  );
}

const leaf = (values: number[]): Tensor => tensor(values, { dtype: "float32", requiresGrad: true });

test("vectors of no elements that join others get a gradient of their own shape", () => {
  const [x, nothing] = [zeros([2, 3], { requiresGrad: true }), zeros([0], { requiresGrad: true })];
  const [gx, gn] = grad(cat([x, nothing, x], 0).sum(), [x, nothing]) as [Tensor, Tensor];
  expect(gx.index(0).toArray()).toEqual([2, 2, 2]);
  expect(gn.shape).toEqual([0]);
});

test("writing into a view is differentiated through its base", () => {
  const [x, y] = [leaf([1, 2, 3]), leaf([5])];
  const base = x.mul(2);
  base.narrow(0, 1, 1).copy_(y.mul(3));
  const [gx, gy] = grad(base.square().sum(), [x, y]) as [Tensor, Tensor];
  expect(base.toArray()).toEqual([2, 15, 6]);
  expect(gx.toArray()).toEqual([8, 0, 24]);
  expect(gy.toArray()).toEqual([90]);
});

test("writing into one of the pieces of a split is differentiated through its base", () => {
  const [x, y] = [leaf([1, 2, 3]), leaf([5])];
  const base = x.mul(2);
  const [first, second] = base.split([1, 2]) as [Tensor, Tensor];
  first.copy_(y.mul(3));
  const [gx, gy] = grad(base.square().sum().add(second.sum()), [x, y]) as [Tensor, Tensor];
  expect(base.toArray()).toEqual([15, 4, 6]);
  expect(gx.toArray()).toEqual([0, 18, 26]);
  expect(gy.toArray()).toEqual([90]);
});

test("a view sees the history of what was written into its base later", () => {
  const x = leaf([1, 2, 3]);
  const base = x.mul(2);
  const view = base.narrow(0, 0, 2);
  base.mul_(10);
  expect(grad(view.sum(), [x])[0]?.toArray()).toEqual([20, 20, 0]);
});

test("filling with a constant cuts the gradient, even where there was NaN", () => {
  const x = leaf([Number.NaN, 2]);
  const y = x.mul(3);
  y.narrow(0, 0, 1).zero_();
  expect(grad(y.sum(), [x])[0]?.toArray()).toEqual([0, 3]);
});

test("windows of a part of a larger memory get the gradient of that part", () => {
  const x = leaf([1, 2, 3, 4, 5]);
  const part = x.mul(1).narrow(0, 1, 3);
  expect(grad(part.unfold(0, 2, 1).sum(), [x])[0]?.toArray()).toEqual([0, 1, 2, 1, 0]);
});

test("views made without recording carry no gradient", () => {
  const x = leaf([1, 2]);
  expect(noGrad(() => x.narrow(0, 0, 1)).requiresGrad).toBe(false);
});
