import { manualSeed, stack, type Tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { transforms } from "../../src/index.js";
import { counting, values } from "./images.js";

const image = counting(1, 2, 2, "float32");
const add = (amount: number) => (x: Tensor) => x.add(amount);
const double = new transforms.Lambda((x: Tensor) => x.mul(2));

describe("RandomApply", () => {
  it("does all of its transforms or none, by one draw", () => {
    manualSeed(0);
    const apply = new transforms.RandomApply([add(1), double], { p: 0.3 });
    const done = Array.from({ length: 8 }, () => values(apply.forward(image))[0] === 2);
    expect(done).toEqual([false, false, true, true, false, false, false, false]);
    expect(`${new transforms.RandomApply([double])}`).toBe("RandomApply(\n    p=0.5\n    Lambda()\n)");
    expect(() => new transforms.RandomApply([], 2)).toThrow(/RandomApply: expected a probability from 0 to 1, got 2/);
  });
});

describe("RandomChoice", () => {
  it("does one of its transforms, as likely as asked for", () => {
    manualSeed(0);
    const choice = new transforms.RandomChoice([add(1), add(2)], { p: [1, 3] });
    expect(Array.from({ length: 8 }, () => values(choice.forward(image))[0])).toEqual([2, 1, 2, 2, 2, 2, 2, 2]);
    expect(`${new transforms.RandomChoice([double, double])}`).toBe(
      "RandomChoice(\n    Lambda()\n    Lambda()\n)(p=[0.5, 0.5])",
    );
  });

  it("refuses no transforms, and probabilities that do not fit", () => {
    expect(() => new transforms.RandomChoice([])).toThrow(/RandomChoice: expected at least one transform/);
    expect(() => new transforms.RandomChoice([double], { p: [1, 2] })).toThrow(/got 1 transforms and \[1, 2\]/);
    expect(() => new transforms.RandomChoice([double], { p: [0] })).toThrow(/not all 0/);
  });
});

describe("RandomOrder", () => {
  it("does its transforms in the order of a permutation", () => {
    manualSeed(0);
    const appended: number[] = [];
    const note = (which: number) => (x: Tensor) => {
      appended.push(which);
      return x;
    };
    const order = new transforms.RandomOrder([note(0), note(1), note(2)]);
    for (let i = 0; i < 3; i++) order.forward(image);
    expect(appended).toEqual([2, 0, 1, 2, 1, 0, 1, 2, 0]);
    expect(`${order}`.startsWith("RandomOrder(\n    ")).toBe(true);
  });
});

describe("Compose", () => {
  it("hands crops on to what makes one tensor of them", () => {
    const crops = new transforms.Compose([
      new transforms.FiveCrop(1),
      new transforms.Lambda((five: Tensor[]) => stack(five)),
      double,
    ]);
    expect(crops.forward(image).shape).toEqual([5, 1, 1, 1]);
    expect(values(crops.forward(image))).toEqual([0, 2, 4, 6, 0]);
  });
});
