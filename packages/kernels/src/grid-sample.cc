// Images and volumes at points between their elements. A point is a few taps along each dimension, and the products of
// these are its taps in the volume; points go in blocks, so that the loops over channels run over points.
#include "vector-math.h"
#include "scratch.h"

namespace {

constexpr int kPoints = 32, kMostTaps = 16, kMostAlong = 4;

struct GridShape {
  index_t images, channels, size[3], points; // sizes: width, height, depth
  int mode, padding, dimensions;
  bool alignCorners;

  GridShape(int mode, int padding, int flags, int dimensions, const double *meta)
      : images((index_t)meta[0]), channels((index_t)meta[1]), size{(index_t)meta[4], (index_t)meta[3], (index_t)meta[2]},
        points((index_t)meta[5]), mode(mode), padding(padding), dimensions(dimensions), alignCorners(flags & 1) {}
  index_t volume() const { return size[0] * size[1] * size[2]; }
  int along() const { return mode == GRID_SAMPLE_NEAREST ? 1 : mode == GRID_SAMPLE_BILINEAR ? 2 : 4; }
  int taps() const {
    int count = 1;
    for (int d = 0; d < dimensions; d++) count *= along();
    return count;
  }
};

/// The elements along one dimension that a point is made of, with weights and their derivatives by the coordinate; index −1: outside.
template <class T> struct Line {
  int32_t index[kMostAlong];
  T weight[kMostAlong], slope[kMostAlong];
};

/// A position and its derivative.
template <class T> struct Position {
  T at, slope;
};

template <class T> INLINE T down(T x) { return roundDown(splat(x))[0]; }

template <class T> INLINE Position<T> clip(Position<T> p, index_t size) {
  T last = (T)(size - 1);
  if (p.at <= 0) return {0, 0};
  if (p.at >= last) return {last, 0};
  return p;
}

/// Folds at the edges, which lie on the outer elements or half an element beyond them.
template <class T> INLINE Position<T> reflect(Position<T> p, index_t size, bool alignCorners) {
  T low = alignCorners ? 0 : (T)-0.5, span = alignCorners ? (T)(size - 1) : (T)size;
  if (span <= 0) return {0, 0};
  T distance = p.at - low, sign = 1;
  if (distance < 0) distance = -distance, sign = -1;
  T flips = down(distance / span), extra = distance - flips * span;
  bool isEven = flips - 2 * down(flips / 2) == 0;
  return {isEven ? low + extra : low + span - extra, p.slope * (isEven ? sign : -sign)};
}

/// Where a position outside is taken to be; what is not finite stays outside.
template <class T> INLINE Position<T> pad(const GridShape &s, Position<T> p, index_t size) {
  if (s.padding == GRID_PADDING_REFLECTION) p = reflect(p, size, s.alignCorners);
  if (s.padding != GRID_PADDING_ZEROS) p = clip(p, size);
  if (!(p.at > -2147483648.0 && p.at < 2147483520.0)) p = {(T)-100, 0};
  return p;
}

template <class T> INLINE int32_t inside(T at, index_t size) { return at >= 0 && at < (T)size ? (int32_t)at : -1; }

/// Keys' cubic convolution with a = −0.75 and its derivative, at distance x ≥ 0.
template <class T> INLINE Position<T> cubic(T x) {
  constexpr T a = (T)-0.75;
  if (x <= 1) return {((a + 2) * x - (a + 3)) * x * x + 1, (3 * (a + 2) * x - 2 * (a + 3)) * x};
  return {(((x - 5) * x + 8) * x - 4) * a, ((3 * x - 10) * x + 8) * a};
}

template <class T> INLINE Line<T> lineOf(const GridShape &s, T coordinate, index_t size) {
  T scale = s.alignCorners ? (T)(size - 1) / 2 : (T)size / 2;
  Position<T> p{s.alignCorners ? (coordinate + 1) * scale : (coordinate + 1) * scale - (T)0.5, scale};
  Line<T> line;
  if (s.mode == GRID_SAMPLE_BICUBIC) {
    // Each of the four elements is padded by itself.
    if (!(p.at > -2147483648.0 && p.at < 2147483520.0)) p = {(T)-100, 0};
    T left = down(p.at), share = p.at - left;
    for (int k = 0; k < 4; k++) {
      T distance = share - (T)(k - 1);
      Position<T> c = cubic(distance < 0 ? -distance : distance);
      line.index[k] = inside(pad(s, Position<T>{left + (T)(k - 1), 0}, size).at, size);
      line.weight[k] = c.at, line.slope[k] = distance < 0 ? -c.slope * p.slope : c.slope * p.slope;
    }
    return line;
  }
  p = pad(s, p, size);
  if (s.mode == GRID_SAMPLE_NEAREST) {
    T nearest = roundEven(splat(p.at))[0];
    line.index[0] = inside(nearest, size), line.weight[0] = 1, line.slope[0] = 0;
    return line;
  }
  T left = down(p.at), share = p.at - left;
  line.index[0] = inside(left, size), line.weight[0] = 1 - share, line.slope[0] = -p.slope;
  line.index[1] = inside(left + 1, size), line.weight[1] = share, line.slope[1] = p.slope;
  return line;
}

/// Taps of a block of points: tap k of point i is index[k][i] in the volume (−1: outside).
template <class T> struct Block {
  int32_t index[kMostTaps][kPoints];
  T weight[kMostTaps][kPoints];
};
/// Derivatives of the weights by each coordinate.
template <class T> struct Slopes {
  T by[3][kMostTaps][kPoints];
};

template <class T> void fillBlock(const GridShape &s, const T *grid, int count, Block<T> &block, Slopes<T> *slopes) {
  int along = s.along();
  for (int i = 0; i < count; i++, grid += s.dimensions) {
    Line<T> x = lineOf(s, grid[0], s.size[0]), y = lineOf(s, grid[1], s.size[1]), z;
    int deep = s.dimensions == 3 ? along : 1;
    if (s.dimensions == 3) z = lineOf(s, grid[2], s.size[2]);
    else z.index[0] = 0, z.weight[0] = 1, z.slope[0] = 0;
    int k = 0;
    for (int c = 0; c < deep; c++)
      for (int b = 0; b < along; b++)
        for (int a = 0; a < along; a++, k++) {
          bool isInside = x.index[a] >= 0 && y.index[b] >= 0 && z.index[c] >= 0;
          block.index[k][i] = isInside ? (int32_t)((z.index[c] * s.size[1] + y.index[b]) * s.size[0] + x.index[a]) : -1;
          block.weight[k][i] = x.weight[a] * y.weight[b] * z.weight[c];
          if (!slopes) continue;
          slopes->by[0][k][i] = x.slope[a] * y.weight[b] * z.weight[c];
          slopes->by[1][k][i] = x.weight[a] * y.slope[b] * z.weight[c];
          slopes->by[2][k][i] = x.weight[a] * y.weight[b] * z.slope[c];
        }
  }
}

template <class T> INLINE T valueAt(const T *volume, int32_t index) { return index < 0 ? (T)0 : volume[index]; }

/// Blocks of points of all images: body(image, first point, how many).
template <class F> void forBlocks(const GridShape &s, index_t cost, const F &body) {
  index_t blocks = ceilDivide(s.points, (index_t)kPoints);
  parallel_ranges(s.images * blocks, larger((index_t)1, 32768 / (kPoints * (cost + 8))), [&](index_t begin, index_t end) {
    for (index_t i = begin; i < end; i++) {
      index_t first = i % blocks * kPoints;
      body(i / blocks, first, (int)smaller(s.points - first, (index_t)kPoints));
    }
  });
}

template <class T> void sample(const GridShape &s, const T *x, const T *grid, T *out) {
  int taps = s.taps();
  forBlocks(s, s.channels * taps, [&](index_t n, index_t first, int count) {
    Block<T> block;
    fillBlock<T>(s, grid + (n * s.points + first) * s.dimensions, count, block, nullptr);
    for (index_t c = n * s.channels; c < (n + 1) * s.channels; c++) {
      const T *volume = x + c * s.volume();
      T *to = out + c * s.points + first;
      for (int i = 0; i < count; i++) to[i] = block.weight[0][i] * valueAt(volume, block.index[0][i]);
      for (int k = 1; k < taps; k++)
        for (int i = 0; i < count; i++) to[i] += block.weight[k][i] * valueAt(volume, block.index[k][i]);
    }
  });
}

template <class T> void sampleGridGradient(const GridShape &s, const T *gradient, const T *x, const T *grid, T *gradGrid) {
  int taps = s.taps();
  forBlocks(s, s.channels * taps * s.dimensions, [&](index_t n, index_t first, int count) {
    Block<T> block;
    Slopes<T> slopes;
    T dot[kMostTaps][kPoints]; // of each tap: Σ over the channels of gradient · value
    memset(dot, 0, sizeof dot);
    fillBlock<T>(s, grid + (n * s.points + first) * s.dimensions, count, block, &slopes);
    for (index_t c = n * s.channels; c < (n + 1) * s.channels; c++) {
      const T *volume = x + c * s.volume(), *g = gradient + c * s.points + first;
      for (int k = 0; k < taps; k++)
        for (int i = 0; i < count; i++) dot[k][i] += g[i] * valueAt(volume, block.index[k][i]);
    }
    T *to = gradGrid + (n * s.points + first) * s.dimensions;
    for (int i = 0; i < count; i++)
      for (int d = 0; d < s.dimensions; d++) {
        T sum = 0;
        for (int k = 0; k < taps; k++) sum += slopes.by[d][k][i] * dot[k][i];
        *to++ = sum;
      }
  });
}

/// Each image by itself and some channels at a time: points of one image may share elements.
template <class T> void sampleInputGradient(const GridShape &s, const T *gradient, const T *grid, T *gradInput) {
  constexpr index_t together = 4;
  int taps = s.taps();
  index_t groups = ceilDivide(s.channels, together);
  parallel_for(s.images * groups, [&](index_t index, int) {
    index_t n = index / groups, from = n * s.channels + index % groups * together;
    index_t to = smaller(from + together, (n + 1) * s.channels);
    memset(gradInput + from * s.volume(), 0, (to - from) * s.volume() * sizeof(T));
    Block<T> block;
    for (index_t first = 0; first < s.points; first += kPoints) {
      int count = (int)smaller(s.points - first, (index_t)kPoints);
      fillBlock<T>(s, grid + (n * s.points + first) * s.dimensions, count, block, nullptr);
      for (index_t c = from; c < to; c++) {
        T *volume = gradInput + c * s.volume();
        const T *g = gradient + c * s.points + first;
        for (int k = 0; k < taps; k++)
          for (int i = 0; i < count; i++)
            if (block.index[k][i] >= 0) volume[block.index[k][i]] += block.weight[k][i] * g[i];
      }
    }
  });
}

template <class T> void sampleGradients(const GridShape &s, const T *gradient, const T *x, const T *grid, T *gradInput, T *gradGrid) {
  if (gradInput) sampleInputGradient(s, gradient, grid, gradInput);
  if (gradGrid) sampleGridGradient(s, gradient, x, grid, gradGrid);
}

} // namespace

extern "C" void KERNEL(gridSample)(int32_t mode, int32_t padding, int32_t flags, int32_t dimensions, int32_t dtype, void *meta,
                                   void *x, void *grid, void *out) {
  GridShape s(mode, padding, flags, dimensions, (const double *)meta);
  if (dtype == DTYPE_FLOAT32) sample(s, (const float *)x, (const float *)grid, (float *)out);
  else sample(s, (const double *)x, (const double *)grid, (double *)out);
}

extern "C" void KERNEL(gridSampleBackward)(int32_t mode, int32_t padding, int32_t flags, int32_t dimensions, int32_t dtype,
                                           void *meta, void *gradient, void *x, void *grid, void *gradInput, void *gradGrid) {
  GridShape s(mode, padding, flags, dimensions, (const double *)meta);
  if (dtype == DTYPE_FLOAT32)
    sampleGradients(s, (const float *)gradient, (const float *)x, (const float *)grid, (float *)gradInput, (float *)gradGrid);
  else
    sampleGradients(s, (const double *)gradient, (const double *)x, (const double *)grid, (double *)gradInput, (double *)gradGrid);
}
