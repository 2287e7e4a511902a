import * as t from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { boolean, number, oneOrMore, orNull, tensor } from "../parsers.js";
import type { Adapters } from "./adapter.js";

const maybeTensor = (a: Arguments, name: string): t.Tensor | null | undefined => a.maybe(name, orNull(tensor));

export const normalization: Adapters = {
  batch_norm: (a) =>
    t.batchNorm(
      a.get("input", tensor),
      a.get("running_mean", orNull(tensor)),
      a.get("running_var", orNull(tensor)),
      maybeTensor(a, "weight"),
      maybeTensor(a, "bias"),
      a.options({ training: boolean, momentum: number, eps: number }),
    ),
  layer_norm: (a) =>
    t.layerNorm(
      a.get("input", tensor),
      a.get("normalized_shape", oneOrMore),
      maybeTensor(a, "weight"),
      maybeTensor(a, "bias"),
      a.options({ eps: number }),
    ),
  group_norm: (a) =>
    t.groupNorm(
      a.get("input", tensor),
      a.get("num_groups", number),
      maybeTensor(a, "weight"),
      maybeTensor(a, "bias"),
      a.options({ eps: number }),
    ),
  instance_norm: (a) =>
    t.instanceNorm(
      a.get("input", tensor),
      maybeTensor(a, "running_mean"),
      maybeTensor(a, "running_var"),
      maybeTensor(a, "weight"),
      maybeTensor(a, "bias"),
      a.options({ useInputStats: boolean, momentum: number, eps: number }),
    ),
  local_response_norm: (a) =>
    t.localResponseNorm(
      a.get("input", tensor),
      a.get("size", number),
      a.options({ alpha: number, beta: number, k: number }),
    ),
  rms_norm: (a) =>
    t.rmsNorm(
      a.get("input", tensor),
      a.get("normalized_shape", oneOrMore),
      maybeTensor(a, "weight"),
      a.options({ eps: number }),
    ),
};
