// The tutorial's training step, kernel call by kernel call, in milliseconds. Argument: the convolution algorithm.
import { backend, conv2dPasses } from "@kindling/kernels";
import { rand, randint, setConvolutionAlgorithm } from "@kindling/tensor";
import { repeat, serve } from "./serve.js";
import { batchSize, classCount, imageShape, tutorial } from "./tutorial.js";

setConvolutionAlgorithm(process.argv[2] as "auto" | "direct");
const { model, criterion, optimizer } = tutorial();
const images = rand([batchSize, ...imageShape]);
const targets = randint(classCount, [batchSize]);

/** The calls of a step, in order. */
let calls: { kernel: string; time: number }[] = [];

const { kernels } = backend();
for (const [name, kernel] of Object.entries<(...args: number[]) => number>(kernels)) {
  const timed = (...args: number[]) => {
    const start = performance.now();
    const result = kernel(...args);
    const time = performance.now() - start;
    calls.push({ kernel: name === "conv2d" ? `conv2d ${conv2dPasses[args[0] ?? 0]}` : name, time });
    return result;
  };
  Object.assign(kernels, { [name]: timed });
}

await serve(
  repeat(() => {
    calls = [];
    const start = performance.now();
    optimizer.zeroGrad();
    criterion.forward(model.forward(images), targets).backward();
    optimizer.step();
    const step = performance.now() - start;
    const sample: Record<string, number> = { step, outside: calls.reduce((rest, { time }) => rest - time, step) };
    // A kernel's first call of a step is "NAME 0", its second "NAME 1", …
    const counts = new Map<string, number>();
    for (const { kernel, time } of calls) {
      const count = counts.get(kernel) ?? 0;
      counts.set(kernel, count + 1);
      sample[`${kernel} ${count}`] = time;
    }
    return sample;
  }),
);
