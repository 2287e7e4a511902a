// Images in folders, decoded and augmented by worker threads ahead of the training loop: discs and crosses.
// Run it: pnpm --filter @kindling/examples start workers.ts
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataLoader, writePng } from "@kindling/datasets";
import { CrossEntropyLoss } from "@kindling/losses";
import { Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential } from "@kindling/nn";
import { Adam } from "@kindling/optimizers";
import { manualSeed, noGrad, randint, type Tensor } from "@kindling/tensor";
import { dataset } from "./shapes/dataset.js";
import "@kindling/autograd";

/** A picture of a shape on a noisy ground. */
function draw(isInside: (x: number, y: number) => boolean): Tensor {
  const picture = randint(0, 128, [3, 16, 16], { dtype: "uint8" });
  for (let y = 0; y < 16; y++) {
    for (let x = 0; x < 16; x++) if (isInside(x - 7.5, y - 7.5)) picture.select(1, y).select(1, x).fill_(200);
  }
  return picture;
}

manualSeed(0);
const root = mkdtempSync(join(tmpdir(), "kindling-shapes-"));
for (const name of ["cross", "disc"]) mkdirSync(join(root, name));
for (let i = 0; i < 64; i++) {
  const size = 3 + (i % 4);
  const isCross = (x: number, y: number) => Math.min(Math.abs(x), Math.abs(y)) < 1.5 && Math.hypot(x, y) < size + 1;
  writePng(draw(isCross), join(root, "cross", `${i}.png`));
  writePng(
    draw((x, y) => Math.hypot(x, y) < size),
    join(root, "disc", `${i}.png`),
  );
}

const data = dataset(root);
const workerModule = new URL("./shapes/dataset.js", import.meta.url);
const workers = { numWorkers: 2, workerModule, workerData: root, persistentWorkers: true };
const loader = new DataLoader(data, { batchSize: 16, shuffle: true, ...workers });
const features = [new Conv2d(3, 8, 3, { padding: 1 }), new ReLU(), new MaxPool2d(4)];
const model = new Sequential(...features, new Flatten(), new Linear(128, 2));
const adam = new Adam(model.parameters(), { lr: 0.01 });
const loss = new CrossEntropyLoss();
let correct = 0;
for (let epoch = 0; epoch < 8; epoch++) {
  correct = 0;
  for await (const [images, labels] of loader) {
    adam.zeroGrad();
    const scores = model.forward(images);
    loss.forward(scores, labels).backward();
    adam.step();
    correct += noGrad(() => scores.argmax(1).eq(labels).sum().item());
  }
}
rmSync(root, { recursive: true });
console.log(`${correct} of ${data.length} shapes told apart: ${data.classes.join(", ")}`);
assert.ok(correct > 0.9 * data.length);
