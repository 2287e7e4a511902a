import { ShapeError, type Tensor } from "@kindling/tensor";
import { checkTensor } from "./pixels.js";
import type { Transform } from "./transform.js";

/**
 * Bytes from 0 to 255 to float32 from 0 to 1; other element types stay as they are.
 *
 * In torchvision this also reorders a PIL image `[H, W, C]`; images here are `[C, H, W]` from the start.
 *
 * **Shapes**: `[C, H, W]` → the same.
 *
 * @example
 * const image = tensor([[[0, 50, 100, 250]]], { dtype: "uint8" });
 * new transforms.ToTensor().forward(image).toArray(); // → [[[0, 0.1961, 0.3922, 0.9804]]]
 */
export class ToTensor implements Transform<Tensor, Tensor> {
  forward(image: Tensor): Tensor {
    checkTensor(image, "ToTensor");
    if (image.shape.length !== 3) {
      throw new ShapeError(
        `ToTensor: expected an image of shape [channels, height, width], got [${image.shape.join(", ")}]`,
      );
    }
    return image.dtype === "uint8" ? image.to("float32").div(255) : image;
  }

  toString(): string {
    return "ToTensor()";
  }
}
