import { batchNorm, groupNorm, instanceNorm, layerNorm, rmsNorm, type Tensor, tensor } from "@kindling/tensor";
import { expect, test } from "vitest";
import { grad } from "../../src/index.js";
import { checkTwice, seeded, variable } from "./check.js";

const statistics = (values: number[]): Tensor => tensor(values, { dtype: "float64" });

const cases: Record<string, [(...inputs: Tensor[]) => Tensor, () => Tensor[]]> = {
  "batchNorm in training": [
    (x, w, b) => batchNorm(x, null, null, w, b, { training: true }),
    () => [variable([3, 2, 2]), variable([2]), variable([2])],
  ],
  "batchNorm without weights": [
    (x) => batchNorm(x, null, null, null, null, { training: true }),
    () => [variable([4, 3])],
  ],
  "batchNorm in evaluation": [
    (x, w, b) => batchNorm(x, statistics([0.5, -0.5]), statistics([2, 0.3]), w, b),
    () => [variable([2, 2, 3]), variable([2]), variable([2])],
  ],
  "layerNorm over two dimensions": [
    (x, w, b) => layerNorm(x, [2, 3], w, b),
    () => [variable([2, 2, 3]), variable([2, 3]), variable([2, 3])],
  ],
  "layerNorm of one row": [(x) => layerNorm(x, 4), () => [variable([4])]],
  groupNorm: [(x, w, b) => groupNorm(x, 2, w, b), () => [variable([2, 4, 3]), variable([4]), variable([4])]],
  instanceNorm: [(x) => instanceNorm(x), () => [variable([2, 2, 4])]],
  rmsNorm: [(x, w) => rmsNorm(x, 4, w), () => [variable([2, 4]), variable([4])]],
};

for (const [name, [fn, inputs]] of Object.entries(cases)) {
  test(
    `${name}: first and second derivatives equal central differences`,
    seeded(() => checkTwice(fn, inputs())),
  );
}

for (const training of [true, false]) {
  test(`the fused gradient of batchNorm equals the one by operations (training ${training})`, () => {
    const [x, w, b] = [variable([3, 2, 4]), variable([2]), variable([2])];
    const y = batchNorm(x, statistics([0.1, 0.2]), statistics([1, 2]), w, b, { training });
    const direction = variable([3, 2, 4]).detach();
    const fused = grad(y, [x, w, b], { gradOutputs: [direction], retainGraph: true });
    const composed = grad(y, [x, w, b], { gradOutputs: [direction], createGraph: true });
    for (const [i, gradient] of fused.entries()) {
      expect((gradient as Tensor).allclose(composed[i] as Tensor, { rtol: 1e-9, atol: 1e-12 })).toBe(true);
    }
  });
}
