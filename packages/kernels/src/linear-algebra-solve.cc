// LU with partial pivoting, Cholesky, and triangular systems. All go forward by blocks of columns: what is right of and
// below a block is brought up to date by one product, in the register-blocked loops of the matrix product.
#include "linear-algebra.h"
#include "micro-kernel.h"

namespace {

constexpr index_t kBlock = 32;
constexpr index_t kPackedRows = 4 * kBlockRows;

/// c −= a · b, where a is m x k and b is k x n anywhere in memory; rows of c lie ldc apart.
template <class T> void subtract_product(index_t m, index_t n, index_t k, Matrix<T> a, Matrix<T> b, T *c, index_t ldc) {
  constexpr index_t lanes = Vec<T>::lanes, width = kBlockVectors * lanes;
  T left[kBlock * kPackedRows], right[kBlock * width], edge[kBlockRows * width];
  for (index_t k0 = 0; k0 < k; k0 += kBlock) {
    index_t depth = smaller(kBlock, k - k0);
    for (index_t i0 = 0; i0 < m; i0 += kPackedRows) {
      index_t rows = smaller(kPackedRows, m - i0);
      for (index_t p = 0; p < depth; p++)
        for (index_t i = 0; i < rows; i++) left[p * kPackedRows + i] = -a(i0 + i, k0 + p);
      for (index_t j = 0; j < n; j += width) {
        index_t columns = smaller(width, n - j), vectors = ceilDivide(columns, lanes);
        bool isWhole = columns == vectors * lanes;
        StridedRows<T> rowsOfB{b.at(k0, j).data, b.row};
        if (b.column != 1 || !isWhole) {
          memset(right, 0, sizeof right);
          for (index_t p = 0; p < depth; p++)
            for (index_t t = 0; t < columns; t++) right[p * width + t] = b(k0 + p, j + t);
          rowsOfB = {right, width};
        }
        for (index_t i = 0; i < rows; i += kBlockRows) {
          index_t count = smaller((index_t)kBlockRows, rows - i);
          auto product = outerTable<T, StridedRows<T>>.at[vectors][count];
          T *out = c + (i0 + i) * ldc + j;
          if (isWhole) {
            product(depth, left + i, kPackedRows, rowsOfB, lanes, out, ldc, lanes, nullptr, true);
            continue;
          }
          for (index_t r = 0; r < count; r++)
            for (index_t t = 0; t < width; t++) edge[r * width + t] = t < columns ? out[r * ldc + t] : 0;
          product(depth, left + i, kPackedRows, rowsOfB, lanes, edge, width, lanes, nullptr, true);
          for (index_t r = 0; r < count; r++)
            for (index_t t = 0; t < columns; t++) out[r * ldc + t] = edge[r * width + t];
        }
      }
    }
  }
}

/// The same, its rows shared out over the threads if they are many.
template <class T> void subtract_large_product(index_t m, index_t n, index_t k, Matrix<T> a, Matrix<T> b, T *c, index_t ldc) {
  index_t grain = kPackedRows * ((1 << 17) / (kPackedRows * larger(n * k, (index_t)1)) + 1);
  parallel_ranges(m, grain, [&](index_t begin, index_t end) { subtract_product(end - begin, n, k, a.at(begin, 0), b, c + begin * ldc, ldc); });
}

/// Returns 0, or the position (from 1) of the first pivot that is 0.
template <class T> int32_t factor_lu(index_t m, index_t n, T *a, int32_t *pivots) {
  index_t count = smaller(m, n);
  int32_t info = 0;
  for (index_t j0 = 0; j0 < count; j0 += kBlock) {
    index_t j1 = smaller(j0 + kBlock, count);
    for (index_t j = j0; j < j1; j++) {
      index_t pivot = j;
      for (index_t i = j + 1; i < m; i++)
        if (magnitude(a[i * n + j]) > magnitude(a[pivot * n + j])) pivot = i;
      pivots[j] = (int32_t)pivot + 1;
      if (pivot != j)
        for (index_t t = 0; t < n; t++) {
          T kept = a[j * n + t];
          a[j * n + t] = a[pivot * n + t], a[pivot * n + t] = kept;
        }
      T divisor = a[j * n + j];
      if (divisor == 0) {
        if (info == 0) info = (int32_t)j + 1;
        continue;
      }
      for (index_t i = j + 1; i < m; i++) {
        T factor = a[i * n + j] /= divisor;
        add_scaled(j1 - j - 1, -factor, a + j * n + j + 1, a + i * n + j + 1);
      }
    }
    for (index_t i = j0 + 1; i < j1; i++)
      for (index_t p = j0; p < i; p++) add_scaled(n - j1, -a[i * n + p], a + p * n + j1, a + i * n + j1);
    if (j1 < m && j1 < n) {
      Matrix<T> all{a, n, 1};
      subtract_large_product(m - j1, n - j1, j1 - j0, all.at(j1, j0), all.at(j0, j1), a + j1 * n + j1, n);
    }
  }
  return info;
}

/// The lower triangle, in place; what is above becomes 0. Returns 0, or the order of the first leading minor that is not positive.
template <class T> int32_t factor_cholesky(index_t n, T *a) {
  for (index_t j0 = 0; j0 < n; j0 += kBlock) {
    index_t j1 = smaller(j0 + kBlock, n);
    for (index_t i = j0; i < n; i++)
      for (index_t j = j0; j < smaller(i + 1, j1); j++) {
        T x = a[i * n + j] - dot(j - j0, a + i * n + j0, a + j * n + j0);
        if (i == j && !(x > 0)) return (int32_t)j + 1;
        a[i * n + j] = i == j ? root(x) : x / a[j * n + j];
      }
    Matrix<T> below{a + j1 * n + j0, n, 1};
    parallel_ranges(n - j1, kPackedRows, [&](index_t begin, index_t end) {
      subtract_product(end - begin, end, j1 - j0, below.at(begin, 0), below.transposed(), a + (j1 + begin) * n + j1, n);
    });
  }
  for (index_t i = 0; i < n; i++)
    for (index_t j = i + 1; j < n; j++) a[i * n + j] = 0;
  return 0;
}

/// Solves a · x = b in place of b, whose rows lie ldb apart; only one triangle of a is read.
template <class T> void solve_triangular(index_t n, index_t columns, Matrix<T> a, bool upper, bool unit, T *b, index_t ldb) {
  index_t blocks = ceilDivide(n, kBlock);
  for (index_t step = 0; step < blocks; step++) {
    index_t begin = (upper ? blocks - 1 - step : step) * kBlock, end = smaller(begin + kBlock, n);
    for (index_t t = 0; t < end - begin; t++) {
      index_t i = upper ? end - 1 - t : begin + t;
      T *row = b + i * ldb;
      for (index_t p = upper ? i + 1 : begin; p < (upper ? end : i); p++) add_scaled(columns, -a(i, p), b + p * ldb, row);
      if (!unit)
        for (index_t j = 0; j < columns; j++) row[j] /= a(i, i);
    }
    index_t first = upper ? 0 : end, count = upper ? begin : n - end;
    subtract_product(count, columns, end - begin, a.at(first, begin), Matrix<T>{b + begin * ldb, ldb, 1}, b + first * ldb, ldb);
  }
}

template <class T> void solve_triangular_batch(int32_t flags, index_t batch, index_t n, index_t columns, const T *a, T *b) {
  bool transposed = flags & 2, upper = ((flags & 1) != 0) != transposed;
  constexpr index_t width = 128;
  index_t parts = ceilDivide(columns, width);
  double work = (double)n * (double)n * (double)smaller(columns, width);
  for_each_item(batch * parts, work, [&](index_t index, int) {
    index_t item = index / parts, j = index % parts * width;
    Matrix<T> matrix{a + item * n * n, n, 1};
    if (transposed) matrix = matrix.transposed();
    solve_triangular(n, smaller(width, columns - j), matrix, upper, (flags & 4) != 0, b + item * n * columns + j, columns);
  });
}

} // namespace

void KERNEL(luFactor)(int32_t dtype, index_t batch, index_t rows, index_t columns, void *a, void *pivots, void *info) {
  auto factor = [&](auto *elements) {
    index_t count = smaller(rows, columns);
    for_each_item(batch, (double)rows * (double)columns * (double)count, [&](index_t item, int) {
      ((int32_t *)info)[item] = factor_lu(rows, columns, elements + item * rows * columns, (int32_t *)pivots + item * count);
    });
  };
  if (dtype == DTYPE_FLOAT32) factor((float *)a);
  else factor((double *)a);
}

void KERNEL(cholesky)(int32_t dtype, index_t batch, index_t n, void *a, void *info) {
  auto factor = [&](auto *elements) {
    for_each_item(batch, (double)n * (double)n * (double)n / 3, [&](index_t item, int) { ((int32_t *)info)[item] = factor_cholesky(n, elements + item * n * n); });
  };
  if (dtype == DTYPE_FLOAT32) factor((float *)a);
  else factor((double *)a);
}

void KERNEL(triangularSolve)(int32_t dtype, int32_t flags, index_t batch, index_t n, index_t columns, void *a, void *b) {
  if (dtype == DTYPE_FLOAT32) solve_triangular_batch(flags, batch, n, columns, (const float *)a, (float *)b);
  else solve_triangular_batch(flags, batch, n, columns, (const double *)a, (double *)b);
}
