// Max, average and adaptive average pooling in two dimensions. Planes (image x channel) are independent, so
// threads share them out and the bits do not depend on how.
#include "scratch.h"

namespace {

/// The shape block of ts/table.ts, as pooling reads it.
struct PoolShape {
  index_t images, channels, height, width, kernelH, kernelW, strideH, strideW, padH, padW, dilationH, dilationW,
      outHeight, outWidth;
  bool countPadding;
  double divisor;

  explicit PoolShape(const double *meta) {
    index_t ignored;
    index_t *fields[] = {&images,  &channels, &height, &width, &ignored,   &kernelH,   &kernelW, &strideH,
                         &strideW, &padH,     &padW,   &dilationH, &dilationW, &ignored, &outHeight, &outWidth};
    for (int i = 0; i < 16; i++) *fields[i] = (index_t)meta[i];
    countPadding = meta[16] != 0;
    divisor = meta[17];
  }
  index_t planes() const { return images * channels; }
  index_t plane() const { return height * width; }
  index_t outPlane() const { return outHeight * outWidth; }
  bool wideCodes() const { return kernelH * kernelW > 256; }
  /// Windows of 2 x 2 side by side that cover each input at most once, none of it padding.
  bool pairs() const {
    return kernelH == 2 && kernelW == 2 && strideH == 2 && strideW == 2 && dilationH == 1 && dilationW == 1 && padH == 0 &&
           padW == 0 && 2 * outHeight <= height && 2 * outWidth <= width;
  }
};

/// Calls body(plane) for all planes, enough of them to a chunk; cost is the work of one plane in elements.
template <class F> void forPlanes(index_t planes, index_t cost, const F &body) {
  parallel_ranges(planes, larger((index_t)1, 32768 / larger(cost, (index_t)1)), [&](index_t begin, index_t end) {
    for (index_t p = begin; p < end; p++) body(p);
  });
}

/// Vectors of L numbers, with the codes that go with them.
template <int L> struct Lanes {
  typedef float type __attribute__((vector_size(4 * L)));
  typedef float unaligned __attribute__((vector_size(4 * L), aligned(4), may_alias));
  typedef int32_t mask __attribute__((vector_size(4 * L)));
  typedef int8_t codes __attribute__((vector_size(L)));
  typedef int8_t codesUnaligned __attribute__((vector_size(L), aligned(1), may_alias));
  static __attribute__((always_inline)) type get(const float *p) { return *(const unaligned *)p; }
  static __attribute__((always_inline)) void put(float *p, type v) { *(unaligned *)p = v; }
};

// ---- max, 2 x 2 windows of float32: the fast way

/// L windows at a time: a, b are the upper and lower row at the first window. NaN wins, else the first of equals.
template <int L> INLINE void maxOfPairs(const float *a, const float *b, float *out, uint8_t *codes) {
  typedef Lanes<L> V;
  typename V::type a0 = V::get(a), a1 = V::get(a + L), b0 = V::get(b), b1 = V::get(b + L);
  typename V::type best = evenLanes(a0, a1), next[3] = {oddLanes(a0, a1), evenLanes(b0, b1), oddLanes(b0, b1)};
  typename V::mask code = {0};
  UNROLL for (int i = 0; i < 3; i++) {
    typename V::mask wins = (next[i] > best) | (next[i] != next[i]);
    best = wins ? next[i] : best;
    code = wins ? (typename V::mask){0} + (i + 1) : code;
  }
  V::put(out, best);
  if (codes) *(typename V::codesUnaligned *)codes = __builtin_convertvector(code, typename V::codes);
}

template <int L> INLINE void gradientOfPairs(const float *gradient, const uint8_t *codes, float *a, float *b) {
  typedef Lanes<L> V;
  typename V::type g = V::get(gradient), zero = {0}, at[4];
  typename V::mask code = __builtin_convertvector(*(const typename V::codesUnaligned *)codes, typename V::mask);
  UNROLL for (int i = 0; i < 4; i++) at[i] = code == i ? g : zero;
  V::put(a, interleaveLow(at[0], at[1])), V::put(a + L, interleaveHigh(at[0], at[1]));
  V::put(b, interleaveLow(at[2], at[3])), V::put(b + L, interleaveHigh(at[2], at[3]));
}

void maxPairs(const PoolShape &s, const float *x, float *out, uint8_t *codes) {
  constexpr int lanes = Vec<float>::lanes;
  forPlanes(s.planes(), s.plane(), [&](index_t p) {
    for (index_t y = 0; y < s.outHeight; y++) {
      const float *a = x + p * s.plane() + 2 * y * s.width, *b = a + s.width;
      index_t to = (p * s.outHeight + y) * s.outWidth, i = 0;
      uint8_t *c = codes ? codes + to : nullptr;
      for (; i + lanes <= s.outWidth; i += lanes) maxOfPairs<lanes>(a + 2 * i, b + 2 * i, out + to + i, c ? c + i : nullptr);
      for (; i + 4 <= s.outWidth; i += 4) maxOfPairs<4>(a + 2 * i, b + 2 * i, out + to + i, c ? c + i : nullptr);
      for (; i < s.outWidth; i++) {
        float v[4] = {a[2 * i], a[2 * i + 1], b[2 * i], b[2 * i + 1]};
        int best = 0;
        for (int k = 1; k < 4; k++)
          if (v[k] > v[best] || v[k] != v[k]) best = k;
        out[to + i] = v[best];
        if (c) c[i] = (uint8_t)best;
      }
    }
  });
}

void maxPairsBackward(const PoolShape &s, const float *gradient, const uint8_t *codes, float *gradInput) {
  constexpr int lanes = Vec<float>::lanes;
  forPlanes(s.planes(), s.plane(), [&](index_t p) {
    float *plane = gradInput + p * s.plane();
    for (index_t y = 0; y < s.outHeight; y++) {
      float *a = plane + 2 * y * s.width, *b = a + s.width;
      const float *g = gradient + (p * s.outHeight + y) * s.outWidth;
      const uint8_t *c = codes + (p * s.outHeight + y) * s.outWidth;
      index_t i = 0;
      for (; i + lanes <= s.outWidth; i += lanes) gradientOfPairs<lanes>(g + i, c + i, a + 2 * i, b + 2 * i);
      for (; i + 4 <= s.outWidth; i += 4) gradientOfPairs<4>(g + i, c + i, a + 2 * i, b + 2 * i);
      for (; i < s.outWidth; i++) {
        a[2 * i] = c[i] == 0 ? g[i] : 0, a[2 * i + 1] = c[i] == 1 ? g[i] : 0;
        b[2 * i] = c[i] == 2 ? g[i] : 0, b[2 * i + 1] = c[i] == 3 ? g[i] : 0;
      }
      for (i = 2 * s.outWidth; i < s.width; i++) a[i] = b[i] = 0;
    }
    for (index_t i = 2 * s.outHeight * s.width; i < s.plane(); i++) plane[i] = 0;
  });
}

// ---- max, any window

template <class T, class Code> void maxWindows(const PoolShape &s, const T *x, T *out, Code *codes) {
  forPlanes(s.planes(), s.outPlane() * s.kernelH * s.kernelW, [&](index_t p) {
    const T *plane = x + p * s.plane();
    for (index_t y = 0; y < s.outHeight; y++)
      for (index_t w = 0; w < s.outWidth; w++) {
        index_t y0 = y * s.strideH - s.padH, x0 = w * s.strideW - s.padW;
        T best = 0;
        index_t code = -1;
        for (index_t i = 0; i < s.kernelH; i++) {
          index_t row = y0 + i * s.dilationH;
          if (row < 0 || row >= s.height) continue;
          for (index_t j = 0; j < s.kernelW; j++) {
            index_t column = x0 + j * s.dilationW;
            if (column < 0 || column >= s.width) continue;
            T v = plane[row * s.width + column];
            if (code < 0 || v > best || v != v) best = v, code = i * s.kernelW + j;
          }
        }
        index_t to = (p * s.outHeight + y) * s.outWidth + w;
        out[to] = best;
        if (codes) codes[to] = (Code)code;
      }
  });
}

/// Position in the input's plane of the maximum of window (y, x).
template <class Code> INLINE index_t position(const PoolShape &s, index_t y, index_t x, Code code) {
  index_t i = (index_t)code / s.kernelW, j = (index_t)code % s.kernelW;
  return (y * s.strideH - s.padH + i * s.dilationH) * s.width + x * s.strideW - s.padW + j * s.dilationW;
}

template <class T, class Code>
void maxWindowsBackward(const PoolShape &s, const T *gradient, const Code *codes, T *gradInput) {
  forPlanes(s.planes(), s.plane() + s.outPlane(), [&](index_t p) {
    T *plane = gradInput + p * s.plane();
    memset(plane, 0, s.plane() * sizeof(T));
    index_t from = p * s.outPlane();
    for (index_t y = 0; y < s.outHeight; y++)
      for (index_t x = 0; x < s.outWidth; x++, from++) plane[position(s, y, x, codes[from])] += gradient[from];
  });
}

template <class Code> void codesToIndices(const PoolShape &s, const Code *codes, int32_t *indices) {
  forPlanes(s.planes(), s.outPlane(), [&](index_t p) {
    index_t from = p * s.outPlane();
    for (index_t y = 0; y < s.outHeight; y++)
      for (index_t x = 0; x < s.outWidth; x++, from++) indices[from] = (int32_t)position(s, y, x, codes[from]);
  });
}

template <class T> void maxPool(const PoolShape &s, const T *x, T *out, void *codes) {
  if (s.wideCodes()) maxWindows(s, x, out, (int32_t *)codes);
  else maxWindows(s, x, out, (uint8_t *)codes);
}

template <class T> void maxPoolBackward(const PoolShape &s, const T *gradient, const void *codes, T *gradInput) {
  if (s.wideCodes()) maxWindowsBackward(s, gradient, (const int32_t *)codes, gradInput);
  else maxWindowsBackward(s, gradient, (const uint8_t *)codes, gradInput);
}

// ---- averages

/// The window of one output along one dimension: the inputs [begin, end) and the size that counts.
struct Window {
  index_t begin, end, size;
};

/// Average pooling. The size that counts reaches into the padding, but not past it.
Window averageWindow(index_t i, index_t size, index_t kernel, index_t stride, index_t padding) {
  index_t begin = i * stride - padding, end = smaller(begin + kernel, size + padding);
  return {larger(begin, (index_t)0), smaller(end, size), end - begin};
}

/// Adaptive pooling: from floor(i · size / outSize) to ceil((i + 1) · size / outSize).
Window adaptiveWindow(index_t i, index_t size, index_t outSize) {
  int64_t wide = size; // i · size may not fit into 32 bits
  index_t begin = (index_t)(i * wide / outSize), end = (index_t)(((i + 1) * wide + outSize - 1) / outSize);
  return {begin, end, end - begin};
}

struct AverageWindows {
  const PoolShape &s;
  Window row(index_t y) const { return averageWindow(y, s.height, s.kernelH, s.strideH, s.padH); }
  Window column(index_t x) const { return averageWindow(x, s.width, s.kernelW, s.strideW, s.padW); }
  double divisor(const Window &h, const Window &w) const {
    if (s.divisor != 0) return s.divisor;
    return s.countPadding ? (double)(h.size * w.size) : (double)((h.end - h.begin) * (w.end - w.begin));
  }
};

struct AdaptiveWindows {
  const PoolShape &s;
  Window row(index_t y) const { return adaptiveWindow(y, s.height, s.outHeight); }
  Window column(index_t x) const { return adaptiveWindow(x, s.width, s.outWidth); }
  double divisor(const Window &h, const Window &w) const { return (double)(h.size * w.size); }
};

template <class T> T rowSum(const T *x, index_t n) {
  constexpr index_t lanes = Vec<T>::lanes;
  T sum = 0;
  index_t i = 0;
  if (n >= lanes) {
    auto v = splat((T)0);
    for (; i + lanes <= n; i += lanes) v += load(x + i);
    for (int l = 0; l < lanes; l++) sum += v[l];
  }
  for (; i < n; i++) sum += x[i];
  return sum;
}

template <class T, class Windows> void averages(const PoolShape &s, const Windows &windows, const T *x, T *out) {
  forPlanes(s.planes(), s.plane() + s.outPlane() * 8, [&](index_t p) {
    const T *plane = x + p * s.plane();
    for (index_t y = 0; y < s.outHeight; y++) {
      Window h = windows.row(y);
      for (index_t i = 0; i < s.outWidth; i++) {
        Window w = windows.column(i);
        T sum = 0;
        for (index_t row = h.begin; row < h.end && w.begin < w.end; row++)
          sum += rowSum(plane + row * s.width + w.begin, w.end - w.begin);
        // A window wholly outside the image has nothing to divide by and averages to 0.
        bool empty = h.begin >= h.end || w.begin >= w.end;
        out[(p * s.outHeight + y) * s.outWidth + i] = empty ? (T)0 : sum / (T)windows.divisor(h, w);
      }
    }
  });
}

template <class T, class Windows> void averagesBackward(const PoolShape &s, const Windows &windows, const T *gradient, T *gradInput) {
  forPlanes(s.planes(), s.plane() + s.outPlane() * 8, [&](index_t p) {
    T *plane = gradInput + p * s.plane();
    memset(plane, 0, s.plane() * sizeof(T));
    for (index_t y = 0; y < s.outHeight; y++) {
      Window h = windows.row(y);
      for (index_t i = 0; i < s.outWidth; i++) {
        Window w = windows.column(i);
        if (h.begin >= h.end || w.begin >= w.end) continue;
        T share = gradient[(p * s.outHeight + y) * s.outWidth + i] / (T)windows.divisor(h, w);
        for (index_t row = h.begin; row < h.end; row++)
          for (index_t column = w.begin; column < w.end; column++) plane[row * s.width + column] += share;
      }
    }
  });
}

} // namespace

extern "C" void KERNEL(maxPool2d)(int32_t dtype, void *meta, void *x, void *out, void *codes) {
  PoolShape s((const double *)meta);
  if (dtype == DTYPE_FLOAT32 && s.pairs()) return maxPairs(s, (const float *)x, (float *)out, (uint8_t *)codes);
  switch (dtype) {
  case DTYPE_BOOL:
  case DTYPE_UINT8: return maxPool(s, (const uint8_t *)x, (uint8_t *)out, codes);
  case DTYPE_INT8: return maxPool(s, (const int8_t *)x, (int8_t *)out, codes);
  case DTYPE_INT16: return maxPool(s, (const int16_t *)x, (int16_t *)out, codes);
  case DTYPE_INT32: return maxPool(s, (const int32_t *)x, (int32_t *)out, codes);
  case DTYPE_FLOAT32: return maxPool(s, (const float *)x, (float *)out, codes);
  case DTYPE_FLOAT64: return maxPool(s, (const double *)x, (double *)out, codes);
  }
}

extern "C" void KERNEL(maxPool2dBackward)(int32_t dtype, void *meta, void *gradient, void *codes, void *gradInput) {
  PoolShape s((const double *)meta);
  if (dtype == DTYPE_FLOAT32 && s.pairs())
    return maxPairsBackward(s, (const float *)gradient, (const uint8_t *)codes, (float *)gradInput);
  if (dtype == DTYPE_FLOAT32) maxPoolBackward(s, (const float *)gradient, codes, (float *)gradInput);
  else maxPoolBackward(s, (const double *)gradient, codes, (double *)gradInput);
}

extern "C" void KERNEL(maxPool2dIndices)(void *meta, void *codes, void *indices) {
  PoolShape s((const double *)meta);
  if (s.wideCodes()) codesToIndices(s, (const int32_t *)codes, (int32_t *)indices);
  else codesToIndices(s, (const uint8_t *)codes, (int32_t *)indices);
}

extern "C" void KERNEL(avgPool2d)(int32_t dtype, void *meta, void *x, void *out) {
  PoolShape s((const double *)meta);
  if (dtype == DTYPE_FLOAT32) averages(s, AverageWindows{s}, (const float *)x, (float *)out);
  else averages(s, AverageWindows{s}, (const double *)x, (double *)out);
}

extern "C" void KERNEL(avgPool2dBackward)(int32_t dtype, void *meta, void *gradient, void *gradInput) {
  PoolShape s((const double *)meta);
  if (dtype == DTYPE_FLOAT32) averagesBackward(s, AverageWindows{s}, (const float *)gradient, (float *)gradInput);
  else averagesBackward(s, AverageWindows{s}, (const double *)gradient, (double *)gradInput);
}

extern "C" void KERNEL(adaptiveAvgPool2d)(int32_t dtype, void *meta, void *x, void *out) {
  PoolShape s((const double *)meta);
  if (dtype == DTYPE_FLOAT32) averages(s, AdaptiveWindows{s}, (const float *)x, (float *)out);
  else averages(s, AdaptiveWindows{s}, (const double *)x, (double *)out);
}

extern "C" void KERNEL(adaptiveAvgPool2dBackward)(int32_t dtype, void *meta, void *gradient, void *gradInput) {
  PoolShape s((const double *)meta);
  if (dtype == DTYPE_FLOAT32) averagesBackward(s, AdaptiveWindows{s}, (const float *)gradient, (float *)gradInput);
  else averagesBackward(s, AdaptiveWindows{s}, (const double *)gradient, (double *)gradInput);
}
