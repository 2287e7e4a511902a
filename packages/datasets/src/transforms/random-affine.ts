import { UsageError } from "@kindling/tensor";
import { drawBetween } from "../draws.js";
import { affine, type Center } from "./affine.js";
import { angleRange, checkCenter } from "./angles.js";
import { type Pixels, PixelTransform, roundHalfToEven } from "./pixels.js";
import { given, list, tuple } from "./repr.js";
import { checkSampling, type SamplingOptions } from "./sampling.js";

type Pair = readonly [number, number];

/** How far images may move, and how their pixels are found. */
export interface RandomAffineOptions extends SamplingOptions {
  /** How far images move at most, as parts of their width and height (0 to 1). Default: not at all. */
  translate?: Pair | null;
  /** Range of the scale, greater than 0. Default: 1. */
  scale?: Pair | null;
  /** Degrees of shear along x: up to a number, or `[min, max]`; with two more bounds, along y too. Default: none. */
  shear?: number | readonly number[] | null;
  /** The point that stays, `[x, y]` in pixels from the upper left corner. Default: the middle. */
  center?: Center;
}

/**
 * Turns, moves, scales and shears images at random, with PyTorch's draws: the angle, the moves along x and y, the
 * scale and the shears, as far as they are asked for. The angle is drawn from `[−degrees, degrees]` or `[min, max]`,
 * clockwise.
 *
 * Options: `translate`, `scale`, `shear` (null), `interpolation` ("nearest"), `fill` (0), `center` (null).
 *
 * **Shapes**: `[…, C, H, W]` → the same.
 *
 * @throws UsageError for a negative number of degrees, parts outside 0 … 1, a scale that is not positive, or an
 * option that makes no sense.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * manualSeed(0);
 * new transforms.RandomAffine(15, { translate: [0.3, 0.3], scale: [0.9, 1.1] }).forward(image).toArray(); // → [[[0, 4, 5, 6], [0, 8, 9, 10], [0, 12, 13, 14], [0, 0, 0, 0]]]
 */
export class RandomAffine extends PixelTransform {
  readonly degrees: readonly number[];
  readonly translate: Pair | null;
  readonly scale: Pair | null;
  readonly shear: readonly number[] | null;
  readonly center: Center;
  readonly sampling: Required<SamplingOptions>;

  constructor(degrees: number | readonly number[], options: RandomAffineOptions = {}) {
    super();
    const {
      translate = null,
      scale = null,
      shear = null,
      center = null,
      interpolation = "nearest",
      fill = 0,
    } = options;
    this.degrees = angleRange("RandomAffine", "degrees", degrees);
    this.translate = translate;
    this.scale = scale;
    this.shear = shear === null ? null : angleRange("RandomAffine", "shear", shear, [2, 4]);
    this.center = center;
    this.sampling = { interpolation, fill };
    checkPair("translate", translate, "[x, y] from 0 to 1", (part) => part >= 0 && part <= 1);
    checkPair("scale", scale, "[min, max], greater than 0", (factor) => factor > 0 && Number.isFinite(factor));
    checkSampling("RandomAffine", this.sampling);
    checkCenter("RandomAffine", center);
  }

  apply(pixels: Pixels): Pixels {
    const angle = drawBetween(this.degrees as Pair);
    const move = (part: number, size: number) => roundHalfToEven(drawBetween([-part * size, part * size]));
    const { translate, scale, shear } = this;
    const moves: Pair =
      translate === null ? [0, 0] : [move(translate[0], pixels.width), move(translate[1], pixels.height)];
    const factor = scale === null ? 1 : drawBetween(scale);
    const shearX = shear === null ? 0 : drawBetween(shear.slice(0, 2) as [number, number]);
    const shearY = shear?.length === 4 ? drawBetween(shear.slice(2) as [number, number]) : 0;
    const motion = { angle, translate: moves, scale: factor, shear: [shearX, shearY] } as const;
    return affine("RandomAffine", pixels, motion, this.center, this.sampling);
  }

  override toString(): string {
    const { translate, scale, shear, center, sampling } = this;
    const parts = [
      `degrees=${list(this.degrees)}`,
      ...(translate === null ? [] : [`translate=${tuple(translate)}`]),
      ...(scale === null ? [] : [`scale=${tuple(scale)}`]),
      ...(shear === null ? [] : [`shear=${list(shear)}`]),
      ...(sampling.interpolation === "nearest" ? [] : [`interpolation=${sampling.interpolation}`]),
      ...(sampling.fill === 0 ? [] : [`fill=${given(sampling.fill)}`]),
      ...(center === null ? [] : [`center=${tuple(center)}`]),
    ];
    return `RandomAffine(${parts.join(", ")})`;
  }
}

function checkPair(name: string, pair: Pair | null, form: string, isValid: (value: number) => boolean): void {
  if (pair !== null && (pair.length !== 2 || !pair.every(isValid))) {
    throw new UsageError(`RandomAffine: expected ${name} to be ${form}, got ${JSON.stringify(pair)}`);
  }
}
