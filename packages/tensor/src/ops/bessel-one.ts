import { type DType, defaultFloat } from "../dtype.js";
import type { Tensor } from "../tensor.js";
import { scaledBessel } from "./bessel-scaled.js";
import { scaledBesselZero } from "./bessel-zero.js";
import { where } from "./where.js";

/** `e^(−x) I₁(x) / x` up to 8, and `e^(−x) I₁(x) √x` beyond, as Chebyshev series of `x / 4 − 1` and `16 / x − 1`. */
const small = [
  0.25258718644363365, -0.17641651835783406, 0.1026436586898471, -0.05294598120809499, 0.024726449030626516,
  -0.010564084894626197, 0.004156422944312888, -0.0015135724506312532, 0.0005122859561685758, -0.00016176081582589674,
  4.781565107550054e-5, -1.3273163656039436e-5, 3.4702513081376785e-6, -8.568720264695455e-7, 2.0032947535521353e-7,
  -4.445059128796328e-8, 9.381537386495773e-9, -1.8872497517228294e-9, 3.625590281552117e-10, -6.663489723502027e-11,
  1.1736186298890901e-11, -1.9839743977649436e-12, 3.223793365945575e-13, -5.042185504727912e-14, 7.600684294735408e-15,
  -1.1055969477353862e-15, 1.5536319577362005e-16, -2.111421214358166e-17, 2.7779141127610464e-18,
];
const large = [
  0.7785762350182801, -0.009761097491361469, -0.00011058893876262371, -3.882564808877691e-6, -2.512236237870209e-7,
  -2.6314688468895196e-8, -3.835380385964237e-9, -5.589743462196584e-10, -1.8974958123505413e-11,
  3.2526035830154884e-11, 1.4125807436613782e-11, 2.0356285441470896e-12, -7.198551776245908e-13,
  -4.0835511110921974e-13, -2.1015418427726643e-14, 4.272440016711951e-14, 1.0420276984128802e-14,
  -3.8144030724370075e-15, -1.8803547755107825e-15, 3.3082023109209285e-16, 2.96262899764595e-16,
  -3.209525921993424e-17, -4.6503053684893586e-17, 4.414348323071708e-18, 7.517296310842105e-18,
];

/** `e^(−|x|) I₁(x)` in float64. */
function scaledBesselOne(x: Tensor): Tensor {
  const double = x.to("float64");
  const isSmall = double.abs().le(8);
  return scaledBessel(x, small, large).mul(where(isSmall, double, double.sign()));
}

const floatType = (x: Tensor): DType => (x.isFloatingPoint() ? x.dtype : defaultFloat);

/**
 * Exponentially scaled modified Bessel function of order 0: `e^(−|x|) I₀(x)`. Elementwise. Integers become float32.
 * @example special.i0e(tensor([0, 1.5])); // → [1, 0.3674]
 */
export function i0e(x: Tensor): Tensor {
  return scaledBesselZero(x).to(floatType(x));
}

/**
 * Modified Bessel function of the first kind of order 1. Elementwise. Integers become float32.
 * @example special.i1(tensor([0, 1.5])); // → [0, 0.9817]
 */
export function i1(x: Tensor): Tensor {
  return scaledBesselOne(x).mul(x.to("float64").abs().exp()).to(floatType(x));
}

/**
 * Exponentially scaled modified Bessel function of order 1: `e^(−|x|) I₁(x)`. Elementwise. Integers become float32.
 * @example special.i1e(tensor([0, 1.5])); // → [0, 0.2190]
 */
export function i1e(x: Tensor): Tensor {
  return scaledBesselOne(x).to(floatType(x));
}
