import "@kindling/autograd";
import { randn } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { BCELoss, BCEWithLogitsLoss } from "../src/index.js";
import { expectNumbers, floats } from "./numbers.js";

// The numbers are PyTorch's.
const logits = floats([0.5, -1, 3]);
const probabilities = floats([0.5, 0, 0.75]);
const target = floats([0, 1, 1]);
const weight = floats([1, 2, 3]);

describe("BCELoss", () => {
  it("takes the mean, the sum or none, with logarithms not below −100", () => {
    expectNumbers(new BCELoss().forward(probabilities, target), 33.66027);
    expectNumbers(new BCELoss({ reduction: "sum" }).forward(probabilities, target), 100.9808);
    expectNumbers(new BCELoss({ reduction: "none" }).forward(probabilities, target), Math.LN2, 100, 0.2876821);
  });

  it("weighs its terms", () => {
    expectNumbers(new BCELoss({ weight }).forward(probabilities, target), 67.1854);
  });

  it("refuses what is no probability, and targets of another shape", () => {
    expect(() => new BCELoss().forward(logits, target)).toThrow(/expected probabilities from 0 to 1; apply sigmoid/);
    expect(() => new BCELoss().forward(probabilities, floats([1]))).toThrow(/a target of shape \[3\], got \[1\]/);
  });
});

describe("BCEWithLogitsLoss", () => {
  it("takes the mean, the sum or none", () => {
    expectNumbers(new BCEWithLogitsLoss().forward(logits, target), 0.778642);
    expectNumbers(new BCEWithLogitsLoss({ reduction: "sum" }).forward(logits, target), 2.335926);
    const each = new BCEWithLogitsLoss({ reduction: "none" }).forward(logits, target);
    expectNumbers(each, 0.974077, 1.313262, 0.04858733);
  });

  it("weighs its terms, and the positive ones once more", () => {
    const loss = new BCEWithLogitsLoss({ weight, posWeight: floats([1, 5, 7]), reduction: "none" });
    expectNumbers(loss.forward(logits, target), 0.974077, 13.13262, 1.020334);
  });

  it("is finite where the sigmoid is 0 or 1, and has gradients there", () => {
    const x = floats([1000, -1000]).requiresGrad_();
    const loss = new BCEWithLogitsLoss({ reduction: "sum" }).forward(x, floats([0, 1]));
    expect(loss.item()).toBe(2000);
    loss.backward();
    expect(x.grad?.toArray()).toEqual([1, -1]);
  });

  it("is BCELoss of the sigmoid", () => {
    const [x, y] = [randn([5, 4]), randn([5, 4]).sigmoid()];
    const expected = new BCELoss().forward(x.sigmoid(), y).item();
    expect(new BCEWithLogitsLoss().forward(x, y).item()).toBeCloseTo(expected, 5);
  });

  it("refuses targets of another shape", () => {
    expect(() => new BCEWithLogitsLoss().forward(logits, floats([1]))).toThrow(/a target of shape \[3\], got \[1\]/);
  });
});
