import type { MnistVariant } from "./mnist-format.js";
import { parseMnist } from "./mnist-format.js";
import { checkVisionOptions, VisionDataset, type VisionOptions } from "./vision-dataset.js";

const mnist: MnistVariant = {
  name: "MNIST",
  classes: [
    "0 - zero",
    "1 - one",
    "2 - two",
    "3 - three",
    "4 - four",
    "5 - five",
    "6 - six",
    "7 - seven",
    "8 - eight",
    "9 - nine",
  ],
  mirrors: ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"],
  sha256: {},
};

/**
 * MNIST: 60,000 training and 10,000 test images of handwritten digits, 28×28 grey pixels.
 *
 * Reads the official IDX files, plain or as .gz, from `root/MNIST/raw` or `root` itself. Without transforms
 * an item is `[uint8 tensor [1, 28, 28], class]`.
 *
 * @example const data = await MNIST.load({ root: "./data", train: true, transform: new transforms.ToTensor() });
 * @example await MNIST.load({ root: "nowhere" }); // → throws DataError
 * @source Yann LeCun, Corinna Cortes, Christopher Burges, The MNIST database of handwritten digits
 */
export class MNIST extends VisionDataset {
  /**
   * Reads one split.
   *
   * @throws DataError when files are missing, damaged or of another kind, or cannot be fetched or written.
   */
  static async load(options: VisionOptions = {}): Promise<MNIST> {
    const { imageShape, ...data } = await load(mnist, options);
    return new MNIST(data, imageShape, mnist.classes, options);
  }
}

const fashionMnist: MnistVariant = {
  name: "FashionMNIST",
  classes: ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
  mirrors: ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
  sha256: {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
  },
};

/**
 * Fashion-MNIST: 60,000 training and 10,000 test images of clothes, 28×28 grey pixels.
 *
 * Reads the official IDX files, plain or as .gz, from `root/FashionMNIST/raw` or `root` itself, and checks
 * their SHA-256. Without transforms an item is `[uint8 tensor [1, 28, 28], class]`.
 *
 * @example const data = await FashionMNIST.load({ root: "./data", train: true, transform: new transforms.ToTensor() });
 * @example await FashionMNIST.load({ root: "nowhere" }); // → throws DataError
 * @source Han Xiao, Kashif Rasul, Roland Vollgraf, Fashion-MNIST, arXiv:1708.07747
 */
export class FashionMNIST extends VisionDataset {
  /**
   * Reads one split.
   *
   * @throws DataError when files are missing, damaged or of another kind, or cannot be fetched or written.
   */
  static async load(options: VisionOptions = {}): Promise<FashionMNIST> {
    const { imageShape, ...data } = await load(fashionMnist, options);
    return new FashionMNIST(data, imageShape, fashionMnist.classes, options);
  }
}

async function load(variant: MnistVariant, options: VisionOptions) {
  const checked = checkVisionOptions(variant.name, options);
  const { loadMnist } = await import("../sources/load-mnist.js");
  const [images, labels] = await loadMnist(variant, checked, options.progress);
  return parseMnist(images.bytes, labels.bytes, images.path, labels.path);
}
