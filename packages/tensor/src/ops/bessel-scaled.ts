import type { Tensor } from "../tensor.js";
import { chebyshevSeries } from "./polynomial.js";
import { where } from "./where.js";

/** Of |x| in float64: one Chebyshev series of `|x| / 4 − 1` up to 8, another of `16 / |x| − 1`, over `√|x|`, beyond. */
export function scaledBessel(x: Tensor, small: readonly number[], large: readonly number[]): Tensor {
  const magnitude = x.to("float64").abs();
  const isSmall = magnitude.le(8);
  // Each series sees only numbers that it is good for, so that neither it nor its gradient is infinite.
  const near = where(isSmall, magnitude, 8);
  const far = where(isSmall, 8, magnitude);
  const beyond = chebyshevSeries(far.reciprocal().mul(16).sub(1), large).div(far.sqrt());
  return where(isSmall, chebyshevSeries(near.div(4).sub(1), small), beyond);
}
