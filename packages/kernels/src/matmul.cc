// Matrix product. Three ways, picked by shape:
//   packed   the general one: panels of b and blocks of a packed for the register-blocked kernel; large products share
//            the panels among the threads, of many small ones each thread packs its own
//   dot      a few rows, and b's columns contiguous along k as they are: no packing
//   thin     a few rows times a matrix stored by rows: streams the matrix once
// The output is cut into rectangles fixed by the shape alone, each computed by one thread.
#include "matrix.h"
#include "micro-kernel.h"
#include "transpose.h"

namespace {

/// out (m x n) = a (m x k) · b (k x n), plus bias, or plus out if accumulate.
/// biasStep is the distance between the biases of two columns, biasRow that of two rows: one of them is 0.
template <class T> struct Product {
  index_t m, n, k;
  Matrix<T> a, b;
  T *out;
  index_t outRow, outColumn;
  const T *bias;
  index_t biasRow, biasColumn;
  bool accumulate;

  Product transposed() const {
    return {n, m, k, b.transposed(), a.transposed(), out, outColumn, outRow, bias, biasColumn, biasRow, accumulate};
  }
  Product rectangle(index_t i0, index_t i1, index_t j0, index_t j1) const {
    Product p = *this;
    p.m = i1 - i0, p.n = j1 - j0;
    p.a = a.at(i0, 0), p.b = b.at(0, j0);
    p.out += i0 * outRow + j0 * outColumn;
    if (bias) p.bias += i0 * biasRow + j0 * biasColumn;
    return p;
  }
  /// What the sum over k starts from.
  T start(index_t i, index_t j) const {
    return accumulate ? out[i * outRow + j * outColumn] : bias ? bias[i * biasRow + j * biasColumn] : (T)0;
  }
};

// ---- packed

template <class T> constexpr int kPanelColumns = kBlockVectors * Vec<T>::lanes;
/// Depth of a packed block (a panel of b of this depth stays in the first-level cache), its rows and columns.
template <class T> constexpr index_t kDepth = 1024 / (index_t)sizeof(T);
constexpr index_t kRows = kBlockRows * 12;
template <class T> constexpr index_t kColumns = 4096 / (index_t)sizeof(T);
template <class T> constexpr index_t kPanelElements = kDepth<T> * kColumns<T>;
template <class T> constexpr index_t kRowElements = kDepth<T> * kRows;

/// Panels of kPanelColumns columns, each [depth][kPanelColumns], the last filled up with zeros.
template <class T> void packPanels(Matrix<T> b, index_t depth, index_t columns, T *packed) {
  constexpr index_t width = kPanelColumns<T>, lanes = Vec<T>::lanes;
  const index_t whole = b.column == 1 ? columns / width * width : 0;
  // Four panels side by side: rows of b that lie a page apart are read in longer runs.
  for (index_t j0 = 0; j0 < whole; j0 += 4 * width)
    for (index_t k = 0; k < depth; k++)
      for (index_t j = j0; j < smaller(whole, j0 + 4 * width); j += width)
        UNROLL for (index_t v = 0; v < width; v += lanes)
          store(packed + j * depth + k * width + v, load(b.data + k * b.row + j + v));
  for (index_t j = whole; j < columns; j += width) {
    const T *source = b.data + j * b.column;
    T *panel = packed + j * depth;
    index_t used = smaller(width, columns - j);
    if (used < width) memset(panel, 0, depth * width * sizeof(T));
    if (b.column != 1) transpose(used, depth, source, b.column, panel, width);
    else
      for (index_t k = 0; k < depth; k++)
        for (index_t v = 0; v < used; v++) panel[k * width + v] = source[k * b.row + v];
  }
}

/// Copies a few elements, 16 bytes at a time.
template <class T> INLINE void copyShort(const T *from, index_t count, T *to) {
  typedef T Piece __attribute__((vector_size(16), aligned(sizeof(T)), may_alias));
  constexpr index_t step = 16 / (index_t)sizeof(T);
  index_t i = 0;
  for (; i + step <= count; i += step) *(Piece *)(to + i) = *(const Piece *)(from + i);
  for (; i < count; i++) to[i] = from[i];
}

/// Blocks of at most kBlockRows rows, each [depth][rows of the block].
template <class T> void packRows(Matrix<T> a, const Blocks &blocks, index_t depth, T *packed) {
  if (a.column == 1) {
    for (index_t block = 0; block < blocks.count; block++) {
      index_t begin = blocks.begin(block), size = blocks.size(block);
      transpose(size, depth, a.data + begin * a.row, a.row, packed + begin * depth, size);
    }
    return;
  }
  for (index_t k = 0; k < depth; k++)
    for (index_t block = 0; block < blocks.count; block++) {
      index_t begin = blocks.begin(block), size = blocks.size(block);
      copyShort(a.data + k * a.column + begin, size, packed + begin * depth + k * size);
    }
}

/// The part of a product that comes from k in [k0, k0 + depth), over at most kRows rows and kColumns columns;
/// packedB holds the panels of these columns, packedA is working memory.
template <class T>
void multiplyBlock(const Product<T> &p, index_t k0, index_t depth, const T *packedB, T *packedA, bool accumulate) {
  constexpr index_t width = kPanelColumns<T>, lanes = Vec<T>::lanes;
  Blocks blocks(p.m, kBlockRows);
  packRows(p.a.at(0, k0), blocks, depth, packedA);
  for (index_t j = 0; j < p.n; j += width) {
    index_t used = smaller(width, p.n - j), vectors = ceilDivide(used, lanes);
    for (index_t block = 0; block < blocks.count; block++) {
      index_t begin = blocks.begin(block), size = blocks.size(block);
      auto kernel = outerTable<T, StridedRows<T>>.at[vectors][size];
      StridedRows<T> rows{packedB + j * depth, width};
      T *out = p.out + begin * p.outRow + j;
      if (used == vectors * lanes) {
        kernel(depth, packedA + begin * depth, size, rows, lanes, out, p.outRow, lanes, nullptr, accumulate);
        continue;
      }
      T edge[kBlockRows * width];
      kernel(depth, packedA + begin * depth, size, rows, lanes, edge, width, lanes, nullptr, false);
      for (index_t i = 0; i < size; i++)
        for (index_t v = 0; v < used; v++) {
          T &o = out[i * p.outRow + v];
          o = accumulate ? o + edge[i * width + v] : edge[i * width + v];
        }
    }
  }
}

/// Writes what the sums start from, unless that is 0 or there already; tells whether products are to be added to it.
template <class T> bool writeStart(const Product<T> &p) {
  if (p.accumulate || (!p.bias && p.k > 0)) return p.accumulate;
  for (index_t i = 0; i < p.m; i++)
    for (index_t j = 0; j < p.n; j++) p.out[i * p.outRow + j] = p.start(i, j);
  return true;
}

/// The blocks of a product along n and k: body(j0, columns, k0, depth).
template <class T, class F> void eachPanelBlock(const Product<T> &p, const F &body) {
  for (index_t j0 = 0; j0 < p.n; j0 += kColumns<T>)
    for (index_t k0 = 0; k0 < p.k; k0 += kDepth<T>)
      body(j0, smaller(kColumns<T>, p.n - j0), k0, smaller(kDepth<T>, p.k - k0));
}

/// On one thread. Needs a.row or a.column, and b.row or b.column, to be 1, and outColumn 1.
template <class T> void multiplyPacked(const Product<T> &p, T *scratch) {
  bool started = writeStart(p);
  eachPanelBlock(p, [&](index_t j0, index_t columns, index_t k0, index_t depth) {
    packPanels(p.b.at(k0, j0), depth, columns, scratch);
    for (index_t i0 = 0; i0 < p.m; i0 += kRows)
      multiplyBlock(p.rectangle(i0, smaller(p.m, i0 + kRows), j0, j0 + columns), k0, depth, scratch,
                    scratch + kPanelElements<T>, started || k0 > 0);
  });
}

/// The same on all threads, which share the panels.
template <class T> void multiplyTogether(const Product<T> &p, T *scratch) {
  constexpr index_t width = kPanelColumns<T>, strip = 4 * width;
  Blocks rows(p.m, kRows);
  bool started = p.accumulate || p.bias || p.k == 0;
  parallel_for(rows.count, [&](index_t r, int) { writeStart(p.rectangle(rows.begin(r), rows.begin(r + 1), 0, p.n)); });
  eachPanelBlock(p, [&](index_t j0, index_t columns, index_t k0, index_t depth) {
    parallel_ranges(columns, strip, [&](index_t begin, index_t end) {
      packPanels(p.b.at(k0, j0 + begin), depth, end - begin, scratch + begin * depth);
    });
    // Eight rectangles at least, as long as that leaves each half a million products.
    double work = (double)p.m * (double)columns * (double)depth;
    index_t wanted = work < 8 << 19 ? (index_t)(work / (1 << 19)) + 1 : 8;
    Blocks panels(ceilDivide(columns, width), ceilDivide(ceilDivide(columns, width), ceilDivide(wanted, rows.count)));
    parallel_for(rows.count * panels.count, [&](index_t index, int worker) {
      index_t r = index / panels.count, c = index % panels.count;
      index_t begin = panels.begin(c) * width, end = smaller(columns, panels.begin(c + 1) * width);
      multiplyBlock(p.rectangle(rows.begin(r), rows.begin(r + 1), j0 + begin, j0 + end), k0, depth,
                    scratch + begin * depth, scratch + kPanelElements<T> + worker * kRowElements<T>, started || k0 > 0);
    });
  });
}

// ---- dot

/// Needs a.column 1 and b.row 1.
template <class T> void multiplyDots(const Product<T> &p) {
  for (index_t j = 0; j < p.n; j += kDotColumns) {
    index_t columns = smaller((index_t)kDotColumns, p.n - j);
    const T *b[kDotColumns];
    for (index_t s = 0; s < columns; s++) b[s] = p.b.data + (j + s) * p.b.column;
    for (index_t i = 0; i < p.m; i += kDotRows) {
      index_t rows = smaller((index_t)kDotRows, p.m - i);
      const T *a[kDotRows];
      T sums[kDotRows * kDotColumns];
      for (index_t r = 0; r < rows; r++) a[r] = p.a.data + (i + r) * p.a.row;
      dotTable<T>.at[rows][columns](p.k, a, b, sums);
      for (index_t r = 0; r < rows; r++)
        for (index_t s = 0; s < columns; s++)
          p.out[(i + r) * p.outRow + (j + s) * p.outColumn] = p.start(i + r, j + s) + sums[r * columns + s];
    }
  }
}

// ---- thin

constexpr index_t kThinRows = 4, kThinColumns = 512;

/// Needs m <= kThinRows and b.column 1: adds four rows of b at a time into rows of sums.
template <class T> void multiplyThin(const Product<T> &p) {
  constexpr index_t lanes = Vec<T>::lanes;
  T sums[kThinRows][kThinColumns];
  for (index_t j0 = 0; j0 < p.n; j0 += kThinColumns) {
    index_t columns = smaller(kThinColumns, p.n - j0);
    for (index_t i = 0; i < p.m; i++)
      for (index_t j = 0; j < columns; j++) sums[i][j] = p.start(i, j0 + j);
    index_t k = 0;
    for (; k + 4 <= p.k; k += 4) {
      const T *b = p.b.data + k * p.b.row + j0;
      for (index_t i = 0; i < p.m; i++) {
        const T *a = p.a.data + i * p.a.row + k * p.a.column;
        T w[4];
        for (int t = 0; t < 4; t++) w[t] = a[t * p.a.column];
        index_t j = 0;
        for (; j + lanes <= columns; j += lanes) {
          auto sum = load(sums[i] + j);
          UNROLL for (int t = 0; t < 4; t++) sum = fma(splat(w[t]), load(b + t * p.b.row + j), sum);
          store(sums[i] + j, sum);
        }
        for (; j < columns; j++)
          for (int t = 0; t < 4; t++) sums[i][j] += w[t] * b[t * p.b.row + j];
      }
    }
    for (; k < p.k; k++)
      for (index_t i = 0; i < p.m; i++) {
        T w = p.a.data[i * p.a.row + k * p.a.column];
        for (index_t j = 0; j < columns; j++) sums[i][j] += w * p.b.data[k * p.b.row + j0 + j];
      }
    for (index_t i = 0; i < p.m; i++)
      for (index_t j = 0; j < columns; j++) p.out[i * p.outRow + (j0 + j) * p.outColumn] = sums[i][j];
  }
}

// ---- choice

enum class Way { together, packed, dot, thin };

struct Choice {
  Way way;
  bool swap;                  // compute the transposed product
  index_t chunkM, chunkN;     // rectangle of one chunk
};

/// Everything here depends on the shape only, so that the bits do not depend on the threads.
Choice choose(index_t laneCount, bool transA, bool transB, index_t m, index_t n, index_t k, index_t batch) {
  Choice c{Way::packed, false, m, n};
  if (n < m && n <= kThinRows) {
    c.swap = true;
    bool t = transA;
    transA = !transB, transB = !t;
    c.chunkM = n, c.chunkN = m;
  }
  if (!transA && transB && k >= 4 * laneCount && c.chunkM <= kThinRows) c.way = Way::dot;
  else if (!transB && c.chunkM <= kThinRows) c.way = Way::thin;
  else if (c.swap) c.swap = false, c.chunkM = m, c.chunkN = n;

  double work = (double)m * (double)n * (double)k;
  if (c.way == Way::packed) {
    if (work > 1 << 24 || (batch < 8 && work > 1 << 20)) c.way = Way::together;
    return c;
  }
  // Halve the longer side until there are eight chunks, of half a million products at least and 2^27 at most.
  index_t chunks = larger(batch, (index_t)1);
  index_t alignM = c.way == Way::dot ? kDotRows : kThinRows;
  index_t alignN = c.way == Way::dot ? kDotColumns : 2 * laneCount;
  while ((chunks < 8 && work > 1 << 20) || work > 1 << 28) {
    bool rows = c.chunkM > 2 * alignM && c.chunkM >= c.chunkN;
    if (!rows && c.chunkN <= 2 * alignN) break;
    if (rows) c.chunkM = roundUp(ceilDivide(c.chunkM, 2), alignM);
    else c.chunkN = roundUp(ceilDivide(c.chunkN, 2), alignN);
    chunks *= 2, work /= 2;
  }
  return c;
}

template <class T>
void multiply(bool transA, bool transB, const Product<T> &whole, index_t batch, index_t strideA, index_t strideB,
              index_t strideC, T *scratch) {
  Choice choice = choose(Vec<T>::lanes, transA, transB, whole.m, whole.n, whole.k, batch);
  Product<T> p = choice.swap ? whole.transposed() : whole;
  if (choice.swap) {
    index_t t = strideA;
    strideA = strideB, strideB = t;
  }
  if (choice.way == Way::together) {
    for (index_t item = 0; item < batch; item++) {
      Product<T> one = p;
      one.a.data += item * strideA, one.b.data += item * strideB, one.out += item * strideC;
      multiplyTogether(one, scratch);
    }
    return;
  }
  index_t countM = ceilDivide(p.m, choice.chunkM), countN = ceilDivide(p.n, choice.chunkN), each = countM * countN;
  auto chunk = [&](index_t index, int worker) {
    index_t item = index / each, i0 = index % each / countN * choice.chunkM, j0 = index % countN * choice.chunkN;
    Product<T> part = p.rectangle(i0, smaller(p.m, i0 + choice.chunkM), j0, smaller(p.n, j0 + choice.chunkN));
    part.a.data += item * strideA, part.b.data += item * strideB, part.out += item * strideC;
    if (choice.way == Way::dot) multiplyDots(part);
    else if (choice.way == Way::thin) multiplyThin(part);
    else multiplyPacked(part, scratch + worker * (kPanelElements<T> + kRowElements<T>));
  };
  // Many small products: several to a chunk, so that handing out chunks costs nothing.
  double work = (double)choice.chunkM * (double)choice.chunkN * (double)(p.k + 8);
  index_t grain = work > 32768 ? 1 : (index_t)(32768 / work) + 1, total = batch * each;
  parallel_for(ceilDivide(total, grain), [&](index_t group, int worker) {
    for (index_t i = group * grain; i < smaller(total, (group + 1) * grain); i++) chunk(i, worker);
  });
}

/// Integers: sums wrap around in the element's type.
template <class T>
void multiplyIntegers(const Product<T> &p, index_t batch, index_t strideA, index_t strideB, index_t strideC) {
  index_t grain = larger((index_t)1, 65536 / larger((index_t)1, p.n * larger((index_t)1, p.k)));
  parallel_ranges(batch * p.m, grain, [&](index_t begin, index_t end) {
    for (index_t row = begin; row < end; row++) {
      index_t item = row / p.m, i = row % p.m;
      const T *a = p.a.data + item * strideA + i * p.a.row, *b = p.b.data + item * strideB;
      T *out = p.out + item * strideC + i * p.outRow;
      for (index_t j = 0; j < p.n; j++) out[j] = p.accumulate ? out[j] : p.bias ? p.bias[j] : (T)0;
      for (index_t k = 0; k < p.k; k++) {
        uint32_t w = (uint32_t)a[k * p.a.column];
        if (p.b.column == 1)
          for (index_t j = 0; j < p.n; j++) out[j] = (T)((uint32_t)out[j] + w * (uint32_t)b[k * p.b.row + j]);
        else
          for (index_t j = 0; j < p.n; j++)
            out[j] = (T)((uint32_t)out[j] + w * (uint32_t)b[k * p.b.row + j * p.b.column]);
      }
    }
  });
}

} // namespace

extern "C" double KERNEL(matmulScratch)(int32_t dtype, int32_t transA, int32_t transB, index_t m, index_t n, index_t k,
                                        index_t batch) {
  if (dtype < DTYPE_FLOAT32 || m == 0 || n == 0 || batch == 0) return 0;
  index_t lanes = dtype == DTYPE_FLOAT32 ? Vec<float>::lanes : Vec<double>::lanes;
  Way way = choose(lanes, transA, transB, m, n, k, batch).way;
  if (way == Way::dot || way == Way::thin) return 0;
  // The same number of bytes for both types.
  double panels = kPanelElements<float> * sizeof(float), rows = kRowElements<float> * sizeof(float);
  int threads = parallel_threads();
  return way == Way::together ? panels + threads * rows : threads * (panels + rows);
}

extern "C" void KERNEL(matmul)(int32_t dtype, int32_t transA, int32_t transB, index_t m, index_t n, index_t k, void *a,
                               index_t lda, void *b, index_t ldb, void *out, index_t ldc, index_t batch,
                               index_t strideA, index_t strideB, index_t strideC, void *bias, int32_t accumulate,
                               void *scratch) {
  if (m == 0 || n == 0 || batch == 0) return;
  auto product = [&](auto element) {
    typedef decltype(element) T;
    Matrix<T> ma{(const T *)a, lda, 1}, mb{(const T *)b, ldb, 1};
    return Product<T>{m, n, k, transA ? ma.transposed() : ma, transB ? mb.transposed() : mb, (T *)out, ldc, 1,
                      (const T *)bias, 0, 1, accumulate != 0};
  };
  switch (dtype) {
  case DTYPE_FLOAT32: return multiply(transA, transB, product(0.0f), batch, strideA, strideB, strideC, (float *)scratch);
  case DTYPE_FLOAT64: return multiply(transA, transB, product(0.0), batch, strideA, strideB, strideC, (double *)scratch);
  case DTYPE_BOOL:
  case DTYPE_UINT8: return multiplyIntegers(product((uint8_t)0), batch, strideA, strideB, strideC);
  case DTYPE_INT8: return multiplyIntegers(product((int8_t)0), batch, strideA, strideB, strideC);
  case DTYPE_INT16: return multiplyIntegers(product((int16_t)0), batch, strideA, strideB, strideC);
  case DTYPE_INT32: return multiplyIntegers(product((int32_t)0), batch, strideA, strideB, strideC);
  }
}
