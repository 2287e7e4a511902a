import { fullLike, ruleStep, type Tensor } from "@kindling/tensor";
import { checkNotNegative } from "./checks.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";

/** Options of {@link Adagrad}. */
export interface AdagradOptions {
  /** Learning rate. Default 0.01. */
  lr: number;
  /** How much the learning rate falls with each step: `lr / (1 + (step − 1) · lrDecay)`. Default 0. */
  lrDecay: number;
  /** How much of the parameter is added to its gradient. Default 0. */
  weightDecay: number;
  /** What the sum of squares starts with. Default 0. */
  initialAccumulatorValue: number;
  /** Added to the denominator. Default 1e-10. */
  eps: number;
  /** Whether to go up instead of down. Default false. */
  maximize: boolean;
}

/**
 * Adagrad. With `g` the gradient (its negative to maximize) plus `weightDecay · p`: `s ← s + g²`, then
 * `p ← p − lr / (1 + (step − 1) · lrDecay) · g / (√s + eps)`.
 *
 * Options and defaults: `lr` 0.01, `lrDecay` 0, `weightDecay` 0, `initialAccumulatorValue` 0, `eps` 1e-10, `maximize` false.
 * Source: Duchi et al. 2011.
 * @throws UsageError for an option out of range.
 * @example
 * const weight = tensor([1, -2], { dtype: "float32", requiresGrad: true });
 * const optimizer = new Adagrad([weight], { lr: 0.1 });
 * weight.square().sum().backward();
 * optimizer.step();
 * weight; // → [0.9, -1.9]
 */
export class Adagrad extends Optimizer<AdagradOptions> {
  constructor(params: Params<AdagradOptions>, options: Partial<AdagradOptions> = {}) {
    super(params, {
      lr: 0.01,
      lrDecay: 0,
      weightDecay: 0,
      initialAccumulatorValue: 0,
      eps: 1e-10,
      maximize: false,
      ...options,
    });
  }

  protected override validate(options: AdagradOptions): void {
    super.validate(options);
    const name = this.constructor.name;
    checkNotNegative(name, "lrDecay", options.lrDecay);
    checkNotNegative(name, "weightDecay", options.weightDecay);
    checkNotNegative(name, "initialAccumulatorValue", options.initialAccumulatorValue);
    checkNotNegative(name, "eps", options.eps);
  }

  protected update(parameter: Tensor, gradient: Tensor, group: ParamGroup<AdagradOptions>): void {
    const { lr, lrDecay, eps, maximize, weightDecay } = group;
    const start = (): Tensor => fullLike(parameter.detach(), group.initialAccumulatorValue);
    const state = this.stateOf(parameter, () => ({ step: 0, sum: start() }));
    const step = Number(state.step) + 1;
    state.step = step;
    const constants = [lr / (1 + (step - 1) * lrDecay), eps];
    ruleStep("adagrad", parameter, gradient, [this.tensorIn(state, "sum")], { maximize, weightDecay, constants });
  }
}
