import { clipGradNorm_, clipGradValue_ } from "@kindling/optimizers";
import { type Tensor, zerosLike } from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { number, tensors } from "../parsers.js";
import type { Adapters } from "./adapter.js";

/** Parameters with the case's gradients. */
function parametersOf(a: Arguments): Tensor[] {
  return a.get("grads", tensors).map((gradient) => {
    const parameter = zerosLike(gradient, { requiresGrad: true });
    parameter.grad = gradient;
    return parameter;
  });
}

export const clip: Adapters = {
  clip_grad_norm_: (a) => {
    const parameters = parametersOf(a);
    const total = clipGradNorm_(parameters, a.get("max_norm", number), a.options({ normType: number }));
    return [total, parameters.map(({ grad }) => grad)];
  },
  clip_grad_value_: (a) => {
    const parameters = parametersOf(a);
    clipGradValue_(parameters, a.get("clip_value", number));
    return parameters.map(({ grad }) => grad);
  },
};
