// A convolutional autoencoder that takes noise out of images: pytorch/autoencoder.py line by line, with the same losses.
// Run it: pnpm --filter @kindling/examples start autoencoder.ts
import assert from "node:assert/strict";
import { MSELoss } from "@kindling/losses";
import * as nn from "@kindling/nn";
import * as optim from "@kindling/optimizers";
import { arange, exp, manualSeed, meshgrid, rand, randnLike, randperm, type Tensor } from "@kindling/tensor";
import "@kindling/autograd";

manualSeed(0);
// Images of 16 x 16 with a bright spot somewhere.
const centres = rand(64, 2, 1, 1).mul(12).add(2);
const [y, x] = meshgrid([arange(16), arange(16)], { indexing: "ij" }) as [Tensor, Tensor];
const distance = y
  .sub(centres.select(1, 0))
  .square()
  .add(x.sub(centres.select(1, 1)).square());
const images = exp(distance.neg().div(8)).unsqueeze(1);

class Autoencoder extends nn.Module {
  encoder = new nn.Sequential(
    new nn.Conv2d(1, 8, 3, { stride: 2, padding: 1 }),
    new nn.ReLU(),
    new nn.Conv2d(8, 16, 3, { stride: 2, padding: 1 }),
    new nn.ReLU(),
    new nn.Flatten(),
    new nn.Linear(256, 8),
  );
  decoder = new nn.Sequential(
    new nn.Linear(8, 256),
    new nn.ReLU(),
    new nn.Unflatten(1, [16, 4, 4]),
    new nn.ConvTranspose2d(16, 8, 3, { stride: 2, padding: 1, outputPadding: 1 }),
    new nn.ReLU(),
    new nn.ConvTranspose2d(8, 1, 3, { stride: 2, padding: 1, outputPadding: 1 }),
    new nn.Sigmoid(),
  );
  forward(input: Tensor) {
    return this.decoder.forward(this.encoder.forward(input));
  }
}

const model = new Autoencoder();
const criterion = new MSELoss();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.005 });
const printed = [0.15426, 0.13515, 0.09481, 0.05876, 0.04802, 0.04758, 0.04733, 0.04703]; // by PyTorch
for (let epoch = 0; epoch < 8; epoch++) {
  let total = 0;
  for (const indices of randperm(64).split(16)) {
    const batch = images.index(indices);
    const noisy = batch.add(randnLike(batch).mul(0.1));
    const loss = criterion.forward(model.forward(noisy), batch);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    total += loss.item();
  }
  console.log(`epoch ${epoch} loss ${(total / 4).toFixed(5)}`);
  assert.ok(Math.abs(total / 4 - (printed[epoch] as number)) < 1e-4);
}
