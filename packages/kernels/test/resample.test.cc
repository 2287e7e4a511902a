// resample against loops in long double: any number of taps in a row, none too, near each other or far apart.
#include "check.h"
#include "kernel.h"

template <class T> static void check_resample(int dtype, index_t outer, index_t n, index_t inner, index_t count, int most, bool wide) {
  int32_t *start = (int32_t *)malloc((size_t)(count + 1) * sizeof(int32_t));
  int32_t *index = (int32_t *)malloc((size_t)(count * most + 1) * sizeof(int32_t));
  T *weight = (T *)malloc((size_t)(count * most + 1) * sizeof(T));
  T *x = (T *)malloc((size_t)(outer * n * inner + 1) * sizeof(T)), *out = (T *)malloc((size_t)(outer * count * inner + 1) * sizeof(T));
  start[0] = 0;
  for (index_t j = 0; j < count; j++) {
    int taps = n == 0 ? 0 : (int)(j % (most + 1));
    start[j + 1] = start[j] + taps;
    for (int t = start[j]; t < start[j + 1]; t++) index[t] = (int32_t)((wide ? j * 7 + t * 5 : j * n / count + t % 3) % n), weight[t] = (T)check_random();
  }
  for (index_t i = 0; i < outer * n * inner; i++) x[i] = (T)check_random();
  KERNEL(resample)(dtype, outer, n, inner, count, start, index, weight, x, out);
  for (index_t o = 0; o < outer; o++)
    for (index_t j = 0; j < count; j++)
      for (index_t i = 0; i < inner; i++) {
        long double sum = 0;
        for (int t = start[j]; t < start[j + 1]; t++) sum += (long double)weight[t] * x[(o * n + index[t]) * inner + i];
        CHECK_CLOSE(out[(o * count + j) * inner + i], (double)sum, 0, (sizeof(T) == 4 ? 1e-7 : 2e-16) * 4 * most,
                    "dtype %d [%td, %td, %td] to %td at %td", dtype, outer, n, inner, count, i);
      }
  free(start), free(index), free(weight), free(x), free(out);
}

int main() {
  static const index_t shapes[][4] = {{1, 1, 1, 1}, {0, 4, 2, 3}, {2, 3, 0, 2}, {2, 3, 4, 0}, {2, 0, 3, 4}, {3, 5, 1, 17}, {2, 9, 37, 4}, {70, 40, 3, 80}, {1, 6, 2000, 30}, {37, 90, 1, 200}, {16, 300, 1, 50}, {20, 0, 1, 3}};
  for (auto &s : shapes)
    for (int most = 1; most < 10; most += 2)
      for (int wide = 0; wide < 2; wide++) {
        check_resample<float>(DTYPE_FLOAT32, s[0], s[1], s[2], s[3], most, wide);
        check_resample<double>(DTYPE_FLOAT64, s[0], s[1], s[2], s[3], most, wide);
      }
  return check_result();
}
