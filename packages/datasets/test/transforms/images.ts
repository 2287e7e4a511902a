import { type Tensor, tensor } from "@kindling/tensor";

/** An image `[channels, height, width]` of the bytes 0, 1, 2, … */
export function counting(
  channels: number,
  height: number,
  width: number,
  dtype: "uint8" | "float32" = "uint8",
): Tensor {
  const count = channels * height * width;
  return tensor(
    Array.from({ length: count }, (_, i) => i),
    { dtype },
  ).reshape([channels, height, width]);
}

/** Three by three pixels of bright and dark colours. */
export const colorful = tensor(
  [250, 10, 30, 40, 50, 60, 7, 128, 99, 200, 100, 0, 90, 80, 70, 60, 61, 62, 5, 15, 25, 255, 254, 3, 1, 2, 128],
  { dtype: "uint8" },
).reshape([3, 3, 3]);

export const values = (image: Tensor): number[] => Array.from(image.toTypedArray());
