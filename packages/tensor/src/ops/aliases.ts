// Second names that PyTorch has for operations, as NumPy and mathematics call them.

export {
  atan2 as arctan2,
  div as divide,
  div as trueDivide,
  div_ as divide_,
  div_ as trueDivide_,
  ge as greaterEqual,
  gt as greater,
  le as lessEqual,
  lt as less,
  mul as multiply,
  mul_ as multiply_,
  ne as notEqual,
  sub as subtract,
  sub_ as subtract_,
} from "./binary.js";
export { clamp as clip } from "./clamp.js";
export {
  atan2_ as arctan2_,
  clamp_ as clip_,
  ge_ as greaterEqual_,
  gt_ as greater_,
  le_ as lessEqual_,
  lt_ as less_,
  ne_ as notEqual_,
} from "./in-place.js";
export { dot as vdot, outer as ger } from "./matmul.js";
export { split as splitWithSizes } from "./split.js";
export {
  abs as absolute,
  abs_ as absolute_,
  acos as arccos,
  acos_ as arccos_,
  acosh as arccosh,
  acosh_ as arccosh_,
  asin as arcsin,
  asin_ as arcsin_,
  asinh as arcsinh,
  asinh_ as arcsinh_,
  atan as arctan,
  atan_ as arctan_,
  atanh as arctanh,
  atanh_ as arctanh_,
  neg as negative,
  neg_ as negative_,
  sign as sgn,
  sign_ as sgn_,
  trunc as fix,
  trunc_ as fix_,
} from "./unary.js";
export { movedim as moveaxis, transpose as swapdims } from "./view.js";
