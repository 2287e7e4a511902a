// Functions around the normal distribution and entropies; PyTorch has them in torch.special only.
import { defaultFloat, isFloatingPoint, resultType } from "../dtype.js";
import type { Tensor } from "../tensor.js";
import { operand, type TensorOrNumber } from "./elementwise.js";
import { polynomial } from "./polynomial.js";
import { where } from "./where.js";

const floats = (x: Tensor): Tensor => (x.isFloatingPoint() ? x : x.to(defaultFloat));

/** (1 + 2x) e^(x²) erfc(x) for x ≥ 0 in powers of (x − 3.75) / (x + 3.75) (Shepherd & Laframboise 1981), to 7e−18. */
const scaled = [
  1.2375126310378275, -0.14024059858554697, 0.003585415485463775, 0.08227673849014516, -0.10880393014171785,
  0.09230432116037876, -0.058693398590212366, 0.028362277418940665, -0.009746579552504244, 0.0017556258530017257,
  0.0002937136342850081, -0.0002901540809795271, 5.1649211390702855e-5, 2.2384240314224437e-5, -1.1444412439171722e-5,
  -9.735619015182663e-7, 1.752057970166318e-6, -5.721597255990987e-8, -2.591069687796658e-7, 2.3261913276696566e-8,
  3.8965452548985966e-8, -3.743568033634583e-9, -5.28428697963142e-9, 3.110310719839165e-10, 4.434959070009628e-10,
];

/**
 * Scaled complementary error function: `e^(x²) erfc(x)`, without underflow. Elementwise. Integers become float32.
 * @example special.erfcx(tensor([0, 1.5])); // → [1, 0.3216]
 */
export function erfcx(x: Tensor): Tensor {
  const double = x.to("float64");
  const isNegative = double.lt(0);
  const magnitude = double.abs().clampMax(1e300);
  const right = polynomial(magnitude.sub(3.75).div(magnitude.add(3.75)), scaled).div(magnitude.mul(2).add(1));
  const below = where(isNegative, double, 0);
  const left = below.square().exp().mul(2).sub(right);
  return where(isNegative, left, right).to(floats(x).dtype);
}

/**
 * Distribution function of the standard normal distribution: the share below x. Elementwise. Integers become float32.
 * @example special.ndtr(tensor([0, 1.5])); // → [0.5, 0.9332]
 */
export function ndtr(x: Tensor): Tensor {
  return floats(x).mul(-Math.SQRT1_2).erfc().mul(0.5);
}

/**
 * Logarithm of {@link ndtr}, exact far below 0 too. Elementwise. Integers become float32.
 * @example special.logNdtr(tensor([-40, 1.5])); // → [-804.6085, -0.0691]
 */
export function logNdtr(x: Tensor): Tensor {
  const angle = floats(x).mul(Math.SQRT1_2);
  const isLow = floats(x).lt(-1);
  const low = where(isLow, angle, -1);
  const high = where(isLow, 1, angle);
  return where(isLow, erfcx(low.neg()).div(2).log().sub(low.square()), high.erfc().mul(-0.5).log1p());
}

/**
 * Entropy: `−x ln x`, 0 at 0 and −∞ below. Elementwise. Integers become float32.
 * @example special.entr(tensor([-1, 0, 0.5])); // → [-Infinity, 0, 0.3466]
 */
export function entr(x: Tensor): Tensor {
  const input = floats(x);
  const safe = where(input.le(0), 1, input);
  return where(input.lt(0), Number.NEGATIVE_INFINITY, where(input.eq(0), 0, safe.mul(safe.log()).neg()));
}

/**
 * `x · ln(1 + other)`, 0 where x is 0 unless other is NaN. Elementwise with broadcasting. Integers become float32.
 * @example special.xlog1py(tensor([0, 2]), tensor([-1, 1.5])); // → [0, 1.8326]
 */
export function xlog1py(x: TensorOrNumber, other: TensorOrNumber): Tensor {
  const common = resultType(x, other);
  const dtype = isFloatingPoint(common) ? common : defaultFloat;
  const [factor, value] = [operand(x, dtype), operand(other, dtype)];
  const isZero = factor.eq(0).logicalAnd(value.isnan().logicalNot());
  return where(isZero, 0, factor.mul(where(isZero, 0, value).log1p()));
}
