// A data set of one's own, drawn as it is asked for, and batches of it: digits on a noisy seven-segment display.
// Run it: pnpm --filter @kindling/examples start custom-dataset.ts
import assert from "node:assert/strict";
import { DataLoader, Dataset, randomSplit } from "@kindling/datasets";
import { CrossEntropyLoss } from "@kindling/losses";
import { Flatten, Linear, Sequential } from "@kindling/nn";
import { Adam } from "@kindling/optimizers";
import { manualSeed, noGrad, randn, type Tensor } from "@kindling/tensor";
import "@kindling/autograd";

/** Which segments light up for 0 to 9: top, upper left, upper right, middle, lower left, lower right, bottom. */
const digits = ["012456", "25", "02346", "02356", "1235", "01356", "013456", "025", "0123456", "012356"];

/** Where each segment lies in an image of 9 × 5 pixels: row, column, height, width. */
const segments = ["0113", "1031", "1431", "4113", "5031", "5431", "8113"].map((places) => [...places].map(Number));

class Display extends Dataset<[image: Tensor, digit: number]> {
  readonly length = 1000;

  // An item may be a tensor, a number, or an array or object of them; a promise too, for loops with `for await`.
  getItem(index: number): [Tensor, number] {
    const digit = index % 10;
    const image = randn([1, 9, 5]).mul_(0.3);
    for (const segment of digits[digit] as string) {
      const [row, column, height, width] = segments[Number(segment)] as [number, number, number, number];
      image.narrow(1, row, height).narrow(2, column, width).add_(1);
    }
    return [image, digit];
  }
}

manualSeed(0);
const [training, test] = randomSplit(new Display(), [800, 200]);
const model = new Sequential(new Flatten(), new Linear(45, 10));
const adam = new Adam(model.parameters(), { lr: 0.01 });
const loss = new CrossEntropyLoss();
for (let epoch = 0; epoch < 6; epoch++) {
  for (const [images, labels] of new DataLoader(training, { batchSize: 32, shuffle: true })) {
    adam.zeroGrad();
    loss.forward(model.forward(images), labels).backward();
    adam.step();
  }
}

let correct = 0;
for (const [images, labels] of new DataLoader(test, { batchSize: 50 })) {
  assert.deepEqual([images.shape, labels.dtype], [[50, 1, 9, 5], "int32"]);
  correct += noGrad(() => model.forward(images).argmax(1).eq(labels).sum().item());
}
console.log(`${correct} of ${test.length} displays read correctly`);
assert.ok(correct > 0.95 * test.length);
