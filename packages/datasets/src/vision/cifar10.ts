import { imageShape, parseBatches } from "./cifar-format.js";
import { cifar10, classNames } from "./cifar10-format.js";
import { checkVisionOptions, VisionDataset, type VisionOptions } from "./vision-dataset.js";

/**
 * CIFAR-10: 50,000 training and 10,000 test images of 32×32 pixels in 10 classes.
 *
 * Without transforms an item is `[uint8 tensor [3, 32, 32], class]`. `root` may hold the official files in
 * either layout, unpacked or as the tar.gz, or be the unpacked folder itself; with `download: true` they are fetched if need be, as
 * `root/cifar-10-batches-bin`. Whatever their source, every file is checked against its SHA-256.
 *
 * @example
 * const data = await CIFAR10.load({ root: "./data", train: false, transform: new transforms.ToTensor(), download: true });
 * const [image, target] = data.getItem(0); // float32 [3, 32, 32], 3 (a cat)
 * @example
 * CIFAR10.classes[3]; // → "cat"
 * await CIFAR10.isPresent("nowhere"); // → false
 * @source Alex Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009
 */
export class CIFAR10 extends VisionDataset {
  /** Names of the ten classes. */
  static readonly classes: readonly string[] = classNames;

  /**
   * Reads one split.
   *
   * @throws DataError when files are missing, damaged or of another kind, or cannot be fetched or written.
   */
  static async load(options: VisionOptions = {}): Promise<CIFAR10> {
    const { root, train, download } = checkVisionOptions("CIFAR10", options);
    const [{ loadCifar }, { officialDownload, packageDownload }] = await Promise.all([
      import("../sources/load-cifar.js"),
      import("../sources/cifar-downloads.js"),
    ]);
    const { progress } = options;
    const remotes = [officialDownload(cifar10, 1), packageDownload]; // one attempt: the package registry is waiting
    const request = { root, train, download, variant: cifar10, remotes };
    const batches = await loadCifar({ ...request, ...(progress === undefined ? {} : { progress }) });
    return new CIFAR10(parseBatches(cifar10, batches), imageShape, classNames, options);
  }

  /**
   * Whether a directory holds files of CIFAR-10 in any layout, whole or not. For programs that fetch what is not there,
   * but must not replace what is.
   *
   * @example if (!(await CIFAR10.isPresent("./data"))) console.log("about 140 MB will be fetched");
   */
  static async isPresent(root: string): Promise<boolean> {
    const { hasLocal } = await import("../sources/cifar-local.js");
    return hasLocal(root, cifar10);
  }
}
