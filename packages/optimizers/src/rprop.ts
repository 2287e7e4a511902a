import { fullLike, ruleStep, type Tensor, UsageError, zerosLike } from "@kindling/tensor";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";

/** Options of {@link Rprop}. */
export interface RpropOptions {
  /** Size of the first step. Default 0.01. */
  lr: number;
  /** What the size is multiplied by where the gradient changes its sign, and where it keeps it. Default [0.5, 1.2]. */
  etas: readonly [number, number];
  /** The smallest and the largest size. Default [1e-6, 50]. */
  stepSizes: readonly [number, number];
  /** Whether to go up instead of down. Default false. */
  maximize: boolean;
}

/**
 * Resilient backpropagation: only the sign of the gradient counts, and each element has a step size of its own, which grows
 * as long as the sign stays and shrinks when it changes; then that element stays where it is for a step. For full batches.
 *
 * Options and defaults: `lr` 0.01, `etas` [0.5, 1.2], `stepSizes` [1e-6, 50], `maximize` false.
 * Source: Riedmiller & Braun 1993.
 * @throws UsageError for an option out of range.
 * @example
 * const weight = tensor([1, -2], { dtype: "float32", requiresGrad: true });
 * const optimizer = new Rprop([weight], { lr: 0.1 });
 * weight.square().sum().backward();
 * optimizer.step();
 * weight; // → [0.9, -1.9]
 */
export class Rprop extends Optimizer<RpropOptions> {
  constructor(params: Params<RpropOptions>, options: Partial<RpropOptions> = {}) {
    super(params, { lr: 0.01, etas: [0.5, 1.2], stepSizes: [1e-6, 50], maximize: false, ...options });
  }

  protected override validate(options: RpropOptions): void {
    super.validate(options);
    const name = this.constructor.name;
    const [down, up] = options.etas;
    if (!(down > 0 && down < 1 && up > 1)) {
      throw new UsageError(
        `${name}: etas must be a number between 0 and 1 and one above 1, got ${options.etas.join(", ")}`,
      );
    }
  }

  protected update(parameter: Tensor, gradient: Tensor, group: ParamGroup<RpropOptions>): void {
    const { lr, etas, stepSizes, maximize } = group;
    const value = parameter.detach();
    const state = this.stateOf(parameter, () => ({ step: 0, prev: zerosLike(value), stepSize: fullLike(value, lr) }));
    state.step = Number(state.step) + 1;
    const states = [this.tensorIn(state, "prev"), this.tensorIn(state, "stepSize")];
    ruleStep("rprop", parameter, gradient, states, { maximize, constants: [...etas, ...stepSizes] });
  }
}
