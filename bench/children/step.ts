// The tutorial's training step, phase by phase. Argument: the convolution algorithm.
import { rand, randint, setConvolutionAlgorithm } from "@kindling/tensor";
import { repeat, serve } from "./serve.js";
import { batchSize, classCount, imageShape, tutorial } from "./tutorial.js";

setConvolutionAlgorithm(process.argv[2] as "auto" | "direct");
const { model, criterion, optimizer } = tutorial();
const images = rand([batchSize, ...imageShape]);
const targets = randint(classCount, [batchSize]);

await serve(
  repeat(() => {
    const start = performance.now();
    optimizer.zeroGrad();
    const loss = criterion.forward(model.forward(images), targets);
    const afterForward = performance.now();
    loss.backward();
    const afterBackward = performance.now();
    optimizer.step();
    const end = performance.now();
    return {
      forward: afterForward - start,
      backward: afterBackward - afterForward,
      update: end - afterBackward,
      step: end - start,
    };
  }),
);
