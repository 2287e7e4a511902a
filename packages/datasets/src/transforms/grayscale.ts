import { ShapeError, UsageError } from "@kindling/tensor";
import { newData, type Pixels, PixelTransform } from "./pixels.js";

/**
 * Brightness of a colour image: 0.2989·red + 0.587·green + 0.114·blue (for bytes in PIL's fixed point),
 * in one channel or copied to three.
 *
 * **Shapes**: `[3, H, W]` → `[numOutputChannels, H, W]`.
 *
 * @example new transforms.Grayscale().forward(image);
 */
export class Grayscale extends PixelTransform {
  readonly numOutputChannels: 1 | 3;

  constructor(numOutputChannels: 1 | 3 = 1) {
    super();
    if (numOutputChannels !== 1 && numOutputChannels !== 3) {
      throw new UsageError(`Grayscale: expected 1 or 3 output channels, got ${String(numOutputChannels)}`);
    }
    this.numOutputChannels = numOutputChannels;
  }

  apply({ data, channels, height, width }: Pixels): Pixels {
    if (channels !== 3) throw new ShapeError(`Grayscale: expected an image with 3 channels, got ${channels}`);
    const plane = height * width;
    const result = newData(data, this.numOutputChannels * plane);
    const isBytes = data instanceof Uint8Array;
    for (let i = 0; i < plane; i++) {
      const red = data[i] as number;
      const green = data[i + plane] as number;
      const blue = data[i + 2 * plane] as number;
      result[i] = isBytes
        ? (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16
        : 0.2989 * red + 0.587 * green + 0.114 * blue;
    }
    for (let copy = 1; copy < this.numOutputChannels; copy++) result.copyWithin(copy * plane, 0, plane);
    return { data: result, channels: this.numOutputChannels, height, width };
  }

  override toString(): string {
    return `Grayscale(num_output_channels=${this.numOutputChannels})`;
  }
}
