#pragma once
#include "kernel.h"

namespace {

/// b[j][i] = a[i][j] for i < rows, j < columns.
template <class T>
inline void transpose(index_t rows, index_t columns, const T *a, index_t lda, T *b, index_t ldb) {
  for (index_t i0 = 0; i0 < rows; i0 += 8) {
    index_t i1 = i0 + 8 < rows ? i0 + 8 : rows;
    for (index_t j = 0; j < columns; j++)
      for (index_t i = i0; i < i1; i++) b[j * ldb + i] = a[i * lda + j];
  }
}

/// Float matrices go in register blocks of (lanes or 4) x 4.
inline void transpose(index_t rows, index_t columns, const float *a, index_t lda, float *b, index_t ldb) {
  constexpr int lanes = Vec<float>::lanes;
  index_t i = 0, wholeColumns = columns & ~(index_t)3;
  for (; i + lanes <= rows; i += lanes) {
    for (index_t j = 0; j < wholeColumns; j += 4) {
      vf r[4];
      UNROLL for (int q = 0; q < 4; q++) r[q] = gatherQuads(a + (i + q) * lda + j, 4 * lda);
      transposeQuads(r);
      UNROLL for (int q = 0; q < 4; q++) store(b + (j + q) * ldb + i, r[q]);
    }
    for (index_t j = wholeColumns; j < columns; j++)
      for (index_t l = i; l < i + lanes; l++) b[j * ldb + l] = a[l * lda + j];
  }
  for (; lanes > 4 && i + 4 <= rows; i += 4) {
    for (index_t j = 0; j < wholeColumns; j += 4) {
      quad r[4];
      UNROLL for (int q = 0; q < 4; q++) r[q] = loadQuad(a + (i + q) * lda + j);
      transposeQuads(r);
      UNROLL for (int q = 0; q < 4; q++) storeQuad(b + (j + q) * ldb + i, r[q]);
    }
    for (index_t j = wholeColumns; j < columns; j++)
      for (index_t l = i; l < i + 4; l++) b[j * ldb + l] = a[l * lda + j];
  }
  for (index_t j = 0; j < columns; j++)
    for (index_t l = rows & ~(index_t)3; l < rows; l++) b[j * ldb + l] = a[l * lda + j];
}

} // namespace
