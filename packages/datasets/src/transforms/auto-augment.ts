import { UsageError } from "@kindling/tensor";
import { drawFloat, drawInteger } from "../draws.js";
import { augment, isSigned, magnitudeOf, usualRanges } from "./augmentation.js";
import { type AutoAugmentPolicy, policies } from "./auto-augment-policies.js";
import { type Pixels, PixelTransform } from "./pixels.js";
import { given } from "./repr.js";
import { checkSampling, type SamplingOptions } from "./sampling.js";

/**
 * A policy that was learned on ImageNet, CIFAR-10 or SVHN: one of its 25 pairs of augmentations, each done with a
 * probability, with PyTorch's draws (the pair, two numbers for the probabilities, two directions). Made for bytes;
 * floating-point images from 0 to 1 are taken too.
 *
 * `policy` is "imagenet" (default), "cifar10" or "svhn". Options: `interpolation` ("nearest"), `fill` (null).
 *
 * **Shapes**: `[…, 1 or 3, H, W]` → the same.
 *
 * @throws UsageError for another policy.
 * @throws ShapeError for images of other than 1 or 3 channels.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * manualSeed(4);
 * new transforms.AutoAugment("cifar10").forward(image).toArray(); // → [[[0, 0, 0, 0], [0, 0, 0, 0], [8, 8, 8, 8], [8, 8, 8, 8]]]
 * @source "AutoAugment", https://arxiv.org/abs/1805.09501
 */
export class AutoAugment extends PixelTransform {
  readonly policy: AutoAugmentPolicy;
  readonly sampling: Required<SamplingOptions>;

  constructor(policy: AutoAugmentPolicy = "imagenet", options: SamplingOptions = {}) {
    super();
    if (!Object.hasOwn(policies, policy)) {
      throw new UsageError(
        `AutoAugment: expected a policy out of ${Object.keys(policies).join(", ")}, got ${JSON.stringify(policy)}`,
      );
    }
    this.policy = policy;
    this.sampling = { interpolation: options.interpolation ?? "nearest", fill: options.fill ?? null };
    checkSampling("AutoAugment", this.sampling);
  }

  apply(pixels: Pixels): Pixels {
    const pairs = policies[this.policy];
    const pair = pairs[drawInteger(pairs.length)] ?? [];
    const chances = [drawFloat(), drawFloat()];
    const signs = [drawInteger(2), drawInteger(2)];
    let result = pixels;
    for (const [i, [name, p, level]] of pair.entries()) {
      if ((chances[i] as number) > Math.fround(p)) continue;
      const size = level === null ? 0 : magnitudeOf(name, 10, level, usualRanges(pixels));
      const isReversed = isSigned(name) && signs[i] === 0;
      result = augment("AutoAugment", result, name, isReversed ? -size : size, this.sampling);
    }
    return result;
  }

  override toString(): string {
    return `AutoAugment(policy=AutoAugmentPolicy.${this.policy.toUpperCase()}, fill=${given(this.sampling.fill)})`;
  }
}
