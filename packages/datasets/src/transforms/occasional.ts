import { UsageError } from "@kindling/tensor";
import { drawFloat } from "../draws.js";
import { type Pixels, PixelTransform } from "./pixels.js";

/** A probability, alone or by name. */
export type Probability = number | { p?: number };

export function probabilityOf(caller: string, given: Probability, fallback = 0.5): number {
  const p = typeof given === "number" ? given : (given.p ?? fallback);
  if (!(p >= 0 && p <= 1)) throw new UsageError(`${caller}: expected a probability from 0 to 1, got ${p}`);
  return p;
}

/** A transform that is done with a probability and else not at all; one draw decides for all images it is given. */
export abstract class OccasionalTransform extends PixelTransform {
  /** How likely the transform is done. */
  readonly p: number;

  constructor(p: Probability, fallback = 0.5) {
    super();
    this.p = probabilityOf(new.target.name, p, fallback);
  }

  /** The pixels after the transform, where it is done. */
  abstract change(pixels: Pixels): Pixels;

  apply(pixels: Pixels): Pixels {
    return drawFloat() < this.p ? this.change(pixels) : pixels;
  }
}
