// A loss of one's own: the pinball loss, whose minimum is a quantile. A network learns where 90 % of noisy values lie below.
// Run it: pnpm --filter @kindling/examples start custom-loss.ts
import assert from "node:assert/strict";
import { Linear, Module, Sequential, Tanh } from "@kindling/nn";
import { Adam } from "@kindling/optimizers";
import { manualSeed, maximum, noGrad, rand, randn, type Tensor } from "@kindling/tensor";
import "@kindling/autograd";

/** Mean of `q · e` where the prediction is too low by `e`, and of `(1 − q) · |e|` where it is too high. */
class QuantileLoss extends Module {
  readonly q: number;

  constructor(q: number) {
    super();
    this.q = q;
  }

  // Made of operations that have derivatives, it needs none of its own.
  forward(prediction: Tensor, target: Tensor) {
    const error = target.sub(prediction);
    return maximum(error.mul(this.q), error.mul(this.q - 1)).mean();
  }
}

manualSeed(0);
// The noise grows with x, and so does the distance of the quantile from the middle.
const x = rand([2000, 1]);
const y = x.add(randn([2000, 1]).mul(x.mul(0.5).add(0.1)));

const model = new Sequential(new Linear(1, 16), new Tanh(), new Linear(16, 1));
const adam = new Adam(model.parameters(), { lr: 0.02 });
const loss = new QuantileLoss(0.9);
for (let step = 0; step < 300; step++) {
  adam.zeroGrad();
  const l = loss.forward(model.forward(x), y);
  l.backward();
  adam.step();
  if (step % 100 === 0) console.log(`step ${step}: loss ${l.item().toFixed(4)}`);
}

/** Which part of the values lies below the prediction, among those with x in this range. */
function partBelow(from: number, to: number) {
  const inside = x.ge(from).logicalAnd(x.lt(to));
  const below = noGrad(() => y.lt(model.forward(x)));
  return below.logicalAnd(inside).sum().item() / inside.sum().item();
}

for (const [from, to] of [
  [0, 1],
  [0, 0.5],
  [0.5, 1],
] as const) {
  const part = partBelow(from, to);
  console.log(`x from ${from} to ${to}: ${(100 * part).toFixed(1)} % lie below`);
  assert.ok(Math.abs(part - 0.9) < 0.02, `expected 90 % below, got ${part}`);
}
