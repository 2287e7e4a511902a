import { ruleStep, type Tensor, zerosLike } from "@kindling/tensor";
import { checkBetas, checkNotNegative } from "./checks.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";

/** Options of {@link NAdam}. */
export interface NAdamOptions {
  /** Learning rate. Default 0.002. */
  lr: number;
  /** How much the running means of the gradient and of its square keep, each at least 0 and below 1. Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** How much of the parameter is added to its gradient. Default 0. */
  weightDecay: number;
  /** How fast the momentum comes up to its full size. Default 0.004. */
  momentumDecay: number;
  /** Whether weight decay shrinks the parameter itself, as in `AdamW`. Default false. */
  decoupledWeightDecay: boolean;
  /** Whether to go up instead of down. Default false. */
  maximize: boolean;
}

/**
 * NAdam, Adam that looks ahead along its momentum. With `g` the gradient (its negative to maximize) plus `weightDecay · p`, and
 * `μₜ = β₁ · (1 − 0.96^(t · momentumDecay) / 2)`: m and v are Adam's, `d = √(v / (1 − β₂ᵗ)) + eps`, then
 * `p ← p − lr · ((1 − μₜ) / (1 − Πμ) · g + μₜ₊₁ / (1 − μₜ₊₁ · Πμ) · m) / d`, with Πμ the product of μ₁ … μₜ.
 *
 * Options and defaults: `lr` 0.002, `betas` [0.9, 0.999], `eps` 1e-8, `weightDecay` 0, `momentumDecay` 0.004,
 * `decoupledWeightDecay` false, `maximize` false. Source: Dozat 2016.
 * @throws UsageError for an option out of range.
 * @example
 * const weight = tensor([1, -2], { dtype: "float32", requiresGrad: true });
 * const optimizer = new NAdam([weight], { lr: 0.1 });
 * weight.square().sum().backward();
 * optimizer.step();
 * weight; // → [0.8944, -1.8944]
 */
export class NAdam extends Optimizer<NAdamOptions> {
  constructor(params: Params<NAdamOptions>, options: Partial<NAdamOptions> = {}) {
    super(params, {
      lr: 0.002,
      betas: [0.9, 0.999],
      eps: 1e-8,
      weightDecay: 0,
      momentumDecay: 0.004,
      decoupledWeightDecay: false,
      maximize: false,
      ...options,
    });
  }

  protected override validate(options: NAdamOptions): void {
    super.validate(options);
    const name = this.constructor.name;
    checkBetas(name, options.betas);
    checkNotNegative(name, "eps", options.eps);
    checkNotNegative(name, "weightDecay", options.weightDecay);
    checkNotNegative(name, "momentumDecay", options.momentumDecay);
  }

  protected update(parameter: Tensor, gradient: Tensor, group: ParamGroup<NAdamOptions>): void {
    const { lr, betas, eps, weightDecay, momentumDecay, decoupledWeightDecay, maximize } = group;
    const [beta1, beta2] = betas;
    const zeros = (): Tensor => zerosLike(parameter.detach());
    const state = this.stateOf(parameter, () => ({ step: 0, muProduct: 1, expAvg: zeros(), expAvgSq: zeros() }));
    const step = Number(state.step) + 1;
    const momentumAt = (at: number): number => beta1 * (1 - 0.5 * 0.96 ** (at * momentumDecay));
    const [mu, next] = [momentumAt(step), momentumAt(step + 1)];
    const product = Number(state.muProduct) * mu;
    Object.assign(state, { step, muProduct: product });
    const now = (lr * (1 - mu)) / (1 - product);
    const ahead = (lr * next) / (1 - product * next);
    const states = [this.tensorIn(state, "expAvg"), this.tensorIn(state, "expAvgSq")];
    ruleStep("nadam", parameter, gradient, states, {
      maximize,
      weightDecay: decoupledWeightDecay ? 0 : weightDecay,
      shrink: decoupledWeightDecay ? 1 - lr * weightDecay : 1,
      constants: [beta1, beta2, eps, Math.sqrt(1 - beta2 ** step), now, ahead],
    });
  }
}
