// Circular functions over vd; float32 goes through float64, where reductions and short polynomials are exact enough.
#pragma once
#include "vector-math.h"

namespace {

/// An angle less its nearest multiple of π/2: x = quadrant π/2 + high + low.
struct Angle { vd high, low; vl quadrant; };

/// 2/π to 1280 bits, the first word weighs 2^-32.
constexpr uint32_t kTwoOverPi[] = {
    0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab, 0xdebbc561, 0xb7246e3a, 0x424dd2e0,
    0x06492eea, 0x09d1921c, 0xfe1deb1c, 0xb129a73e, 0xe88235f5, 0x2ebb4484, 0xe99c7026, 0xb45f7e41, 0x3991d639, 0x835339f4,
    0x9c845f8b, 0xbdf9283b, 0x1ff897ff, 0xde05980f, 0xef2f118b, 0x5a0a6d1f, 0x6d367ecf, 0x27cb09b7, 0x4f463f66, 0x9e5fea2d,
    0x7527bac7, 0xebe5f17b, 0x3d0739f7, 0x8a5292ea, 0x6bfb5fb1, 0x1f8d5d08, 0x56033046, 0xfc7b6bab, 0xf0cfbc20, 0x9af4361d};

/// x 2/π modulo 4 for large x = M 2^E (Payne & Hanek, SIGNUM Newsletter 18, 1983): of 2/π only seven words matter, the ones before
/// give multiples of 4, the ones after less than 2^-137. Returns the nearest integer and the rest as high + low.
NOINLINE int64_t reduceLarge(double x, double *high, double *low) {
  uint64_t bits;
  memcpy(&bits, &x, 8);
  int exponent = (int)(bits >> 52 & 0x7ff) - 1075;
  if (exponent == 0x7ff - 1075) return *high = *low = x - x, 0;
  uint64_t m = (bits & 0x000fffffffffffff) | 0x0010000000000000;
  int first = exponent < 2 ? 0 : (exponent - 2) / 32;
  uint32_t product[11] = {};  // least significant first
  for (int limb = 0; limb < 2; limb++) {
    uint64_t factor = limb ? m >> 32 : m & 0xffffffff, carry = 0;
    for (int i = 0; i < 7; i++) {
      carry += factor * kTwoOverPi[first + 6 - i] + product[i + limb];
      product[i + limb] = (uint32_t)carry;
      carry >>= 32;
    }
    product[7 + limb] = (uint32_t)carry;
  }
  int point = 32 * (first + 7) - exponent;  // bits after the binary point
  auto take = [&](int from) {               // 64 bits from a position on
    int word = from >> 5, shift = from & 31;
    uint64_t lower = product[word] | (uint64_t)product[word + 1] << 32;
    return shift ? lower >> shift | (uint64_t)product[word + 2] << (64 - shift) : lower;
  };
  uint64_t integer = point + 2 <= 32 * 9 ? take(point) : 0, a = take(point - 64), b = take(point - 128);
  bool up = a >> 63;
  if (up) a = ~a + (b == 0), b = ~b + 1, integer++;
  int shift = a ? __builtin_clzll(a) : 63;
  if (shift) a = a << shift | b >> (64 - shift), b <<= shift;
  double scale = 1 / (double)(1ull << shift) / 18446744073709551616.;
  double h = (double)(a >> 11) * 2048 * scale, l = ((double)(a & 0x7ff) + (double)(b >> 11) / 9007199254740992.) * scale;
  if (up) h = -h, l = -l;
  bool negative = bits >> 63;
  *high = negative ? -h : h, *low = negative ? -l : l;
  return negative ? -(int64_t)(integer & 3) : (int64_t)(integer & 3);
}

/// Cody & Waite's reduction with π/2 in parts of 33 bits: k times a part is exact. Above 1e6 Payne & Hanek's.
template <bool single> INLINE Angle reduceAngle(vd x) {
  vd shifted = x * 0.6366197723675814 + Format<vd>::magic, k = shifted - Format<vd>::magic;
  Angle angle;
  vd first = x - k * 1.5707963267341256;
  if constexpr (single) {
    angle = {first - k * 6.077100506506192e-11, vd{}, (vl)shifted};
  } else {
    Pair<vd> second = exactSum(first, -(k * 6.077100506303966e-11)), third = exactSum(second.high, -(k * 2.0222662487111665e-21));
    vd low = (second.low + third.low) - k * 8.478427660368899e-32;
    vd high = third.high + low;
    angle = {high, (third.high - high) + low, (vl)shifted};
  }
  auto large = absolute(x) > 1e6;
  if (anyLane(large)) {
    vd h, l;
    vl quadrant;
    for (int i = 0; i < Format<vd>::lanes; i++) {
      double hi = 0, lo = 0;
      quadrant[i] = large[i] ? reduceLarge(x[i], &hi, &lo) : 0;
      h[i] = hi, l[i] = lo;
    }
    Pair<vd> p = exactProduct(h, all<vd>(1.5707963267948966));
    vd low = p.low + (h * 6.123233995736766e-17 + l * 1.5707963267948966);
    angle.high = large ? p.high : angle.high, angle.low = large ? low : angle.low;
    angle.quadrant = (vl)(large ? (vd)quadrant : (vd)angle.quadrant);
  }
  return angle;
}

/// sin and cos for |r| <= π/4: r + r³ P(r²) and 1 − r²/2 + r⁴ Q(r²), with the first-order effect of `low`. Error: 0.8 ulp.
template <bool single> INLINE vd sineKernel(vd r, vd low) {
  vd z = r * r;
  if constexpr (single) {
    static constexpr double c[] = {-0.16666666663818724, 0.00833333186051354, -0.00019840079078495187, 2.7248934576280773e-6};
    return fma(r * z, polynomial(z, c), r);
  } else {
    static constexpr double c[] = {-0.16666666666666666, 0.008333333333333331, -0.00019841269841264987, 2.75573192192787e-6,
                                   -2.5052106211477828e-8, 1.605852830058916e-10, -7.586501821161272e-13};
    return r + fma(r * z, polynomial(z, c), low * (1 - 0.5 * z));
  }
}
template <bool single> INLINE vd cosineKernel(vd r, vd low) {
  vd z = r * r, half = 0.5 * z;
  if constexpr (single) {
    static constexpr double c[] = {0.04166666666429069, -0.0013888887660168635, 2.4800593986651125e-5, -2.730013189407212e-7};
    return fma(z * z, polynomial(z, c), 1 - half);
  } else {
    static constexpr double c[] = {0.041666666666666664, -0.0013888888888888887, 2.4801587301584605e-5, -2.755731922136921e-7,
                                   2.0876755779421716e-9, -1.1470459042646843e-11, 4.745763320578569e-14};
    vd w = 1 - half;
    return w + (((1 - w) - half) + (z * z * polynomial(z, c) - r * low));
  }
}

/// All ones where bit 0 of the quadrant is set.
INLINE vl oddQuadrant(vl quadrant) { return -(quadrant & 1); }
/// The sign bit where bit 1 is set.
INLINE vd quadrantSign(vl quadrant) { return (vd)((vul)(quadrant & 2) << 62); }

template <bool single> INLINE vd sin(vd x) {
  Angle a = reduceAngle<single>(x);
  vd s = sineKernel<single>(a.high, a.low), c = cosineKernel<single>(a.high, a.low);
  vd r = multiplySign(oddQuadrant(a.quadrant) ? c : s, quadrantSign(a.quadrant));
  return x == 0 ? x : r;
}
template <bool single> INLINE vd cos(vd x) {
  Angle a = reduceAngle<single>(x);
  vd s = sineKernel<single>(a.high, a.low), c = cosineKernel<single>(a.high, a.low);
  return multiplySign(oddQuadrant(a.quadrant) ? s : c, quadrantSign((a.quadrant & 3) + 1));
}
/// Error: 2 ulp.
template <bool single> INLINE vd tan(vd x) {
  Angle a = reduceAngle<single>(x);
  vd s = sineKernel<single>(a.high, a.low), c = cosineKernel<single>(a.high, a.low);
  vl odd = oddQuadrant(a.quadrant);
  return x == 0 ? x : (odd ? -c : s) / (odd ? s : c);
}

/// atan of the ratio y / x of numbers >= 0, in [0, π/2], or π less it where `left` (all ones). Above tan(3π/8): π/2 − atan(x / y), above tan(π/8):
/// π/4 + atan((y − x) / (y + x)); on what remains q + q³ P(q²). Error: 2 ulp.
template <bool single> INLINE vd atanRatio(vd y, vd x, vl left) {
  static constexpr double shorter[] = {-0.33333333279078237, 0.19999977197701252, -0.14284147904996353,
                                       0.11071304088719937, -0.08624221880845145, 0.05046966674296472};
  static constexpr double c[] = {-0.3333333333333333, 0.19999999999999993, -0.142857142857115, 0.11111111110752839, -0.09090909066897136,
                                 0.07692306732038715, -0.06666641932181527, 0.058819239737029724, -0.052580291581384685,
                                 0.0471931588817865, -0.04104116513616649, 0.03062829697290147, -0.013910735375374706};
  auto steep = y > x * 2.414213562373095, middle = y > x * 0.41421356237309503;
  vd numerator = steep ? -x : (middle ? y - x : y), denominator = steep ? y : (middle ? y + x : x);
  vd outer = left ? all<vd>(3.141592653589793) : vd{}, outerLow = left ? all<vd>(1.2246467991473532e-16) : vd{};
  vd diagonal = left ? all<vd>(2.356194490192345) : all<vd>(0.7853981633974483);
  vd diagonalLow = left ? all<vd>(9.184850993605148e-17) : all<vd>(3.061616997868383e-17);
  vd base = steep ? all<vd>(1.5707963267948966) : (middle ? diagonal : outer);
  vd low = steep ? all<vd>(6.123233995736766e-17) : (middle ? diagonalLow : outerLow);
  vd q = (left ? -numerator : numerator) / denominator, z = q * q;
  vd p = single ? polynomial(z, shorter) : polynomial(z, c);
  return base + (q + fma(q * z, p, low));
}
template <bool single> INLINE vd atan(vd x) {
  vd a = absolute(x);
  vd r = a == infinity<vd>() ? all<vd>(1.5707963267948966) : atanRatio<single>(a, all<vd>(1), vl{});
  return copySign(r, x);
}
/// The signs, zeros and infinities of C99. Error: 2 ulp.
template <bool single> INLINE vd atan2(vd y, vd x) {
  vd a = absolute(y), b = absolute(x);
  // Huge numbers would overflow in y + x, tiny ones lose digits.
  vd scale = ((a > 1e300) | (b > 1e300)) ? all<vd>(0x1p-100) : (((a < 1e-280) & (b < 1e-280)) ? all<vd>(0x1p100) : all<vd>(1));
  auto bothInfinite = (a == infinity<vd>()) & (b == infinity<vd>());
  vd p = bothInfinite ? all<vd>(1) : a * scale, q = bothInfinite ? all<vd>(1) : b * scale;
  q = ((a == 0) & (b == 0)) ? all<vd>(1) : q;
  vl left = (vl)(copySign(all<vd>(1), x) < 0);
  vd r = p == infinity<vd>() ? all<vd>(1.5707963267948966) : atanRatio<single>(p, q, left);
  r = ((y != y) | (x != x)) ? notANumber<vd>() : r;
  return copySign(r, y);
}

/// asin(a) for a in [0, 1/2], asin(sqrt((1 − a) / 2)) above, where asin(a) = π/2 − 2 asin(sqrt((1 − a) / 2)):
/// s + s³ P(s²), with what the root's rounding lost. Error: 2 ulp.
template <bool single> INLINE vd arcsineReduced(vd a) {
  static constexpr double shorter[] = {0.16666666686147094, 0.07499992383419403, 0.044647675217118564, 0.030268919101073113,
                                       0.02361371422189475, 0.01056694782140368, 0.03098546039993495};
  static constexpr double c[] = {0.16666666666666666, 0.07500000000000119, 0.04464285714255019, 0.030381944475693704, 0.022372157435623815,
                                 0.017352816768546473, 0.013963775787848137, 0.011566511821890942, 0.009621402747344831,
                                 0.009322101501082774, 0.0030350071727267636, 0.019579201619744684, -0.019277545928584553,
                                 0.029635026263548546};
  auto inner = a <= 0.5;
  vd t = (1 - a) * 0.5, root = squareRoot(t), low = {};
  vd s = inner ? a : root, z = inner ? a * a : t;
  if constexpr (!single) {
    Pair<vd> square = exactProduct(root, root);
    low = (inner | (root == 0)) ? low : ((t - square.high) - square.low) / (2 * root);
  }
  vd p = single ? polynomial(z, shorter) : polynomial(z, c);
  return s + fma(s * z, p, low);
}
template <bool single> INLINE vd asin(vd x) {
  vd a = absolute(x), r = arcsineReduced<single>(a);
  vd outer = 0.7853981633974483 - (2 * r - 6.123233995736766e-17) + 0.7853981633974483;
  return copySign(a <= 0.5 ? r : outer, x);
}
template <bool single> INLINE vd acos(vd x) {
  vd a = absolute(x), r = arcsineReduced<single>(a);
  vd outer = x < 0 ? 3.141592653589793 - (2 * r - 1.2246467991473532e-16) : 2 * r;
  return a <= 0.5 ? 1.5707963267948966 - (copySign(r, x) - 6.123233995736766e-17) : outer;
}

}  // namespace
