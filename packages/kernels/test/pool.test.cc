// Pooling against plain loops: windows of any size, stride, padding and dilation, ceil mode, NaN, ties, all dtypes.
#include "check.h"
#include "kernel.h"

extern "C" void parallel_set_threads(int count);

static int dtype_of(float) { return DTYPE_FLOAT32; }
static int dtype_of(double) { return DTYPE_FLOAT64; }
static int dtype_of(int32_t) { return DTYPE_INT32; }
static int dtype_of(uint8_t) { return DTYPE_UINT8; }

struct Shape {
  index_t planes, h, w, kh, kw, sh, sw, ph, pw, dh, dw, oh, ow;
  double meta[18];
};

static Shape shape(index_t planes, index_t h, index_t w, index_t kh, index_t kw, index_t sh, index_t sw, index_t ph, index_t pw,
                   index_t dh, index_t dw, bool ceil, double flag, double divisor) {
  Shape s = {planes, h, w, kh, kw, sh, sw, ph, pw, dh, dw, 0, 0, {0}};
  auto size = [&](index_t n, index_t k, index_t stride, index_t pad, index_t dilation) {
    index_t span = n + 2 * pad - dilation * (k - 1) - 1, o = (span + (ceil ? stride - 1 : 0)) / stride + 1;
    return ceil && (o - 1) * stride >= n + pad ? o - 1 : o;
  };
  s.oh = size(h, kh, sh, ph, dh), s.ow = size(w, kw, sw, pw, dw);
  double meta[18] = {1, (double)planes, (double)h, (double)w, (double)planes, (double)kh, (double)kw, (double)sh, (double)sw,
                     (double)ph, (double)pw, (double)dh, (double)dw, 1, (double)s.oh, (double)s.ow, flag, divisor};
  memcpy(s.meta, meta, sizeof meta);
  return s;
}

template <class T> static T *array(index_t n) { return (T *)calloc((size_t)n + 1, sizeof(T)); }

template <class T> static void max_case(const Shape &s, bool specials) {
  index_t in = s.planes * s.h * s.w, out = s.planes * s.oh * s.ow, codeSize = s.kh * s.kw > 256 ? 4 : 1;
  T *x = array<T>(in), *y = array<T>(out), *y2 = array<T>(out);
  uint8_t *codes = array<uint8_t>(out * codeSize);
  int32_t *indices = array<int32_t>(out);
  for (index_t i = 0; i < in; i++) {
    double r = check_random();
    x[i] = (T)((T)0.5 != 0 ? (specials ? (double)(int)(r * 4) : r) : 100 + r * 90); // few values: many ties
    if ((T)0.5 != 0 && specials && check_random() > 0.9) x[i] = (T)NAN;
    if ((T)0.5 != 0 && specials && check_random() > 0.8) x[i] = (T)-INFINITY;
  }
  parallel_set_threads(2);
  KERNEL(maxPool2d)(dtype_of((T)0), (void *)s.meta, x, y, codes);
  KERNEL(maxPool2d)(dtype_of((T)0), (void *)s.meta, x, y2, nullptr);
  CHECK(!memcmp(y, y2, (size_t)out * sizeof(T)), "maxPool2d differs without codes");
  KERNEL(maxPool2dIndices)((void *)s.meta, codes, indices);
  T *dy = array<T>(out), *dx = array<T>(in), *expected = array<T>(in);
  memset(dx, 0xff, (size_t)in * sizeof(T));
  for (index_t p = 0; p < s.planes; p++)
    for (index_t oy = 0; oy < s.oh; oy++)
      for (index_t ox = 0; ox < s.ow; ox++) {
        index_t at = (p * s.oh + oy) * s.ow + ox, best = -1;
        T value = 0;
        for (index_t i = 0; i < s.kh; i++)
          for (index_t j = 0; j < s.kw; j++) {
            index_t r = oy * s.sh - s.ph + i * s.dh, c = ox * s.sw - s.pw + j * s.dw;
            if (r < 0 || r >= s.h || c < 0 || c >= s.w) continue;
            T v = x[(p * s.h + r) * s.w + c];
            if (best < 0 || v > value || v != v) best = r * s.w + c, value = v;
          }
        CHECK_CLOSE(y[at], value, 0, 0, "maxPool2d %td x %td kernel %td x %td at %td", s.h, s.w, s.kh, s.kw, at);
        CHECK(indices[at] == best, "maxPool2d index %d, expected %td", indices[at], best);
        dy[at] = (T)(int)(check_random() * 8);
        expected[p * s.h * s.w + best] += dy[at];
      }
  if ((T)0.5 != 0) {
    KERNEL(maxPool2dBackward)(dtype_of((T)0), (void *)s.meta, dy, codes, dx);
    for (index_t i = 0; i < in; i++) CHECK_CLOSE(dx[i], expected[i], 0, 0, "maxPool2dBackward %td x %td kernel %td x %td at %td", s.h, s.w, s.kh, s.kw, i);
  }
  free(x), free(y), free(y2), free(codes), free(indices), free(dy), free(dx), free(expected);
}

/// Average pooling, or adaptive if `adaptive`, against sums over the windows.
template <class T> static void average_case(const Shape &s, bool adaptive) {
  index_t in = s.planes * s.h * s.w, out = s.planes * s.oh * s.ow;
  T *x = array<T>(in), *y = array<T>(out), *dy = array<T>(out), *dx = array<T>(in);
  double *expected = array<double>(in);
  for (index_t i = 0; i < in; i++) x[i] = (T)check_random();
  for (index_t i = 0; i < out; i++) dy[i] = (T)check_random();
  memset(dx, 0xff, (size_t)in * sizeof(T));
  parallel_set_threads(2);
  auto forward = adaptive ? KERNEL(adaptiveAvgPool2d) : KERNEL(avgPool2d);
  auto backward = adaptive ? KERNEL(adaptiveAvgPool2dBackward) : KERNEL(avgPool2dBackward);
  forward(dtype_of((T)0), (void *)s.meta, x, y);
  backward(dtype_of((T)0), (void *)s.meta, dy, dx);
  double error = sizeof(T) == 8 ? 1e-13 : 2e-6;
  for (index_t p = 0; p < s.planes; p++)
    for (index_t oy = 0; oy < s.oh; oy++)
      for (index_t ox = 0; ox < s.ow; ox++) {
        index_t r0 = oy * s.sh - s.ph, c0 = ox * s.sw - s.pw, r1 = r0 + s.kh, c1 = c0 + s.kw;
        if (adaptive) r0 = oy * s.h / s.oh, r1 = ((oy + 1) * s.h + s.oh - 1) / s.oh, c0 = ox * s.w / s.ow, c1 = ((ox + 1) * s.w + s.ow - 1) / s.ow;
        if (r1 > s.h + s.ph) r1 = s.h + s.ph;
        if (c1 > s.w + s.pw) c1 = s.w + s.pw;
        double sum = 0, inside = 0, divisor = (double)((r1 - r0) * (c1 - c0));
        for (int pass = 0; pass < 2; pass++) {
          for (index_t r = r0; r < r1; r++)
            for (index_t c = c0; c < c1; c++) {
              if (r < 0 || r >= s.h || c < 0 || c >= s.w) continue;
              index_t at = (p * s.h + r) * s.w + c;
              if (pass == 0) sum += x[at], inside++;
              else expected[at] += dy[(p * s.oh + oy) * s.ow + ox] / divisor;
            }
          if (pass == 0 && !adaptive) divisor = s.meta[17] != 0 ? s.meta[17] : s.meta[16] != 0 ? divisor : inside;
        }
        CHECK_CLOSE(y[(p * s.oh + oy) * s.ow + ox], inside ? sum / divisor : 0, error, error, "average of %td x %td to %td x %td", s.h, s.w, s.oh, s.ow);
      }
  for (index_t i = 0; i < in; i++) CHECK_CLOSE(dx[i], expected[i], error, error, "gradient of the average of %td x %td to %td x %td", s.h, s.w, s.oh, s.ow);
  free(x), free(y), free(dy), free(dx), free(expected);
}

/// Where adaptive maxima are, against plain loops; NaN wins.
template <class T> static void adaptive_max_case(const Shape &s) {
  index_t in = s.planes * s.h * s.w, out = s.planes * s.oh * s.ow;
  T *x = array<T>(in);
  int32_t *indices = array<int32_t>(out);
  for (index_t i = 0; i < in; i++) x[i] = check_random() > 0.9 ? (T)NAN : (T)(int)(check_random() * 4); // few values: many ties
  KERNEL(adaptiveMaxPool2dIndices)(dtype_of((T)0), (void *)s.meta, x, indices);
  for (index_t at = 0; at < out; at++) {
    const T *plane = x + at / (s.oh * s.ow) * s.h * s.w;
    index_t oy = at / s.ow % s.oh, ox = at % s.ow, best = -1;
    for (index_t r = oy * s.h / s.oh; r < ((oy + 1) * s.h + s.oh - 1) / s.oh; r++)
      for (index_t c = ox * s.w / s.ow; c < ((ox + 1) * s.w + s.ow - 1) / s.ow; c++) {
        T v = plane[r * s.w + c];
        if (best < 0 || v > plane[best] || v != v) best = r * s.w + c;
      }
    CHECK(indices[at] == best, "adaptive maximum of %td x %td to %td x %td: %d, expected %td", s.h, s.w, s.oh, s.ow, indices[at], best);
  }
  free(x), free(indices);
}

static index_t pick(index_t low, index_t high) { return low + (index_t)((check_random() + 1) / 2 * (double)(high - low + 1)); }

int main() {
  for (int i = 0; i < 300; i++) {
    index_t kh = pick(1, 4), kw = pick(1, 4), dh = pick(1, 2), dw = pick(1, 2), h = pick(4, 20), w = pick(4, 40);
    if (h < dh * (kh - 1) + 1) h = dh * (kh - 1) + 1;
    if (w < dw * (kw - 1) + 1) w = dw * (kw - 1) + 1;
    Shape s = shape(pick(0, 5), h, w, kh, kw, pick(1, 4), pick(1, 4), pick(0, kh / 2), pick(0, kw / 2), dh, dw, i % 2, 0, 0);
    max_case<float>(s, i % 3 == 0);
    max_case<double>(s, i % 3 == 0);
    max_case<int32_t>(s, false);
    max_case<uint8_t>(s, false);
    Shape a = shape(pick(0, 5), h, w, kh, kw, pick(1, 4), pick(1, 4), pick(0, kh / 2), pick(0, kw / 2), 1, 1, i % 2, (double)(i / 2 % 2), i % 5 == 0 ? 3 : 0);
    average_case<float>(a, false);
    average_case<double>(a, false);
    Shape b = shape(pick(1, 4), h, w, 1, 1, 1, 1, 0, 0, 1, 1, false, 0, 0);
    b.oh = pick(1, h + 2), b.ow = pick(1, w + 2), b.meta[14] = (double)b.oh, b.meta[15] = (double)b.ow;
    average_case<float>(b, true);
    average_case<double>(b, true);
    adaptive_max_case<float>(b);
    adaptive_max_case<double>(b);
  }
  index_t sides[][2] = {{2, 2}, {4, 8}, {16, 16}, {32, 32}, {7, 33}, {5, 3}, {64, 26}, {3, 70}};
  for (auto &side : sides)
    for (index_t planes = 1; planes < 200; planes += 99) {
      Shape s = shape(planes, side[0], side[1], 2, 2, 2, 2, 0, 0, 1, 1, false, 0, 0);
      max_case<float>(s, false);
      max_case<float>(s, true);
      max_case<double>(s, true);
    }
  // Rows and windows longer than the stripes that averages are made in.
  average_case<float>(shape(2, 5, 1500, 3, 2, 2, 2, 1, 1, 1, 1, true, 1, 0), false);
  average_case<double>(shape(2, 3, 3000, 2, 1300, 1, 700, 0, 600, 1, 1, true, 0, 0), false);
  Shape whole = shape(2, 4, 2000, 1, 1, 1, 1, 0, 0, 1, 1, false, 0, 0);
  whole.oh = 2, whole.ow = 3, whole.meta[14] = 2, whole.meta[15] = 3;
  average_case<double>(whole, true);
  for (index_t width = 20; width < 60; width += 13) { // windows one element apart
    max_case<float>(shape(3, 9, width, 3, 3, 1, 1, 1, 1, 1, 1, false, 0, 0), true);
    max_case<float>(shape(3, 9, width, 2, 4, 2, 1, 1, 2, 2, 3, true, 0, 0), true);
    max_case<float>(shape(3, 9, width, 3, 1, 2, 1, 1, 0, 1, 1, false, 0, 0), true);
  }
  Shape wide = shape(2, 40, 40, 17, 19, 3, 2, 4, 5, 1, 1, false, 0, 0); // more than 256 positions: int32 codes
  max_case<float>(wide, false);
  max_case<double>(wide, true);
  return check_result();
}
