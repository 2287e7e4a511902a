// Error and gamma functions. erfc is there for vf and vd, the rest over vd (float32 goes through float64).
#pragma once
#include "trigonometric.h"

namespace {

/// e^(x²) erfc(x) for x >= 0. vf: t R(1 − t) with t = 1 / (1 + x / 2), error of R below 2e-8. vd: G(t) / (1 + 2 x) with
/// t = (x − k) / (x + k) (Shepherd & Laframboise, Math. Comp. 36, 1981), error of G below 7e-18.
template <class V> INLINE V scaledErfc(V x) {
  if constexpr (sizeof(Scalar<V>) == 4) {
    static constexpr float c[] = {1.0f, -1.2567565f, 0.48641548f, 0.21267503f, -0.10595546f,
                                  -0.06667286f, -0.06302993f, 0.08852231f, 0.0030935116f, -0.016229538f};
    V t = 1 / (1 + 0.5f * x);
    return t * polynomial(1 - t, c);
  } else {
    static constexpr double c[] = {1.2375126308378275, -0.14024059858554697, 0.003585415485463775, 0.08227673849014516,
                                   -0.10880393014171785, 0.09230432116037876, -0.058693398590212366, 0.028362277418940665,
                                   -0.009746579552504244, 0.0017556258530017257, 0.0002937136342850081, -0.0002901540809795271,
                                   5.1649211390702855e-05, 2.2384240314224437e-05, -1.1444412439171722e-05, -9.735619015182663e-07,
                                   1.752057970166318e-06, -5.721597255990987e-08, -2.591069687796658e-07, 2.3261913276696566e-08,
                                   3.8965452548985966e-08, -3.743568033634583e-09, -5.28428697963142e-09, 3.110310719839165e-10,
                                   4.434959070009628e-10};
    return polynomial((x - 3.75) / (x + 3.75), c) / (1 + 2 * x);
  }
}
/// e^(−x² factor), the rounding of x² made good: its relative error would be that of x² times x².
template <class V> INLINE V gaussian(V x, double factor) {
  Pair<V> square = exactProduct(x, x);
  return exponential(-square.high * (Scalar<V>)factor, -square.low * (Scalar<V>)factor, 0);
}
/// erf(x) = x + x P(x²) for |x| <= 1. Error: 1 ulp.
template <class V> INLINE V erfSmall(V x) {
  V z = x * x;
  if constexpr (sizeof(Scalar<V>) == 4) {
    static constexpr float c[] = {0.1283791671f, -0.37612626f, 0.112835936f, -0.026854169f, 0.005188994f, -0.0008015956f, 7.8725825e-5f};
    return fma(x, polynomial(z, c), x);
  } else {
    static constexpr double c[] = {0.12837916709551256, -0.3761263890318375, 0.11283791670954876, -0.02686617064507627, 0.005223977624812638,
                                   -0.0008548326980509413, 0.00012055331099279798, -1.4925594957596026e-5, 1.6460995338195411e-6,
                                   -1.6350256278696497e-7, 1.4659383821340068e-8, -1.1371291831047954e-9, 5.954471583153482e-11};
    return fma(x, polynomial(z, c), x);
  }
}
/// erfc(a) for a >= 1/2. Error: 4 ulp.
template <class V> INLINE V erfcPositive(V a) {
  a = a > 30 ? all<V>(30) : a;
  return gaussian(a, 1) * scaledErfc(a);
}
template <class V> INLINE V erfc(V x) {
  V a = absolute(x), r = erfcPositive(a);
  r = x < 0 ? 2 - r : r;
  return a < 0.5f ? 1 - erfSmall(x) : r;
}
template <class V> INLINE V erf(V x) {
  V a = absolute(x);
  return a < 1 ? erfSmall(x) : copySign(1 - erfcPositive(a), x);
}
/// The normal distribution function Φ(x) = erfc(−x / √2) / 2, accurate in the lower tail too, and e^(−x²/2) of its density.
template <class V> INLINE V normalDistribution(V x, V &density) {
  V a = absolute(x);
  a = a > 42 ? all<V>(42) : a;
  density = gaussian(a, 0.5);
  V scaled = a * (Scalar<V>)0.7071067811865476;
  V tail = (Scalar<V>)0.5 * density * scaledErfc(scaled);
  if constexpr (sizeof(Scalar<V>) == 8) tail = a < 0.7 ? 0.5 - 0.5 * erfSmall(scaled) : tail;
  return x < 0 ? tail : 1 - tail;
}

/// A polynomial in w = −log(1 − x²) (in √w for the tails; Giles, GPU Computing Gems 2, 2011) to 1e-5, then one step of Halley's
/// method on erf or, in the tails, erfc. Error: 1e-15 relative.
INLINE vd erfinv(vd x) {
  static constexpr double central[] = {1.501409360450329, 0.24664027905463662, -0.004177392875203149, -0.001252726391773229,
                                       0.00021834938623976644, -4.9724196894547514e-06, -3.4639852676333717e-06,
                                       4.6813134805534123e-07, 2.3335967195708108e-08, -8.931925970244222e-09};
  static constexpr double tail[] = {3.839779523556313, 1.0095139886255573, 0.0013061298390777934, -0.000949519499926777,
                                    0.0002426881419144465, -2.3040359115156564e-05, 9.466138141916336e-05, -7.977303308047296e-05,
                                    1.749834599827948e-05};
  vd a = absolute(x), w = -log((1 - a) * (1 + a));
  vd y = a * (w < 5 ? polynomial(w - 2.5, central) : polynomial(squareRoot(w) - 4, tail));
  vd excess = a < 0.5 ? erf(y) - a : (1 - a) - erfcPositive(y);
  vd step = excess * 0.8862269254527580 * exp(y * y);
  vd r = y - step / (1 + y * step);
  r = a == 1 ? infinity<vd>() : r;
  return x == 0 ? x : copySign(a > 1 ? notANumber<vd>() : r, x);
}

/// sin(πx) and cos(πx) but for a common sign: exact reduction, then |r| <= π/4.
INLINE void circularOfPi(vd x, vd &sine, vd &cosine) {
  vd r = x - roundEven(x), a = absolute(r);
  auto swap = a > 0.25;
  vd u = (swap ? 0.5 - a : a) * 3.141592653589793;
  vd s = sineKernel<false>(u, vd{}), c = cosineKernel<false>(u, vd{});
  sine = copySign(swap ? c : s, r);
  cosine = swap ? s : c;
}

/// log Γ(x) for x > 0. Up to 2 (x − 1)(x − 2) P, which keeps the digits near its zeros; up to 8 by the recurrence;
/// beyond by Stirling's series. Error: 5 ulp.
INLINE vd lgammaPositive(vd x) {
  static constexpr double c[] = {0.4831289505409809, -0.14595989591430608, 0.06291140107456439, -0.031308487501010646,
                                 0.01679709863127416, -0.009425622448525798, 0.005446457839126065, -0.0032120740737152814,
                                 0.0019229163127905161, -0.0011644145847310124, 0.000711519067515296, -0.00043799307479613914,
                                 0.00027131373861446925, -0.0001689178215524898, 0.00010535512483785591, -6.614136022346414e-05,
                                 4.30276814976503e-05, -2.7201673025504752e-05, 1.3186019073996835e-05, -8.355075869795273e-06,
                                 1.2140008083973407e-05, -7.760660152513446e-06};
  static constexpr double stirling[] = {1. / 12, -1. / 360, 1. / 1260, -1. / 1680, 1. / 1188, -691. / 360360, 1. / 156, -3617. / 122400};
  auto large = x >= 8;
  vd y = large ? all<vd>(1.5) : x, product = all<vd>(1);
  for (int i = 0; i < 6; i++) {
    auto above = y > 2;
    y = above ? y - 1 : y;
    product = above ? product * y : product;
  }
  auto below = x < 1;
  vd u = below ? x : y - 1;
  vd logarithm = log((large | below) ? x : product);
  vd small = u * (u - 1) * polynomial(u - 0.5, c) + (below ? -logarithm : logarithm);
  vd inverse = 1 / x;
  vd series = (x - 0.5) * (logarithm - 1) + (0.4189385332046727 + inverse * polynomial(inverse * inverse, stirling));
  return large ? (x == infinity<vd>() ? x : series) : small;
}
/// Below zero by reflection: log|Γ(x)| = log(π / |x sin(πx)|) − log Γ(−x).
INLINE vd lgamma(vd x) {
  vd a = absolute(x), r = lgammaPositive(a);
  auto negative = x < 0;
  if (anyLane(negative)) {
    vd s, c;
    circularOfPi(a, s, c);
    vd reflected = -log(a * absolute(s) * 0.3183098861837907) - r;
    r = (negative & (a > 1e-17)) ? reflected : r;
    r = a == infinity<vd>() ? a : r;
  }
  return r;
}

/// Shifts x up to 10 by Σ 1 / (x + i), then the asymptotic series; below zero digamma(1 − x) − π / tan(πx).
/// Absolute error near the zero at 1.46: 4e-16.
INLINE vd digamma(vd x) {
  static constexpr double c[] = {1. / 12, -1. / 120, 1. / 252, -1. / 240, 1. / 132, -691. / 32760, 1. / 12};
  auto negative = x < 0;
  vd y = negative ? 1 - x : x, sum = {};
  while (anyLane(y < 10)) {
    auto below = y < 10;
    sum = below ? sum - 1 / y : sum;
    y = below ? y + 1 : y;
  }
  vd inverse = 1 / y, z = inverse * inverse;
  vd r = sum + (log(y) - 0.5 * inverse - z * polynomial(z, c));
  if (anyLane(negative)) {
    vd s, cosine;
    circularOfPi(x, s, cosine);
    vd reflected = r - 3.141592653589793 * cosine / s;
    reflected = s == 0 ? notANumber<vd>() : reflected;
    r = negative ? reflected : r;
  }
  return x == 0 ? copySign(infinity<vd>(), -x) : r;
}
/// As digamma, with Σ 1 / (x + i)²; below zero π² / sin²(πx) − trigamma(1 − x).
INLINE vd trigamma(vd x) {
  static constexpr double c[] = {1. / 6, -1. / 30, 1. / 42, -1. / 30, 5. / 66, -691. / 2730, 7. / 6};
  auto negative = x < 0;
  vd y = negative ? 1 - x : x, sum = {};
  while (anyLane(y < 10)) {
    auto below = y < 10;
    sum = below ? sum + 1 / (y * y) : sum;
    y = below ? y + 1 : y;
  }
  vd inverse = 1 / y, z = inverse * inverse;
  vd r = sum + (inverse + 0.5 * z + inverse * z * polynomial(z, c));
  if (anyLane(negative)) {
    vd s, cosine;
    circularOfPi(x, s, cosine);
    r = negative ? 9.869604401089358 / (s * s) - r : r;
  }
  return r;
}

}  // namespace
