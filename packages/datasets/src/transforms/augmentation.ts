import { drawInteger } from "../draws.js";
import { type AffineMotion, affine, type Center, rotate } from "./affine.js";
import { adjustSaturation } from "./colors.js";
import { adjustSharpness } from "./filters.js";
import { type Pixels, roundHalfToEven } from "./pixels.js";
import type { SamplingOptions } from "./sampling.js";
import { adjustBrightness, adjustContrast, autocontrast, equalize, invert, posterize, solarize } from "./tones.js";

/** What learned and random policies choose from, by the names of their papers. */
export type Augmentation =
  | "Identity"
  | "ShearX"
  | "ShearY"
  | "TranslateX"
  | "TranslateY"
  | "Rotate"
  | "Brightness"
  | "Color"
  | "Contrast"
  | "Sharpness"
  | "Posterize"
  | "Solarize"
  | "AutoContrast"
  | "Equalize"
  | "Invert";

/** How far each augmentation goes at most. */
export interface Ranges {
  readonly shear: number;
  readonly translateX: number;
  readonly translateY: number;
  /** Degrees. */
  readonly rotate: number;
  /** Of brightness, colour, contrast and sharpness, away from 1. */
  readonly enhance: number;
  /** Bits that stay at the smallest magnitude, and how many fewer at the largest. */
  readonly posterize: readonly [bits: number, fewer: number];
}

/** The ranges of AutoAugment and RandAugment. */
export function usualRanges({ height, width }: Pixels): Ranges {
  const part = 150 / 331;
  return {
    shear: 0.3,
    translateX: part * width,
    translateY: part * height,
    rotate: 30,
    enhance: 0.9,
    posterize: [8, 4],
  };
}

/** Whether the magnitude of an augmentation has a sign, which is drawn. */
export function isSigned(name: Augmentation): boolean {
  return magnitudeRange(name) !== null;
}

function magnitudeRange(name: Augmentation): keyof Ranges | null {
  switch (name) {
    case "ShearX":
    case "ShearY":
      return "shear";
    case "TranslateX":
      return "translateX";
    case "TranslateY":
      return "translateY";
    case "Rotate":
      return "rotate";
    case "Brightness":
    case "Color":
    case "Contrast":
    case "Sharpness":
      return "enhance";
    default:
      return null;
  }
}

/** Whether an augmentation has a magnitude at all. */
function hasMagnitude(name: Augmentation): boolean {
  return isSigned(name) || name === "Posterize" || name === "Solarize";
}

/** The magnitude of number `index` of `bins`, from the smallest on. */
export function magnitudeOf(name: Augmentation, bins: number, index: number, ranges: Ranges): number {
  if (name === "Posterize") {
    const [bits, fewer] = ranges.posterize;
    return bits - roundHalfToEven(Math.fround(index / Math.fround((bins - 1) / fewer)));
  }
  if (name === "Solarize") return spaced(255, 0, bins, index);
  const range = magnitudeRange(name);
  return range === null ? 0 : spaced(0, ranges[range] as number, bins, index);
}

/** A number of `linspace`, in float32 and from the nearer end on as PyTorch counts: the last bit shows in the pixels. */
function spaced(from: number, to: number, count: number, index: number): number {
  const [start, end] = [Math.fround(from), Math.fround(to)];
  const step = Math.fround(Math.fround(end - start) / (count - 1));
  return Math.fround(index < Math.floor(count / 2) ? start + step * index : end - step * (count - index - 1));
}

/** What is drawn from, and how strong it is. */
export interface Choice {
  readonly names: readonly Augmentation[];
  /** How many magnitudes there are. */
  readonly bins: number;
  /** Which of them, drawn where it is random. */
  readonly level: () => number;
  readonly ranges: Ranges;
}

/** Draws an augmentation, its magnitude and its direction, as far as it has such, and does it. */
export function drawAugmentation(
  caller: string,
  pixels: Pixels,
  { names, bins, level, ranges }: Choice,
  sampling: Required<SamplingOptions>,
): Pixels {
  const name = names[drawInteger(names.length)] as Augmentation;
  const magnitude = hasMagnitude(name) ? magnitudeOf(name, bins, level(), ranges) : 0;
  const isReversed = isSigned(name) && drawInteger(2) === 1;
  return augment(caller, pixels, name, isReversed ? -magnitude : magnitude, sampling);
}

const still: AffineMotion = { angle: 0, translate: [0, 0], scale: 1, shear: [0, 0] };

/** An augmentation of some magnitude, as torchvision's policies do it. */
export function augment(
  caller: string,
  pixels: Pixels,
  name: Augmentation,
  magnitude: number,
  sampling: Required<SamplingOptions>,
): Pixels {
  const moved = (motion: Partial<AffineMotion>, center: Center = null) =>
    affine(caller, pixels, { ...still, ...motion }, center, sampling);
  // The papers shear by a factor, `affine` by an angle; from the corner on, not around the middle.
  const angle = (Math.atan(magnitude) * 180) / Math.PI;
  switch (name) {
    case "Identity":
      return pixels;
    case "ShearX":
      return moved({ shear: [angle, 0] }, [0, 0]);
    case "ShearY":
      return moved({ shear: [0, angle] }, [0, 0]);
    case "TranslateX":
      return moved({ translate: [Math.trunc(magnitude), 0] });
    case "TranslateY":
      return moved({ translate: [0, Math.trunc(magnitude)] });
    case "Rotate":
      return rotate(caller, pixels, magnitude, { ...sampling, expand: false, center: null });
    case "Brightness":
      return adjustBrightness(pixels, 1 + magnitude);
    case "Color":
      return adjustSaturation(pixels, 1 + magnitude);
    case "Contrast":
      return adjustContrast(pixels, 1 + magnitude);
    case "Sharpness":
      return adjustSharpness(pixels, 1 + magnitude);
    case "Posterize":
      return posterize(pixels, magnitude);
    case "Solarize":
      // Magnitudes are for bytes.
      return solarize(pixels, pixels.data instanceof Uint8Array ? magnitude : magnitude / 255);
    case "AutoContrast":
      return autocontrast(pixels);
    case "Equalize":
      return equalize(pixels);
    case "Invert":
      return invert(pixels);
  }
}

/** What RandAugment and TrivialAugment choose from, in the order of their draws. */
export const randomAugmentations: readonly Augmentation[] = [
  "Identity",
  "ShearX",
  "ShearY",
  "TranslateX",
  "TranslateY",
  "Rotate",
  "Brightness",
  "Color",
  "Contrast",
  "Sharpness",
  "Posterize",
  "Solarize",
  "AutoContrast",
  "Equalize",
];
