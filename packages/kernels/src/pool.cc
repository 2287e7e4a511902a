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

/// Taps of a window that lie inside, where it begins at `start`: [begin, end).
struct Inside {
  index_t begin, end;
  Inside(index_t start, index_t size, index_t kernel, index_t dilation) {
    begin = start < 0 ? ceilDivide(-start, dilation) : 0;
    end = start + (kernel - 1) * dilation < size ? kernel : ceilDivide(size - start, dilation);
  }
};

/// L windows side by side, one or two elements apart, none of which reaches over the left or right edge.
template <int L, int stride>
INLINE void maxOfNeighbours(const PoolShape &s, const float *from, const Inside &rows, float *out, uint8_t *codes) {
  typedef Lanes<L> V;
  auto get = [](const float *p) {
    if constexpr (stride == 1) return V::get(p);
    else return evenLanes(V::get(p), V::get(p + L));
  };
  typename V::type best = get(from + rows.begin * s.dilationH * s.width);
  typename V::mask code = (typename V::mask){0} + (int32_t)(rows.begin * s.kernelW);
  for (index_t i = rows.begin; i < rows.end; i++)
    for (index_t j = i == rows.begin; j < s.kernelW; j++) {
      typename V::type next = get(from + i * s.dilationH * s.width + j * s.dilationW);
      typename V::mask wins = (next > best) | (next != next);
      best = wins ? next : best;
      code = wins ? (typename V::mask){0} + (int32_t)(i * s.kernelW + j) : code;
    }
  V::put(out, best);
  if (codes) *(typename V::codesUnaligned *)codes = __builtin_convertvector(code, typename V::codes);
}

template <class T, class Code> void maxWindows(const PoolShape &s, const T *x, T *out, Code *codes) {
  constexpr int lanes = Vec<float>::lanes;
  constexpr bool fast = sizeof(Code) == 1 && (T)0.5 != 0 && sizeof(T) == 4;
  // Windows one or two elements apart that reach over neither edge go lane by lane; of two apart whole pairs are read.
  bool near = s.strideW == 1 || s.strideW == 2;
  index_t inner = near && fast ? ceilDivide(s.padW, s.strideW) : s.outWidth;
  index_t innerEnd = near ? smaller(s.outWidth, (s.width + s.padW - (s.kernelW - 1) * s.dilationW) / s.strideW) : 0;
  forPlanes(s.planes(), s.outPlane() * s.kernelH * s.kernelW, [&](index_t p) {
    const T *plane = x + p * s.plane();
    for (index_t y = 0; y < s.outHeight; y++) {
      index_t y0 = y * s.strideH - s.padH, to = (p * s.outHeight + y) * s.outWidth;
      Inside rows(y0, s.height, s.kernelH, s.dilationH);
      for (index_t w = 0; w < s.outWidth; w++) {
        index_t x0 = w * s.strideW - s.padW;
        if constexpr (fast) {
          if (w >= inner && w + lanes <= innerEnd) {
            auto windows = s.strideW == 1 ? maxOfNeighbours<lanes, 1> : maxOfNeighbours<lanes, 2>;
            windows(s, plane + y0 * s.width + x0, rows, out + to + w, codes ? codes + to + w : nullptr);
            w += lanes - 1;
            continue;
          }
        }
        Inside columns(x0, s.width, s.kernelW, s.dilationW);
        index_t code = rows.begin * s.kernelW + columns.begin;
        T best = plane[(y0 + rows.begin * s.dilationH) * s.width + x0 + columns.begin * s.dilationW];
        for (index_t i = rows.begin; i < rows.end; i++) {
          const T *row = plane + (y0 + i * s.dilationH) * s.width + x0;
          for (index_t j = columns.begin; j < columns.end; j++) {
            T v = row[j * s.dilationW];
            if (v > best || v != v) best = v, code = i * s.kernelW + j;
          }
        }
        out[to + w] = best;
        if (codes) codes[to + w] = (Code)code;
      }
    }
  });
}

/// Distances of a window's elements from its first one; those of a few elements are looked up.
template <class Code> struct Offsets {
  const PoolShape &s;
  int32_t table[sizeof(Code) == 1 ? 256 : 1];
  explicit Offsets(const PoolShape &s) : s(s) {
    if constexpr (sizeof(Code) == 1)
      for (index_t code = 0; code < s.kernelH * s.kernelW; code++) table[code] = (int32_t)compute(code);
  }
  index_t compute(index_t code) const {
    return code / s.kernelW * s.dilationH * s.width + code % s.kernelW * s.dilationW;
  }
  index_t at(Code code) const {
    if constexpr (sizeof(Code) == 1) return table[code];
    else return compute((index_t)code);
  }
};

/// visit(output, position in the input's plane of its maximum) for all outputs of a plane.
template <class Code, class F> INLINE void forMaxima(const PoolShape &s, const Offsets<Code> &offsets, const Code *codes, index_t p, const F &visit) {
  index_t from = p * s.outPlane();
  for (index_t y = 0; y < s.outHeight; y++) {
    index_t corner = (y * s.strideH - s.padH) * s.width - s.padW;
    for (index_t x = 0; x < s.outWidth; x++, from++, corner += s.strideW) visit(from, corner + offsets.at(codes[from]));
  }
}

template <class T, class Code>
void maxWindowsBackward(const PoolShape &s, const T *gradient, const Code *codes, T *gradInput) {
  Offsets<Code> offsets(s);
  forPlanes(s.planes(), s.plane() + s.outPlane(), [&](index_t p) {
    T *plane = gradInput + p * s.plane();
    memset(plane, 0, s.plane() * sizeof(T));
    forMaxima(s, offsets, codes, p, [&](index_t from, index_t at) { plane[at] += gradient[from]; });
  });
}

template <class Code> void codesToIndices(const PoolShape &s, const Code *codes, int32_t *indices) {
  Offsets<Code> offsets(s);
  forPlanes(s.planes(), s.outPlane(), [&](index_t p) {
    forMaxima(s, offsets, codes, p, [&](index_t from, index_t at) { indices[from] = (int32_t)at; });
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

/// Windows along both dimensions; the sum of a window is divided by the factors of its row and its column.
struct AverageWindows {
  const PoolShape &s;
  Window row(index_t y) const { return averageWindow(y, s.height, s.kernelH, s.strideH, s.padH); }
  Window column(index_t x) const { return averageWindow(x, s.width, s.kernelW, s.strideW, s.padW); }
  double columnFactor(const Window &w) const {
    return s.divisor != 0 ? 1 : (double)(s.countPadding ? w.size : w.end - w.begin);
  }
  double rowFactor(const Window &h) const { return s.divisor != 0 ? s.divisor : columnFactor(h); }
};

struct AdaptiveWindows {
  const PoolShape &s;
  Window row(index_t y) const { return adaptiveWindow(y, s.height, s.outHeight); }
  Window column(index_t x) const { return adaptiveWindow(x, s.width, s.outWidth); }
  double columnFactor(const Window &w) const { return (double)w.size; }
  double rowFactor(const Window &h) const { return (double)h.size; }
};

constexpr index_t kStripe = 512;

/// Outputs [first, last) of each row and what they read of columns [low, high), at most kStripe: `count` columns from `offset`
/// on each. A window that reads more is several stripes, of which only one begins and one ends it.
template <class T> struct Stripe {
  index_t first, last, low, high;
  bool begins, ends, copies; // copies: each output reads the one column of its own
  int32_t offset[kStripe], count[kStripe];
  T factor[kStripe];
};

template <class T, class Windows, class F> void forStripes(const PoolShape &s, const Windows &windows, const F &body) {
  Stripe<T> stripe;
  for (stripe.first = 0; stripe.first < s.outWidth; stripe.first = stripe.last) {
    index_t low = s.width, high = 0;
    for (stripe.last = stripe.first; stripe.last < s.outWidth && stripe.last - stripe.first < kStripe; stripe.last++) {
      Window w = windows.column(stripe.last);
      if (w.begin >= w.end) continue;
      index_t from = smaller(low, w.begin), to = larger(high, w.end);
      if (stripe.last > stripe.first && to - from > kStripe) break;
      low = from, high = to;
    }
    stripe.begins = true, stripe.low = smaller(low, high);
    do {
      stripe.high = smaller(high, stripe.low + kStripe), stripe.ends = stripe.high == high;
      stripe.copies = stripe.begins && stripe.ends;
      for (index_t i = 0; i < stripe.last - stripe.first; i++) {
        Window w = windows.column(stripe.first + i);
        index_t begin = larger(w.begin, stripe.low), end = smaller(w.end, stripe.high);
        stripe.offset[i] = (int32_t)(begin - stripe.low), stripe.count[i] = begin < end ? (int32_t)(end - begin) : 0;
        stripe.factor[i] = (T)windows.columnFactor(w);
        if (stripe.offset[i] != i || stripe.count[i] != 1) stripe.copies = false;
      }
      body(stripe);
      stripe.begins = false, stripe.low = stripe.high;
    } while (!stripe.ends);
  }
}

/// a[i] += b[i]
template <class T> INLINE void addRow(T *a, const T *b, index_t n) {
  constexpr index_t lanes = Vec<T>::lanes;
  index_t i = 0;
  for (; i + lanes <= n; i += lanes) store(a + i, load(a + i) + load(b + i));
  for (; i < n; i++) a[i] += b[i];
}

template <class T> INLINE T sumOf(const T *x, index_t n) {
  constexpr index_t lanes = Vec<T>::lanes;
  T sum = 0;
  index_t i = 0;
  if (n >= 2 * lanes) {
    auto v = splat((T)0);
    for (; i + lanes <= n; i += lanes) v += load(x + i);
    for (int l = 0; l < lanes; l++) sum += v[l];
  }
  for (; i < n; i++) sum += x[i];
  return sum;
}

/// The rows of a window are added up first, then its columns. A window wholly outside the image averages to 0.
template <class T, class Windows> void averages(const PoolShape &s, const Windows &windows, const T *x, T *out) {
  forPlanes(s.planes(), s.plane() + s.outPlane() * 8, [&](index_t p) {
    forStripes<T>(s, windows, [&](const Stripe<T> &stripe) {
      T sums[kStripe];
      index_t width = stripe.high - stripe.low, outputs = stripe.last - stripe.first;
      for (index_t y = 0; y < s.outHeight; y++) {
        Window h = windows.row(y);
        T factor = (T)windows.rowFactor(h), *to = out + (p * s.outHeight + y) * s.outWidth + stripe.first;
        if (h.begin >= h.end || width == 0) {
          memset(to, 0, outputs * sizeof(T));
          continue;
        }
        const T *from = x + (p * s.height + h.begin) * s.width + stripe.low;
        memcpy(sums, from, width * sizeof(T));
        for (index_t row = h.begin + 1; row < h.end; row++) addRow(sums, from += s.width, width);
        if (stripe.copies) {
          for (index_t i = 0; i < outputs; i++) to[i] = sums[i] / (factor * stripe.factor[i]);
          continue;
        }
        for (index_t i = 0; i < outputs; i++) {
          T sum = sumOf(sums + stripe.offset[i], stripe.count[i]) + (stripe.begins ? (T)0 : to[i]);
          to[i] = stripe.ends && stripe.count[i] > 0 ? sum / (factor * stripe.factor[i]) : sum;
        }
      }
    });
  });
}

/// The shares of a row of outputs are put side by side first, then added to the rows of their windows.
template <class T, class Windows>
void averagesBackward(const PoolShape &s, const Windows &windows, const T *gradient, T *gradInput) {
  forPlanes(s.planes(), s.plane() + s.outPlane() * 8, [&](index_t p) {
    memset(gradInput + p * s.plane(), 0, s.plane() * sizeof(T));
    forStripes<T>(s, windows, [&](const Stripe<T> &stripe) {
      T shares[kStripe];
      index_t width = stripe.high - stripe.low, outputs = stripe.last - stripe.first;
      for (index_t y = 0; width > 0 && y < s.outHeight; y++) {
        Window h = windows.row(y);
        T factor = (T)windows.rowFactor(h);
        const T *from = gradient + (p * s.outHeight + y) * s.outWidth + stripe.first;
        if (stripe.copies) {
          for (index_t i = 0; i < outputs; i++) shares[i] = from[i] / (factor * stripe.factor[i]);
        } else {
          memset(shares, 0, width * sizeof(T));
          for (index_t i = 0; i < outputs; i++) {
            T share = from[i] / (factor * stripe.factor[i]), *to = shares + stripe.offset[i];
            for (int32_t k = 0; k < stripe.count[i]; k++) to[k] += share;
          }
        }
        for (index_t row = h.begin; row < h.end; row++) addRow(gradInput + (p * s.height + row) * s.width + stripe.low, shares, width);
      }
    });
  });
}

/// Where in its plane the maximum of each adaptive window is; NaN wins, else the first of equals.
template <class T> void adaptiveMaxima(const PoolShape &s, const T *x, int32_t *indices) {
  AdaptiveWindows windows{s};
  forPlanes(s.planes(), s.plane() + s.outPlane() * 8, [&](index_t p) {
    const T *plane = x + p * s.plane();
    int32_t *to = indices + p * s.outPlane();
    for (index_t y = 0; y < s.outHeight; y++) {
      Window h = windows.row(y);
      for (index_t i = 0; i < s.outWidth; i++) {
        Window w = windows.column(i);
        index_t at = h.begin * s.width + w.begin;
        T best = plane[at];
        for (index_t row = h.begin; row < h.end; row++)
          for (index_t column = w.begin; column < w.end; column++) {
            T v = plane[row * s.width + column];
            if (v > best || v != v) best = v, at = row * s.width + column;
          }
        *to++ = (int32_t)at;
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

extern "C" void KERNEL(adaptiveMaxPool2dIndices)(int32_t dtype, void *meta, void *x, void *indices) {
  PoolShape s((const double *)meta);
  if (dtype == DTYPE_FLOAT32) adaptiveMaxima(s, (const float *)x, (int32_t *)indices);
  else adaptiveMaxima(s, (const double *)x, (int32_t *)indices);
}
