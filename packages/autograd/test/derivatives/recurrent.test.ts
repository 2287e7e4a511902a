import { gruStep, lstmStep, type Tensor } from "@kindling/tensor";
import { test } from "vitest";
import { checkTwice, seeded, variable } from "./check.js";

const inputs = (): Tensor[] => [variable([2, 12]), variable([2, 12]), variable([2, 3])];
const uses: Record<string, (h: Tensor, next: Tensor) => Tensor> = {
  "h only": (h) => h,
  "c only": (_, next) => next,
  both: (h, next) => h.mul(next.exp()),
};

for (const [name, use] of Object.entries(uses)) {
  test(
    `first and second derivatives of an LSTM's step by ${name} agree with differences`,
    seeded(() => checkTwice((a, b, c) => use(...lstmStep(a as Tensor, b as Tensor, c as Tensor)), inputs())),
  );
}

test(
  "first and second derivatives of a GRU's step agree with differences",
  seeded(() => {
    const step = (a?: Tensor, b?: Tensor, h?: Tensor): Tensor => gruStep(a as Tensor, b as Tensor, h as Tensor);
    checkTwice(step, [variable([2, 9]), variable([2, 9]), variable([2, 3])]);
  }),
);
