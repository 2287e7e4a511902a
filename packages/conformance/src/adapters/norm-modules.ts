import * as nn from "@kindling/nn";
import type { Tensor } from "@kindling/tensor";
import { boolean, number, oneOrMore, orNull } from "../parsers.js";
import { layer, type ModuleAdapter } from "./module.js";

const running = (
  Norm: new (numFeatures: number, options: nn.RunningNormOptions) => nn.Module & { forward(x: Tensor): Tensor },
): ModuleAdapter =>
  layer(
    (a) =>
      new Norm(
        a.get("num_features", number),
        a.options({ eps: number, momentum: orNull(number), affine: boolean, trackRunningStats: boolean }),
      ),
  );

/** Layers that normalise. */
export const normModules: Readonly<Record<string, ModuleAdapter>> = {
  BatchNorm1d: running(nn.BatchNorm1d),
  BatchNorm2d: running(nn.BatchNorm2d),
  BatchNorm3d: running(nn.BatchNorm3d),
  InstanceNorm1d: running(nn.InstanceNorm1d),
  InstanceNorm2d: running(nn.InstanceNorm2d),
  InstanceNorm3d: running(nn.InstanceNorm3d),
  GroupNorm: layer(
    (a) =>
      new nn.GroupNorm(
        a.get("num_groups", number),
        a.get("num_channels", number),
        a.options({ eps: number, affine: boolean }),
      ),
  ),
  LayerNorm: layer(
    (a) =>
      new nn.LayerNorm(
        a.get("normalized_shape", oneOrMore),
        a.options({ eps: number, elementwiseAffine: boolean, bias: boolean }),
      ),
  ),
  RMSNorm: layer(
    (a) =>
      new nn.RMSNorm(
        a.get("normalized_shape", oneOrMore),
        a.options({ eps: orNull(number), elementwiseAffine: boolean }),
      ),
  ),
  LocalResponseNorm: layer(
    (a) => new nn.LocalResponseNorm(a.get("size", number), a.options({ alpha: number, beta: number, k: number })),
  ),
};
