import { isFloatingPoint, oneHot, ShapeError, Tensor, UsageError } from "@kindling/tensor";
import { drawShares } from "./dirichlet.js";

/** How strongly images are mixed, and what the labels become. */
export interface MixingOptions {
  /** Both parameters of the beta distribution that the share is drawn from. Default 1: uniform. */
  alpha?: number;
  /** Number of classes, for labels that are numbers; not needed for labels that are one-hot already. */
  numClasses?: number | null;
}

/** Images and their labels, as a loader gives them. */
export type LabelledBatch = readonly [images: Tensor, labels: Tensor];

/** A transform of a batch with its labels, which mixes each image with the one before it, the first with the last. */
export abstract class BatchMixing {
  readonly alpha: number;
  readonly numClasses: number | null;

  constructor({ alpha = 1, numClasses = null }: MixingOptions = {}) {
    const name = new.target.name;
    if (!(alpha > 0 && Number.isFinite(alpha))) {
      throw new UsageError(`${name}: expected alpha to be greater than 0, got ${alpha}`);
    }
    if (numClasses !== null && !(Number.isInteger(numClasses) && numClasses > 0)) {
      throw new UsageError(`${name}: expected numClasses to be a positive whole number, got ${numClasses}`);
    }
    this.alpha = alpha;
    this.numClasses = numClasses;
  }

  /** Mixes images by a share, and says which share of each image is left. */
  protected abstract mix(images: Tensor, share: number): readonly [images: Tensor, left: number];

  /** The images and the shares of the classes in them; takes both as two arguments or as one batch. */
  forward(images: Tensor, labels: Tensor): [images: Tensor, labels: Tensor];
  forward(batch: LabelledBatch): [images: Tensor, labels: Tensor];
  forward(first: Tensor | LabelledBatch, second?: Tensor): [images: Tensor, labels: Tensor] {
    const [images, labels] = first instanceof Tensor ? [first, second] : first;
    const name = this.constructor.name;
    if (!(images instanceof Tensor) || !(labels instanceof Tensor)) {
      throw new UsageError(`${name}: expected images and labels, both tensors; put it behind the collation of a batch`);
    }
    if (images.ndim !== 4 || (labels.ndim !== 1 && labels.ndim !== 2) || labels.shape[0] !== images.shape[0]) {
      throw new ShapeError(
        `${name}: expected images [batch, C, H, W] and labels [batch] or [batch, classes], got [${images.shape.join(", ")}] and [${labels.shape.join(", ")}]`,
      );
    }
    const shares = this.#classShares(labels);
    const [mixed, left] = this.mix(images, drawShares(this.alpha, 2)[0] as number);
    return [mixed, mixTensors(shares, left)];
  }

  #classShares(labels: Tensor): Tensor {
    const name = this.constructor.name;
    if (labels.ndim === 2) {
      if (this.numClasses !== null && labels.shape[1] !== this.numClasses) {
        throw new ShapeError(
          `${name}: expected labels of ${this.numClasses} classes, got [${labels.shape.join(", ")}]`,
        );
      }
      return isFloatingPoint(labels.dtype) ? labels : labels.to("float32");
    }
    if (this.numClasses === null) {
      throw new UsageError(`${name}: labels that are numbers need { numClasses }`);
    }
    return oneHot(labels, this.numClasses).to("float32");
  }

  toString(): string {
    const classes = this.numClasses === null ? "" : `, num_classes=${this.numClasses}`;
    return `${this.constructor.name}(alpha=${this.alpha}${classes})`;
  }
}

/** A share of each row, and the rest of the row before it. */
export function mixTensors(rows: Tensor, share: number): Tensor {
  return rows
    .roll(1, 0)
    .mul(1 - share)
    .add(rows.mul(share));
}
