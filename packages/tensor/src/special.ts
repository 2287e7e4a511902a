// PyTorch's torch.special: the special functions under the names that SciPy has for them.
export { i0e, i1, i1e } from "./ops/bessel-one.js";
export { i0 } from "./ops/bessel-zero.js";
export { xlogy } from "./ops/binary.js";
export { logit } from "./ops/clamp.js";
export { mvlgamma as multigammaln, polygamma } from "./ops/gamma.js";
export { entr, erfcx, logNdtr, ndtr, xlog1py } from "./ops/normal-distribution.js";
export { logsumexp } from "./ops/reduction.js";
export { logSoftmax, softmax } from "./ops/softmax.js";
export { sinc } from "./ops/special.js";
export {
  digamma,
  digamma as psi,
  erf,
  erfc,
  erfinv,
  exp2,
  expm1,
  lgamma as gammaln,
  log1p,
  round,
  sigmoid as expit,
} from "./ops/unary.js";
export { zeta } from "./ops/zeta.js";
