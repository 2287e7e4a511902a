import { DTypeError, isFloatingPoint, type Tensor } from "@kindling/tensor";
import { BatchMixing, mixTensors } from "./mixing.js";

/**
 * Mixes each image of a batch with the one before it, and their classes in the same shares, with PyTorch's draw of the
 * share from a beta distribution. The labels become shares of classes, `[batch, numClasses]`, as `CrossEntropyLoss`
 * takes them.
 *
 * Options: `alpha` (1), `numClasses` (needed unless the labels are one-hot already).
 *
 * **Shapes**: `[batch, C, H, W]` and `[batch]` or `[batch, classes]` → `[batch, C, H, W]` and `[batch, classes]`.
 *
 * @throws DTypeError for bytes: mix floating-point images.
 * @throws ShapeError for other shapes.
 * @throws UsageError for an alpha that is not positive, or when numClasses is missing.
 * @example
 * const images = tensor([[[[0]]], [[[1]]]], { dtype: "float32" });
 * const mixUp = new transforms.MixUp({ numClasses: 2 });
 * manualSeed(0);
 * mixUp.forward(images, tensor([0, 1])).map((part) => part.flatten().toArray()); // → [[0.1362, 0.8638], [0.8638, 0.1362, 0.1362, 0.8638]]
 * @source "mixup", https://arxiv.org/abs/1710.09412
 */
export class MixUp extends BatchMixing {
  protected mix(images: Tensor, share: number): readonly [images: Tensor, left: number] {
    if (!isFloatingPoint(images.dtype)) {
      throw new DTypeError(
        `MixUp: expected floating-point images, got ${images.dtype}; put ToTensor into the data set`,
      );
    }
    return [mixTensors(images, share), share];
  }
}
