import { arange, gumbelSoftmax, manualSeed, tensor, zeros } from "@kindling/tensor";
import { expect, it } from "vitest";
import "../src/index.js";

it("gumbelSoftmax draws and differentiates as PyTorch does after the same seed, softly and one-hot", () => {
  manualSeed(0);
  const logits = arange(6, { dtype: "float32" }).reshape(2, 3).requiresGrad_();
  const soft = gumbelSoftmax(logits, { tau: 0.5 });
  const want = tensor([
    [0.000544194714, 0.0326934978, 0.966762304],
    [0.0053098076, 0.23506704, 0.75962317],
  ]);
  expect(soft.allclose(want, { rtol: 1e-5 })).toBe(true);
  soft.select(1, 0).sum().backward();
  const gradient = tensor([
    [0.0010877971, -0.0000355832562, -0.00105221383],
    [0.0105632273, -0.00249632145, -0.00806690566],
  ]);
  expect(logits.grad?.allclose(gradient, { rtol: 1e-5, atol: 1e-9 })).toBe(true);
  logits.clearGrad();
  const hard = gumbelSoftmax(logits, { hard: true, dim: 0 });
  expect(hard.toArray()).toEqual([
    [0, 0, 0],
    [1, 1, 1],
  ]);
  hard.select(0, 0).sum().backward();
  expect(logits.grad?.ne(0).all().item()).toBe(1);
  expect(() => gumbelSoftmax(zeros([2]), { tau: 0 })).toThrow(/tau must be positive, got 0/);
});
