// sort: every element once, in order, equals in their first order, NaN after all numbers (before them if descending).
#include "check.h"
#include "kernel.h"

template <class T> static bool before(T a, T b, bool descending) {
  if (a != a || b != b) return descending ? a != a && b == b : a == a && b != b;
  return descending ? a > b : a < b;
}

template <class T> static void check_sort(int dtype, index_t rows, index_t n) {
  bool floating = (T)0.5 != 0;
  T *x = (T *)malloc((size_t)(rows * n + 1) * sizeof(T)), *values = (T *)malloc((size_t)(rows * n + 1) * sizeof(T));
  int32_t *at = (int32_t *)malloc((size_t)(rows * n + 1) * sizeof(int32_t));
  char *seen = (char *)malloc((size_t)n + 1);
  void *scratch = malloc((size_t)n * 16 + 1);
  for (index_t i = 0; i < rows * n; i++)
    x[i] = dtype == DTYPE_BOOL ? (T)(check_random() > 0) : (T)(check_random() * (sizeof(T) == 1 ? 60 : 300) * (dtype == DTYPE_UINT8 ? check_random() > 0 : 1));
  if (floating && n > 9) x[0] = (T)NAN, x[3] = (T)INFINITY, x[4] = (T)-INFINITY, x[5] = 0, x[6] = (T)-0.0, x[7] = (T)-NAN, x[8] = 0, x[n / 2] = x[n - 1];
  for (int descending = 0; descending < 2; descending++) {
    KERNEL(sort)(dtype, descending, rows, n, x, values, at, scratch);
    for (index_t r = 0; r < rows; r++) {
      memset(seen, 0, (size_t)n + 1);
      for (index_t i = 0; i < n; i++) {
        int32_t here = at[r * n + i];
        CHECK(here >= 0 && here < n && !seen[here]++, "dtype %d n %td: %d twice or out of range", dtype, n, here);
        T v = x[r * n + here];
        CHECK(memcmp(&values[r * n + i], &v, sizeof(T)) == 0, "dtype %d n %td: value %td", dtype, n, i);
        if (i == 0) continue;
        T last = values[r * n + i - 1];
        CHECK(!before(v, last, descending), "dtype %d n %td descending %d: order at %td", dtype, n, descending, i);
        if (!before(last, v, descending)) CHECK(at[r * n + i - 1] < here, "dtype %d n %td descending %d: stability at %td", dtype, n, descending, i);
      }
    }
  }
  free(x), free(values), free(at), free(seen), free(scratch);
}

/// The first k are those of the sorted row.
template <class T> static void check_topk(int dtype, index_t rows, index_t n, index_t k) {
  T *x = (T *)malloc((size_t)(rows * n) * sizeof(T)), *sorted = (T *)malloc((size_t)(rows * n) * sizeof(T)), *values = (T *)malloc((size_t)(rows * k) * sizeof(T));
  int32_t *order = (int32_t *)malloc((size_t)(rows * n) * 4), *at = (int32_t *)malloc((size_t)(rows * k) * 4);
  void *scratch = malloc((size_t)n * 16);
  for (index_t i = 0; i < rows * n; i++) x[i] = (T)(check_random() * 100);
  if ((T)0.5 != 0 && n > 300) x[7] = x[250] = (T)NAN, x[200] = (T)-INFINITY, x[260] = (T)INFINITY;
  for (int descending = 0; descending < 2; descending++) {
    KERNEL(sort)(dtype, descending, rows, n, x, sorted, order, scratch);
    KERNEL(topk)(dtype, descending, rows, n, k, x, values, at);
    for (index_t i = 0; i < rows * k; i++) {
      index_t j = i / k * n + i % k;
      CHECK(at[i] == order[j] && !memcmp(values + i, sorted + j, sizeof(T)), "topk: dtype %d n %td k %td descending %d: %td", dtype, n, k, descending, i);
    }
  }
  free(x), free(sorted), free(values), free(order), free(at), free(scratch);
}

int main() {
  static const index_t shapes[][2] = {{0, 5}, {3, 0}, {1, 1}, {200, 10}, {3, 48}, {2, 49}, {5, 300}, {1, 20000}};
  for (auto &s : shapes) {
    check_sort<uint8_t>(DTYPE_BOOL, s[0], s[1]);
    check_sort<uint8_t>(DTYPE_UINT8, s[0], s[1]);
    check_sort<int8_t>(DTYPE_INT8, s[0], s[1]);
    check_sort<int16_t>(DTYPE_INT16, s[0], s[1]);
    check_sort<int32_t>(DTYPE_INT32, s[0], s[1]);
    check_sort<float>(DTYPE_FLOAT32, s[0], s[1]);
    check_sort<double>(DTYPE_FLOAT64, s[0], s[1]);
  }
  static const index_t few[] = {1, 10, 256};
  for (index_t k : few) {
    check_topk<int8_t>(DTYPE_INT8, 3, 1000, k);
    check_topk<int32_t>(DTYPE_INT32, 2, 1000, k);
    check_topk<float>(DTYPE_FLOAT32, 3, 5003, k);
    check_topk<double>(DTYPE_FLOAT64, 1, 300, k);
  }
  return check_result();
}
