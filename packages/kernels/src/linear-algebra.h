// What the factorisations share: sums and multiples of rows, Householder reflectors, how a batch is shared out.
#pragma once
#include "matrix.h"
#include "scratch.h"

namespace {

template <class T> INLINE T magnitude(T x) { return x < 0 ? -x : x; }
INLINE float root(float x) { return __builtin_sqrtf(x); }
INLINE double root(double x) { return __builtin_sqrt(x); }

template <class T> INLINE T dot(index_t n, const T *a, const T *b) {
  typedef typename Vec<T>::type V;
  constexpr index_t lanes = Vec<T>::lanes;
  T sum = 0;
  index_t i = 0;
  if (n >= lanes) {
    V s[4] = {};
    for (; i + 4 * lanes <= n; i += 4 * lanes)
      UNROLL for (int v = 0; v < 4; v++) s[v] = fma(load(a + i + v * lanes), load(b + i + v * lanes), s[v]);
    for (; i + lanes <= n; i += lanes) s[0] = fma(load(a + i), load(b + i), s[0]);
    V total = (s[0] + s[1]) + (s[2] + s[3]);
    for (index_t l = 0; l < lanes; l++) sum += total[l];
  }
  for (; i < n; i++) sum += a[i] * b[i];
  return sum;
}

/// y += factor · x
template <class T> INLINE void add_scaled(index_t n, T factor, const T *x, T *y) {
  constexpr index_t lanes = Vec<T>::lanes;
  typename Vec<T>::type f = splat(factor);
  index_t i = 0;
  for (; i + lanes <= n; i += lanes) store(y + i, fma(f, load(x + i), load(y + i)));
  for (; i < n; i++) y[i] += factor * x[i];
}

template <class T> T largest_magnitude(index_t n, const T *x) {
  T largest = 0;
  for (index_t i = 0; i < n; i++) largest = larger(largest, magnitude(x[i]));
  return largest;
}

/// The length of a vector; squares that would leave the range of T are scaled first.
template <class T> T norm(index_t n, const T *x) {
  constexpr T low = sizeof(T) == 4 ? (T)1e-25 : (T)1e-250, high = sizeof(T) == 4 ? (T)1e35 : (T)1e300;
  T sum = dot(n, x, x);
  if (sum > low && sum < high) return root(sum);
  T largest = largest_magnitude(n, x);
  if (largest == 0 || sum != sum || largest == (T)__builtin_inf()) return root(sum);
  sum = 0;
  for (index_t i = 0; i < n; i++) sum += x[i] / largest * (x[i] / largest);
  return largest * root(sum);
}

/// √(a² + b²) without leaving the range of T.
template <class T> INLINE T length_of(T a, T b) {
  T x = magnitude(a), y = magnitude(b), top = larger(x, y), low = smaller(x, y);
  if (top == 0 || top == (T)__builtin_inf()) return top;
  return top * root(1 + low / top * (low / top));
}

/// H = I − tau · v · vᵀ with v[0] = 1 that turns x into (beta, 0, …). Leaves beta and the rest of v in x; returns tau.
template <class T> T make_reflector(index_t n, T *x) {
  T tail = n > 1 ? norm(n - 1, x + 1) : 0, alpha = x[0];
  if (tail == 0) return 0;
  T length = length_of(alpha, tail), beta = alpha < 0 ? length : -length;
  for (index_t i = 1; i < n; i++) x[i] /= alpha - beta;
  x[0] = beta;
  return (beta - alpha) / beta;
}

/// y −= tau · v · (v · y), the 1 at the start of v not read.
template <class T> INLINE void apply_reflector(index_t n, const T *v, T tau, T *y) {
  if (tau == 0) return;
  T share = tau * (y[0] + dot(n - 1, v + 1, y + 1));
  y[0] -= share;
  add_scaled(n - 1, -share, v + 1, y + 1);
}

/// body(item, worker) for all items of a batch, several to a chunk if each costs little.
template <class F> void for_each_item(index_t batch, double work, const F &body) {
  index_t grain = work > 32768 ? 1 : (index_t)(32768 / (work + 1)) + 1;
  parallel_for(ceilDivide(batch, grain), [&](index_t chunk, int worker) {
    for (index_t item = chunk * grain; item < smaller(batch, (chunk + 1) * grain); item++) body(item, worker);
  });
}

} // namespace
