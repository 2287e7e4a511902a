// A generative adversarial network whose points come to lie on a circle: pytorch/gan.py line by line, with the same losses.
// Run it: pnpm --filter @kindling/examples start gan.ts
import assert from "node:assert/strict";
import { BCELoss } from "@kindling/losses";
import * as nn from "@kindling/nn";
import * as optim from "@kindling/optimizers";
import { manualSeed, ones, rand, randn, stack, type Tensor, zeros } from "@kindling/tensor";
import "@kindling/autograd";

manualSeed(0);

function weightsInit(m: nn.Module) {
  if (m instanceof nn.Linear) {
    nn.init.normal_(m.weight, 0, 0.2);
    nn.init.zeros_(m.bias as Tensor);
  } else if (m instanceof nn.BatchNorm1d) {
    nn.init.normal_(m.weight as Tensor, 1, 0.02);
  }
}

const hidden = () => [new nn.Linear(32, 32), new nn.LeakyReLU(0.2)];
const first = [new nn.Linear(4, 32), new nn.BatchNorm1d(32), new nn.ReLU()];
const generator = new nn.Sequential(...first, ...hidden(), new nn.Linear(32, 2));
const last = [new nn.Linear(32, 1), new nn.Sigmoid()];
const discriminator = new nn.Sequential(new nn.Linear(2, 32), new nn.LeakyReLU(0.2), ...hidden(), ...last);
generator.apply(weightsInit);
discriminator.apply(weightsInit);

const criterion = new BCELoss();
const optimizerD = new optim.Adam(discriminator.parameters(), { lr: 0.002, betas: [0.5, 0.999] });
const optimizerG = new optim.Adam(generator.parameters(), { lr: 0.002, betas: [0.5, 0.999] });
const [realLabel, fakeLabel] = [ones(64, 1), zeros(64, 1)];

const printedD = [1.34003, 1.28258, 1.301, 1.38874, 1.41728, 1.37915]; // by PyTorch
const printedG = [0.76976, 0.83536, 0.81356, 0.73385, 0.68591, 0.68657];
for (let step = 0; step < 120; step++) {
  // Points on a circle are what is real.
  const angle = rand(64).mul(2 * Math.PI);
  const real = stack([angle.cos(), angle.sin()], 1);

  optimizerD.zeroGrad();
  const lossReal = criterion.forward(discriminator.forward(real), realLabel);
  lossReal.backward();
  const fake = generator.forward(randn(64, 4));
  const lossFake = criterion.forward(discriminator.forward(fake.detach()), fakeLabel);
  lossFake.backward();
  optimizerD.step();

  optimizerG.zeroGrad();
  const lossG = criterion.forward(discriminator.forward(fake), realLabel);
  lossG.backward();
  optimizerG.step();

  if (step % 20 !== 19) continue;
  const lossD = lossReal.item() + lossFake.item();
  console.log(`step ${step} loss_d ${lossD.toFixed(5)} loss_g ${lossG.item().toFixed(5)}`);
  assert.ok(Math.abs(lossD - (printedD[(step - 19) / 20] as number)) < 1e-3);
  assert.ok(Math.abs(lossG.item() - (printedG[(step - 19) / 20] as number)) < 1e-3);
}
