// The tutorial's training step in TensorFlow.js on its WebAssembly backend.
import { createRequire } from "node:module";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { repeat, serve } from "./serve.js";

// The package exports them for bundlers only.
createRequire(import.meta.url)("@tensorflow/tfjs-core/dist/register_all_gradients.js");
tf.enableProdMode();
await tf.setBackend("wasm");

const batchSize = 64;
const classCount = 10;

// The one kernel of this step that the WebAssembly backend lacks. Its other backend's, in plain JavaScript, takes minutes;
// this is the same sum as one of its own convolutions: with the batch as channels, and the gradient as filter.
tf.registerKernel({
  kernelName: "Conv2DBackpropFilter",
  backendName: "wasm",
  kernelFunc: ({ inputs }) =>
    tf.tidy(() => {
      const { x, dy } = inputs as unknown as { x: tf.Tensor4D; dy: tf.Tensor4D };
      const bordered = tf.pad(tf.transpose(x, [3, 1, 2, 0]), [
        [0, 0],
        [2, 2],
        [2, 2],
        [0, 0],
      ]) as tf.Tensor4D;
      const filter = tf.transpose(dy, [1, 2, 0, 3]) as tf.Tensor4D;
      return tf.transpose(tf.conv2d(bordered, filter, 1, "valid"), [1, 2, 0, 3]);
    }),
});

function parameters(shape: number[], fanIn: number): { weight: tf.Variable; bias: tf.Variable } {
  const bound = 1 / Math.sqrt(fanIn);
  return {
    weight: tf.variable(tf.randomUniform(shape, -bound, bound)),
    bias: tf.variable(tf.randomUniform([shape.at(-1) ?? 0], -bound, bound)),
  };
}

const convolutions = [
  [3, 32],
  [32, 32],
  [32, 64],
].map(([inputs = 0, outputs = 0]) => parameters([5, 5, inputs, outputs], 25 * inputs));
const linears = [parameters([1024, 64], 1024), parameters([64, classCount], 64)];

function forward(images: tf.Tensor4D): tf.Tensor2D {
  let features = images;
  for (const { weight, bias } of convolutions) {
    // Not tf.fused.conv2d: it would compute the gradient of the images too.
    const convolved = tf.conv2d(features, weight as unknown as tf.Tensor4D, 1, "same");
    features = tf.maxPool(tf.add(convolved, bias) as tf.Tensor4D, 2, 2, "valid");
  }
  let rows: tf.Tensor = tf.reshape(features, [batchSize, 1024]);
  for (const { weight, bias } of linears) rows = tf.fused.matMul({ a: rows, b: weight, bias });
  return rows as tf.Tensor2D;
}

const optimizer = tf.train.sgd(0.001);
const images = tf.randomUniform<tf.Rank.R4>([batchSize, 32, 32, 3]);
const targets = tf.oneHot(
  Array.from({ length: batchSize }, (_, i) => i % classCount),
  classCount,
);

const measure = repeat(() =>
  tf.tidy(() => {
    const start = performance.now();
    let afterForward = start;
    const { grads } = optimizer.computeGradients(() => {
      const loss = tf.losses.softmaxCrossEntropy(targets, forward(images));
      afterForward = performance.now();
      return loss as tf.Scalar;
    });
    const afterBackward = performance.now();
    optimizer.applyGradients(grads);
    const end = performance.now();
    return {
      forward: afterForward - start,
      backward: afterBackward - afterForward,
      update: end - afterBackward,
      step: end - start,
    };
  }),
);

await serve(measure, {
  version: tf.version_core,
  hasSimd: await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT"),
  hasThreads: await tf.env().getAsync("WASM_HAS_MULTITHREAD_SUPPORT"),
});
