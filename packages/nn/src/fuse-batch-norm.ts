import { noGrad, type Tensor, UsageError } from "@kindling/tensor";
import type { ConvolutionLayer } from "./layers/convolution.js";
import type { Linear } from "./layers/linear.js";
import type { RunningNorm } from "./layers/running-norm.js";
import type { Module } from "./module.js";
import { Parameter } from "./parameter.js";

/** A copy of a layer that scales and shifts its outputs, which are in dimension `dim` of the weight, as `norm` does. */
function fuse<T extends Module & { weight: Parameter; bias: Parameter | null }>(
  what: string,
  layer: T,
  norm: RunningNorm,
  dim: number,
): T {
  const { runningMean, runningVar } = norm;
  if (layer.training || norm.training)
    throw new UsageError(`${what}: fusion is for evaluation only; call eval() first`);
  if (runningMean === null || runningVar === null) {
    throw new UsageError(`${what}: the norm keeps no running statistics (trackRunningStats)`);
  }
  const fused = layer.clone();
  noGrad(() => {
    const deviation = runningVar.add(norm.eps).rsqrt();
    const scale: Tensor = norm.weight === null ? deviation : deviation.mul(norm.weight);
    const sizes = layer.weight.shape.map((_, i) => (i === dim ? -1 : 1));
    const centred = layer.bias === null ? runningMean.neg() : layer.bias.sub(runningMean);
    const bias = centred.mul(scale);
    fused.weight = new Parameter(layer.weight.mul(scale.reshape(sizes)), { requiresGrad: layer.weight.requiresGrad });
    fused.bias = new Parameter(norm.bias === null ? bias : bias.add(norm.bias), {
      requiresGrad: layer.bias?.requiresGrad ?? layer.weight.requiresGrad,
    });
  });
  return fused;
}

/**
 * A copy of a convolution that computes what the convolution and a batch norm after it compute, in evaluation.
 *
 * Options: `transpose` (false): the convolution is a transposed one.
 * @throws UsageError if one of them is in training mode, or the norm has no running statistics.
 * @example
 * const [conv, norm] = [new Conv2d(3, 8, 3).eval(), new BatchNorm2d(8).eval()];
 * const x = randn([1, 3, 8, 8]);
 * utils.fuseConvBnEval(conv, norm).forward(x).allclose(norm.forward(conv.forward(x)), { atol: 1e-5 }); // → true
 */
export function fuseConvBnEval<T extends ConvolutionLayer>(
  convolution: T,
  norm: RunningNorm,
  options: { transpose?: boolean } = {},
): T {
  return fuse("fuseConvBnEval", convolution, norm, (options.transpose ?? false) ? 1 : 0);
}

/**
 * `fuseConvBnEval` for a `Linear`.
 *
 * @throws UsageError if one of them is in training mode, or the norm has no running statistics.
 * @example
 * const [linear, norm] = [new Linear(4, 8).eval(), new BatchNorm1d(8).eval()];
 * const x = randn([2, 4]);
 * utils.fuseLinearBnEval(linear, norm).forward(x).allclose(norm.forward(linear.forward(x)), { atol: 1e-5 }); // → true
 */
export function fuseLinearBnEval(linear: Linear, norm: RunningNorm): Linear {
  return fuse("fuseLinearBnEval", linear, norm, 0);
}
