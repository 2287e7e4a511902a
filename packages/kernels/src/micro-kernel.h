// The register-blocked loops under matmul and conv2d: three ways to form a small block of products.
//   outerProducts  both operands laid out along k: column of a (broadcast) times row of b (vectors)
//   innerProducts  a laid out by rows: a scalar of each row times row p of b (vectors)
//   dotProducts    both laid out along the sum: vectors times vectors, added up across lanes at the end
// Blocks come in all sizes up to the largest that the registers hold; the tables below pick one.
#pragma once
#include "scratch.h"

namespace {

/// Rows and vectors of the largest block: 12x2 accumulators (AVX-512), 8x2 (NEON), 6x2 (AVX2), 4x2 (SSE, WASM).
constexpr int kBlockRows =
    kVectorRegisters == 32 ? (KINDLING_VECTOR_BYTES == 64 ? 12 : 8) : (KINDLING_VECTOR_BYTES == 32 ? 6 : 4);
constexpr int kBlockVectors = 2;
/// Rows of innerProducts, each of which takes a pointer register as well.
constexpr int kTapRows = kVectorRegisters == 32 ? kBlockRows - 2 : kBlockRows > 4 ? 5 : 4;

/// Rows of b that lie anywhere: row k starts at base[offsets[k]]. Padding, dilation, shifted copies are all a table.
template <class T> struct TableRows {
  const T *base;
  const int32_t *offsets;
  __attribute__((always_inline)) const T *next() { return base + *offsets++; }
};

/// Rows of b at a fixed distance.
template <class T> struct StridedRows {
  const T *row;
  index_t stride;
  __attribute__((always_inline)) const T *next() {
    const T *r = row;
    row += stride;
    return r;
  }
};

/// out[i][j] = start + sum over k of a[k · lda + i] · row_k[j], for MR rows i and NV vectors j.
/// Vector j lies j · vectorStep after the row's start, and j · outStep after out's. start is what out
/// holds if accumulate, else bias[i] (0 without bias). What out holds is added last, so that a sum made in
/// several blocks rounds like a sum of the blocks, not of all terms one by one.
template <class T, int MR, int NV, class Rows>
NOINLINE void outerProducts(index_t depth, const T *a, index_t lda, Rows rows, index_t vectorStep, T *out, index_t ldc,
                            index_t outStep, const T *bias, bool accumulate) {
  typedef typename Vec<T>::type V;
  V c[MR][NV];
  if (accumulate) {
    T *to = out;
    UNROLL for (int i = 0; i < MR; i++, to += ldc) {
      UNROLL for (int j = 0; j < NV; j++) __builtin_prefetch(to + j * outStep, 1);
    }
  }
  UNROLL for (int i = 0; i < MR; i++) {
    UNROLL for (int j = 0; j < NV; j++)
      c[i][j] = splat(!accumulate && bias ? bias[i] : (T)0);
  }
  for (index_t k = 0; k < depth; k++) {
    const T *row = rows.next();
    V b[NV];
    UNROLL for (int j = 0; j < NV; j++) b[j] = load(row + j * vectorStep);
    UNROLL for (int i = 0; i < MR; i++) {
      V w = splat(a[i]);
      UNROLL for (int j = 0; j < NV; j++) c[i][j] = fma(w, b[j], c[i][j]);
    }
    a += lda;
  }
  UNROLL for (int i = 0; i < MR; i++, out += ldc) {
    UNROLL for (int j = 0; j < NV; j++) {
      T *to = out + j * outStep;
      store(to, accumulate ? load(to) + c[i][j] : c[i][j]);
    }
  }
}

/// The points a sum runs over, as positions in an array: images x rows x columns at their steps.
struct Points {
  index_t images, imageStep, rows, rowStep, columns, columnStep;
};

/// out[r][j] (+)= sum over points p of base[offsets[r] + position(p)] · b[p · ldb + j], for R rows and NV vectors.
template <class T, int R, int NV>
NOINLINE void innerProducts(const T *base, const int32_t *offsets, const Points &points, const T *b, index_t ldb,
                            T *out, index_t ldc, bool accumulate) {
  typedef typename Vec<T>::type V;
  constexpr int lanes = Vec<T>::lanes;
  V c[R][NV];
  const T *a[R];
  UNROLL for (int r = 0; r < R; r++) {
    a[r] = base + offsets[r];
    UNROLL for (int j = 0; j < NV; j++) c[r][j] = accumulate ? load(out + r * ldc + j * lanes) : splat((T)0);
  }
  for (index_t i = 0; i < points.images; i++)
    for (index_t y = 0; y < points.rows; y++) {
      index_t x = i * points.imageStep + y * points.rowStep, end = x + points.columns * points.columnStep;
      for (; x < end; x += points.columnStep) {
        V row[NV];
        UNROLL for (int j = 0; j < NV; j++) row[j] = load(b + j * lanes);
        UNROLL for (int r = 0; r < R; r++) {
          V v = splat(a[r][x]);
          UNROLL for (int j = 0; j < NV; j++) c[r][j] = fma(v, row[j], c[r][j]);
        }
        b += ldb;
      }
    }
  UNROLL for (int r = 0; r < R; r++) {
    UNROLL for (int j = 0; j < NV; j++) store(out + r * ldc + j * lanes, c[r][j]);
  }
}

/// sums[r · S + s] = sum over k < depth of a[r][k] · b[s][k].
template <class T, int R, int S>
NOINLINE void dotProducts(index_t depth, const T *const *a, const T *const *b, T *sums) {
  typedef typename Vec<T>::type V;
  constexpr int lanes = Vec<T>::lanes;
  const T *p[R], *q[S];
  V c[R][S];
  UNROLL for (int r = 0; r < R; r++) p[r] = a[r];
  UNROLL for (int s = 0; s < S; s++) q[s] = b[s];
  UNROLL for (int r = 0; r < R; r++) {
    UNROLL for (int s = 0; s < S; s++) c[r][s] = splat((T)0);
  }
  index_t k = 0;
  for (; k + lanes <= depth; k += lanes) {
    V v[R];
    UNROLL for (int r = 0; r < R; r++) v[r] = load(p[r] + k);
    UNROLL for (int s = 0; s < S; s++) {
      V w = load(q[s] + k);
      UNROLL for (int r = 0; r < R; r++) c[r][s] = fma(v[r], w, c[r][s]);
    }
  }
  UNROLL for (int r = 0; r < R; r++) {
    UNROLL for (int s = 0; s < S; s++) {
      T sum = 0;
      UNROLL for (int l = 0; l < lanes; l++) sum += c[r][s][l];
      for (index_t t = k; t < depth; t++) sum += p[r][t] * q[s][t];
      sums[r * S + s] = sum;
    }
  }
}
constexpr int kDotRows = 3, kDotColumns = 4;

template <class T, class Rows> struct OuterTable {
  typedef void (*Function)(index_t, const T *, index_t, Rows, index_t, T *, index_t, index_t, const T *, bool);
  Function at[kBlockVectors + 1][kBlockRows + 1];
  constexpr OuterTable() : at() { fill<1>(); }
  template <int MR> constexpr void fill() {
    at[1][MR] = outerProducts<T, MR, 1, Rows>;
    at[2][MR] = outerProducts<T, MR, 2, Rows>;
    if constexpr (MR < kBlockRows) fill<MR + 1>();
  }
};
template <class T, class Rows> constexpr OuterTable<T, Rows> outerTable{};

template <class T> struct InnerTable {
  typedef void (*Function)(const T *, const int32_t *, const Points &, const T *, index_t, T *, index_t, bool);
  Function at[kBlockVectors + 1][kBlockRows + 1];
  constexpr InnerTable() : at() { fill<1>(); }
  template <int R> constexpr void fill() {
    at[1][R] = innerProducts<T, R, 1>;
    at[2][R] = innerProducts<T, R, 2>;
    if constexpr (R < kBlockRows) fill<R + 1>();
  }
};
template <class T> constexpr InnerTable<T> innerTable{};

template <class T> struct DotTable {
  typedef void (*Function)(index_t, const T *const *, const T *const *, T *);
  Function at[kDotRows + 1][kDotColumns + 1];
  constexpr DotTable() : at() { fill<1>(); }
  template <int S> constexpr void fill() {
    at[1][S] = dotProducts<T, 1, S>;
    at[2][S] = dotProducts<T, 2, S>;
    at[3][S] = dotProducts<T, 3, S>;
    if constexpr (S < kDotColumns) fill<S + 1>();
  }
};
template <class T> constexpr DotTable<T> dotTable{};

} // namespace
