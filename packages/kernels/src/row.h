// Loops over one contiguous row, written once for vectors and for the elements left over. A body gets a cursor:
// at(p) reads from array p, at.put(p, v) writes, at.all(s) is the scalar s in every lane.
#pragma once
#include "kernel.h"

namespace {

template <class T> struct VectorCursor {
  typedef typename Vec<T>::type Value;
  index_t i;
  __attribute__((always_inline)) Value operator()(const T *p) const { return load(p + i); }
  __attribute__((always_inline)) void put(T *p, Value v) const { store(p + i, v); }
  __attribute__((always_inline)) Value all(T s) const { return splat(s); }
};
template <class T> struct ScalarCursor {
  typedef T Value;
  index_t i;
  __attribute__((always_inline)) T operator()(const T *p) const { return p[i]; }
  __attribute__((always_inline)) void put(T *p, T v) const { p[i] = v; }
  __attribute__((always_inline)) T all(T s) const { return s; }
};

template <class T, class F> INLINE void each(index_t n, const F &body) {
  constexpr int lanes = Vec<T>::lanes;
  index_t i = 0;
  for (; i + lanes <= n; i += lanes) body(VectorCursor<T>{i});
  for (; i < n; i++) body(ScalarCursor<T>{i});
}

/// The first n < lanes elements at p, `rest` in the lanes behind them.
template <class T> INLINE typename Vec<T>::type load_part(const T *p, index_t n, T rest) {
  typename Vec<T>::type v = splat(rest);
  T lanes[Vec<T>::lanes];
  store(lanes, v);
  for (index_t i = 0; i < n; i++) lanes[i] = p[i];
  return load(lanes);
}
template <class T> INLINE void store_part(T *p, index_t n, typename Vec<T>::type v) {
  T lanes[Vec<T>::lanes];
  store(lanes, v);
  for (index_t i = 0; i < n; i++) p[i] = lanes[i];
}
/// A cursor over the elements left over, as a vector: what lies behind them reads as `rest` and is not written.
template <class T> struct PartCursor {
  typedef typename Vec<T>::type Value;
  index_t i, n;
  T rest;
  __attribute__((always_inline)) Value operator()(const T *p) const { return load_part(p + i, n, rest); }
  __attribute__((always_inline)) void put(T *p, Value v) const { store_part(p + i, n, v); }
};
/// Like `each`, but the elements left over come as a vector too, for functions that take vectors only.
template <class T, class F> INLINE void each_vector(index_t n, T rest, const F &body) {
  constexpr int lanes = Vec<T>::lanes;
  index_t i = 0;
  for (; i + lanes <= n; i += lanes) body(VectorCursor<T>{i});
  if (i < n) body(PartCursor<T>{i, n - i, rest});
}

template <class T> INLINE double lane_sum(typename Vec<T>::type v) {
  double sum = 0;
  UNROLL for (int k = 0; k < Vec<T>::lanes; k++) sum += (double)v[k];
  return sum;
}

/// Adds K sums over [0, n) to total: body(at, sum) adds its terms to sum[0] … sum[K − 1]. Terms are added in T over
/// short blocks only and in float64 between blocks.
template <class T, int K, class F> INLINE void sums(index_t n, double *total, const F &body) {
  typedef typename Vec<T>::type V;
  constexpr int lanes = Vec<T>::lanes;
  constexpr index_t block = 64 * lanes;
  index_t i = 0;
  for (; i + lanes <= n;) {
    V a[K] = {}, b[K] = {};
    index_t end = n - i < block ? n : i + block;
    for (; i + 2 * lanes <= end; i += 2 * lanes) body(VectorCursor<T>{i}, a), body(VectorCursor<T>{i + lanes}, b);
    for (; i + lanes <= end; i += lanes) body(VectorCursor<T>{i}, a);
    for (int k = 0; k < K; k++) total[k] += lane_sum<T>(a[k] + b[k]);
  }
  T rest[K] = {};
  for (; i < n; i++) body(ScalarCursor<T>{i}, rest);
  for (int k = 0; k < K; k++) total[k] += (double)rest[k];
}

} // namespace
