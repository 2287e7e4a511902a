import { ruleStep, type Tensor, zerosLike } from "@kindling/tensor";
import { checkNotNegative } from "./checks.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";

/** Options of {@link RMSprop}. */
export interface RMSpropOptions {
  /** Learning rate. Default 0.01. */
  lr: number;
  /** How much the running mean of the squared gradient keeps. Default 0.99. */
  alpha: number;
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** How much of the parameter is added to its gradient. Default 0. */
  weightDecay: number;
  /** How much of the last step's direction is kept. Default 0. */
  momentum: number;
  /** Whether to divide by the deviation of the gradient instead of its size. Default false. */
  centered: boolean;
  /** Whether to go up instead of down. Default false. */
  maximize: boolean;
}

/**
 * RMSprop. With `g` the gradient (its negative to maximize) plus `weightDecay · p`: `v ← alpha·v + (1 − alpha)·g²`, then
 * `b ← momentum · b + g / (√v + eps)` and `p ← p − lr · b`. `centered`: √(v − m²) in place of √v, with m the running mean of g.
 *
 * Options and defaults: `lr` 0.01, `alpha` 0.99, `eps` 1e-8, `weightDecay` 0, `momentum` 0, `centered` false, `maximize` false.
 * Sources: Tieleman & Hinton 2012; Graves 2013 (centered).
 * @throws UsageError for an option out of range.
 * @example
 * const weight = tensor([1, -2], { dtype: "float32", requiresGrad: true });
 * const optimizer = new RMSprop([weight], { lr: 0.01, momentum: 0.9 });
 * weight.square().sum().backward();
 * optimizer.step();
 * weight; // → [0.9, -1.9]
 */
export class RMSprop extends Optimizer<RMSpropOptions> {
  constructor(params: Params<RMSpropOptions>, options: Partial<RMSpropOptions> = {}) {
    super(params, {
      lr: 0.01,
      alpha: 0.99,
      eps: 1e-8,
      weightDecay: 0,
      momentum: 0,
      centered: false,
      maximize: false,
      ...options,
    });
  }

  protected override validate(options: RMSpropOptions): void {
    super.validate(options);
    const name = this.constructor.name;
    checkNotNegative(name, "alpha", options.alpha);
    checkNotNegative(name, "eps", options.eps);
    checkNotNegative(name, "weightDecay", options.weightDecay);
    checkNotNegative(name, "momentum", options.momentum);
  }

  protected update(parameter: Tensor, gradient: Tensor, group: ParamGroup<RMSpropOptions>): void {
    const zeros = (): Tensor => zerosLike(parameter.detach());
    const state = this.stateOf(parameter, () => ({ step: 0, squareAvg: zeros() }));
    if (group.momentum > 0) state.momentumBuffer ??= zeros();
    if (group.centered) state.gradAvg ??= zeros();
    state.step = Number(state.step) + 1;
    const mean = group.centered ? this.tensorIn(state, "gradAvg") : null;
    const buffer = group.momentum > 0 ? this.tensorIn(state, "momentumBuffer") : null;
    const { alpha, eps, lr, momentum, maximize, weightDecay } = group;
    const constants = [alpha, eps, lr, momentum];
    const states = [this.tensorIn(state, "squareAvg"), mean, buffer];
    ruleStep("rmsprop", parameter, gradient, states, { maximize, weightDecay, constants });
  }
}
