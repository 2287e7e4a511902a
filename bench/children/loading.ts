// Training epochs over CIFAR-10. Argument: the data set's folder. It is sent the number of images of an epoch.
import { CIFAR10, DataLoader, Subset, transforms, VisionDataset, type VisionOptions } from "@kindling/datasets";
import { backendInfo } from "@kindling/kernels";
import { DataError } from "@kindling/tensor";
import { serve } from "./serve.js";
import { batchSize, classCount, imageShape, tutorial } from "./tutorial.js";

const transform = new transforms.Compose([
  new transforms.ToTensor(),
  new transforms.Normalize([0.4914, 0.4822, 0.4465], [0.247, 0.2435, 0.2616]),
]);

/** CIFAR-10's training images, or some of its size. */
async function load(options: VisionOptions): Promise<VisionDataset> {
  try {
    return await CIFAR10.load(options);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const images = Uint8Array.from({ length: 50_000 * 3072 }, (_, i) => (i * 31) % 256);
    const labels = Uint8Array.from({ length: 50_000 }, (_, i) => i % classCount);
    return new VisionDataset({ images, labels }, imageShape, [], options);
  }
}

const data = await load({ root: process.argv[2] ?? "", transform });
const { model, criterion, optimizer } = tutorial();

await serve(
  (images) => {
    const part = new Subset(data, [...Array(Math.min(images, data.length)).keys()]);
    const loader = new DataLoader(part, { batchSize, shuffle: true });
    const times = { loading: 0, zeroGrad: 0, step: 0, item: 0 };
    let last = performance.now();
    const addTo = (phase: keyof typeof times) => {
      const now = performance.now();
      times[phase] += now - last;
      last = now;
    };
    for (const [batch, targets] of loader) {
      addTo("loading");
      optimizer.zeroGrad();
      addTo("zeroGrad");
      const loss = criterion.forward(model.forward(batch), targets);
      loss.backward();
      optimizer.step();
      addTo("step");
      loss.item();
      addTo("item");
    }
    return [{ ...times, batches: loader.length }];
  },
  { ...backendInfo(), data: data instanceof CIFAR10 ? "CIFAR-10" : "synthetic images of CIFAR-10's size" },
);
