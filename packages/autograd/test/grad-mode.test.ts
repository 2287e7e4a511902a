import { noGrad, ones, setGradEnabled, tensor } from "@kindling/tensor";
import { expect, test } from "vitest";
import { enableGrad, inferenceMode, isGradEnabled, isInferenceModeEnabled } from "../src/index.js";

const w = tensor([2, 3], { dtype: "float32", requiresGrad: true });

test("inferenceMode records nothing, whatever is asked for inside, and ends with the function", () => {
  const y = inferenceMode(() => {
    expect([isGradEnabled(), isInferenceModeEnabled()]).toEqual([false, true]);
    expect(enableGrad(() => w.mul(2)).requiresGrad).toBe(false);
    setGradEnabled(true);
    expect(inferenceMode(() => w.mul(2)).requiresGrad).toBe(false);
    return w.mul(2);
  });
  expect(y.requiresGrad).toBe(false);
  expect([isGradEnabled(), isInferenceModeEnabled()]).toEqual([true, false]);
  expect(y.mul(w).requiresGrad).toBe(true);
});

test("inferenceMode ends when its function throws, and refuses one that goes on later", () => {
  expect(() =>
    inferenceMode(() => {
      throw new Error("mine");
    }),
  ).toThrow("mine");
  expect(() => inferenceMode(async () => ones([1]))).toThrow(/inferenceMode takes a synchronous function/);
  expect([isGradEnabled(), isInferenceModeEnabled()]).toEqual([true, false]);
});

test("inferenceMode inside noGrad goes back to noGrad", () => {
  noGrad(() => {
    inferenceMode(() => w.mul(2));
    expect(isGradEnabled()).toBe(false);
    expect(enableGrad(() => w.mul(2)).requiresGrad).toBe(true);
  });
});
