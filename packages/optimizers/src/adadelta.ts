import { ruleStep, type Tensor, zerosLike } from "@kindling/tensor";
import { checkNotNegative, checkShare } from "./checks.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";

/** Options of {@link Adadelta}. */
export interface AdadeltaOptions {
  /** What the step is multiplied by. Default 1. */
  lr: number;
  /** How much the running means of the squared gradient and of the squared step keep, from 0 to 1. Default 0.9. */
  rho: number;
  /** Added below the roots. Default 1e-6. */
  eps: number;
  /** How much of the parameter is added to its gradient. Default 0. */
  weightDecay: number;
  /** Whether to go up instead of down. Default false. */
  maximize: boolean;
}

/**
 * Adadelta. With `g` the gradient (its negative to maximize) plus `weightDecay · p`: `v ← rho·v + (1 − rho)·g²`, the step is
 * `x = √(u + eps) / √(v + eps) · g`, then `u ← rho·u + (1 − rho)·x²` and `p ← p − lr · x`.
 *
 * Options and defaults: `lr` 1, `rho` 0.9, `eps` 1e-6, `weightDecay` 0, `maximize` false. Source: Zeiler 2012.
 * @throws UsageError for an option out of range.
 * @example
 * const weight = tensor([1, -2], { dtype: "float32", requiresGrad: true });
 * const optimizer = new Adadelta([weight], { lr: 100 });
 * weight.square().sum().backward();
 * optimizer.step();
 * weight; // → [0.6838, -1.6838]
 */
export class Adadelta extends Optimizer<AdadeltaOptions> {
  constructor(params: Params<AdadeltaOptions>, options: Partial<AdadeltaOptions> = {}) {
    super(params, { lr: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false, ...options });
  }

  protected override validate(options: AdadeltaOptions): void {
    super.validate(options);
    const name = this.constructor.name;
    checkShare(name, "rho", options.rho);
    checkNotNegative(name, "eps", options.eps);
    checkNotNegative(name, "weightDecay", options.weightDecay);
  }

  protected update(parameter: Tensor, gradient: Tensor, group: ParamGroup<AdadeltaOptions>): void {
    const { lr, rho, eps, maximize, weightDecay } = group;
    const zeros = (): Tensor => zerosLike(parameter.detach());
    const state = this.stateOf(parameter, () => ({ step: 0, squareAvg: zeros(), accDelta: zeros() }));
    state.step = Number(state.step) + 1;
    const states = [this.tensorIn(state, "squareAvg"), this.tensorIn(state, "accDelta")];
    ruleStep("adadelta", parameter, gradient, states, { maximize, weightDecay, constants: [rho, eps, lr] });
  }
}
