import { emptyLike, sgdStep, Tensor, UsageError } from "@kindling/tensor";
import { checkNotNegative } from "./checks.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";

/** Options of {@link SGD}. */
export interface SGDOptions {
  /** Learning rate. It has no default, as in the PyTorch that the golden cases were made with: every group needs one. */
  lr: number;
  /** How much of the last step's direction is kept. Default 0. */
  momentum: number;
  /** How much of the gradient is kept out of that direction. Default 0. */
  dampening: number;
  /** How much of the parameter is added to its gradient. Default 0. */
  weightDecay: number;
  /** Whether the step looks ahead along the momentum; needs one, and no dampening. Default false. */
  nesterov: boolean;
  /** Whether to go up instead of down. Default false. */
  maximize: boolean;
}

/**
 * Stochastic gradient descent. With `g` the gradient (its negative to maximize) plus `weightDecay · p`:
 * `v ← momentum · v + (1 − dampening) · g` (`v ← g` in the first step), then `p ← p − lr · v`, or with `nesterov`
 * `p ← p − lr · (g + momentum · v)`.
 *
 * Options and defaults: `lr` (needed), `momentum` 0, `dampening` 0, `weightDecay` 0, `nesterov` false, `maximize` false.
 * Source: Sutskever et al. 2013; the momentum is outside of the learning rate, as in PyTorch.
 * @throws UsageError for an option out of range, or a parameter group without lr.
 * @example
 * const weight = tensor([1, -2], { dtype: "float32", requiresGrad: true });
 * const optimizer = new SGD([weight], { lr: 0.1, momentum: 0.9 });
 * for (let i = 0; i < 2; i++) {
 *   optimizer.zeroGrad();
 *   weight.square().sum().backward();
 *   optimizer.step();
 * }
 * weight; // → [0.46, -0.92]
 * const [body, head] = [new Linear(4, 8), new Linear(8, 2)];
 * const groups = [{ params: body.parameters() }, { params: head.parameters(), lr: 0.5 }];
 * new SGD(groups, { lr: 0.1 }).paramGroups.map((group) => group.lr); // → [0.1, 0.5]
 */
export class SGD extends Optimizer<SGDOptions> {
  constructor(params: Params<SGDOptions>, options: Partial<SGDOptions> = {}) {
    const defaults = { momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false, ...options };
    // validate() sees to it that every group has an lr, its own or that of the options.
    super(params, defaults as SGDOptions);
  }

  protected override validate(options: SGDOptions): void {
    if (options.lr === undefined) {
      throw new UsageError("SGD: a parameter group has no lr; give it one, or give one for all in the options");
    }
    super.validate(options);
    checkNotNegative("SGD", "momentum", options.momentum);
    checkNotNegative("SGD", "weightDecay", options.weightDecay);
    if (options.nesterov && (options.momentum <= 0 || options.dampening !== 0)) {
      throw new UsageError("SGD: nesterov needs a momentum and zero dampening");
    }
  }

  protected update(parameter: Tensor, gradient: Tensor, group: ParamGroup<SGDOptions>): void {
    let buffer: Tensor | null = null;
    let first = false;
    if (group.momentum !== 0) {
      const known = this.state.get(parameter)?.momentumBuffer;
      first = !(known instanceof Tensor);
      buffer = known instanceof Tensor ? known : emptyLike(parameter.detach());
      if (first) this.state.set(parameter, { momentumBuffer: buffer });
    }
    sgdStep(parameter, gradient, buffer, first, group);
  }
}
