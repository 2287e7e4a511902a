import { ruleStep, type Tensor, zerosLike } from "@kindling/tensor";
import { checkBetas, checkNotNegative } from "./checks.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";

/** Options of {@link Adamax}. */
export interface AdamaxOptions {
  /** Learning rate. Default 0.002. */
  lr: number;
  /** How much the running mean of the gradient and its largest size keep, each at least 0 and below 1. Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** How much of the parameter is added to its gradient. Default 0. */
  weightDecay: number;
  /** Whether to go up instead of down. Default false. */
  maximize: boolean;
}

/**
 * Adamax, Adam with the largest size of the gradient in place of its root mean square. With `g` the gradient (its negative to
 * maximize) plus `weightDecay · p`: `m ← β₁·m + (1 − β₁)·g`, `u ← max(β₂·u, |g| + eps)`, then `p ← p − lr / (1 − β₁ᵗ) · m / u`.
 *
 * Options and defaults: `lr` 0.002, `betas` [0.9, 0.999], `eps` 1e-8, `weightDecay` 0, `maximize` false.
 * Source: Kingma & Ba 2015.
 * @throws UsageError for an option out of range.
 * @example
 * const weight = tensor([1, -2], { dtype: "float32", requiresGrad: true });
 * const optimizer = new Adamax([weight], { lr: 0.1 });
 * weight.square().sum().backward();
 * optimizer.step();
 * weight; // → [0.9, -1.9]
 */
export class Adamax extends Optimizer<AdamaxOptions> {
  constructor(params: Params<AdamaxOptions>, options: Partial<AdamaxOptions> = {}) {
    super(params, { lr: 0.002, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, maximize: false, ...options });
  }

  protected override validate(options: AdamaxOptions): void {
    super.validate(options);
    const name = this.constructor.name;
    checkBetas(name, options.betas);
    checkNotNegative(name, "eps", options.eps);
    checkNotNegative(name, "weightDecay", options.weightDecay);
  }

  protected update(parameter: Tensor, gradient: Tensor, group: ParamGroup<AdamaxOptions>): void {
    const { lr, betas, eps, maximize, weightDecay } = group;
    const [beta1, beta2] = betas;
    const zeros = (): Tensor => zerosLike(parameter.detach());
    const state = this.stateOf(parameter, () => ({ step: 0, expAvg: zeros(), expInf: zeros() }));
    const step = Number(state.step) + 1;
    state.step = step;
    const constants = [beta1, beta2, eps, lr / (1 - beta1 ** step)];
    const states = [this.tensorIn(state, "expAvg"), this.tensorIn(state, "expInf")];
    ruleStep("adamax", parameter, gradient, states, { maximize, weightDecay, constants });
  }
}
