// A learning rate that rises and falls again, and gradients clipped so that bad batches cannot throw the training off.
// Run it: pnpm --filter @kindling/examples start schedule-and-clip.ts
import assert from "node:assert/strict";
import { MSELoss } from "@kindling/losses";
import { Linear, Sequential, Tanh } from "@kindling/nn";
import { clipGradNorm_, OneCycleLR, SGD } from "@kindling/optimizers";
import { linspace, manualSeed } from "@kindling/tensor";
import "@kindling/autograd";

const totalSteps = 400;
const x = linspace(-1, 1, 128).unsqueeze(1);
const target = x.mul(3).sin();
const loss = new MSELoss();

function train(maxNorm: number) {
  manualSeed(0);
  const model = new Sequential(new Linear(1, 32), new Tanh(), new Linear(32, 1));
  const optimizer = new SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
  const schedule = new OneCycleLR(optimizer, 0.1, { totalSteps });
  const rates = [];
  let largest = 0;
  for (let step = 0; step < totalSteps; step++) {
    // Once in a while the labels are nonsense.
    const labels = step % 100 === 50 ? target.mul(1000) : target;
    optimizer.zeroGrad();
    loss.forward(model.forward(x), labels).backward();
    largest = Math.max(largest, clipGradNorm_(model.parameters(), maxNorm).item());
    optimizer.step();
    rates.push(...schedule.getLastLr());
    schedule.step();
  }
  return { rates, largest, error: loss.forward(model.forward(x), target).item() };
}

const clipped = train(1);
const free = train(Number.POSITIVE_INFINITY);
console.log(
  "learning rate:",
  clipped.rates
    .filter((_, step) => step % 50 === 0)
    .map((rate) => rate.toFixed(4))
    .join(" "),
);
console.log(`with clipping: largest gradient ${clipped.largest.toFixed(1)}, error ${clipped.error.toFixed(5)}`);
console.log(`without: largest gradient ${free.largest.toFixed(1)}, error ${free.error.toFixed(5)}`);

assert.ok(Math.abs(Math.max(...clipped.rates) - 0.1) < 1e-12, "the learning rate never reached its height");
assert.ok(clipped.error < 0.01);
// NaN, as it happens: not less than anything.
assert.ok(!(free.error < 10 * clipped.error));
