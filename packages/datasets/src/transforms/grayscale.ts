import { checkOutputChannels, rgbToGrayscale } from "./colors.js";
import { type Pixels, PixelTransform } from "./pixels.js";

/**
 * Brightness of a colour image: 0.2989·red + 0.587·green + 0.114·blue, in one channel or copied to three. Bytes are
 * cut off to whole numbers, as torchvision does for tensors. An image of one channel is copied.
 *
 * **Shapes**: `[…, 1 or 3, H, W]` → `[…, numOutputChannels, H, W]`.
 *
 * @throws UsageError unless numOutputChannels is 1 or 3.
 * @throws ShapeError for images of other than 1 or 3 channels.
 * @example
 * const image = tensor([[[200]], [[100]], [[0]]], { dtype: "uint8" });
 * new transforms.Grayscale().forward(image).toArray(); // → [[[118]]]
 */
export class Grayscale extends PixelTransform {
  readonly numOutputChannels: 1 | 3;

  constructor(numOutputChannels: 1 | 3 = 1) {
    super();
    this.numOutputChannels = checkOutputChannels("Grayscale", numOutputChannels);
  }

  apply(pixels: Pixels): Pixels {
    return rgbToGrayscale("Grayscale", pixels, this.numOutputChannels);
  }

  override toString(): string {
    return `Grayscale(num_output_channels=${this.numOutputChannels})`;
  }
}
