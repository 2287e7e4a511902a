// What activations and their derivatives share, and integer powers.
#pragma once
#include "special.h"

namespace {

/// 1 / (1 + e^−x), from e^−|x| so that nothing overflows. Error: 2 ulp.
template <class V> INLINE V sigmoid(V x) {
  V e = exp(-absolute(x));
  return (x < 0 ? e : all<V>(1)) / (1 + e);
}
/// sigmoid(x) and its complement sigmoid(−x), both without cancellation.
template <class V> INLINE V sigmoid(V x, V &complement) {
  V e = exp(-absolute(x)), most = 1 / (1 + e), least = e * most;
  complement = x < 0 ? most : least;
  return x < 0 ? least : most;
}
/// 2 u of gelu's tanh form: u = sqrt(2/π) (x + 0.044715 x³).
template <class V> INLINE V geluTanhArgument(V x) { return x * ((Scalar<V>)1.5957691216057308 + (Scalar<V>)0.07135481627260025 * (x * x)); }

/// To low … high; high where they cross. NaN stays.
template <class V> INLINE V clamp(V x, Scalar<V> low, Scalar<V> high) {
  V y = x < low ? all<V>(low) : x;
  return y > high ? all<V>(high) : y;
}

/// x^exponent modulo 2^bits by squaring; below zero only ±1 have powers that are integers, the others give 0.
template <class T> INLINE T integerPower(T x, int32_t exponent) {
  if (exponent < 0) return x == 1 ? 1 : (x == (T)-1 && (T)-1 < 0 ? (exponent & 1 ? x : 1) : 0);
  uint32_t r = 1, base = (uint32_t)x;
  for (uint32_t e = (uint32_t)exponent; e; e >>= 1) {
    if (e & 1) r *= base;
    base *= base;
  }
  return (T)r;
}

}  // namespace
