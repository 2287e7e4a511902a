// conv2d against plain loops: every pass, both algorithms, float32 and float64, over named and random shapes;
// and the same bits with one thread and with two.
#include "check.h"
#include "kernel.h"

extern "C" void parallel_set_threads(int count);

/// N C H W outC KH KW strideH strideW padH padW dilationH dilationW groups OH OW flag divisor
struct Shape {
  double meta[18];
  index_t operator[](int i) const { return (index_t)meta[i]; }
};
enum { N, C, H, W, O, KH, KW, SH, SW, PH, PW, DH, DW, G, OH, OW };

static Shape shape(index_t n, index_t c, index_t h, index_t w, index_t o, index_t kh, index_t kw, index_t sh, index_t sw, index_t ph,
                   index_t pw, index_t dh, index_t dw, index_t g) {
  index_t oh = (h + 2 * ph - dh * (kh - 1) - 1) / sh + 1, ow = (w + 2 * pw - dw * (kw - 1) - 1) / sw + 1;
  return {{(double)n, (double)c, (double)h, (double)w, (double)o, (double)kh, (double)kw, (double)sh, (double)sw, (double)ph, (double)pw,
           (double)dh, (double)dw, (double)g, (double)oh, (double)ow, 0, 0}};
}

template <class T> static T *array(index_t n, bool fill) {
  T *p = (T *)malloc((size_t)(n + 1) * sizeof(T));
  for (index_t i = 0; i < n; i++) p[i] = fill ? (T)check_random() : (T)NAN;
  return p;
}

/// Calls each(x position, weight position, output position) for every product of the convolution.
template <class F> static void products(const Shape &s, const F &each) {
  index_t cg = s[C] / s[G], og = s[O] / s[G];
  for (index_t n = 0; n < s[N]; n++)
    for (index_t o = 0; o < s[O]; o++)
      for (index_t c = 0; c < cg; c++)
        for (index_t y = 0; y < s[OH]; y++)
          for (index_t x = 0; x < s[OW]; x++)
            for (index_t i = 0; i < s[KH]; i++)
              for (index_t j = 0; j < s[KW]; j++) {
                index_t iy = y * s[SH] - s[PH] + i * s[DH], ix = x * s[SW] - s[PW] + j * s[DW];
                if (iy < 0 || iy >= s[H] || ix < 0 || ix >= s[W]) continue;
                each(((n * s[C] + o / og * cg + c) * s[H] + iy) * s[W] + ix, ((o * cg + c) * s[KH] + i) * s[KW] + j,
                     ((n * s[O] + o) * s[OH] + y) * s[OW] + x);
              }
}

/// Runs a pass with one and two threads, checks that the bits agree and that `expected` is met to `tolerance` of the largest.
template <class T>
static void check(const Shape &s, int pass, int algorithm, const T *a, const T *b, T *bias, index_t size, const double *expected,
                  const double *expectedBias, double tolerance) {
  T *out[2], *biases[2];
  index_t biasSize = bias ? s[O] : 0;
  for (int threads = 1; threads <= 2; threads++) {
    parallel_set_threads(threads);
    int dtype = sizeof(T) == 4 ? DTYPE_FLOAT32 : DTYPE_FLOAT64;
    double bytes = KERNEL(conv2dScratch)(pass, algorithm, dtype, (void *)s.meta);
    void *scratch = malloc((size_t)bytes + 1);
    memset(scratch, 0xff, (size_t)bytes); // whatever was there before must not matter
    T *o = out[threads - 1] = array<T>(size, false), *g = biases[threads - 1] = array<T>(biasSize, false);
    if (pass == CONV2D_FORWARD && bias) memcpy(g, bias, (size_t)biasSize * sizeof(T));
    KERNEL(conv2d)(pass, algorithm, dtype, (void *)s.meta, (void *)a, (void *)b, bias ? g : nullptr, o, scratch);
    free(scratch);
  }
  bool same = !memcmp(out[0], out[1], (size_t)size * sizeof(T)) && !memcmp(biases[0], biases[1], (size_t)biasSize * sizeof(T));
  double largest = 1e-30, worst = 0, worstBias = 0;
  for (index_t i = 0; i < size; i++) largest = fmax(largest, fabs(expected[i]));
  for (index_t i = 0; i < size; i++) {
    double e = fabs((double)out[0][i] - expected[i]) / largest;
    if (!(e <= worst)) worst = e; // a NaN sticks
  }
  double largestBias = 1e-30;
  for (index_t i = 0; expectedBias && i < biasSize; i++) largestBias = fmax(largestBias, fabs(expectedBias[i]));
  for (index_t i = 0; expectedBias && i < biasSize; i++) {
    double e = fabs((double)biases[0][i] - expectedBias[i]) / largestBias;
    if (!(e <= worstBias)) worstBias = e;
  }
  if (getenv("VERBOSE")) printf("pass %d algorithm %d bytes %d: error %.2g bias %.2g\n", pass, algorithm, (int)sizeof(T), worst, worstBias);
  CHECK(same && worst <= tolerance && worstBias <= tolerance,
        "pass %d algorithm %d bytes %d same %d error %g bias %g: %td x %td x %td x %td -> %td, kernel %td x %td stride %td %td pad %td %td "
        "dilation %td %td groups %td",
        pass, algorithm, (int)sizeof(T), same, worst, worstBias, s[N], s[C], s[H], s[W], s[O], s[KH], s[KW], s[SH], s[SW], s[PH], s[PW],
        s[DH], s[DW], s[G]);
  for (int i = 0; i < 2; i++) free(out[i]), free(biases[i]);
}

template <class T> static void run(const Shape &s) {
  index_t sizeX = s[N] * s[C] * s[H] * s[W], sizeW = s[O] * s[C] / s[G] * s[KH] * s[KW], sizeY = s[N] * s[O] * s[OH] * s[OW];
  T *x = array<T>(sizeX, true), *w = array<T>(sizeW, true), *dy = array<T>(sizeY, true), *bias = array<T>(s[O], true);
  double *y = (double *)calloc((size_t)sizeY + 1, 8), *dx = (double *)calloc((size_t)sizeX + 1, 8), *dw = (double *)calloc((size_t)sizeW + 1, 8);
  double *db = (double *)calloc((size_t)s[O] + 1, 8);
  index_t plane = s[OH] * s[OW];
  for (index_t i = 0; i < sizeY; i++) y[i] = bias[i / plane % s[O]], db[i / plane % s[O]] += dy[i];
  products(s, [&](index_t ix, index_t iw, index_t iy) {
    y[iy] += (double)x[ix] * w[iw], dx[ix] += (double)dy[iy] * w[iw], dw[iw] += (double)dy[iy] * x[ix];
  });
  for (int algorithm = 0; algorithm < ALGORITHM_COUNT; algorithm++) {
    double sharp = sizeof(T) == 8 ? 2e-14 : algorithm == ALGORITHM_DIRECT ? 5e-6 : 2e-5;
    check<T>(s, CONV2D_FORWARD, algorithm, x, w, bias, sizeY, y, nullptr, sharp);
    for (index_t i = 0; i < sizeY; i++) y[i] -= bias[i / plane % s[O]];
    check<T>(s, CONV2D_FORWARD, algorithm, x, w, nullptr, sizeY, y, nullptr, sharp);
    for (index_t i = 0; i < sizeY; i++) y[i] += bias[i / plane % s[O]];
    check<T>(s, CONV2D_BACKWARD_INPUT, algorithm, dy, w, nullptr, sizeX, dx, nullptr, sharp);
    check<T>(s, CONV2D_BACKWARD_WEIGHT, algorithm, dy, x, bias, sizeW, dw, db, 2 * sharp);
    check<T>(s, CONV2D_BACKWARD_WEIGHT, algorithm, dy, x, nullptr, sizeW, dw, nullptr, 2 * sharp);
  }
  free(x), free(w), free(dy), free(bias), free(y), free(dx), free(dw), free(db);
}

static index_t pick(index_t low, index_t high) { return low + (index_t)((check_random() + 1) / 2 * (double)(high - low + 1)); }

int main() {
  Shape shapes[] = {
      shape(2, 3, 32, 32, 32, 5, 5, 1, 1, 2, 2, 1, 1, 1), shape(3, 32, 16, 16, 32, 5, 5, 1, 1, 2, 2, 1, 1, 1),
      shape(5, 32, 8, 8, 64, 5, 5, 1, 1, 2, 2, 1, 1, 1),  shape(1, 16, 14, 14, 20, 3, 3, 1, 1, 1, 1, 1, 1, 1),
      shape(3, 24, 7, 7, 33, 3, 3, 1, 1, 1, 1, 1, 1, 1),  shape(2, 16, 13, 27, 16, 3, 3, 1, 1, 0, 1, 1, 1, 1),
      shape(1, 16, 9, 70, 16, 5, 5, 1, 1, 0, 4, 1, 1, 1), shape(2, 17, 20, 19, 24, 5, 5, 1, 1, 1, 3, 1, 1, 1),
      shape(1, 16, 6, 6, 16, 3, 3, 1, 1, 4, 3, 1, 1, 1),  shape(1, 16, 1, 1, 16, 3, 3, 1, 1, 1, 1, 1, 1, 1),
      shape(0, 16, 8, 8, 16, 3, 3, 1, 1, 1, 1, 1, 1, 1),  shape(0, 3, 8, 8, 16, 3, 3, 2, 2, 1, 1, 1, 1, 1),
      shape(2, 20, 9, 9, 30, 1, 1, 1, 1, 0, 0, 1, 1, 1),  shape(2, 20, 9, 9, 30, 1, 1, 2, 2, 0, 0, 1, 1, 1),
      shape(2, 8, 11, 10, 12, 3, 3, 2, 2, 1, 1, 1, 1, 1), shape(2, 3, 23, 23, 8, 7, 7, 2, 2, 3, 3, 1, 1, 1),
      shape(2, 8, 12, 12, 8, 3, 3, 1, 1, 1, 1, 1, 1, 8),  shape(2, 8, 12, 15, 16, 3, 3, 2, 2, 1, 1, 1, 1, 8),
      shape(1, 12, 9, 9, 18, 3, 3, 1, 1, 2, 2, 2, 2, 3),  shape(1, 4, 20, 20, 4, 3, 3, 3, 2, 2, 2, 2, 3, 2),
      shape(1, 2, 3, 3, 3, 5, 5, 1, 1, 2, 2, 1, 1, 1),    shape(2, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1),
      shape(1, 3, 10, 10, 4, 2, 2, 4, 4, 0, 0, 1, 1, 1),  shape(1, 3, 10, 11, 4, 1, 2, 3, 1, 0, 2, 1, 3, 1),
      shape(1, 150, 5, 6, 10, 3, 3, 1, 1, 1, 1, 1, 1, 1), shape(1, 4, 70, 66, 6, 3, 3, 1, 1, 1, 1, 1, 1, 1),
      shape(1, 4, 40, 3, 6, 4, 2, 2, 1, 3, 1, 1, 1, 2),   shape(9, 2, 6, 1, 1, 3, 1, 1, 1, 1, 0, 1, 1, 1),
  };
  for (auto &s : shapes) {
    run<float>(s);
    run<double>(s);
  }
  for (int i = 0; i < 150; i++) {
    index_t g = pick(0, 3) ? 1 : pick(1, 3), kh = pick(1, 4), kw = pick(1, 4), dh = pick(1, 3), dw = pick(1, 3), ph = pick(0, 3), pw = pick(0, 3);
    index_t h = pick(1, 14), w = pick(1, 20);
    if (h + 2 * ph < dh * (kh - 1) + 1) h = dh * (kh - 1) + 1;
    if (w + 2 * pw < dw * (kw - 1) + 1) w = dw * (kw - 1) + 1;
    Shape s = shape(pick(1, 3), g * pick(1, 7), h, w, g * pick(1, 13), kh, kw, pick(1, 3), pick(1, 3), ph, pw, dh, dw, g);
    run<float>(s);
    run<double>(s);
  }
  for (int i = 0; i < 40; i++) {
    index_t k = pick(0, 1) ? 3 : 5, h = pick(1, 20), w = pick(1, 40), ph = pick(0, 4), pw = pick(0, 4);
    if (h + 2 * ph < k) h = k;
    if (w + 2 * pw < k) w = k;
    run<float>(shape(pick(1, 4), pick(8, 40), h, w, pick(8, 40), k, k, 1, 1, ph, pw, 1, 1, 1));
  }
  return check_result();
}
