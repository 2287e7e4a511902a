import { type CifarImages, imageShape, parseBatches } from "./cifar-format.js";
import { cifar100, classNames, coarseClassNames } from "./cifar100-format.js";
import { checkVisionOptions, VisionDataset, type VisionOptions } from "./vision-dataset.js";

/**
 * CIFAR-100: 50,000 training and 10,000 test images of 32×32 pixels in 100 classes, which belong to 20 coarse ones.
 *
 * Without transforms an item is `[uint8 tensor [3, 32, 32], class]`, of the 100 (fine) classes as in torchvision. `root` may hold the
 * official files in either layout, unpacked or as the tar.gz, or be the unpacked folder itself; with `download: true` they are
 * fetched from the authors if need be, as `root/cifar-100-binary`. Pickles and the binary archive are checked against their MD5,
 * unpacked binary files for their size and how often each class is there.
 *
 * @example
 * CIFAR100.classes[98]; // → "woman"
 * CIFAR100.coarseClasses[14]; // → "people"
 * await CIFAR100.load({ root: "nowhere" }); // → throws DataError
 * @source Alex Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009
 */
export class CIFAR100 extends VisionDataset {
  /** Names of the 100 classes. */
  static readonly classes: readonly string[] = classNames;
  /** Names of the 20 coarse classes. */
  static readonly coarseClasses: readonly string[] = coarseClassNames;
  /** Names of the coarse classes. */
  readonly coarseClasses: readonly string[] = coarseClassNames;
  /** The coarse class of each image. */
  readonly coarseTargets: readonly number[];

  /** Use `CIFAR100.load`. */
  constructor(data: CifarImages, options: VisionOptions = {}) {
    super(data, imageShape, classNames, options);
    this.coarseTargets = Array.from(data.allLabels[0] ?? []);
  }

  /**
   * Reads one split.
   *
   * @throws DataError when files are missing, damaged or of another kind, or cannot be fetched or written.
   */
  static async load(options: VisionOptions = {}): Promise<CIFAR100> {
    const { root, train, download } = checkVisionOptions("CIFAR100", options);
    const [{ loadCifar }, { officialDownload }] = await Promise.all([
      import("../sources/load-cifar.js"),
      import("../sources/cifar-downloads.js"),
    ]);
    const { progress } = options;
    const request = { root, train, download, variant: cifar100, remotes: [officialDownload(cifar100, 3)] };
    const batches = await loadCifar({ ...request, ...(progress === undefined ? {} : { progress }) });
    return new CIFAR100(parseBatches(cifar100, batches), options);
  }

  /**
   * Whether a directory holds files of CIFAR-100 in any layout, whole or not.
   *
   * @example await CIFAR100.isPresent("nowhere"); // → false
   */
  static async isPresent(root: string): Promise<boolean> {
    const { hasLocal } = await import("../sources/cifar-local.js");
    return hasLocal(root, cifar100);
  }
}
