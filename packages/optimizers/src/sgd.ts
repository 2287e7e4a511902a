import { emptyLike, sgdStep, type Tensor, UsageError } from "@kindling/tensor";
import { checkNotNegative, Optimizer, type ParamGroup, type Params } from "./optimizer.js";

export interface SGDOptions {
  lr: number;
  momentum: number;
  dampening: number;
  weightDecay: number;
  nesterov: boolean;
  maximize: boolean;
}

/**
 * Stochastic gradient descent: `p ← p − lr · v`, with `v ← momentum · v + (1 − dampening) · (g + weightDecay · p)`.
 *
 * Options and defaults: `lr` 0.001, `momentum` 0, `dampening` 0, `weightDecay` 0, `nesterov` false, `maximize` false.
 * @throws UsageError for an option out of range.
 * @example const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
 */
export class SGD extends Optimizer<SGDOptions> {
  constructor(params: Params<SGDOptions>, options: Partial<SGDOptions> = {}) {
    super(params, {
      lr: 0.001,
      momentum: 0,
      dampening: 0,
      weightDecay: 0,
      nesterov: false,
      maximize: false,
      ...options,
    });
  }

  protected validate(options: SGDOptions): void {
    checkNotNegative("SGD", "lr", options.lr);
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
      first = known === undefined || known === null;
      buffer = first ? emptyLike(parameter.detach()) : (known as Tensor);
      if (first) this.state.set(parameter, { momentumBuffer: buffer });
    }
    sgdStep(parameter, gradient, buffer, { ...group, first });
  }
}
