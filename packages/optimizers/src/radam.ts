import { ruleStep, type Tensor, zerosLike } from "@kindling/tensor";
import { checkBetas, checkNotNegative } from "./checks.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";

/** Options of {@link RAdam}. */
export interface RAdamOptions {
  /** Learning rate. Default 0.001. */
  lr: number;
  /** How much the running means of the gradient and of its square keep, each at least 0 and below 1. Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** How much of the parameter is added to its gradient. Default 0. */
  weightDecay: number;
  /** Whether weight decay shrinks the parameter itself, as in `AdamW`. Default false. */
  decoupledWeightDecay: boolean;
  /** Whether to go up instead of down. Default false. */
  maximize: boolean;
}

/**
 * RAdam, Adam that goes without its denominator until enough gradients have been seen to trust it, and then by a factor r
 * that grows to 1. With `g` the gradient (its negative to maximize) plus `weightDecay · p` and m, v as Adam's:
 * `p ← p − lr · r · m̂ · √(1 − β₂ᵗ) / (√v + eps)` once `ρ > 5`, until then `p ← p − lr · m̂`, with `ρ∞ = 2 / (1 − β₂) − 1`,
 * `ρ = ρ∞ − 2t · β₂ᵗ / (1 − β₂ᵗ)` and `r = √((ρ − 4)(ρ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρ))`.
 *
 * Options and defaults: `lr` 0.001, `betas` [0.9, 0.999], `eps` 1e-8, `weightDecay` 0, `decoupledWeightDecay` false,
 * `maximize` false. Source: Liu et al. 2020.
 * @throws UsageError for an option out of range.
 * @example
 * const weight = tensor([1, -2], { dtype: "float32", requiresGrad: true });
 * const optimizer = new RAdam([weight], { lr: 0.1 });
 * weight.square().sum().backward();
 * optimizer.step();
 * weight; // → [0.8, -1.6]
 */
export class RAdam extends Optimizer<RAdamOptions> {
  constructor(params: Params<RAdamOptions>, options: Partial<RAdamOptions> = {}) {
    super(params, {
      lr: 0.001,
      betas: [0.9, 0.999],
      eps: 1e-8,
      weightDecay: 0,
      decoupledWeightDecay: false,
      maximize: false,
      ...options,
    });
  }

  protected override validate(options: RAdamOptions): void {
    super.validate(options);
    const name = this.constructor.name;
    checkBetas(name, options.betas);
    checkNotNegative(name, "eps", options.eps);
    checkNotNegative(name, "weightDecay", options.weightDecay);
  }

  protected update(parameter: Tensor, gradient: Tensor, group: ParamGroup<RAdamOptions>): void {
    const { lr, betas, eps, weightDecay, decoupledWeightDecay, maximize } = group;
    const [beta1, beta2] = betas;
    const zeros = (): Tensor => zerosLike(parameter.detach());
    const state = this.stateOf(parameter, () => ({ step: 0, expAvg: zeros(), expAvgSq: zeros() }));
    const step = Number(state.step) + 1;
    state.step = step;
    const rectification = rectify(beta2, step);
    const rate = (lr / (1 - beta1 ** step)) * (rectification ?? 1);
    const states = [this.tensorIn(state, "expAvg"), this.tensorIn(state, "expAvgSq")];
    ruleStep(rectification === null ? "radam" : "radamRectified", parameter, gradient, states, {
      maximize,
      weightDecay: decoupledWeightDecay ? 0 : weightDecay,
      shrink: decoupledWeightDecay ? 1 - lr * weightDecay : 1,
      constants: [beta1, beta2, eps, rate],
    });
  }
}

/** `r · √(1 − β₂ᵗ)`, or null as long as the variance of the denominator is not to be trusted. */
function rectify(beta2: number, step: number): number | null {
  const largest = 2 / (1 - beta2) - 1;
  const correction = 1 - beta2 ** step;
  const length = largest - (2 * step * beta2 ** step) / correction;
  if (length <= 5) return null;
  const ratio = ((length - 4) * (length - 2) * largest) / ((largest - 4) * (largest - 2) * length);
  return Math.sqrt(ratio) * Math.sqrt(correction);
}
