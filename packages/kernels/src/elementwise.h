// The loop that all elementwise kernels share. A kernel is one function over contiguous runs of elements; this
// loop cuts the work into tiles, hands runs that are contiguous in memory over as they are, and gathers any
// other operand of a tile into a small buffer first (scatters, for the output). So no kernel knows strides.
#pragma once
#include "kernel.h"

namespace {

/// One operand: address, bytes per element, strides in elements (ndim of them, within meta).
struct Operand {
  char *data;
  int size;
  const double *strides;
};

constexpr int kTileBytes = 4096;        // of one gathered operand
constexpr index_t kGrain = 32768;       // elements of work worth a thread's attention

template <class T> INLINE void copyStrided(const T *from, index_t fromRow, index_t fromColumn, T *to, index_t toRow, index_t toColumn,
                                           index_t rows, index_t columns) {
  for (index_t i = 0; i < rows; i++, from += fromRow, to += toRow) {
    if (fromColumn == 0 && toColumn == 1) {
      T value = *from;
      for (index_t j = 0; j < columns; j++) to[j] = value;
    } else {
      for (index_t j = 0; j < columns; j++) to[j * toColumn] = from[j * fromColumn];
    }
  }
}
/// to[i, j] = from[j, i] for elements of four bytes, in blocks of 4 × 4; few lines of memory are open at a time.
NOINLINE void transposeTile(const float *from, index_t fromStride, float *to, index_t toStride, index_t rows, index_t columns) {
  index_t wholeRows = rows & ~(index_t)3, wholeColumns = columns & ~(index_t)3;
  for (index_t j = 0; j < wholeColumns; j += 4)
    for (index_t i = 0; i < wholeRows; i += 4) {
      quad block[4];
      UNROLL for (int k = 0; k < 4; k++) block[k] = loadQuad(from + (j + k) * fromStride + i);
      transposeQuads(block);
      UNROLL for (int k = 0; k < 4; k++) storeQuad(to + (i + k) * toStride + j, block[k]);
    }
  const uint32_t *x = (const uint32_t *)from;
  uint32_t *y = (uint32_t *)to;
  copyStrided(x + wholeRows, 1, fromStride, y + wholeRows * toStride, toStride, 1, rows - wholeRows, columns);
  copyStrided(x + wholeColumns * fromStride, 1, fromStride, y + wholeColumns, toStride, 1, wholeRows, columns - wholeColumns);
}
/// Copies rows × columns elements of `size` bytes; strides in elements.
NOINLINE void copyTile(int size, const char *from, index_t fromRow, index_t fromColumn, char *to, index_t toRow, index_t toColumn,
                       index_t rows, index_t columns) {
  if (fromColumn == 1 && toColumn == 1 && columns * size >= 64) {
    for (index_t i = 0; i < rows; i++) memcpy(to + i * toRow * size, from + i * fromRow * size, (size_t)(columns * size));
    return;
  }
  if (size == 4 && fromRow == 1 && toColumn == 1) return transposeTile((const float *)from, fromColumn, (float *)to, toRow, rows, columns);
  if (size == 4 && fromColumn == 1 && toRow == 1) return transposeTile((const float *)from, fromRow, (float *)to, toColumn, columns, rows);
  switch (size) {
    case 1: return copyStrided((const uint8_t *)from, fromRow, fromColumn, (uint8_t *)to, toRow, toColumn, rows, columns);
    case 2: return copyStrided((const uint16_t *)from, fromRow, fromColumn, (uint16_t *)to, toRow, toColumn, rows, columns);
    case 4: return copyStrided((const uint32_t *)from, fromRow, fromColumn, (uint32_t *)to, toRow, toColumn, rows, columns);
    default: return copyStrided((const uint64_t *)from, fromRow, fromColumn, (uint64_t *)to, toRow, toColumn, rows, columns);
  }
}

/// The iteration space as outer × rows × columns: columns are the last dimension, rows another one.
struct Space {
  int ndim, row;  // row: its dimension, −1 if there is only one
  const double *shape;
  index_t rows, columns, outer;

  Space(int ndim, const double *shape, const Operand *operands, int count) : ndim(ndim), row(ndim - 2), shape(shape) {
    // An operand whose columns lie apart is best read along the dimension in which it is contiguous.
    for (int i = 0; ndim > 2 && i < count; i++) {
      const double *strides = operands[i].strides;
      if (strides[ndim - 1] == 0 || strides[ndim - 1] == 1) continue;
      for (int d = 0; d < ndim - 1; d++)
        if (strides[d] == 1) row = d;
    }
    columns = ndim > 0 ? (index_t)shape[ndim - 1] : 1;
    rows = row >= 0 ? (index_t)shape[row] : 1;
    outer = 1;
    for (int d = 0; d < ndim - 1; d++)
      if (d != row) outer *= (index_t)shape[d];
  }
  index_t rowStride(const Operand &operand) const { return row >= 0 ? (index_t)operand.strides[row] : 0; }
  index_t columnStride(const Operand &operand) const { return ndim > 0 ? (index_t)operand.strides[ndim - 1] : 0; }
  /// Offset of an operand, in elements, at the i-th position of the outer dimensions.
  index_t offset(const Operand &operand, index_t i) const {
    index_t sum = 0;
    for (int d = ndim - 2; d >= 0 && i > 0; d--) {
      if (d == row) continue;
      index_t size = (index_t)shape[d];
      sum += i % size * (index_t)operand.strides[d];
      i /= size;
    }
    return sum;
  }
};

/// A rectangle of rows × columns of the space.
struct Tile {
  index_t outer, row, column, rows, columns;
};
/// Cuts the space into tiles of at most tileRows × tileColumns and runs body(tile, state) over all, in parallel where it pays.
/// A chunk of tiles shares one State.
template <class State, class F> INLINE void forEachTile(const Space &space, index_t tileRows, index_t tileColumns, const F &body) {
  index_t down = (space.rows + tileRows - 1) / tileRows, across = (space.columns + tileColumns - 1) / tileColumns;
  index_t tiles = space.outer * down * across;
  if (space.rows == 0 || space.columns == 0 || tiles == 0) return;
  index_t average = space.rows * space.columns / (down * across);
  parallel_ranges(tiles, average >= kGrain ? 1 : kGrain / average, [&](index_t begin, index_t end) {
    State state;
    for (index_t i = begin; i < end; i++) {
      index_t column = i % across * tileColumns, row = i / across % down * tileRows;
      index_t rows = space.rows - row, columns = space.columns - column;
      body(Tile{i / across / down, row, column, rows < tileRows ? rows : tileRows, columns < tileColumns ? columns : tileColumns}, state);
    }
  });
}

/// A kernel over n contiguous elements: inputs in order, then the output; p0 and p1 are parameters.
template <int inputs> struct Run;
template <> struct Run<0> { typedef void (*type)(void *out, index_t n, double p0, double p1); };
template <> struct Run<1> { typedef void (*type)(const void *x, void *out, index_t n, double p0, double p1); };
template <> struct Run<2> { typedef void (*type)(const void *a, const void *b, void *out, index_t n, double p0, double p1); };
template <> struct Run<3> { typedef void (*type)(const void *c, const void *a, const void *b, void *out, index_t n, double p0, double p1); };

template <int inputs> struct Buffers {
  alignas(64) char bytes[inputs + 1][kTileBytes];
  const char *source[inputs + 1] = {};  // of a constant operand's buffer: what it was filled from …
  index_t filled[inputs + 1] = {};      // … and how far
};

template <int inputs> INLINE void runOn(typename Run<inputs>::type kernel, char *const *p, index_t n, double p0, double p1) {
  if constexpr (inputs == 0) kernel(p[0], n, p0, p1);
  if constexpr (inputs == 1) kernel(p[0], p[1], n, p0, p1);
  if constexpr (inputs == 2) kernel(p[0], p[1], p[2], n, p0, p1);
  if constexpr (inputs == 3) kernel(p[0], p[1], p[2], p[3], n, p0, p1);
}

/// out = kernel(inputs) over a shape with strides; operands[inputs] is the output.
template <int inputs>
void elementwise(int ndim, const double *shape, const Operand (&operands)[inputs + 1], typename Run<inputs>::type kernel, double p0, double p1) {
  constexpr int count = inputs + 1;
  Space space(ndim, shape, operands, count);
  int widest = 1;
  bool contiguous = true, apart = false;  // apart: some operand's columns are neither contiguous nor constant
  index_t rowStrides[count], columnStrides[count];
  for (int i = 0; i < count; i++) {
    rowStrides[i] = space.rowStride(operands[i]), columnStrides[i] = space.columnStride(operands[i]);
    if (operands[i].size > widest) widest = operands[i].size;
    if (space.columns != 1 && columnStrides[i] != 1) contiguous = false;
    if (space.columns != 1 && columnStrides[i] > 1) apart = true;
  }
  index_t elements = kTileBytes / widest, tileRows = 1, tileColumns = elements;
  if (contiguous && (space.columns >= elements || space.rows == 1)) {
    tileColumns = kGrain;
  } else if (apart && space.rows > 1) {
    for (tileRows = 64 / widest; tileRows * tileRows < elements / 2;) tileRows *= 2;
    tileColumns = elements / tileRows;
  }
  if (space.columns < tileColumns) {  // short rows: several of them make a tile
    tileColumns = space.columns < 1 ? 1 : space.columns;
    tileRows = tileColumns < elements ? elements / tileColumns : 1;
  }
  forEachTile<Buffers<inputs>>(space, tileRows, tileColumns, [&](const Tile &tile, Buffers<inputs> &buffers) {
    char *p[count];
    index_t n = tile.rows * tile.columns;
    bool scattered = false;
    for (int i = 0; i < count; i++) {
      const Operand &operand = operands[i];
      index_t rowStride = rowStrides[i], columnStride = columnStrides[i];
      p[i] = operand.data + operand.size * (space.offset(operand, tile.outer) + tile.row * rowStride + tile.column * columnStride);
      index_t fastest = tile.columns == 1 ? rowStride : columnStride;
      if (n == 1 || (fastest == 1 && (tile.columns == 1 || tile.rows == 1 || rowStride == tile.columns))) continue;
      char *buffer = buffers.bytes[i];
      if (i == inputs) {
        scattered = true;
      } else if (columnStride == 0 && (tile.rows == 1 || rowStride == 0)) {
        if (buffers.source[i] != p[i] || buffers.filled[i] < n) {
          copyTile(operand.size, p[i], 0, 0, buffer, 0, 1, 1, n);
          buffers.source[i] = p[i], buffers.filled[i] = n;
        }
        p[i] = buffer;
        continue;
      } else if (rowStride == 1) {  // along the columns of the tile: whole cache lines
        copyTile(operand.size, p[i], columnStride, rowStride, buffer, 1, tile.columns, tile.columns, tile.rows);
      } else {
        copyTile(operand.size, p[i], rowStride, columnStride, buffer, tile.columns, 1, tile.rows, tile.columns);
      }
      buffers.source[i] = nullptr;
      if (i < inputs) p[i] = buffer;
    }
    char *out = p[inputs];
    if (scattered) p[inputs] = buffers.bytes[inputs];
    runOn<inputs>(kernel, p, n, p0, p1);
    if (!scattered) return;
    if (rowStrides[inputs] == 1)
      copyTile(operands[inputs].size, p[inputs], 1, tile.columns, out, columnStrides[inputs], 1, tile.columns, tile.rows);
    else
      copyTile(operands[inputs].size, p[inputs], tile.columns, 1, out, rowStrides[inputs], columnStrides[inputs], tile.rows, tile.columns);
  });
}

constexpr int kSizes[] = {1, 1, 1, 2, 4, 4, 8};
static_assert(sizeof(kSizes) / sizeof(int) == DTYPE_COUNT, "a size for every element type");

/// Elements of a contiguous space small enough to be done at once, or −1. Strides of all operands follow the shape in meta.
INLINE index_t smallContiguous(int ndim, const double *meta, int operands) {
  if (ndim == 0) return 1;
  if (ndim != 1 || meta[0] > kGrain) return -1;
  for (int i = 1; i <= operands; i++)
    if (meta[i] != 1) return -1;
  return (index_t)meta[0];
}

// ---- loops of kernels
/// Elements are computed one by one, `f` of the inputs' elements; compilers vectorise it. The output may be an input.
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wpass-failed"  // that a loop cannot be vectorised is no matter
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define INDEPENDENT _Pragma("GCC ivdep")
#endif

/// The first n < lanes elements, the others 0 …
template <class V, class T> INLINE V loadFirst(const T *p, index_t n) {
  V v = {};
  memcpy(&v, p, (size_t)n * sizeof(T));
  return v;
}
/// … and back.
template <class V, class T> INLINE void storeFirst(T *p, index_t n, V v) { memcpy(p, &v, (size_t)n * sizeof(T)); }

/// Vectors of as many float32 as there are lanes in vd.
typedef float halfVector __attribute__((vector_size(KINDLING_VECTOR_BYTES / 2)));
typedef float halfUnaligned __attribute__((vector_size(KINDLING_VECTOR_BYTES / 2), aligned(4), may_alias));

/// How elements of type T come into vectors that compute in Real (T itself, or double for a float in memory).
template <class T, class Real> struct Lanes;
template <class T> struct Lanes<T, T> {
  typedef typename Vec<T>::type vector;
  static constexpr index_t count = Vec<T>::lanes;
  INLINE vector in(const T *p, index_t n) { return n >= count ? load(p) : loadFirst<vector>(p, n); }
  INLINE void out(T *p, index_t n, vector v) { n >= count ? store(p, v) : storeFirst(p, n, v); }
};
template <> struct Lanes<float, double> {
  typedef vd vector;
  static constexpr index_t count = Vec<double>::lanes;
  INLINE vector in(const float *p, index_t n) {
    return __builtin_convertvector(n >= count ? (halfVector) * (const halfUnaligned *)p : loadFirst<halfVector>(p, n), vd);
  }
  INLINE void out(float *p, index_t n, vector v) {
    halfVector h = __builtin_convertvector(v, halfVector);
    if (n >= count) *(halfUnaligned *)p = h;
    else storeFirst(p, n, h);
  }
};

}  // namespace
