import * as t from "@kindling/tensor";
import { NotCovered } from "../outcome.js";
import { boolean, dtype, either, number, numbers, tensor, word } from "../parsers.js";
import type { Adapters } from "./adapter.js";
import { plain } from "./unary.js";

export const activation: Adapters = {
  relu: plain(t.relu),
  relu6: plain(t.relu6),
  sigmoid: plain(t.sigmoid),
  tanh: plain(t.tanh),
  silu: plain(t.silu),
  mish: plain(t.mish),
  selu: plain(t.selu),
  hardswish: plain(t.hardswish),
  hardsigmoid: plain(t.hardsigmoid),
  logsigmoid: plain(t.logSigmoid),
  softsign: plain(t.softsign),
  tanhshrink: plain(t.tanhshrink),
  leaky_relu: (a) => t.leakyRelu(a.get("input", tensor), a.maybe("negative_slope", number)),
  gelu: (a) => t.gelu(a.get("input", tensor), a.options({ approximate: word })),
  softplus: (a) => t.softplus(a.get("input", tensor), a.options({ beta: number, threshold: number })),
  elu: (a) => t.elu(a.get("input", tensor), a.maybe("alpha", number)),
  celu: (a) => t.celu(a.get("input", tensor), a.maybe("alpha", number)),
  hardtanh: (a) => t.hardtanh(a.get("input", tensor), a.maybe("min_val", number), a.maybe("max_val", number)),
  hardshrink: (a) => t.hardshrink(a.get("input", tensor), a.maybe("lambd", number)),
  softshrink: (a) => t.softshrink(a.get("input", tensor), a.maybe("lambd", number)),
  threshold: (a) => t.threshold(a.get("input", tensor), a.get("threshold", number), a.get("value", number)),
  glu: (a) => t.glu(a.get("input", tensor), a.maybe("dim", number)),
  prelu: (a) => t.prelu(a.get("input", tensor), a.get("weight", tensor)),
  rrelu: (a) => {
    if (a.maybe("training", boolean)) throw new NotCovered("rrelu: training in an exact case");
    return t.rrelu(a.get("input", tensor), a.maybe("lower", number), a.maybe("upper", number));
  },
  softmax: (a) => t.softmax(a.get("input", tensor), a.get("dim", number), a.options({ dtype })),
  log_softmax: (a) => t.logSoftmax(a.get("input", tensor), a.get("dim", number), a.options({ dtype })),
  softmin: (a) => t.softmin(a.get("input", tensor), a.get("dim", number), a.options({ dtype })),
  normalize: (a) =>
    t.normalize(a.get("input", tensor), a.options({ p: number, dim: either(number, numbers), eps: number })),
  dropout: (a) => {
    if (a.maybe("training", boolean) ?? true) throw new NotCovered("dropout: training in an exact case");
    return t.dropout(a.get("input", tensor), a.maybe("p", number), { training: false });
  },
};
