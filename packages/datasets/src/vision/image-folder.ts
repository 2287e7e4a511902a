import type { Tensor } from "@kindling/tensor";
import { readImage } from "../images/images.js";
import type { TransformLike } from "../transforms/transform.js";
import { DatasetFolder } from "./dataset-folder.js";

/** The endings that torchvision takes for images. */
const imageExtensions = [".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp"] as const;

/** Which images an `ImageFolder` has, and what becomes of them. */
export interface ImageFolderOptions {
  /** Applied to each image, a uint8 tensor `[3, H, W]`. */
  transform?: TransformLike<Tensor, Tensor>;
  /** Applied to each class. */
  targetTransform?: TransformLike<number, number>;
  /** Reads the image of a path. Default: `readImage(path, "RGB")`, for PNG and JPEG. */
  loader?: (path: string) => Tensor;
  /** Whether the file of a path counts. Default: all with the ending of an image. */
  isValidFile?: (path: string) => boolean;
  /** Whether a class may have no image. Default false. */
  allowEmpty?: boolean;
}

/**
 * Images in a folder for each class: `root/cat/1.png`, `root/dog/2.jpg`. See `DatasetFolder` for the order.
 *
 * Without transforms an item is `[uint8 tensor [3, H, W], class]`, with the bytes that torchvision's loader gives. Images are read
 * when they are asked for: with `numWorkers`, ahead of the loop.
 *
 * @throws DataError, naming the file, when one that is asked for is damaged or of a kind that the loader cannot read.
 * @example
 * import * as fs from "node:fs";
 *
 * for (const name of ["cat", "dog"]) {
 *   fs.mkdirSync(`photos/${name}`, { recursive: true });
 *   writePng(zeros([3, 48, 32], { dtype: "uint8" }), `photos/${name}/1.png`);
 * }
 * const transform = new transforms.Compose([new transforms.Resize([64, 64]), new transforms.ToTensor()]);
 * const data = new ImageFolder("photos", { transform });
 * data.classes; // → ["cat", "dog"]
 * const [image, target] = data.getItem(1);
 * [image.shape, target]; // → [[3, 64, 64], 1]
 */
export class ImageFolder extends DatasetFolder<Tensor, Tensor> {
  /** Path and class of each image: `samples` by the name that torchvision also has for it. */
  readonly imgs: readonly (readonly [path: string, target: number])[];

  constructor(root: string, options: ImageFolderOptions = {}) {
    const { loader = (path: string) => readImage(path, "RGB"), ...others } = options;
    super(root, loader, options.isValidFile === undefined ? { ...others, extensions: imageExtensions } : others);
    this.imgs = this.samples;
  }
}
