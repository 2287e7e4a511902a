// Running sums, products, extremes and log-sum-exp along n of [outer, n, inner]. Float32 accumulates in float64.
#include "vector-math.h"

namespace {

constexpr index_t kColumns = 64;
constexpr index_t kGrain = 32768;

/// step(accumulator, element, position, place) for every element, in order along n; each column starts from `start`.
template <class State, class T, class F> void scan(index_t outer, index_t n, index_t inner, const T *x, State start, const F &step) {
  index_t strips = (inner + kColumns - 1) / kColumns;
  index_t grain = kGrain / (n * (inner < kColumns ? inner : kColumns) + 1) + 1;
  parallel_ranges(outer * strips, grain, [&](index_t begin, index_t end) {
    for (index_t task = begin; task < end; task++) {
      index_t first = task % strips * kColumns, width = inner - first < kColumns ? inner - first : kColumns;
      index_t at = task / strips * n * inner + first;
      if (width == 1) {
        State s = start;
        for (index_t k = 0; k < n; k++, at += inner) step(s, x[at], k, at);
        continue;
      }
      State state[kColumns];
      for (index_t j = 0; j < width; j++) state[j] = start;
      for (index_t k = 0; k < n; k++, at += inner)
        for (index_t j = 0; j < width; j++) step(state[j], x[at + j], k, at + j);
    }
  });
}

INLINE double log_add_exp(double a, double b) {
  double high = a > b ? a : b, low = a > b ? b : a;
  if (a != a || b != b) return a + b;
  if (high == low && high - low != 0) return high; // both the same infinity
  return high + log1p(exp(splat(low - high)))[0];
}

/// Sum is the type that adds and multiplies T: float64 for floats, uint32 for int32 (it wraps).
template <class T, class Sum> void accumulate(int op, index_t outer, index_t n, index_t inner, const T *x, T *out) {
  if (op == SCAN_CUMSUM)
    scan<Sum>(outer, n, inner, x, 0, [=](Sum &s, T v, index_t, index_t at) { s += (Sum)v, out[at] = (T)s; });
  else if (op == SCAN_CUMPROD)
    scan<Sum>(outer, n, inner, x, 1, [=](Sum &s, T v, index_t, index_t at) { s *= (Sum)v, out[at] = (T)s; });
  else
    scan<double>(outer, n, inner, x, -__builtin_inf(), [=](double &s, T v, index_t, index_t at) { s = log_add_exp(s, (double)v), out[at] = (T)s; });
}

template <class T> struct Extreme {
  T value;
  int32_t position;
};
/// The last of equals, and NaN once it has come.
template <class T, class F>
void extremes(index_t outer, index_t n, index_t inner, const T *x, T *out, int32_t *indices, const F &reaches) {
  scan<Extreme<T>>(outer, n, inner, x, Extreme<T>{0, -1}, [=](Extreme<T> &s, T v, index_t k, index_t at) {
    if (s.position < 0 || v != v || reaches(v, s.value)) s = {v, (int32_t)k};
    out[at] = s.value;
    if (indices) indices[at] = s.position;
  });
}
template <class T> void extremes(int op, index_t outer, index_t n, index_t inner, const T *x, T *out, int32_t *indices) {
  if (op == SCAN_CUMMAX) extremes(outer, n, inner, x, out, indices, [](T v, T best) { return v >= best; });
  else extremes(outer, n, inner, x, out, indices, [](T v, T best) { return v <= best; });
}

} // namespace

void KERNEL(scan)(int32_t op, int32_t dtype, index_t outer, index_t n, index_t inner, void *x, void *out, void *indices) {
  int32_t *at = (int32_t *)indices;
  if (op != SCAN_CUMMAX && op != SCAN_CUMMIN) {
    if (dtype == DTYPE_FLOAT32) accumulate<float, double>(op, outer, n, inner, (const float *)x, (float *)out);
    else if (dtype == DTYPE_FLOAT64) accumulate<double, double>(op, outer, n, inner, (const double *)x, (double *)out);
    else accumulate<int32_t, uint32_t>(op, outer, n, inner, (const int32_t *)x, (int32_t *)out);
    return;
  }
  switch (dtype) {
    case DTYPE_INT8: return extremes(op, outer, n, inner, (const int8_t *)x, (int8_t *)out, at);
    case DTYPE_INT16: return extremes(op, outer, n, inner, (const int16_t *)x, (int16_t *)out, at);
    case DTYPE_INT32: return extremes(op, outer, n, inner, (const int32_t *)x, (int32_t *)out, at);
    case DTYPE_FLOAT32: return extremes(op, outer, n, inner, (const float *)x, (float *)out, at);
    case DTYPE_FLOAT64: return extremes(op, outer, n, inner, (const double *)x, (double *)out, at);
    default: return extremes(op, outer, n, inner, (const uint8_t *)x, (uint8_t *)out, at);
  }
}
