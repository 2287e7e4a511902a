// softmax, log-softmax and their derivatives against long double, over rows and strips of every remainder.
#include "check.h"
#include "kernel.h"

template <class T> static void check_softmax(int dtype, index_t outer, index_t n, index_t inner) {
  index_t count = outer * n * inner;
  size_t bytes = (size_t)(count + 1) * sizeof(T);
  T *x = (T *)malloc(bytes), *out = (T *)malloc(bytes), *gradient = (T *)malloc(bytes), *back = (T *)malloc(bytes);
  double tolerance = sizeof(T) == 4 ? 1e-6 : 4e-15;
  for (index_t i = 0; i < count; i++) x[i] = (T)(check_random() * 4), gradient[i] = (T)check_random();
  for (int log = 0; log < 2; log++) {
    KERNEL(softmax)(log, dtype, outer, n, inner, x, out);
    KERNEL(softmaxBackward)(log, dtype, outer, n, inner, gradient, out, back);
    for (index_t o = 0; o < outer; o++)
      for (index_t i = 0; i < inner; i++) {
        long double sum = 0, dot = 0, size = 0;
        for (index_t k = 0; k < n; k++) sum += expl((long double)x[(o * n + k) * inner + i]);
        for (index_t k = 0; k < n; k++) {
          index_t at = (o * n + k) * inner + i;
          long double p = expl((long double)x[at]) / sum, g = (long double)gradient[at];
          dot += log ? g : g * p, size += log ? fabsl(g) : fabsl(g) * p;
          double expected = (double)(log ? logl(p) : p);
          CHECK_CLOSE(out[at], expected, tolerance, log ? tolerance / 2 : 0, "log %d [%td, %td, %td] at %td", log, outer, n, inner, k);
        }
        for (index_t k = 0; k < n; k++) {
          index_t at = (o * n + k) * inner + i;
          long double p = expl((long double)x[at]) / sum, g = (long double)gradient[at], expected = log ? g - p * dot : (g - dot) * p;
          double absolute = (double)(log ? p * size : (size + fabsl(g)) * p) * 4 * tolerance;
          CHECK_CLOSE(back[at], (double)expected, tolerance, absolute, "backward, log %d [%td, %td, %td] at %td", log, outer, n, inner, k);
        }
      }
  }
  free(x), free(out), free(gradient), free(back);
}

/// Five equal columns or one, from the same five numbers.
static void check_row(const float *row, const float *expected, const float *logarithms, const char *what) {
  for (index_t inner = 1; inner <= 5; inner += 4) {
    float x[25], out[25];
    for (int log = 0; log < 2; log++) {
      const float *wanted = log ? logarithms : expected;
      for (index_t i = 0; i < 5 * inner; i++) x[i] = row[i / inner];
      KERNEL(softmax)(log, DTYPE_FLOAT32, 1, 5, inner, x, out);
      for (index_t i = 0; i < 5 * inner; i++) CHECK_CLOSE(out[i], wanted[i / inner], 1e-6, 0, "%s, log %d, element %td", what, log, i);
    }
  }
}

static void check_special() {
  const float inf = INFINITY, nan = NAN, quarter = 0.25f, half = -1.3862944f;
  const float nothing[] = {-inf, -inf, -inf, -inf, -inf}, all_nan[] = {nan, nan, nan, nan, nan};
  check_row(nothing, all_nan, all_nan, "a row of minus infinity");
  const float masked[] = {-inf, 2, 2, 2, 2}, spread[] = {0, quarter, quarter, quarter, quarter}, spread_log[] = {-inf, half, half, half, half};
  check_row(masked, spread, spread_log, "one masked");
  const float huge[] = {3e38f, -3e38f, -3e38f, 0, -inf}, one[] = {1, 0, 0, 0, 0}, one_log[] = {0, -inf, -inf, -3e38f, -inf};
  check_row(huge, one, one_log, "huge numbers");
  const float broken[] = {0, 1, nan, 2, 3};
  check_row(broken, all_nan, all_nan, "a NaN");
}

int main() {
  static const index_t shapes[][3] = {{1, 1, 1}, {2, 0, 3}, {0, 3, 1}, {2, 3, 0}, {300, 10, 1}, {3, 7, 1}, {5, 8, 1}, {2, 1000, 1}, {2, 5, 3}, {3, 70, 67}, {2, 4, 500}};
  for (auto &s : shapes) {
    check_softmax<float>(DTYPE_FLOAT32, s[0], s[1], s[2]);
    check_softmax<double>(DTYPE_FLOAT64, s[0], s[1], s[2]);
  }
  check_special();
  return check_result();
}
