// Softmax and log-softmax over n of [outer, n, inner], less the maximum so that nothing overflows.
#include "row.h"
#include "vector-math.h"

namespace {

constexpr index_t kGrain = 16384;
constexpr index_t kColumns = 64;
constexpr index_t kBlockRows = 16; // exponentials that add up in float32 before float64 takes over

/// Like `sums` with one sum, but the elements left over come as a vector too.
template <class T, class F> INLINE double vector_sum(index_t n, T rest, const F &term) {
  constexpr index_t block = kBlockRows * Vec<T>::lanes;
  double total = 0;
  for (index_t start = 0; start < n; start += block) {
    typename Vec<T>::type sum = {};
    each_vector<T>(n - start < block ? n - start : block, rest, [&](auto at) {
      at.i += start;
      sum += term(at);
    });
    total += lane_sum<T>(sum);
  }
  return total;
}

template <class T> void softmax_row(bool logarithm, index_t n, const T *x, T *out) {
  typedef typename Vec<T>::type V;
  const T lowest = (T)-__builtin_inf();
  V most = splat(lowest);
  each_vector<T>(n, lowest, [&](auto at) {
    V v = at(x);
    most = v > most ? v : most;
  });
  T top = lowest;
  UNROLL for (int k = 0; k < Vec<T>::lanes; k++) top = most[k] > top ? most[k] : top;
  // Behind the row stands −∞, which adds nothing, unless the row is −∞ throughout and all is NaN anyway.
  double sum = vector_sum<T>(n, lowest, [&](auto at) {
    V e = exp(at(x) - top);
    if (!logarithm) at.put(out, e);
    return e;
  });
  if (logarithm) {
    T shift = (T)log(splat(sum))[0];
    each<T>(n, [=](auto at) { at.put(out, at(x) - at.all(top) - at.all(shift)); });
  } else {
    T divisor = (T)sum;
    each<T>(n, [=](auto at) { at.put(out, at((const T *)out) / at.all(divisor)); });
  }
}

template <class T> void softmax_strip(bool logarithm, index_t n, index_t inner, index_t width, const T *x, T *out) {
  T top[kColumns], block[kColumns];
  double sum[kColumns] = {};
  for (index_t j = 0; j < width; j++) top[j] = x[j];
  for (index_t k = 1; k < n; k++)
    each<T>(width, [&](auto at) {
      auto v = at(x + k * inner), best = at((const T *)top);
      at.put(top, v > best ? v : best);
    });
  for (index_t k = 0; k < n; k += kBlockRows) {
    memset(block, 0, sizeof(block));
    for (index_t r = k; r < n && r < k + kBlockRows; r++)
      each_vector<T>(width, 0, [&](auto at) {
        auto e = exp(at(x + r * inner) - at((const T *)top));
        if (!logarithm) at.put(out + r * inner, e);
        at.put(block, at((const T *)block) + e);
      });
    for (index_t j = 0; j < width; j++) sum[j] += (double)block[j];
  }
  for (index_t j = 0; j < width; j++) block[j] = (T)(logarithm ? log(splat(sum[j]))[0] : sum[j]);
  for (index_t k = 0; k < n; k++)
    each<T>(width, [&](auto at) {
      auto divisor = at((const T *)block);
      at.put(out + k * inner, logarithm ? at(x + k * inner) - at((const T *)top) - divisor : at((const T *)out + k * inner) / divisor);
    });
}

template <class T> void backward_row(bool logarithm, index_t n, const T *gradient, const T *out, T *gradInput) {
  double sum[1] = {};
  if (logarithm) sums<T, 1>(n, sum, [=](auto at, auto *s) { s[0] += at(gradient); });
  else sums<T, 1>(n, sum, [=](auto at, auto *s) { s[0] += at(gradient) * at(out); });
  T total = (T)sum[0];
  if (logarithm) each_vector<T>(n, 0, [=](auto at) { at.put(gradInput, at(gradient) - exp(at(out)) * total); });
  else each<T>(n, [=](auto at) { at.put(gradInput, (at(gradient) - at.all(total)) * at(out)); });
}

template <class T> void backward_strip(bool logarithm, index_t n, index_t inner, index_t width, const T *gradient, const T *out, T *gradInput) {
  T block[kColumns];
  double sum[kColumns] = {};
  for (index_t k = 0; k < n; k += kBlockRows) {
    memset(block, 0, sizeof(block));
    for (index_t r = k; r < n && r < k + kBlockRows; r++)
      each<T>(width, [&](auto at) {
        auto g = at(gradient + r * inner);
        at.put(block, at((const T *)block) + (logarithm ? g : g * at(out + r * inner)));
      });
    for (index_t j = 0; j < width; j++) sum[j] += (double)block[j];
  }
  for (index_t j = 0; j < width; j++) block[j] = (T)sum[j];
  for (index_t k = 0; k < n; k++)
    each_vector<T>(width, 0, [&](auto at) {
      auto g = at(gradient + k * inner), y = at(out + k * inner), total = at((const T *)block);
      at.put(gradInput + k * inner, logarithm ? g - exp(y) * total : (g - total) * y);
    });
}

/// row(offset) for each row if inner is 1, else strip(offset, width) for each strip of neighbouring columns.
template <class Row, class Strip> void for_rows(index_t outer, index_t n, index_t inner, const Row &row, const Strip &strip) {
  if (n == 0) return;
  index_t strips = (inner + kColumns - 1) / kColumns;
  parallel_ranges(outer * strips, kGrain / (n * (inner < kColumns ? inner : kColumns) + 1) + 1, [&](index_t begin, index_t end) {
    for (index_t task = begin; task < end; task++) {
      index_t first = task % strips * kColumns, offset = task / strips * n * inner + first;
      if (inner == 1) row(offset);
      else strip(offset, inner - first < kColumns ? inner - first : kColumns);
    }
  });
}

template <class T> void softmax(bool logarithm, index_t outer, index_t n, index_t inner, const T *x, T *out) {
  for_rows(outer, n, inner, [=](index_t at) { softmax_row(logarithm, n, x + at, out + at); },
           [=](index_t at, index_t width) { softmax_strip(logarithm, n, inner, width, x + at, out + at); });
}
template <class T> void backward(bool logarithm, index_t outer, index_t n, index_t inner, const T *gradient, const T *out, T *gradInput) {
  for_rows(outer, n, inner, [=](index_t at) { backward_row(logarithm, n, gradient + at, out + at, gradInput + at); },
           [=](index_t at, index_t width) { backward_strip(logarithm, n, inner, width, gradient + at, out + at, gradInput + at); });
}

} // namespace

void KERNEL(softmax)(int32_t log, int32_t dtype, index_t outer, index_t n, index_t inner, void *x, void *out) {
  if (dtype == DTYPE_FLOAT32) softmax(log != 0, outer, n, inner, (const float *)x, (float *)out);
  else softmax(log != 0, outer, n, inner, (const double *)x, (double *)out);
}

void KERNEL(softmaxBackward)(int32_t log, int32_t dtype, index_t outer, index_t n, index_t inner, void *gradient, void *out, void *gradInput) {
  if (dtype == DTYPE_FLOAT32) backward(log != 0, outer, n, inner, (const float *)gradient, (const float *)out, (float *)gradInput);
  else backward(log != 0, outer, n, inner, (const double *)gradient, (const double *)out, (double *)gradInput);
}
