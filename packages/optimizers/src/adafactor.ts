import { type Tensor, UsageError, zeros, zerosLike } from "@kindling/tensor";
import { checkNotNegative } from "./checks.js";
import { Optimizer, type ParameterState, type ParamGroup, type Params } from "./optimizer.js";

/** Options of {@link Adafactor}. */
export interface AdafactorOptions {
  /** The largest relative step. Default 0.01. */
  lr: number;
  /** Exponent of the step count that tells how much of each new square is taken in; at most 0. Default −0.8. */
  beta2Decay: number;
  /** The smallest root mean square of the gradient (null: what the dtype resolves), and of the parameter. Default [null, 1e-3]. */
  eps: readonly [number | null, number];
  /** Root mean square of a step from which on it is scaled down, at least 1. Default 1. */
  d: number;
  /** How much the parameter itself shrinks with each step, times lr. Default 0. */
  weightDecay: number;
  /** Whether to go up instead of down. Default false. */
  maximize: boolean;
}

/**
 * Adafactor, which keeps of the squared gradients of a matrix only the means by row r and by column c. With
 * `β = step^beta2Decay`, `r ← r + β·(mean_row(g²) − r)` and likewise c: `v = r·c / mean(r)`, `u = g / √v`, then
 * `p ← p − α · u / max(1, rms(u) / d)` with `α = max(eps₂, rms(p)) · min(lr, 1 / √step)`. Of vectors it keeps v itself.
 *
 * Options and defaults: `lr` 0.01, `beta2Decay` −0.8, `eps` [null, 1e-3], `d` 1, `weightDecay` 0, `maximize` false.
 * Source: Shazeer & Stern 2018.
 * @throws UsageError for an option out of range.
 * @example
 * const weight = tensor([1, -2], { dtype: "float32", requiresGrad: true });
 * const optimizer = new Adafactor([weight], { lr: 0.1 });
 * weight.square().sum().backward();
 * optimizer.step();
 * weight; // → [0.8419, -1.8419]
 */
export class Adafactor extends Optimizer<AdafactorOptions> {
  constructor(params: Params<AdafactorOptions>, options: Partial<AdafactorOptions> = {}) {
    super(params, {
      lr: 0.01,
      beta2Decay: -0.8,
      eps: [null, 1e-3],
      d: 1,
      weightDecay: 0,
      maximize: false,
      ...options,
    });
  }

  protected override validate(options: AdafactorOptions): void {
    super.validate(options);
    const { beta2Decay, eps, d, weightDecay } = options;
    if (!(beta2Decay <= 0)) throw new UsageError(`Adafactor: beta2Decay must be at most 0, got ${beta2Decay}`);
    for (const value of eps) if (value !== null) checkNotNegative("Adafactor", "eps", value);
    if (!(d >= 1)) throw new UsageError(`Adafactor: d must be at least 1, got ${d}`);
    checkNotNegative("Adafactor", "weightDecay", weightDecay);
  }

  protected update(parameter: Tensor, given: Tensor, group: ParamGroup<AdafactorOptions>): void {
    const gradient = group.maximize ? given.neg() : given;
    const [smallest, least] = group.eps;
    const eps = smallest ?? (parameter.dtype === "float32" ? 2 ** -23 : Number.EPSILON);
    const state = this.stateOf(parameter, () => start(parameter.detach()));
    const step = Number(state.step) + 1;
    state.step = step;
    const rate = Math.max(least, rootMeanSquare(parameter)) * Math.min(group.lr, 1 / Math.sqrt(step));
    if (group.weightDecay !== 0) parameter.mul_(1 - group.lr * group.weightDecay);
    const intake = step ** group.beta2Decay;
    const variance =
      gradient.ndim > 1 ? this.#factored(state, gradient, intake, eps) : this.#full(state, gradient, intake);
    const update = variance
      .clampMin(eps * eps)
      .rsqrt()
      .mul(gradient);
    const size = Math.max(1, rootMeanSquare(update) / group.d);
    parameter.sub_(update, { alpha: rate / size });
  }

  /** The squares of the gradient as the product of a column and a row, for each of the matrices. */
  #factored(state: ParameterState, gradient: Tensor, intake: number, eps: number): Tensor {
    const squares = gradient.square();
    const [row, column] = [this.tensorIn(state, "rowVar"), this.tensorIn(state, "colVar")];
    takeIn(row, squares.mean(-1, { keepdim: true }), intake);
    takeIn(column, squares.mean(-2, { keepdim: true }), intake);
    return row.mul(column).div(row.mean(-2, { keepdim: true }).clampMin(eps));
  }

  #full(state: ParameterState, gradient: Tensor, intake: number): Tensor {
    const variance = this.tensorIn(state, "variance");
    takeIn(variance, gradient.square(), intake);
    return variance;
  }
}

const rootMeanSquare = (x: Tensor): number => x.norm().item() / Math.sqrt(x.numel());

function takeIn(average: Tensor, value: Tensor, share: number): void {
  average.mul_(1 - share).add_(value, { alpha: share });
}

function start(value: Tensor): ParameterState {
  if (value.ndim < 2) return { step: 0, variance: zerosLike(value) };
  const { dtype } = value;
  const shapeWithout = (dim: number): number[] => value.shape.map((size, i) => (i === value.ndim - dim ? 1 : size));
  return { step: 0, rowVar: zeros(shapeWithout(1), { dtype }), colVar: zeros(shapeWithout(2), { dtype }) };
}
