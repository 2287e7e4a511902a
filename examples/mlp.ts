// A multilayer perceptron that tells three arms of a spiral apart: pytorch/mlp.py line by line, with the same losses.
// Run it: pnpm --filter @kindling/examples start mlp.ts
import assert from "node:assert/strict";
import { DataLoader, TensorDataset } from "@kindling/datasets";
import { CrossEntropyLoss } from "@kindling/losses";
import * as nn from "@kindling/nn";
import * as optim from "@kindling/optimizers";
import { arange, cat, linspace, manualSeed, noGrad, randn, stack, type Tensor } from "@kindling/tensor";
import "@kindling/autograd";

manualSeed(0);

function spiral(k: number) {
  const t = linspace(0.1, 1, 60);
  const angle = t
    .mul(4)
    .add(2.1 * k)
    .add(randn(60).mul(0.1));
  return stack([t.mul(angle.sin()), t.mul(angle.cos())], 1);
}

const points = cat([0, 1, 2].map((k) => spiral(k)));
const labels = arange(3).repeatInterleave(60);
const loader = new DataLoader(new TensorDataset(points, labels), { batchSize: 45, shuffle: true });

class MLP extends nn.Module {
  layers: nn.Layer;
  constructor(hidden: number) {
    super();
    const first = [new nn.Linear(2, hidden), new nn.ReLU(), new nn.Dropout(0.1)];
    const second = [new nn.Linear(hidden, hidden), new nn.ReLU()];
    this.layers = new nn.Sequential(...first, ...second, new nn.Linear(hidden, 3));
  }
  forward(x: Tensor) {
    return this.layers.forward(x);
  }
}

const model = new MLP(64);
const criterion = new CrossEntropyLoss();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.01, weightDecay: 1e-4 });

const printed = [1.01783, 0.83719, 0.72049, 0.65078, 0.61835, 0.58625, 0.49433, 0.48079]; // by PyTorch
for (let epoch = 0; epoch < 8; epoch++) {
  let total = 0;
  for (const [x, y] of loader) {
    optimizer.zeroGrad();
    const loss = criterion.forward(model.forward(x), y);
    loss.backward();
    optimizer.step();
    total += loss.item();
  }
  console.log(`epoch ${epoch} loss ${(total / loader.length).toFixed(5)}`);
  assert.ok(Math.abs(total / loader.length - (printed[epoch] as number)) < 1e-3);
}

model.eval();
const accuracy = noGrad(() => model.forward(points).argmax(1).eq(labels).float().mean().item());
console.log(`accuracy ${accuracy.toFixed(5)}`);
assert.ok(Math.abs(accuracy - 0.77778) < 1e-2);
