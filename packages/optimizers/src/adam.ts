import { adamStep, type Tensor, zerosLike } from "@kindling/tensor";
import { checkBetas, checkNotNegative } from "./checks.js";
import { Optimizer, type ParameterState, type ParamGroup, type Params } from "./optimizer.js";

/** Options of {@link Adam} and `AdamW`. */
export interface AdamOptions {
  /** Learning rate. Default 0.001. */
  lr: number;
  /** How much the running means of the gradient and of its square keep, each at least 0 and below 1. Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** How much of the parameter is added to its gradient. Default 0. */
  weightDecay: number;
  /** Whether to divide by the largest mean square so far. Default false. */
  amsgrad: boolean;
  /** Whether to go up instead of down. Default false. */
  maximize: boolean;
}

/**
 * Adam. With `g` the gradient (its negative to maximize) plus `weightDecay · p`: `m ← β₁·m + (1 − β₁)·g`,
 * `v ← β₂·v + (1 − β₂)·g²`, then `p ← p − lr · m̂ / (√v̂ + eps)` with `m̂ = m / (1 − β₁ᵗ)` and `v̂ = v / (1 − β₂ᵗ)`.
 *
 * Options and defaults: `lr` 0.001, `betas` [0.9, 0.999], `eps` 1e-8, `weightDecay` 0, `amsgrad` false, `maximize` false.
 * Sources: Kingma & Ba 2015; Reddi et al. 2018 (amsgrad).
 * @throws UsageError for an option out of range.
 * @example
 * const weight = tensor([1, -2], { dtype: "float32", requiresGrad: true });
 * const optimizer = new Adam([weight], { lr: 0.1 });
 * weight.square().sum().backward();
 * optimizer.step();
 * weight; // → [0.9, -1.9]
 */
export class Adam extends Optimizer<AdamOptions> {
  constructor(params: Params<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(params, {
      lr: 0.001,
      betas: [0.9, 0.999],
      eps: 1e-8,
      weightDecay: 0,
      amsgrad: false,
      maximize: false,
      ...options,
    });
  }

  /** Whether weight decay shrinks the parameter itself. */
  protected get decoupled(): boolean {
    return false;
  }

  protected override validate(options: AdamOptions): void {
    super.validate(options);
    const name = this.constructor.name;
    checkNotNegative(name, "eps", options.eps);
    checkNotNegative(name, "weightDecay", options.weightDecay);
    checkBetas(name, options.betas);
  }

  protected update(parameter: Tensor, gradient: Tensor, group: ParamGroup<AdamOptions>): void {
    const state = this.state.get(parameter) ?? this.#start(parameter, group.amsgrad);
    const step = Number(state.step) + 1;
    const [mean, square] = [this.tensorIn(state, "expAvg"), this.tensorIn(state, "expAvgSq")];
    const largest = group.amsgrad ? this.tensorIn(state, "maxExpAvgSq") : null;
    adamStep(parameter, gradient, mean, square, largest, step, this.decoupled, group);
    state.step = step;
  }

  #start(parameter: Tensor, amsgrad: boolean): ParameterState {
    const value = parameter.detach();
    const state: ParameterState = { step: 0, expAvg: zerosLike(value), expAvgSq: zerosLike(value) };
    if (amsgrad) state.maxExpAvgSq = zerosLike(value);
    this.state.set(parameter, state);
    return state;
  }
}
