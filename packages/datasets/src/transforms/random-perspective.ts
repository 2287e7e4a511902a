import { UsageError } from "@kindling/tensor";
import { drawInteger } from "../draws.js";
import { OccasionalTransform } from "./occasional.js";
import { type Point, perspective } from "./perspective.js";
import type { Pixels } from "./pixels.js";
import { checkSampling, type SamplingOptions } from "./sampling.js";

/** How far corners may move, how often, and how pixels are found. */
export interface RandomPerspectiveOptions extends SamplingOptions {
  /** How far the corners move inwards at most, as a part of half the size: 0 to 1. Default 0.5. */
  distortionScale?: number;
  /** Default 0.5. */
  p?: number;
}

/**
 * Looks at images from a random direction with probability `p`: each corner moves inwards, with PyTorch's draws of x
 * and y for the corners top left, top right, bottom right and bottom left.
 *
 * Options: `distortionScale` (0.5), `p` (0.5), `interpolation` ("bilinear"), `fill` (0).
 *
 * **Shapes**: `[…, C, H, W]` → the same.
 *
 * @throws UsageError for a distortionScale or a probability outside 0 … 1, or an option that makes no sense.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * manualSeed(0);
 * new transforms.RandomPerspective({ distortionScale: 0.6, p: 1, interpolation: "nearest" }).forward(image).toArray(); // → [[[0, 0, 0, 0], [0, 5, 7, 0], [0, 8, 10, 0], [0, 12, 14, 15]]]
 */
export class RandomPerspective extends OccasionalTransform {
  readonly distortionScale: number;
  readonly sampling: Required<SamplingOptions>;

  constructor(options: RandomPerspectiveOptions = {}) {
    super(options);
    const { distortionScale = 0.5, interpolation = "bilinear", fill = 0 } = options;
    if (!(distortionScale >= 0 && distortionScale <= 1)) {
      throw new UsageError(`RandomPerspective: expected distortionScale from 0 to 1, got ${distortionScale}`);
    }
    this.distortionScale = distortionScale;
    this.sampling = { interpolation, fill };
    checkSampling("RandomPerspective", this.sampling);
  }

  change(pixels: Pixels): Pixels {
    const { width, height } = pixels;
    const mostX = Math.floor(this.distortionScale * Math.floor(width / 2));
    const mostY = Math.floor(this.distortionScale * Math.floor(height / 2));
    const near = (most: number) => drawInteger(most + 1);
    const far = (size: number, most: number) => size - most - 1 + drawInteger(most + 1);
    const startpoints: Point[] = [
      [0, 0],
      [width - 1, 0],
      [width - 1, height - 1],
      [0, height - 1],
    ];
    const endpoints: Point[] = [
      [near(mostX), near(mostY)],
      [far(width, mostX), near(mostY)],
      [far(width, mostX), far(height, mostY)],
      [near(mostX), far(height, mostY)],
    ];
    return perspective("RandomPerspective", pixels, startpoints, endpoints, this.sampling);
  }

  override toString(): string {
    return `RandomPerspective(p=${this.p})`;
  }
}
