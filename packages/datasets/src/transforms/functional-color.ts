import type { DType, Tensor } from "@kindling/tensor";
import * as colors from "./colors.js";
import { ConvertImageDtype } from "./convert-image-dtype.js";
import * as filters from "./filters.js";
import { Normalize } from "./normalize.js";
import { onPixels } from "./pixels.js";
import { ToDtype, type ToDtypeOptions } from "./to-dtype.js";
import { ToTensor } from "./to-tensor.js";
import * as tones from "./tones.js";

// Images are `[…, C, H, W]`, of bytes from 0 to 255 or of floating-point numbers from 0 to 1, and come back in the same
// element type. "Colour" functions want 1 or 3 channels.

/**
 * See `ToTensor`.
 *
 * @example
 * const image = tensor([[[0, 50, 100, 250]]], { dtype: "uint8" });
 * transforms.functional.toTensor(image).toArray(); // → [[[0, 0.1961, 0.3922, 0.9804]]]
 */
export function toTensor(image: Tensor): Tensor {
  return new ToTensor().forward(image);
}

/**
 * See `ConvertImageDtype`.
 *
 * @example
 * const image = tensor([[[0, 50, 100, 250]]], { dtype: "uint8" });
 * transforms.functional.convertImageDtype(image, "float32").toArray(); // → [[[0, 0.1961, 0.3922, 0.9804]]]
 */
export function convertImageDtype(image: Tensor, dtype: DType = "float32"): Tensor {
  return new ConvertImageDtype(dtype).forward(image);
}

/**
 * See `ToDtype`.
 *
 * @example
 * transforms.functional.toDtype(tensor([[[0, 51]]], { dtype: "uint8" }), "float64", { scale: true }).toArray(); // → [[[0, 0.2]]]
 */
export function toDtype(image: Tensor, dtype: DType, options: ToDtypeOptions = {}): Tensor {
  return new ToDtype(dtype, options).forward(image);
}

/**
 * See `Normalize`.
 *
 * @example
 * transforms.functional.normalize(ones([1, 1, 2]), [0.5], [0.25]).toArray(); // → [[[2, 2]]]
 */
export function normalize(image: Tensor, mean: readonly number[], std: readonly number[]): Tensor {
  return new Normalize(mean, std).forward(image);
}

/**
 * See `Grayscale`.
 *
 * @example
 * const image = tensor([[[200]], [[100]], [[0]]], { dtype: "uint8" });
 * transforms.functional.rgbToGrayscale(image, 3).toArray(); // → [[[118]], [[118]], [[118]]]
 */
export function rgbToGrayscale(image: Tensor, numOutputChannels: 1 | 3 = 1): Tensor {
  const channels = colors.checkOutputChannels("rgbToGrayscale", numOutputChannels);
  return onPixels("rgbToGrayscale", image, (pixels) => colors.rgbToGrayscale("rgbToGrayscale", pixels, channels));
}

/**
 * Multiplies all values: a factor of 0 gives black, 1 the image, 2 twice the brightness.
 *
 * @throws UsageError for a negative factor.
 * @example
 * const image = tensor([[[0, 50, 100, 250]]], { dtype: "uint8" });
 * transforms.functional.adjustBrightness(image, 1.5).toArray(); // → [[[0, 75, 150, 255]]]
 */
export function adjustBrightness(image: Tensor, brightnessFactor: number): Tensor {
  return onPixels("adjustBrightness", image, (pixels) => tones.adjustBrightness(pixels, brightnessFactor));
}

/**
 * Moves all values away from the mean brightness of their image: a factor of 0 gives that gray, 1 the image.
 *
 * @throws UsageError for a negative factor.
 * @example
 * const image = tensor([[[0, 50, 100, 250]]], { dtype: "uint8" });
 * transforms.functional.adjustContrast(image, 0.5).toArray(); // → [[[50, 75, 100, 175]]]
 */
export function adjustContrast(image: Tensor, contrastFactor: number): Tensor {
  return onPixels("adjustContrast", image, (pixels) => tones.adjustContrast(pixels, contrastFactor));
}

/**
 * Moves all colours away from the gray of their pixel: a factor of 0 gives a black-and-white image, 1 the image.
 * Images of one channel stay.
 *
 * @throws UsageError for a negative factor.
 * @example
 * const image = tensor([[[200]], [[100]], [[0]]], { dtype: "uint8" });
 * transforms.functional.adjustSaturation(image, 0.5).toArray(); // → [[[159]], [[109]], [[59]]]
 */
export function adjustSaturation(image: Tensor, saturationFactor: number): Tensor {
  return onPixels("adjustSaturation", image, (pixels) => colors.adjustSaturation(pixels, saturationFactor));
}

/**
 * Turns the circle of colours: by half of it for −0.5 and 0.5, not at all for 0. Images of one channel stay.
 *
 * @throws UsageError for a factor outside −0.5 … 0.5.
 * @example
 * const image = tensor([[[200]], [[100]], [[0]]], { dtype: "uint8" });
 * transforms.functional.adjustHue(image, 0.25).toArray(); // → [[[0]], [[200]], [[0]]]
 */
export function adjustHue(image: Tensor, hueFactor: number): Tensor {
  return onPixels("adjustHue", image, (pixels) => colors.adjustHue(pixels, hueFactor));
}

/**
 * gain · value^gamma, for values from 0 to 1: a gamma above 1 darkens shadows, one below 1 lightens them.
 *
 * @throws UsageError for a negative gamma.
 * @example
 * const image = tensor([[[0, 50, 100, 250]]], { dtype: "uint8" });
 * transforms.functional.adjustGamma(image, 2).toArray(); // → [[[0, 9, 39, 246]]]
 */
export function adjustGamma(image: Tensor, gamma: number, gain = 1): Tensor {
  return onPixels("adjustGamma", image, (pixels) => tones.adjustGamma(pixels, gamma, gain));
}

/**
 * A factor of 0 smooths the image (3 × 3 pixels, the middle counting five times), 1 keeps it, 2 sharpens it.
 *
 * @throws UsageError for a negative factor.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * transforms.functional.adjustSharpness(image, 2).toArray(); // → [[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]]]
 */
export function adjustSharpness(image: Tensor, sharpnessFactor: number): Tensor {
  return onPixels("adjustSharpness", image, (pixels) => filters.adjustSharpness(pixels, sharpnessFactor));
}

/**
 * Blurs with a Gauss filter over the image mirrored at its edge. `kernelSize` is odd, one size or `[x, y]`; `sigma` one
 * deviation or `[x, y]`, by default 0.15·kernelSize + 0.35.
 *
 * @throws UsageError for a kernel that is not odd or too large for the image, or a deviation that is not positive.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * transforms.functional.gaussianBlur(image, 3, [1, 0.5]).toArray(); // → [[[1, 2, 3, 3], [5, 5, 6, 6], [9, 9, 10, 10], [12, 12, 13, 14]]]
 */
export function gaussianBlur(
  image: Tensor,
  kernelSize: number | readonly number[],
  sigma: number | readonly number[] | null = null,
): Tensor {
  const size = filters.kernelPair("gaussianBlur", kernelSize);
  const blur = {
    kernelSize: size,
    sigma: filters.sigmaPair("gaussianBlur", sigma ?? size.map((side) => side * 0.15 + 0.35)),
  };
  return onPixels("gaussianBlur", image, (pixels) => filters.gaussianBlur("gaussianBlur", pixels, blur));
}

/**
 * The negative: 255 − value for bytes, 1 − value else.
 *
 * @example
 * const image = tensor([[[0, 50, 100, 250]]], { dtype: "uint8" });
 * transforms.functional.invert(image).toArray(); // → [[[255, 205, 155, 5]]]
 */
export function invert(image: Tensor): Tensor {
  return onPixels("invert", image, tones.invert);
}

/**
 * Keeps the first `bits` bits of each byte; floating-point images are cut down to 2^bits levels.
 *
 * @throws UsageError unless bits is 0 to 8.
 * @example
 * const image = tensor([[[0, 50, 100, 250]]], { dtype: "uint8" });
 * transforms.functional.posterize(image, 3).toArray(); // → [[[0, 32, 96, 224]]]
 */
export function posterize(image: Tensor, bits: number): Tensor {
  return onPixels("posterize", image, (pixels) => tones.posterize(pixels, bits));
}

/**
 * Inverts all values of at least `threshold`.
 *
 * @throws UsageError for a threshold above the largest value (255 for bytes, else 1).
 * @example
 * const image = tensor([[[0, 50, 100, 250]]], { dtype: "uint8" });
 * transforms.functional.solarize(image, 128).toArray(); // → [[[0, 50, 100, 5]]]
 */
export function solarize(image: Tensor, threshold: number): Tensor {
  return onPixels("solarize", image, (pixels) => tones.solarize(pixels, threshold));
}

/**
 * Stretches each channel so that its darkest value becomes black and its brightest white.
 *
 * @example
 * const image = tensor([[[50, 60, 70]]], { dtype: "uint8" });
 * transforms.functional.autocontrast(image).toArray(); // → [[[0, 127, 255]]]
 */
export function autocontrast(image: Tensor): Tensor {
  return onPixels("autocontrast", image, tones.autocontrast);
}

/**
 * Spreads the values of each channel so that all are about equally frequent; floating-point images on the 256 levels
 * of bytes.
 *
 * @example
 * const image = arange(1024).remainder(4).to("uint8").reshape([1, 32, 32]);
 * [...new Set(transforms.functional.equalize(image).toTypedArray())]; // → [0, 85, 171, 255]
 */
export function equalize(image: Tensor): Tensor {
  return onPixels("equalize", image, tones.equalize);
}
