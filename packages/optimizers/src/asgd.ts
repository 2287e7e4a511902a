import { ruleStep, type Tensor, zerosLike } from "@kindling/tensor";
import { checkNotNegative } from "./checks.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";

/** Options of {@link ASGD}. */
export interface ASGDOptions {
  /** Learning rate. Default 0.01. */
  lr: number;
  /** How much the parameter shrinks with each step, times the rate. Default 1e-4. */
  lambd: number;
  /** Exponent by which the rate falls. Default 0.75. */
  alpha: number;
  /** The step after which averaging starts. Default 1e6. */
  t0: number;
  /** How much of the parameter is added to its gradient. Default 0. */
  weightDecay: number;
  /** Whether to go up instead of down. Default false. */
  maximize: boolean;
}

/**
 * Averaged stochastic gradient descent. With `g` the gradient (its negative to maximize) plus `weightDecay · p`:
 * `p ← (1 − lambd · η) · p − η · g`, and the average of the parameters since step t0 is kept as `ax` in the state. Then
 * `η = lr / (1 + lambd · lr · t)^alpha`.
 *
 * Options and defaults: `lr` 0.01, `lambd` 1e-4, `alpha` 0.75, `t0` 1e6, `weightDecay` 0, `maximize` false.
 * Source: Polyak & Juditsky 1992.
 * @throws UsageError for an option out of range.
 * @example
 * const weight = tensor([1, -2], { dtype: "float32", requiresGrad: true });
 * const optimizer = new ASGD([weight], { lr: 0.1 });
 * weight.square().sum().backward();
 * optimizer.step();
 * weight; // → [0.8000, -1.6000]
 */
export class ASGD extends Optimizer<ASGDOptions> {
  constructor(params: Params<ASGDOptions>, options: Partial<ASGDOptions> = {}) {
    super(params, { lr: 0.01, lambd: 1e-4, alpha: 0.75, t0: 1e6, weightDecay: 0, maximize: false, ...options });
  }

  protected override validate(options: ASGDOptions): void {
    super.validate(options);
    const name = this.constructor.name;
    checkNotNegative(name, "weightDecay", options.weightDecay);
  }

  protected update(parameter: Tensor, gradient: Tensor, group: ParamGroup<ASGDOptions>): void {
    const { lr, lambd, alpha, t0, maximize, weightDecay } = group;
    const state = this.stateOf(parameter, () => ({ step: 0, eta: lr, mu: 1, ax: zerosLike(parameter.detach()) }));
    const step = Number(state.step) + 1;
    const [eta, mu] = [Number(state.eta), Number(state.mu)];
    const options = { maximize, weightDecay, shrink: 1 - lambd * eta, constants: [eta, mu] };
    ruleStep("asgd", parameter, gradient, [this.tensorIn(state, "ax")], options);
    Object.assign(state, { step, eta: lr / (1 + lambd * lr * step) ** alpha, mu: 1 / Math.max(1, step - t0) });
  }
}
