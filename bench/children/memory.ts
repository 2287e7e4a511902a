// A synchronous training loop without any rest. Argument: "keep" to keep every loss. It is sent a number of steps.
import { rand, randint, type Tensor } from "@kindling/tensor";
import { serve } from "./serve.js";
import { batchSize, classCount, imageShape, tutorial } from "./tutorial.js";

const keepsLosses = process.argv[2] === "keep";
const { model, criterion, optimizer } = tutorial();
const images = rand([batchSize, ...imageShape]);
const targets = randint(classCount, [batchSize]);

await serve((steps) => {
  const losses: Tensor[] = [];
  const samples = [];
  for (let step = 1; step <= steps; step++) {
    optimizer.zeroGrad();
    const loss = criterion.forward(model.forward(images), targets);
    loss.backward();
    optimizer.step();
    if (keepsLosses) losses.push(loss);
    if (step % 100 === 0 || step === steps) {
      const { rss, heapTotal } = process.memoryUsage();
      samples.push({ step, resident: rss / 1e6, heap: heapTotal / 1e6 });
    }
  }
  return samples;
});
