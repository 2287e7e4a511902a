// Positions in sorted rows, by halving without branches: many searches are under way at a time.
#include "kernel.h"

namespace {

/// NaN is above all numbers.
template <class T> INLINE bool below(T a, T b) { return (a < b) | ((b != b) & (a == a)); }

template <bool right, class T> INLINE bool goes_behind(T element, T value) {
  if constexpr (right) return !below(value, element);
  else return below(element, value);
}

template <bool right, class T> INLINE int32_t position(const T *sorted, index_t n, T value) {
  index_t base = 0;
  while (n > 1) {
    index_t half = n / 2;
    base += goes_behind<right>(sorted[base + half - 1], value) ? half : 0;
    n -= half;
  }
  return (int32_t)(base + (n == 1 && goes_behind<right>(sorted[base], value)));
}

template <bool right, class T> void search(index_t rows, index_t n, index_t count, const T *sorted, const T *values, int32_t *out) {
  parallel_ranges(rows * count, 4096, [=](index_t begin, index_t end) {
    for (index_t i = begin; i < end; i++) out[i] = position<right>(sorted + i / count * n, n, values[i]);
  });
}

template <class T> void search(bool right, index_t rows, index_t n, index_t count, const void *sorted, const void *values, int32_t *out) {
  if (right) search<true>(rows, n, count, (const T *)sorted, (const T *)values, out);
  else search<false>(rows, n, count, (const T *)sorted, (const T *)values, out);
}

} // namespace

void KERNEL(searchsorted)(int32_t dtype, int32_t right, index_t rows, index_t n, index_t count, void *sorted, void *values, void *out) {
  bool behind = right != 0;
  int32_t *at = (int32_t *)out;
  switch (dtype) {
    case DTYPE_INT8: return search<int8_t>(behind, rows, n, count, sorted, values, at);
    case DTYPE_INT16: return search<int16_t>(behind, rows, n, count, sorted, values, at);
    case DTYPE_INT32: return search<int32_t>(behind, rows, n, count, sorted, values, at);
    case DTYPE_FLOAT32: return search<float>(behind, rows, n, count, sorted, values, at);
    case DTYPE_FLOAT64: return search<double>(behind, rows, n, count, sorted, values, at);
    default: return search<uint8_t>(behind, rows, n, count, sorted, values, at);
  }
}
