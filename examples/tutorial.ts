// PyTorch's first tutorial in small: a convolutional network, a data loader and the training loop, on made-up images.
// Run it: pnpm --filter @kindling/examples start tutorial.ts
import assert from "node:assert/strict";
import { DataLoader, TensorDataset } from "@kindling/datasets";
import { CrossEntropyLoss } from "@kindling/losses";
import { Conv2d, Flatten, Linear, MaxPool2d, Module, Sequential } from "@kindling/nn";
import { SGD } from "@kindling/optimizers";
import { manualSeed, noGrad, randint, randn, type Tensor } from "@kindling/tensor";
import "@kindling/autograd";

class Model extends Module {
  model = new Sequential(
    new Conv2d(3, 32, 5, { padding: 2 }),
    new MaxPool2d(2),
    new Conv2d(32, 32, 5, { padding: 2 }),
    new MaxPool2d(2),
    new Conv2d(32, 64, 5, { padding: 2 }),
    new MaxPool2d(2),
    new Flatten(),
    new Linear(1024, 64),
    new Linear(64, 10),
  );

  forward(x: Tensor) {
    return this.model.forward(x);
  }
}

manualSeed(0);
// Noise with a bright bar; how high it lies is the class.
const targets = randint(0, 10, [256]);
const images = randn([256, 3, 32, 32]);
for (const [i, target] of targets.toTypedArray().entries())
  images
    .select(0, i)
    .narrow(1, 3 * target, 3)
    .add_(2);

const loader = new DataLoader(new TensorDataset(images, targets), { batchSize: 64, shuffle: true, dropLast: true });
const model = new Model();
const sgd = new SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
const loss = new CrossEntropyLoss();

for (let epoch = 0; epoch < 8; epoch++) {
  let total = 0;
  for (const [batch, labels] of loader) {
    sgd.zeroGrad();
    const l = loss.forward(model.forward(batch), labels);
    l.backward();
    sgd.step();
    total += l.item();
  }
  console.log(`epoch ${epoch + 1}: loss ${(total / loader.length).toFixed(4)}`);
}
for (const [name, param] of model.namedParameters()) console.log(name, param.shape, param.grad?.norm().item());

const accuracy = noGrad(() => model.forward(images).argmax(1).eq(targets).to("float32").mean().item());
console.log(`accuracy ${accuracy}`);
assert.ok(accuracy > 0.9, `the network learned too little: accuracy ${accuracy}`);
