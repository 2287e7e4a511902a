import { UsageError } from "@kindling/tensor";
import { drawInteger } from "../draws.js";
import { type Augmentation, drawAugmentation, usualRanges } from "./augmentation.js";
import { drawShares } from "./dirichlet.js";
import { checkCount, newData, type Pixels, PixelTransform, roundingOf } from "./pixels.js";
import { bool, float, given } from "./repr.js";
import { checkSampling, type SamplingOptions } from "./sampling.js";

/** How images are augmented and mixed. */
export interface AugMixOptions extends SamplingOptions {
  /** Strength of the augmentations, 1 to 10. Default 3. */
  severity?: number;
  /** How many chains of augmentations are mixed. Default 3. */
  mixtureWidth?: number;
  /** Augmentations of each chain; 0 or −1 (default): one to three at random. */
  chainDepth?: number;
  /** Parameter of the distributions of the shares in the mixture; 1 is uniform. Default 1. */
  alpha?: number;
  /** Whether brightness, colour, contrast and sharpness are changed too. Default true. */
  allOps?: boolean;
}

const fewOps: readonly Augmentation[] = [
  "ShearX",
  "ShearY",
  "TranslateX",
  "TranslateY",
  "Rotate",
  "Posterize",
  "Solarize",
  "AutoContrast",
  "Equalize",
];
const allOps: readonly Augmentation[] = [...fewOps, "Brightness", "Color", "Contrast", "Sharpness"];

/**
 * A mixture of each image and of several chains of random augmentations of it, in random shares, with PyTorch's draws:
 * the shares of image and augmentations, those of the chains, then for each chain its length and its augmentations.
 * Made for bytes; floating-point images from 0 to 1 are taken too.
 *
 * Options: `severity` (3), `mixtureWidth` (3), `chainDepth` (−1), `alpha` (1), `allOps` (true), `interpolation`
 * ("bilinear"), `fill` (null).
 *
 * **Shapes**: `[…, 1 or 3, H, W]` → the same.
 *
 * @throws UsageError for a severity outside 1 … 10, an alpha that is not positive, or numbers that are not whole.
 * @throws ShapeError for images of other than 1 or 3 channels.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * manualSeed(0);
 * new transforms.AugMix({ severity: 5 }).forward(image).toArray(); // → [[[0, 0, 1, 2], [3, 4, 5, 6], [7, 8, 9, 10], [11, 12, 13, 14]]]
 * @source "AugMix", https://arxiv.org/abs/1912.02781
 */
export class AugMix extends PixelTransform {
  readonly severity: number;
  readonly mixtureWidth: number;
  readonly chainDepth: number;
  readonly alpha: number;
  readonly allOps: boolean;
  readonly sampling: Required<SamplingOptions>;

  constructor(options: AugMixOptions = {}) {
    super();
    const { severity = 3, mixtureWidth = 3, chainDepth = -1, alpha = 1, fill = null } = options;
    this.severity = checkCount("AugMix", "severity", severity, 1);
    this.mixtureWidth = checkCount("AugMix", "mixtureWidth", mixtureWidth, 1);
    this.chainDepth = checkCount("AugMix", "chainDepth", chainDepth, -1);
    this.alpha = alpha;
    this.allOps = options.allOps ?? true;
    this.sampling = { interpolation: options.interpolation ?? "bilinear", fill };
    if (severity > 10) throw new UsageError(`AugMix: expected severity from 1 to 10, got ${severity}`);
    if (!(alpha > 0 && Number.isFinite(alpha))) {
      throw new UsageError(`AugMix: expected alpha to be greater than 0, got ${alpha}`);
    }
    checkSampling("AugMix", this.sampling);
  }

  apply(pixels: Pixels): Pixels {
    const { data, count } = pixels;
    const round = roundingOf(data);
    const perImage = <T>(draw: () => T): T[] => Array.from({ length: count }, draw);
    const shares = perImage(() => drawShares(this.alpha, 2));
    const widths = perImage(() => drawShares(this.alpha, this.mixtureWidth));
    // Mixed in floating point; bytes are cut off at the end.
    const mixture = data instanceof Float64Array ? new Float64Array(data.length) : new Float32Array(data.length);
    const add = (source: Pixels["data"], shareOf: (image: number) => number) => {
      const size = data.length / count;
      for (let image = 0; image < count; image++) {
        const share = shareOf(image);
        for (let i = image * size; i < (image + 1) * size; i++) {
          mixture[i] = (mixture[i] as number) + round(share * (source[i] as number));
        }
      }
    };
    add(data, (image) => shares[image]?.[0] as number);
    for (let chain = 0; chain < this.mixtureWidth; chain++) {
      const { data: augmented } = this.#chain(pixels);
      add(augmented, (image) => Math.fround((widths[image]?.[chain] as number) * (shares[image]?.[1] as number)));
    }
    const result = newData(data, data.length);
    result.set(mixture);
    return { ...pixels, data: result };
  }

  #chain(pixels: Pixels): Pixels {
    const choice = {
      names: this.allOps ? allOps : fewOps,
      bins: 10,
      level: () => drawInteger(this.severity),
      ranges: {
        ...usualRanges(pixels),
        translateX: pixels.width / 3,
        translateY: pixels.height / 3,
        posterize: [4, 4],
      } as const,
    };
    let result = pixels;
    for (let left = this.chainDepth > 0 ? this.chainDepth : 1 + drawInteger(3); left > 0; left--) {
      result = drawAugmentation("AugMix", result, choice, this.sampling);
    }
    return result;
  }

  override toString(): string {
    const { interpolation, fill } = this.sampling;
    const mode = `InterpolationMode.${interpolation.toUpperCase()}`;
    return `AugMix(severity=${this.severity}, mixture_width=${this.mixtureWidth}, chain_depth=${this.chainDepth}, alpha=${float(this.alpha)}, all_ops=${bool(this.allOps)}, interpolation=${mode}, fill=${given(fill)})`;
  }
}
