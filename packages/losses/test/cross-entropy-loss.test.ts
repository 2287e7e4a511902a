import "@kindling/autograd";
import { tensor } from "@kindling/tensor";
import { expect, it } from "vitest";
import { CrossEntropyLoss, MSELoss } from "../src/index.js";

it("gives log C for equal logits", () => {
  const target = tensor([1], { dtype: "int32" });
  expect(new CrossEntropyLoss().forward(tensor([[0, 0, 0]], { dtype: "float32" }), target).item()).toBeCloseTo(
    Math.log(3),
    6,
  );
});

it("keeps class weights as a buffer", () => {
  const loss = new CrossEntropyLoss({ weight: tensor([1, 2], { dtype: "float32" }) });
  expect(Object.keys(loss.stateDict())).toEqual(["weight"]);
});

it("averages squared differences, or sums them", () => {
  const [a, b] = [tensor([1, 2], { dtype: "float32" }), tensor([3, 6], { dtype: "float32" })];
  expect(new MSELoss().forward(a, b).item()).toBe(10);
  expect(new MSELoss({ reduction: "sum" }).forward(a, b).item()).toBe(20);
});
