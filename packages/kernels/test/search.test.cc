// searchsorted: as many as a walk along the row counts; NaN is above all numbers.
#include "check.h"
#include "kernel.h"

template <class T> static void check_search(int dtype, index_t rows, index_t n, index_t count) {
  T *sorted = (T *)malloc((size_t)(rows * n + 1) * sizeof(T)), *values = (T *)malloc((size_t)(rows * count) * sizeof(T));
  int32_t *at = (int32_t *)malloc((size_t)(rows * count) * 4);
  for (index_t i = 0; i < rows * n; i++) sorted[i] = (T)(i % n / 2);
  for (index_t i = 0; i < rows * count; i++) values[i] = (T)((check_random() + 1) * 0.3 * (double)n);
  bool floating = (T)0.5 != 0;
  if (floating) values[0] = (T)NAN, values[1] = (T)INFINITY, values[2] = (T)-INFINITY;
  if (floating && n > 3) sorted[n - 1] = sorted[n - 2] = (T)NAN;
  auto below = [](T a, T b) { return a < b || (b != b && a == a); };
  for (int right = 0; right < 2; right++) {
    KERNEL(searchsorted)(dtype, right, rows, n, count, sorted, values, at);
    for (index_t i = 0; i < rows * count; i++) {
      int32_t expected = 0;
      for (index_t j = i / count * n; j < i / count * n + n; j++) expected += right ? !below(values[i], sorted[j]) : below(sorted[j], values[i]);
      CHECK(at[i] == expected, "dtype %d n %td right %d: %td is %d, not %d", dtype, n, right, i, at[i], expected);
    }
  }
  free(sorted), free(values), free(at);
}

int main() {
  static const index_t lengths[] = {0, 1, 2, 3, 7, 64, 99};
  for (index_t n : lengths) {
    check_search<uint8_t>(DTYPE_UINT8, 1, n, 20);
    check_search<int8_t>(DTYPE_INT8, 2, n, 20);
    check_search<int16_t>(DTYPE_INT16, 1, n, 20);
    check_search<int32_t>(DTYPE_INT32, 3, n, 20);
    check_search<float>(DTYPE_FLOAT32, 2, n, 3000);
    check_search<double>(DTYPE_FLOAT64, 1, n, 20);
  }
  return check_result();
}
