// scan against loops in long double: rows and strips, ties, NaN and infinities.
#include "check.h"
#include "kernel.h"

template <class T> static void check_scan(int dtype, index_t outer, index_t n, index_t inner) {
  bool floating = (T)0.5 != 0;
  index_t count = outer * n * inner;
  T *x = (T *)malloc((size_t)(count + 1) * sizeof(T)), *out = (T *)malloc((size_t)(count + 1) * sizeof(T));
  int32_t *at = (int32_t *)malloc((size_t)(count + 1) * sizeof(int32_t));
  for (index_t i = 0; i < count; i++) x[i] = (T)(floating ? check_random() * 2 : (double)(int)(check_random() * 4));
  double tolerance = sizeof(T) == 4 ? 1e-7 : 2e-15;
  for (int op = 0; op < SCAN_COUNT; op++) {
    bool extreme = op == SCAN_CUMMAX || op == SCAN_CUMMIN;
    if (!extreme && !floating && (sizeof(T) < 4 || op == SCAN_LOGCUMSUMEXP)) continue;
    KERNEL(scan)(op, dtype, outer, n, inner, x, out, extreme ? at : nullptr);
    for (index_t o = 0; o < outer; o++)
      for (index_t i = 0; i < inner; i++) {
        long double sum = 0, size = 0, product = 1, exponentials = 0;
        int32_t wrapped = 1;
        index_t best = 0;
        for (index_t k = 0; k < n; k++) {
          index_t here = (o * n + k) * inner + i;
          T v = x[here], kept = x[(o * n + best) * inner + i];
          sum += (long double)v, size += fabsl((long double)v), product *= (long double)v, exponentials += expl((long double)v);
          if (!floating) wrapped = (int32_t)((uint32_t)wrapped * (uint32_t)(int32_t)v);
          if (op == SCAN_CUMMAX ? v >= kept : v <= kept) best = k;
          if (extreme) {
            CHECK(out[here] == x[(o * n + best) * inner + i] && at[here] == best, "op %d dtype %d [%td, %td, %td]", op, dtype, outer, n, inner);
            continue;
          }
          double expected = op == SCAN_CUMSUM ? (double)sum : op == SCAN_CUMPROD ? (floating ? (double)product : wrapped) : (double)logl(exponentials);
          double absolute = op == SCAN_CUMSUM ? (double)size * tolerance : op == SCAN_LOGCUMSUMEXP ? 4 * tolerance : floating ? 1e-44 : 0;
          CHECK_CLOSE(out[here], expected, floating ? 20 * tolerance : 0, absolute, "op %d dtype %d [%td, %td, %td] at %td", op, dtype, outer, n, inner, k);
        }
      }
  }
  free(x), free(out), free(at);
}

static void check_special() {
  float x[] = {-INFINITY, -INFINITY, 1, INFINITY, 2, NAN, 3}, out[7];
  int32_t at[7];
  KERNEL(scan)(SCAN_LOGCUMSUMEXP, DTYPE_FLOAT32, 1, 7, 1, x, out, nullptr);
  const float expected[] = {-INFINITY, -INFINITY, 1, INFINITY, INFINITY, NAN, NAN};
  for (int i = 0; i < 7; i++) CHECK_CLOSE(out[i], expected[i], 0, 0, "logcumsumexp %d", i);
  KERNEL(scan)(SCAN_CUMMAX, DTYPE_FLOAT32, 1, 7, 1, x, out, at);
  const int32_t places[] = {0, 1, 2, 3, 3, 5, 5};
  for (int i = 0; i < 7; i++) CHECK(at[i] == places[i] && isnan(out[i]) == (i >= 5), "cummax keeps NaN, %d: %d", i, at[i]);
}

int main() {
  static const index_t shapes[][3] = {{1, 1, 1}, {1, 0, 3}, {0, 4, 2}, {2, 3, 0}, {1, 1000, 1}, {3, 17, 5}, {2, 9, 200}, {300, 40, 1}, {8, 70, 65}};
  for (auto &s : shapes) {
    check_scan<float>(DTYPE_FLOAT32, s[0], s[1], s[2]);
    check_scan<double>(DTYPE_FLOAT64, s[0], s[1], s[2]);
    check_scan<int32_t>(DTYPE_INT32, s[0], s[1], s[2]);
    check_scan<int16_t>(DTYPE_INT16, s[0], s[1], s[2]);
    check_scan<int8_t>(DTYPE_INT8, s[0], s[1], s[2]);
  }
  check_special();
  return check_result();
}
