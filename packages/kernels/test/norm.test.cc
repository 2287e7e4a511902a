// Batch and layer normalisation against their formulas in long double; the shapes reach channels in one piece,
// channels in parts and strips of columns; far means; the same bits at any thread count.
#include <initializer_list>
#include "check.h"
#include "kernel.h"

extern "C" void parallel_set_threads(int count);

template <class T> struct Array {
  T *p;
  index_t n;
  Array(index_t count, double center = 0, double spread = 1) : p((T *)malloc((size_t)(count + 1) * sizeof(T))), n(count) {
    for (index_t i = 0; i < n; i++) p[i] = (T)(center + spread * check_random());
  }
  ~Array() { free(p); }
  T &operator[](index_t i) { return p[i]; }
};

template <class T> static void check_batch_norm(int dtype, index_t n, index_t c, index_t inner, double center, bool affine) {
  double tolerance = (sizeof(T) == 4 ? 1e-6 : 1e-14) * (1 + fabs(center));
  index_t count = n * c * inner, m = n * inner;
  Array<T> x(count, center), g(count), weight(c, 1, 0.5), bias(c), mean(c), variance(c), inv(c), out(count), back(count), frozen(count), gw(c), gb(c), again(count), gw2(c), gb2(c);
  T *w = affine ? weight.p : nullptr, *b = affine ? bias.p : nullptr;
  parallel_set_threads(1);
  KERNEL(batchNormStatistics)(dtype, n, c, inner, x.p, mean.p, variance.p);
  for (index_t j = 0; j < c; j++) inv[j] = (T)(1 / sqrt((double)variance[j] + 1e-5));
  KERNEL(batchNormApply)(dtype, n, c, inner, x.p, mean.p, inv.p, w, b, out.p);
  KERNEL(batchNormBackward)(dtype, 1, n, c, inner, g.p, x.p, mean.p, inv.p, w, back.p, gw.p, gb.p);
  KERNEL(batchNormBackward)(dtype, 0, n, c, inner, g.p, x.p, mean.p, inv.p, w, frozen.p, nullptr, nullptr);
  parallel_set_threads(2);
  KERNEL(batchNormStatistics)(dtype, n, c, inner, x.p, gw2.p, gb2.p);
  CHECK(!memcmp(gw2.p, mean.p, (size_t)c * sizeof(T)) && !memcmp(gb2.p, variance.p, (size_t)c * sizeof(T)), "statistics depend on the threads");
  KERNEL(batchNormBackward)(dtype, 1, n, c, inner, g.p, x.p, mean.p, inv.p, w, again.p, gw2.p, gb2.p);
  CHECK(!memcmp(again.p, back.p, (size_t)count * sizeof(T)) && !memcmp(gw2.p, gw.p, (size_t)c * sizeof(T)), "backward depends on the threads");
  for (index_t j = 0; j < c; j++) {
    long double sum = 0, squares = 0, sum_g = 0, sum_gx = 0, size = 0;
    auto at = [&](index_t i) { return (i / inner * c + j) * inner + i % inner; };
    for (index_t i = 0; i < m; i++) sum += (long double)x[at(i)];
    long double mu = sum / m;
    for (index_t i = 0; i < m; i++) squares += ((long double)x[at(i)] - mu) * ((long double)x[at(i)] - mu);
    CHECK_CLOSE(mean[j], (double)mu, tolerance, tolerance, "mean [%td, %td, %td]", n, c, inner);
    CHECK_CLOSE(variance[j], (double)(squares / m), tolerance, tolerance * 1e-3, "variance [%td, %td, %td] around %g", n, c, inner, center);
    long double s = (long double)inv[j], wj = affine ? (long double)weight[j] : 1, bj = affine ? (long double)bias[j] : 0, center_used = (long double)mean[j];
    for (index_t i = 0; i < m; i++) {
      long double xhat = ((long double)x[at(i)] - center_used) * s;
      CHECK_CLOSE(out[at(i)], (double)(xhat * wj + bj), tolerance, tolerance, "out [%td, %td, %td]", n, c, inner);
      sum_g += (long double)g[at(i)], sum_gx += (long double)g[at(i)] * xhat, size += fabsl((long double)g[at(i)] * xhat) + fabsl((long double)g[at(i)]);
    }
    CHECK_CLOSE(gw[j], (double)sum_gx, tolerance, (double)size * tolerance, "gradWeight [%td, %td, %td]", n, c, inner);
    CHECK_CLOSE(gb[j], (double)sum_g, tolerance, (double)size * tolerance, "gradBias [%td, %td, %td]", n, c, inner);
    for (index_t i = 0; i < m; i++) {
      long double xhat = ((long double)x[at(i)] - center_used) * s, gi = (long double)g[at(i)];
      double scale = (double)(fabsl(wj) * s);
      CHECK_CLOSE(back[at(i)], (double)(wj * s * (gi - sum_g / m - xhat * sum_gx / m)), tolerance, 4 * scale * tolerance, "gradInput [%td, %td, %td]", n, c, inner);
      CHECK_CLOSE(frozen[at(i)], (double)(wj * s * gi), tolerance, 0, "gradInput in evaluation [%td, %td, %td]", n, c, inner);
    }
  }
}

template <class T> static void check_layer_norm(int dtype, index_t rows, index_t n, double center, bool affine) {
  double tolerance = (sizeof(T) == 4 ? 1e-6 : 1e-14) * (1 + fabs(center)), eps = 1e-5;
  Array<T> x(rows * n, center), g(rows * n), weight(n, 1, 0.5), bias(n), out(rows * n), mean(rows), inv(rows), back(rows * n), gw(n), gb(n), scratch(32 * n);
  Array<T> again(rows * n), gw2(n), gb2(n);
  Array<double> sums(2 * n, 0, 0), sizes(2 * n, 0, 0);
  T *w = affine ? weight.p : nullptr, *b = affine ? bias.p : nullptr;
  parallel_set_threads(1);
  KERNEL(layerNorm)(dtype, rows, n, x.p, w, b, eps, out.p, mean.p, inv.p);
  KERNEL(layerNormBackward)(dtype, rows, n, g.p, x.p, mean.p, inv.p, w, back.p, gw.p, gb.p, scratch.p);
  parallel_set_threads(2);
  KERNEL(layerNormBackward)(dtype, rows, n, g.p, x.p, mean.p, inv.p, w, again.p, gw2.p, gb2.p, scratch.p);
  CHECK(!memcmp(again.p, back.p, (size_t)(rows * n) * sizeof(T)) && !memcmp(gw2.p, gw.p, (size_t)n * sizeof(T)) && !memcmp(gb2.p, gb.p, (size_t)n * sizeof(T)),
        "layer norm depends on the threads");
  for (index_t r = 0; r < rows; r++) {
    T *in = x.p + r * n, *grad = g.p + r * n;
    long double sum = 0, squares = 0, a = 0, bsum = 0;
    for (index_t i = 0; i < n; i++) sum += (long double)in[i];
    long double mu = sum / n;
    for (index_t i = 0; i < n; i++) squares += ((long double)in[i] - mu) * ((long double)in[i] - mu);
    long double s = 1 / sqrtl(squares / n + eps);
    CHECK_CLOSE(mean[r], (double)mu, tolerance, tolerance, "mean %td x %td", rows, n);
    CHECK_CLOSE(inv[r], (double)s, 2 * tolerance, 0, "invStd %td x %td", rows, n);
    for (index_t i = 0; i < n; i++) {
      long double xhat = ((long double)in[i] - mu) * s, wi = affine ? (long double)weight[i] : 1;
      CHECK_CLOSE(out[r * n + i], (double)(xhat * wi + (affine ? (long double)bias[i] : 0)), tolerance, (double)(1 + s / 4) * tolerance, "out %td x %td", rows, n);
      a += (long double)grad[i] * wi, bsum += (long double)grad[i] * wi * xhat;
      sums[i] += (double)((long double)grad[i] * xhat), sums[n + i] += (double)grad[i];
      sizes[i] += (double)(fabsl((long double)grad[i]) * (fabsl(xhat) + s)), sizes[n + i] += fabs((double)grad[i]);
    }
    for (index_t i = 0; i < n; i++) {
      long double xhat = ((long double)in[i] - mu) * s, wi = affine ? (long double)weight[i] : 1;
      CHECK_CLOSE(back[r * n + i], (double)(s * ((long double)grad[i] * wi - a / n - xhat * bsum / n)), 4 * tolerance, (double)(s * (1 + s / 4)) * 4 * tolerance, "gradInput %td x %td", rows, n);
    }
  }
  for (index_t i = 0; i < n; i++) {
    CHECK_CLOSE(gw[i], sums[i], tolerance, sizes[i] * tolerance, "gradWeight %td x %td", rows, n);
    CHECK_CLOSE(gb[i], sums[n + i], tolerance, sizes[n + i] * tolerance, "gradBias %td x %td", rows, n);
  }
}

int main() {
  static const index_t shapes[][3] = {{4, 3, 1}, {70, 67, 1}, {3000, 5, 1}, {2, 1, 5}, {8, 3, 64}, {16, 9, 7}, {40, 2, 2500}, {5, 40, 50}, {1, 4, 30000}};
  for (auto &s : shapes)
    for (double center : {0., 100.}) {
      check_batch_norm<float>(DTYPE_FLOAT32, s[0], s[1], s[2], center, center == 0);
      check_batch_norm<double>(DTYPE_FLOAT64, s[0], s[1], s[2], center, center == 0);
    }
  static const index_t rows[][2] = {{0, 4}, {1, 2}, {3, 7}, {64, 100}, {500, 300}, {2, 5000}};
  for (auto &s : rows)
    for (double center : {0., 30.}) {
      check_layer_norm<float>(DTYPE_FLOAT32, s[0], s[1], center, center == 0);
      check_layer_norm<double>(DTYPE_FLOAT64, s[0], s[1], center, center == 0);
    }
  return check_result();
}
