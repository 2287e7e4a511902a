export { ChainDataset } from "./chain-dataset.js";
export { type Collated, defaultCollate } from "./collate.js";
export {
  ConcatDataset,
  Dataset,
  IterableDataset,
  type MapDataset,
  randomSplit,
  Subset,
  TensorDataset,
} from "./dataset.js";
export {
  decodeImage,
  decodeJpeg,
  decodePng,
  encodePng,
  type ImageReadMode,
  readImage,
  writePng,
} from "./images/images.js";
export { DataLoader, type DataLoaderOptions } from "./loader.js";
export type { ProgressEvent, ProgressListener } from "./progress.js";
export {
  BatchSampler,
  RandomSampler,
  type RandomSamplerOptions,
  type Sampler,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
} from "./sampler.js";
export { StackDataset, type Stacked } from "./stack-dataset.js";
export * as transforms from "./transforms/index.js";
export type { Transform, TransformLike } from "./transforms/transform.js";
export { CIFAR10 } from "./vision/cifar10.js";
export { CIFAR100 } from "./vision/cifar100.js";
export { type Classes, DatasetFolder, type DatasetFolderOptions } from "./vision/dataset-folder.js";
export { ImageFolder, type ImageFolderOptions } from "./vision/image-folder.js";
export { FashionMNIST, MNIST } from "./vision/mnist.js";
export { VisionDataset, type VisionOptions } from "./vision/vision-dataset.js";
export { getWorkerInfo, type WorkerInfo } from "./workers/worker-info.js";
