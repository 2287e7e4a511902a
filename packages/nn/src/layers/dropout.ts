import {
  alphaDropout,
  dropout,
  dropout1d,
  dropout2d,
  dropout3d,
  featureAlphaDropout,
  type Tensor,
  UsageError,
} from "@kindling/tensor";
import { showBool } from "../repr.js";
import { Activation, type InplaceOptions } from "./activation.js";

/** What the dropouts share: a probability, and that nothing happens in evaluation. */
abstract class DropoutLayer extends Activation {
  readonly p: number;

  constructor(p = 0.5, options: InplaceOptions = {}) {
    super(options);
    if (!(p >= 0 && p <= 1)) {
      throw new UsageError(`${this.constructor.name}: p must be between 0 and 1, got ${p}`);
    }
    this.p = p;
  }

  override forward(x: Tensor): Tensor {
    return this.training ? super.forward(x) : x;
  }

  override extraRepr(): string {
    return `p=${this.p}, inplace=${showBool(this.inplace)}`;
  }
}

/**
 * In training, zeroes elements with probability `p` and scales the others by `1 / (1 − p)`; in evaluation gives back
 * its input.
 *
 * **Shapes** any; result: the same. Options: `inplace` (false). Default: `p` 0.5. Source: Srivastava et al. 2014.
 * @throws UsageError for a p outside 0 … 1.
 * @example
 * const layer = new Dropout(0.25);
 * manualSeed(0);
 * layer.forward(ones(6)); // → [0, 1.3333, 1.3333, 0, 1.3333, 0]
 * layer.eval();
 * layer.forward(ones(6)); // → [1, 1, 1, 1, 1, 1]
 */
export class Dropout extends DropoutLayer {
  static readonly keepsNoTensors = true;

  protected activate(x: Tensor): Tensor {
    return dropout(x, this.p);
  }
}

/**
 * `Dropout` of whole channels.
 *
 * **Shapes** x: [N, C, L] or [C, L]; result: the same. Options: `inplace` (false). Default: `p` 0.5.
 * Source: Tompson et al. 2015.
 * @throws UsageError for a p outside 0 … 1; ShapeError for other numbers of dimensions.
 * @example
 * manualSeed(0);
 * new Dropout1d(0.5).forward(ones(1, 4, 2)); // → [[[0, 0], [0, 0], [2, 2], [0, 0]]]
 */
export class Dropout1d extends DropoutLayer {
  static readonly keepsNoTensors = true;

  protected activate(x: Tensor): Tensor {
    return dropout1d(x, this.p);
  }
}

/**
 * `Dropout` of whole channels.
 *
 * **Shapes** x: [N, C, H, W], or [N, C, L] as in PyTorch; result: the same. Options: `inplace` (false). Default: `p` 0.5.
 * Source: Tompson et al. 2015.
 * @throws UsageError for a p outside 0 … 1; ShapeError for other numbers of dimensions.
 * @example
 * manualSeed(0);
 * new Dropout2d(0.5).forward(ones(1, 4, 1, 1)); // → [[[[0]], [[0]], [[2]], [[0]]]]
 */
export class Dropout2d extends DropoutLayer {
  static readonly keepsNoTensors = true;

  protected activate(x: Tensor): Tensor {
    return dropout2d(x, this.p);
  }
}

/**
 * `Dropout` of whole channels.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: the same. Options: `inplace` (false). Default: `p` 0.5.
 * Source: Tompson et al. 2015.
 * @throws UsageError for a p outside 0 … 1; ShapeError for other numbers of dimensions.
 * @example
 * manualSeed(0);
 * new Dropout3d(0.5).forward(ones(3, 1, 1, 2)); // → [[[[0, 0]]], [[[0, 0]]], [[[2, 2]]]]
 */
export class Dropout3d extends DropoutLayer {
  static readonly keepsNoTensors = true;

  protected activate(x: Tensor): Tensor {
    return dropout3d(x, this.p);
  }
}

/**
 * `Dropout` for networks of `SELU`s: dropped elements take its lower limit, and the result is scaled and shifted so that
 * mean 0 and variance 1 stay.
 *
 * **Shapes** any; result: the same. Options: `inplace` (false). Default: `p` 0.5. Source: Klambauer et al. 2017.
 * @throws UsageError for a p outside 0 … 1.
 * @example
 * const layer = new AlphaDropout(0.1);
 * layer.eval();
 * layer.forward(ones(2)); // → [1, 1]
 */
export class AlphaDropout extends DropoutLayer {
  static readonly keepsNoTensors = true;

  protected activate(x: Tensor): Tensor {
    return alphaDropout(x, this.p, { training: true });
  }
}

/**
 * `AlphaDropout` of whole channels.
 *
 * **Shapes** x: [N, C, ...]; result: the same. Options: `inplace` (false). Default: `p` 0.5.
 * @throws UsageError for a p outside 0 … 1; ShapeError for fewer than two dimensions.
 * @example new FeatureAlphaDropout(0.1).forward(randn([8, 3, 4, 4])).shape; // → [8, 3, 4, 4]
 */
export class FeatureAlphaDropout extends DropoutLayer {
  static readonly keepsNoTensors = true;

  protected activate(x: Tensor): Tensor {
    return featureAlphaDropout(x, this.p, { training: true });
  }
}
