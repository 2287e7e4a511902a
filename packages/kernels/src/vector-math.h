// Elementary functions over the float vectors vf and vd, without any library: the numbers are the same on
// every target up to fused multiply-add. No branches, so that all lanes go together; NaN passes through.
// Polynomials were fitted by interpolation at Chebyshev nodes with 50 digits. Errors are in ulp of the result,
// measured against long double. (Not named math.h: that would hide the system's header from the tests.)
#pragma once
#include "kernel.h"

namespace {

typedef uint32_t vu __attribute__((vector_size(KINDLING_VECTOR_BYTES)));
typedef uint64_t vul __attribute__((vector_size(KINDLING_VECTOR_BYTES)));

/// The format of the numbers in a vector. `magic` rounds to integers: x + magic − magic is x rounded, half to even,
/// and the low bits of x + magic are that integer.
template <class V> struct Format;
template <> struct Format<vf> {
  typedef float scalar;
  typedef vi bits;
  typedef vu unsignedBits;
  static constexpr int lanes = Vec<float>::lanes, mantissa = 23, bias = 127;
  static constexpr int32_t sign = INT32_MIN, mantissaMask = 0x007fffff, one = 0x3f800000, rootHalf = 0x3f3504f3, splitMask = ~0xfff;
  static constexpr float magic = 12582912.f, integral = 8388608.f, smallest = 1.17549435e-38f;
};
template <> struct Format<vd> {
  typedef double scalar;
  typedef vl bits;
  typedef vul unsignedBits;
  static constexpr int lanes = Vec<double>::lanes, mantissa = 52, bias = 1023;
  static constexpr int64_t sign = INT64_MIN, mantissaMask = 0x000fffffffffffff, one = 0x3ff0000000000000, rootHalf = 0x3fe6a09e667f3bcd,
                           splitMask = ~0x7ffffff;
  static constexpr double magic = 6755399441055744., integral = 4503599627370496., smallest = 2.2250738585072014e-308;
};
template <class V> using Scalar = typename Format<V>::scalar;
template <class V> using Bits = typename Format<V>::bits;
template <class V> using UnsignedBits = typename Format<V>::unsignedBits;

template <class V> INLINE V all(double x) { return splat((Scalar<V>)x); }
template <class V> INLINE V infinity() { return splat((Scalar<V>)__builtin_inf()); }
template <class V> INLINE V notANumber() { return splat((Scalar<V>)__builtin_nan("")); }
template <class V> INLINE bool anyLane(V mask) {
  vl m = (vl)mask;
  int64_t bits = 0;
  UNROLL for (int i = 0; i < Vec<int64_t>::lanes; i++) bits |= m[i];
  return bits != 0;
}

// ---- signs and rounding
template <class V> INLINE V absolute(V x) { return (V)((Bits<V>)x & ~Format<V>::sign); }
template <class V> INLINE V copySign(V x, V sign) { return (V)(((Bits<V>)x & ~Format<V>::sign) | ((Bits<V>)sign & Format<V>::sign)); }
/// Flips the sign of x where that of `sign` is set.
template <class V> INLINE V multiplySign(V x, V sign) { return (V)((Bits<V>)x ^ ((Bits<V>)sign & Format<V>::sign)); }
template <class V> INLINE V roundEven(V x) {
  V a = absolute(x), integral = all<V>(Format<V>::integral);
  return a < integral ? copySign((a + integral) - integral, x) : x;
}
template <class V> INLINE V roundDown(V x) {
  V r = roundEven(x);
  return r > x ? r - 1 : r;
}
template <class V> INLINE V roundUpward(V x) { return -roundDown(-x); }
template <class V> INLINE V roundToZero(V x) { return copySign(roundDown(absolute(x)), x); }
/// Lane by lane; compilers turn it into the instruction for vectors.
template <class V> INLINE V squareRoot(V x) {
  V r;
  if constexpr (sizeof(Scalar<V>) == 4) {
    UNROLL for (int i = 0; i < Format<V>::lanes; i++) r[i] = __builtin_sqrtf(x[i]);
  } else {
    UNROLL for (int i = 0; i < Format<V>::lanes; i++) r[i] = __builtin_sqrt(x[i]);
  }
  return r;
}

/// c[0] + c[1] x + c[2] x² …
template <class V, class T, int N> INLINE V polynomial(V x, const T (&c)[N]) {
  V r = splat((Scalar<V>)c[N - 1]);
  UNROLL for (int i = N - 2; i >= 0; i--) r = fma(r, x, splat((Scalar<V>)c[i]));
  return r;
}

// ---- pairs high + low of twice the precision (Dekker, Numer. Math. 18, 1971). The halves of a factor are cut with
// a mask, which stays right whether or not the compiler fuses multiplications and additions.
template <class V> struct Pair { V high, low; };
template <class V> INLINE Pair<V> exactSum(V a, V b) {
  V s = a + b, t = s - a;
  return {s, (a - (s - t)) + (b - t)};
}
template <class V> INLINE Pair<V> exactProduct(V a, V b) {
  V p = a * b;
  V a1 = (V)((Bits<V>)a & Format<V>::splitMask), a2 = a - a1;
  V b1 = (V)((Bits<V>)b & Format<V>::splitMask), b2 = b - b1;
  return {p, ((a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2};
}

// ---- powers of two
/// 2^n for an integral n within the range of normal exponents.
template <class V> INLINE V powerOfTwo(V n) { return (V)(((UnsignedBits<V>)(n + Format<V>::magic) + Format<V>::bias) << Format<V>::mantissa); }
template <class V> INLINE V nearestInteger(V x) { return (x + Format<V>::magic) - Format<V>::magic; }
/// x 2^n in two steps: the result may be subnormal or overflow.
template <class V> INLINE V scaleByPower(V x, V n) {
  V half = nearestInteger(n * (Scalar<V>)0.5);
  return x * powerOfTwo(half) * powerOfTwo(n - half);
}
template <class V> INLINE V clampRange(V x, double low, double high) {
  x = x < (Scalar<V>)low ? all<V>(low) : x;
  return x > (Scalar<V>)high ? all<V>(high) : x;
}

// ---- exponentials. x + low = n ln 2 + r with |r| <= ln 2 / 2 (Cody & Waite: n times the first part of ln 2 is exact),
// e^r − 1 = r + r² P(r), returned as the two addends; error of P below 1e-8 (vf), 2e-18 (vd).
template <class V> INLINE Pair<V> exponentialReduce(V x, V low, V &n) {
  V r, high;
  if constexpr (sizeof(Scalar<V>) == 4) {
    static constexpr float c[] = {0.5f, 0.16666576f, 0.041666552f, 0.0083633335f, 0.0013926376f};
    n = nearestInteger(x * 1.44269504f);
    high = x - n * 0.693145751953125f, low = low - n * 1.428606765330187e-6f;
    r = high + low;
    return {high, fma(r * r, polynomial(r, c), low)};
  } else {
    static constexpr double c[] = {0.5, 0.1666666666666667, 0.04166666666666667, 0.008333333333325985,
                                   0.0013888888888883642, 0.00019841269875342141, 2.4801587325920163e-5, 2.7557254740405416e-6,
                                   2.7557273171941026e-7, 2.5105490906986696e-8, 2.091488256348507e-9};
    n = nearestInteger(x * 1.4426950408889634);
    high = x - n * 0.6931471805598903, low = low - n * 5.497923018708371e-14;
    r = high + low;
    return {high, fma(r * r, polynomial(r, c), low)};
  }
}
template <class V> INLINE V exponentialClamp(V x) { return sizeof(Scalar<V>) == 4 ? clampRange(x, -104, 89.5) : clampRange(x, -746, 710.5); }
/// e^(x + low) 2^shift for small low. Error: 1 ulp.
template <class V> INLINE V exponential(V x, V low, double shift) {
  V n;
  Pair<V> q = exponentialReduce(exponentialClamp(x), low, n);
  return scaleByPower(1 + (q.high + q.low), n + (Scalar<V>)shift);
}
template <class V> INLINE V exp(V x) { return exponential(x, V{}, 0); }
/// 2^x = 2^n e^((x − n) ln 2). Error: 1 ulp.
template <class V> INLINE V exp2(V x) {
  x = sizeof(Scalar<V>) == 4 ? clampRange(x, -151, 129) : clampRange(x, -1076, 1025);
  V n = nearestInteger(x), r = x - n, unused;
  Pair<V> product = exactProduct(r, all<V>(0.6931471805599453));
  V low = product.low + r * (Scalar<V>)(sizeof(Scalar<V>) == 4 ? -1.904654299957768e-9 : 2.3190468138462996e-17);
  // The reduction finds n = 0 but for |r| = 1/2, where rounding may find ±1.
  Pair<V> q = exponentialReduce(product.high, low, unused);
  return scaleByPower(1 + (q.high + q.low), n + unused);
}
/// e^x − 1 = 2 (2^(n−1) (e^r − 1) + (2^(n−1) − 1/2)), without cancellation for small x. Error: 1 ulp.
template <class V> INLINE V expm1(V x) {
  V n;
  Pair<V> q = exponentialReduce(sizeof(Scalar<V>) == 4 ? clampRange(x, -40, 89) : clampRange(x, -60, 710), V{}, n);
  V s = powerOfTwo(n - 1);
  Pair<V> sum = exactSum(s - (Scalar<V>)0.5, s * q.high);
  V r = 2 * (sum.high + fma(s, q.low, sum.low));
  return absolute(x) < Format<V>::smallest ? x : r;
}

// ---- logarithms. x = 2^k m with sqrt(1/2) <= m < sqrt(2), found on the bits; k comes out as a number.
template <class V> INLINE V logReduce(V x, V &k) {
  typedef Format<V> F;
  typedef Bits<V> B;
  constexpr bool single = F::mantissa == 23;
  auto subnormal = x < F::smallest;
  x = subnormal ? x * (Scalar<V>)18014398509481984. : x;
  UnsignedBits<V> u = (UnsignedBits<V>)x + (F::one - F::rootHalf);
  B exponent = (B)(u >> F::mantissa);
  k = (V)(exponent | (single ? (decltype(F::one))0x4b000000 : (decltype(F::one))0x4330000000000000)) - (F::integral + F::bias);
  k = subnormal ? k - 54 : k;
  return (V)(((B)u & F::mantissaMask) + F::rootHalf);
}
/// (log(1 + f) − f + f²/2) / f³, error below 3e-8.
constexpr float kLog1pCubic[] = {0.3333333f, -0.24999997f, 0.20000717f, -0.16667807f, 0.14249007f, -0.12425523f, 0.11685785f, -0.11481212f, 0.069725186f};
/// log(x) for positive finite x, plus `correction`. vf: log(1+f) = f − f²/2 + f³ P(f). vd: with s = f / (2 + f), log(1+f) =
/// 2 atanh(s) = f − s (f − s² L(s²)). Error: 1 ulp.
template <class V> INLINE V logPositive(V x, V correction) {
  V k, f = logReduce(x, k) - 1;
  if constexpr (sizeof(Scalar<V>) == 4) {
    V square = f * f;
    V low = fma(k, all<V>(1.428606765330187e-6), fma(square * f, polynomial(f, kLog1pCubic), correction)) - square * 0.5f;
    return fma(k, all<V>(0.693145751953125), f + low);
  } else {
    static constexpr double c[] = {0.6666666666666666, 0.4000000000000088, 0.28571428570802315, 0.22222222392008084,
                                   0.18181795608704632, 0.15386241411965831, 0.1326872737379105, 0.13087104671767694};
    V s = f / (2 + f), z = s * s, half = 0.5 * f * f;
    V low = fma(k, all<V>(5.497923018708371e-14), fma(s, half + z * polynomial(z, c), correction));
    return fma(k, all<V>(0.6931471805598903), f - (half - low));
  }
}
/// Puts right what log(x) is outside the positive finite numbers, given `r` there.
template <class V> INLINE V logSpecial(V x, V r) {
  r = x > 0 ? r : (x == 0 ? -infinity<V>() : notANumber<V>());
  return x == infinity<V>() ? x : r;
}
/// float32 in its own vectors: k + log(m) / log 2, the constant in two parts. Error: 1.5 ulp.
INLINE vf log2(vf x) {
  vf k, f = logReduce(x, k) - 1, square = f * f;
  vf low = square * f * polynomial(f, kLog1pCubic) - square * 0.5f;
  return logSpecial(x, fma(f, all<vf>(1.4423828125), low * 1.44269504f + f * 0.00031222849f) + k);
}
template <class V> INLINE V log(V x) { return logSpecial(x, logPositive(x, V{})); }
/// log(1 + x) = log(u) + c / u, where u is 1 + x rounded and c what rounding lost. Error: 1.5 ulp.
template <class V> INLINE V log1p(V x) {
  Pair<V> u = exactSum(all<V>(1), x);
  V r = logPositive(u.high, V{}) + u.low / u.high;
  r = logSpecial(u.high, r);
  return x == 0 ? x : r;
}

/// log(x) of positive finite x to about 2^-68: 2 atanh(s) with s and s³ (2/3) as pairs.
INLINE Pair<vd> logPair(vd x) {
  static constexpr double c[] = {0.4, 0.2857142857142937, 0.22222222221655055, 0.1818181833558086,
                                 0.15384594942427554, 0.1333480578639384, 0.11706207086360496, 0.11723484484920701};
  vd k, f = logReduce(x, k) - 1;
  vd d = 2 + f, dLow = f - (d - 2), s = f / d;
  Pair<vd> back = exactProduct(s, d);
  vd sLow = (((f - back.high) - back.low) - s * dLow) / d;
  Pair<vd> z = exactProduct(s, s);
  z.low += 2 * s * sLow;
  Pair<vd> cube = exactProduct(z.high, s);
  cube.low += z.low * s + z.high * sLow;
  Pair<vd> third = exactProduct(cube.high, all<vd>(0.6666666666666666));
  third.low += cube.high * 3.700743415417188e-17 + cube.low * 0.6666666666666666 + cube.high * z.high * polynomial(z.high, c);
  Pair<vd> sum = exactSum(k * 0.6931471805598903, 2 * s), total = exactSum(sum.high, third.high);
  return exactSum(total.high, total.low + (sum.low + third.low + 2 * sLow + k * 5.497923018708371e-14));
}
/// log(x) times the constant high + low, rounded once: exact for exact powers of the base. Error: 0.5 ulp.
/// (Single precision needs no pairs.)
INLINE vd logTimes(vd x, double high, double low) {
  Pair<vd> l = logPair(x), p = exactProduct(l.high, all<vd>(high));
  return logSpecial(x, p.high + (p.low + l.high * low + l.low * high));
}
INLINE vd log2(vd x) { return logTimes(x, 1.4426950408889634, 2.0355273740931033e-17); }
template <bool single> INLINE vd log10(vd x) {
  return single ? log(x) * 0.4342944819032518 : logTimes(x, 0.4342944819032518, 1.098319650216765e-17);
}

/// x^y = e^(y log|x|) with log|x| as a pair, special cases as in C99. Error: 1 ulp. In single precision (numbers that
/// were float32) a plain logarithm is enough.
template <bool single> INLINE vd powerPositive(vd a, vd y) {
  vd high, low;
  if constexpr (single) {
    high = y * log(a);
    low = vd{};
  } else {
    Pair<vd> l = logPair(a);
    l.high = logSpecial(a, l.high);
    Pair<vd> p = exactProduct(y, l.high);
    high = p.high;
    low = absolute(high) < 800 ? p.low + y * l.low : vd{};
  }
  vd r = exponential(high, low, 0);
  return a == 1 ? a : r;
}
template <bool single> INLINE vd power(vd x, vd y) {
  vd r = powerPositive<single>(absolute(x), y);
  vd half = y * 0.5;
  auto integral = roundEven(y) == y;
  auto odd = integral & (roundEven(half) != half);
  vd signBit = (vd)((vl)x & (vl)odd & Format<vd>::sign);
  auto undefined = (x < 0) & ~integral & (x > -infinity<vd>());
  r = undefined ? notANumber<vd>() : multiplySign(r, signBit);
  return y == 0 ? all<vd>(1) : (x == 1 ? x : r);
}

// ---- hyperbolic functions
/// vf: x + x³ P(x²) up to 0.625, then 1 − 2 / (e^2x + 1). vd: with E = e^2x − 1
/// E / (E + 2) up to 1/2, then 1 − 2 / (E + 2). Error: 2 ulp.
template <class V> INLINE V tanh(V x) {
  V a = absolute(x), r;
  if constexpr (sizeof(Scalar<V>) == 4) {
    static constexpr float c[] = {-0.33333328f, 0.13332765f, -0.053850107f, 0.020993376f, -0.0060911886f};
    V z = x * x, n;
    Pair<V> q = exponentialReduce(2 * (a > 10 ? all<V>(10) : a), V{}, n);
    V e = (1 + (q.high + q.low)) * powerOfTwo(n);
    r = a < 0.625f ? fma(a * z, polynomial(z, c), a) : 1 - 2 / (e + 1);
  } else {
    V e = expm1(2 * a);
    auto small = a < 0.5;
    V q = (small ? e : all<V>(2)) / (e + 2);
    r = small ? q : 1 - q;
  }
  return copySign(r, x);
}
/// With h = (e^a − 1) / 2: h + h / (2 h + 1); the second term does not count from 40 on. Error: 2 ulp.
/// In single precision (e^a − e^−a) / 2, or a + a³/6 + a⁵/120 below 0.01.
template <bool single> INLINE vd sinh(vd x) {
  if constexpr (single) {
    vd e = exp(x), z = x * x;
    return absolute(x) < 0.01 ? x + x * z * (0.16666666666666666 + z * 0.008333333333333333) : 0.5 * (e - 1 / e);
  }
  vd a = clampRange(absolute(x), 0, 712), n;
  Pair<vd> q = exponentialReduce(a, vd{}, n);
  vd s = powerOfTwo((n > 1000 ? all<vd>(1000) : n) - 1);
  Pair<vd> sum = exactSum(s - 0.5, s * q.high);
  vd half = sum.high + fma(s, q.low, sum.low);
  vd r = a > 40 ? scaleByPower(1 + (q.high + q.low), n - 1) : half + half / (2 * half + 1);
  return copySign(a < 1e-17 ? a : r, x);
}
/// With h = e^a / 2: h + 1 / (4 h). Error: 1.5 ulp.
INLINE vd cosh(vd x) {
  vd e = exponential(absolute(x), vd{}, -1);
  return e + 0.25 / e;
}
/// log(a + sqrt(a² + 1)) = log1p(a + a² / (1 + sqrt(a² + 1))).
INLINE vd asinh(vd x) {
  vd a = absolute(x);
  auto large = a > 1e8;
  vd r = log1p(large ? a - 1 : a + a * a / (1 + squareRoot(a * a + 1)));
  return copySign(large ? r + 0.6931471805599453 : r, x);
}
INLINE vd acosh(vd x) {
  vd t = x - 1;
  auto large = x > 1e8;
  vd r = log1p(large ? t : t + squareRoot(2 * t + t * t));
  return x < 1 ? notANumber<vd>() : (large ? r + 0.6931471805599453 : r);
}
INLINE vd atanh(vd x) {
  vd a = absolute(x);
  return copySign(0.5 * log1p(2 * a / (1 - a)), x);
}

}  // namespace
