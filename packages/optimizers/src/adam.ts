import { adamStep, type Tensor, UsageError, zerosLike } from "@kindling/tensor";
import { checkNotNegative, Optimizer, type ParameterState, type ParamGroup, type Params } from "./optimizer.js";

export interface AdamOptions {
  lr: number;
  betas: readonly [number, number];
  eps: number;
  weightDecay: number;
  amsgrad: boolean;
  maximize: boolean;
}

/**
 * Adam: `p ← p − lr · m̂ / (√v̂ + eps)` with bias-corrected running means of the gradient and its square.
 *
 * Options and defaults: `lr` 0.001, `betas` [0.9, 0.999], `eps` 1e-8, `weightDecay` 0, `amsgrad` false, `maximize` false.
 * @throws UsageError for an option out of range.
 * @example const optimizer = new Adam(model.parameters(), { lr: 3e-4 });
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

  protected validate(options: AdamOptions): void {
    const name = this.constructor.name;
    checkNotNegative(name, "lr", options.lr);
    checkNotNegative(name, "eps", options.eps);
    checkNotNegative(name, "weightDecay", options.weightDecay);
    if (!options.betas.every((beta) => beta >= 0 && beta < 1)) {
      throw new UsageError(`${name}: betas must be at least 0 and below 1, got ${options.betas.join(", ")}`);
    }
  }

  protected update(parameter: Tensor, gradient: Tensor, group: ParamGroup<AdamOptions>): void {
    let state: ParameterState | undefined = this.state.get(parameter);
    if (state === undefined) {
      const value = parameter.detach();
      state = { step: 0, expAvg: zerosLike(value), expAvgSq: zerosLike(value) };
      if (group.amsgrad) state.maxExpAvgSq = zerosLike(value);
      this.state.set(parameter, state);
    }
    const step = (state.step as number) + 1;
    state.step = step;
    const largest = group.amsgrad ? (state.maxExpAvgSq as Tensor) : null;
    const { decoupled } = this;
    adamStep(parameter, gradient, state.expAvg as Tensor, state.expAvgSq as Tensor, largest, {
      ...group,
      step,
      decoupled,
    });
  }
}
