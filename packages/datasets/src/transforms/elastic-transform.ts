import { rand, stack, type Tensor, UsageError } from "@kindling/tensor";
import { elasticTransform } from "./elastic.js";
import { gaussianBlur } from "./filters.js";
import { onPixels, type Pixels, PixelTransform } from "./pixels.js";
import { given, list } from "./repr.js";
import { checkSampling, type SamplingOptions } from "./sampling.js";

/** How far and how smoothly pixels move, and how they are found. */
export interface ElasticTransformOptions extends SamplingOptions {
  /** How far pixels move, one number or `[x, y]`. Default 50. */
  alpha?: number | readonly number[];
  /** How smooth the movement is: deviation of the Gauss filter over it, one number or `[x, y]`. Default 5. */
  sigma?: number | readonly number[];
}

/**
 * Moves the pixels of images about, as if they were printed on rubber: by uniform random numbers that are blurred,
 * drawn for x first, then for y.
 *
 * Options: `alpha` (50), `sigma` (5), `interpolation` ("bilinear"), `fill` (0).
 *
 * **Shapes**: `[…, C, H, W]` → the same; each side longer than 4·sigma.
 *
 * @throws UsageError for a negative sigma, images that are too small for it, or an option that makes no sense.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * manualSeed(0);
 * new transforms.ElasticTransform({ alpha: 5, sigma: 0.3 }).forward(image).toArray(); // → [[[4, 8, 0, 0], [0, 12, 4, 0], [4, 11, 0, 1], [0, 1, 9, 0]]]
 */
export class ElasticTransform extends PixelTransform {
  readonly alpha: readonly [x: number, y: number];
  readonly sigma: readonly [x: number, y: number];
  readonly sampling: Required<SamplingOptions>;

  constructor(options: ElasticTransformOptions = {}) {
    super();
    const { alpha = 50, sigma = 5, interpolation = "bilinear", fill = 0 } = options;
    this.alpha = pairOf("alpha", alpha, Number.NEGATIVE_INFINITY);
    this.sigma = pairOf("sigma", sigma, 0);
    if ((this.sigma[0] === 0) !== (this.sigma[1] === 0)) {
      throw new UsageError(`ElasticTransform: expected both of sigma to be 0, or none, got ${JSON.stringify(sigma)}`);
    }
    this.sampling = { interpolation, fill };
    checkSampling("ElasticTransform", this.sampling);
  }

  apply(pixels: Pixels): Pixels {
    const { height, width } = pixels;
    // PyTorch divides the movement along x by the height, that along y by the width, and blurs with both deviations.
    const alongX = this.#noise(height, width, this.sigma[0]).mul(this.alpha[0]).div(height);
    const alongY = this.#noise(height, width, this.sigma[1]).mul(this.alpha[1]).div(width);
    return elasticTransform("ElasticTransform", pixels, stack([alongX, alongY], 3), this.sampling);
  }

  #noise(height: number, width: number, sigma: number): Tensor {
    const noise = rand([1, height, width]).mul(2).sub(1);
    if (sigma === 0) return noise;
    const size = Math.floor(8 * sigma + 1);
    const odd = size % 2 === 0 ? size + 1 : size;
    const blur = { kernelSize: [odd, odd], sigma: this.sigma } as const;
    return onPixels("ElasticTransform", noise, (pixels) => gaussianBlur("ElasticTransform", pixels, blur));
  }

  override toString(): string {
    const { interpolation, fill } = this.sampling;
    const mode = `InterpolationMode.${interpolation.toUpperCase()}`;
    return `ElasticTransform(alpha=${list(this.alpha)}, sigma=${list(this.sigma)}, interpolation=${mode}, fill=${given(fill)})`;
  }
}

function pairOf(name: string, value: number | readonly number[], lowest: number): readonly [x: number, y: number] {
  const values = typeof value === "number" ? [value] : value;
  const [x = Number.NaN, y = x] = values;
  if (values.length > 2 || ![x, y].every((of) => Number.isFinite(of) && of >= lowest)) {
    const least = lowest === 0 ? " of at least 0" : "";
    throw new UsageError(
      `ElasticTransform: expected ${name} to be a number or a pair${least}, got ${JSON.stringify(value)}`,
    );
  }
  return [x, y];
}
