// The data set of workers.ts. It is a module of its own, for each worker makes a copy of the data set by it.
import { ImageFolder, transforms } from "@kindling/datasets";

const transform = new transforms.Compose([
  new transforms.RandomCrop(16, { padding: 2 }),
  new transforms.RandomHorizontalFlip(),
  new transforms.ToTensor(),
]);

export const dataset = (root: string) => new ImageFolder(root, { transform });
