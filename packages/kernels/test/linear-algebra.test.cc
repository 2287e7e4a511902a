// Factorisations multiplied together again, in all sizes around the blocks; LAPACK's signs of R; singular, graded and empty
// matrices; info codes.
#include "check.h"
#include "kernel.h"

constexpr int kMost = 70;

template <class T> struct Code;
template <> struct Code<float> {
  static constexpr int dtype = DTYPE_FLOAT32;
  static constexpr double tolerance = 2e-4;
};
template <> struct Code<double> {
  static constexpr int dtype = DTYPE_FLOAT64;
  static constexpr double tolerance = 1e-11;
};

template <class T> static T *matrix(int count) { return (T *)calloc(count > 0 ? count : 1, sizeof(T)); }
template <class T> static T *random_matrix(int count) {
  T *a = matrix<T>(count);
  for (int i = 0; i < count; i++) a[i] = (T)check_random();
  return a;
}
template <class T> static T *copy_of(const T *a, int count) {
  T *b = matrix<T>(count);
  memcpy(b, a, count * sizeof(T));
  return b;
}

template <class T> static void check_lu(int batch, int m, int n) {
  int k = m < n ? m : n;
  T *a = random_matrix<T>(batch * m * n), *lu = copy_of(a, batch * m * n);
  int32_t *pivots = matrix<int32_t>(batch * k), *info = matrix<int32_t>(batch);
  KERNEL(luFactor)(Code<T>::dtype, batch, m, n, lu, pivots, info);
  for (int b = 0; b < batch; b++) {
    CHECK(info[b] == 0, "lu %d x %d", m, n);
    int order[kMost];
    for (int i = 0; i < m; i++) order[i] = i;
    for (int i = 0; i < k; i++) {
      int other = pivots[b * k + i] - 1, kept = order[i];
      order[i] = order[other], order[other] = kept;
    }
    const T *f = lu + b * m * n;
    for (int i = 0; i < m; i++)
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int p = 0; p < k && p <= i && p <= j; p++) sum += (p == i ? 1 : (double)f[i * n + p]) * (double)f[p * n + j];
        CHECK_CLOSE(sum, a[(b * m + order[i]) * n + j], 0, Code<T>::tolerance, "lu %d x %d at %d, %d", m, n, i, j);
        if (j < i && j < k) CHECK(fabs((double)f[i * n + j]) <= 1, "multiplier of lu %d x %d", m, n);
      }
  }
  free(a), free(lu), free(pivots), free(info);
}

template <class T> static void check_cholesky_and_triangles(int batch, int n) {
  T *x = random_matrix<T>(batch * n * n), *a = matrix<T>(batch * n * n);
  for (int b = 0; b < batch; b++)
    for (int i = 0; i < n; i++)
      for (int j = 0; j < n; j++) {
        double sum = i == j ? n : 0;
        for (int p = 0; p < n; p++) sum += (double)x[(b * n + i) * n + p] * (double)x[(b * n + j) * n + p];
        a[(b * n + i) * n + j] = j > i ? (T)NAN : (T)sum; // what lies above is not read
      }
  T *l = copy_of(a, batch * n * n);
  int32_t *info = matrix<int32_t>(batch);
  KERNEL(cholesky)(Code<T>::dtype, batch, n, l, info);
  for (int b = 0; b < batch; b++) {
    CHECK(info[b] == 0, "cholesky %d", n);
    const T *f = l + b * n * n;
    for (int i = 0; i < n; i++)
      for (int j = 0; j < n; j++) {
        if (j > i) { CHECK(f[i * n + j] == 0, "above the diagonal"); continue; }
        double sum = 0;
        for (int p = 0; p <= j; p++) sum += (double)f[i * n + p] * (double)f[j * n + p];
        CHECK_CLOSE(sum, a[(b * n + i) * n + j], Code<T>::tolerance, Code<T>::tolerance, "cholesky %d at %d, %d", n, i, j);
      }
  }
  int widths[] = {1, 5, 131};
  for (int columns : widths)
    for (int flags = 0; flags < 8; flags++) {
      bool upper = flags & 1, transposed = flags & 2, unit = flags & 4;
      // A triangle that stays well conditioned; the other one is not read.
      T *t = copy_of(l, batch * n * n);
      for (int b = 0; b < batch; b++)
        for (int i = 0; i < n; i++)
          for (int j = 0; j < n; j++) {
            T *at = t + (b * n + i) * n + j;
            if (i == j) *at = unit ? (T)NAN : (T)(2 + i % 3);
            else *at = (j > i) == upper ? (T)(check_random() / n) : (T)NAN;
          }
      T *right = random_matrix<T>(batch * n * columns), *solution = copy_of(right, batch * n * columns);
      KERNEL(triangularSolve)(Code<T>::dtype, flags, batch, n, columns, t, solution);
      for (int b = 0; b < batch; b++)
        for (int i = 0; i < n; i++)
          for (int c = 0; c < columns; c++) {
            double sum = 0;
            for (int p = 0; p < n; p++) {
              int row = transposed ? p : i, column = transposed ? i : p;
              double value = row == column ? (unit ? 1 : (double)t[(b * n + row) * n + column]) : (column > row) == upper ? (double)t[(b * n + row) * n + column] : 0;
              sum += value * (double)solution[(b * n + p) * columns + c];
            }
            CHECK_CLOSE(sum, right[(b * n + i) * columns + c], 0, Code<T>::tolerance, "triangle %d, flags %d, %d columns", n, flags, columns);
          }
      free(t), free(right), free(solution);
    }
  free(x), free(a), free(l), free(info);
}

template <class T> static void check_qr(int batch, int m, int n) {
  int k = m < n ? m : n;
  T *a = random_matrix<T>(batch * n * m), *f = copy_of(a, batch * n * m), *tau = matrix<T>(batch * k), *q = matrix<T>(batch * m * m);
  KERNEL(qrFactor)(Code<T>::dtype, batch, m, n, f, tau);
  KERNEL(householderProduct)(Code<T>::dtype, batch, m, m, k, f, n * m, tau, q);
  for (int b = 0; b < batch; b++) {
    const T *by = q + b * m * m;
    for (int j = 0; j < n; j++)
      for (int i = 0; i < m; i++) {
        double sum = 0;
        for (int p = 0; p <= j && p < m; p++) sum += (double)by[p * m + i] * (double)f[(b * n + j) * m + p];
        CHECK_CLOSE(sum, a[(b * n + j) * m + i], 0, Code<T>::tolerance, "qr %d x %d at %d, %d", m, n, i, j);
      }
    for (int i = 0; i < m; i++)
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int p = 0; p < m; p++) sum += (double)by[i * m + p] * (double)by[j * m + p];
        CHECK_CLOSE(sum, i == j, 0, Code<T>::tolerance, "q of %d x %d", m, n);
      }
    // The first column is turned to the side opposite to its first element.
    if (k > 0 && m > 1) CHECK((f[b * n * m] < 0) == (a[b * n * m] > 0), "sign of r");
  }
  free(a), free(f), free(tau), free(q);
}

template <class T> static void check_eigh(int batch, int n, double spread) {
  T *a = random_matrix<T>(batch * n * n), *values = matrix<T>(batch * n), *vectors = matrix<T>(batch * n * n), *alone = matrix<T>(batch * n);
  int32_t *info = matrix<int32_t>(batch);
  double *scratch = matrix<double>(parallel_threads() * (2 * n * n + 35 * n));
  for (int b = 0; b < batch; b++)
    for (int i = 0; i < n; i++)
      for (int j = 0; j < n; j++) {
        T *at = a + (b * n + i) * n + j;
        *at = j > i ? (T)NAN : (T)((double)*at * pow(spread, -(i + j)));
      }
  KERNEL(eigh)(Code<T>::dtype, batch, n, a, values, vectors, info, scratch);
  KERNEL(eigh)(Code<T>::dtype, batch, n, a, alone, nullptr, info, scratch);
  for (int b = 0; b < batch; b++) {
    CHECK(info[b] == 0, "eigh %d", n);
    for (int v = 0; v < n; v++) {
      double value = (double)values[b * n + v];
      const T *x = vectors + (b * n + v) * n;
      CHECK_CLOSE(alone[b * n + v], value, Code<T>::tolerance, Code<T>::tolerance, "eigenvalue without vectors, %d", n);
      if (v > 0) CHECK((double)values[b * n + v - 1] <= value, "order of eigenvalues");
      for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++) sum += (double)(j <= i ? a[(b * n + i) * n + j] : a[(b * n + j) * n + i]) * (double)x[j];
        CHECK_CLOSE(sum, value * (double)x[i], 0, Code<T>::tolerance, "eigenvector %d of %d", v, n);
      }
      for (int w = 0; w <= v; w++) {
        double sum = 0;
        for (int j = 0; j < n; j++) sum += (double)x[j] * (double)vectors[(b * n + w) * n + j];
        CHECK_CLOSE(sum, v == w, 0, Code<T>::tolerance, "eigenvectors %d, %d of %d", v, w, n);
      }
    }
  }
  free(a), free(values), free(vectors), free(alone), free(info), free(scratch);
}

/// rank: how many of the columns are independent; scale: of column j, to the power j.
template <class T> static void check_svd(int batch, int m, int n, int rank, double scale, bool whole) {
  int count = whole ? m : n;
  T *a = random_matrix<T>(batch * n * m), *s = matrix<T>(batch * n), *alone = matrix<T>(batch * n), *left = matrix<T>(batch * count * m), *right = matrix<T>(batch * n * n);
  int32_t *info = matrix<int32_t>(batch);
  double *scratch = matrix<double>(parallel_threads() * (n * m + 2 * n * n + 4 * n + m));
  for (int b = 0; b < batch; b++)
    for (int j = 0; j < n; j++)
      for (int i = 0; i < m; i++) {
        T *column = a + (b * n + j) * m;
        column[i] = rank == 0 ? 0 : j < rank ? (T)((double)column[i] * pow(scale, j)) : a[(b * n + j % rank) * m + i];
      }
  KERNEL(svd)(Code<T>::dtype, batch, m, n, count, a, s, left, right, info, scratch);
  KERNEL(svd)(Code<T>::dtype, batch, m, n, 0, a, alone, nullptr, nullptr, info, scratch);
  for (int b = 0; b < batch; b++) {
    CHECK(info[b] == 0, "svd %d x %d", m, n);
    const T *u = left + b * count * m, *v = right + b * n * n;
    for (int j = 0; j < n; j++)
      for (int i = 0; i < m; i++) {
        double sum = 0;
        for (int p = 0; p < n; p++) sum += (double)u[p * m + i] * (double)s[b * n + p] * (double)v[p * n + j];
        CHECK_CLOSE(sum, a[(b * n + j) * m + i], 0, Code<T>::tolerance, "svd %d x %d of rank %d", m, n, rank);
      }
    for (int i = 0; i < n; i++) {
      CHECK(i == 0 || s[b * n + i] <= s[b * n + i - 1], "order of singular values");
      CHECK(s[b * n + i] >= 0 && (i < rank || (double)s[b * n + i] < 1e-6), "singular value %d of rank %d", i, rank);
      CHECK_CLOSE(alone[b * n + i], s[b * n + i], Code<T>::tolerance, 1e-12, "singular value without vectors");
    }
    for (int i = 0; i < count; i++)
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int p = 0; p < m; p++) sum += (double)u[i * m + p] * (double)u[j * m + p];
        CHECK_CLOSE(sum, i == j, 0, Code<T>::tolerance, "left vectors %d, %d of %d x %d, rank %d", i, j, m, n, rank);
      }
    for (int i = 0; i < n; i++)
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int p = 0; p < n; p++) sum += (double)v[i * n + p] * (double)v[j * n + p];
        CHECK_CLOSE(sum, i == j, 0, Code<T>::tolerance, "right vectors %d, %d of %d x %d, rank %d", i, j, m, n, rank);
      }
  }
  free(a), free(s), free(alone), free(left), free(right), free(info), free(scratch);
}

template <class T> static void check_failures_are_told(void) {
  T singular[] = {1, 2, 2, 4}, regular[] = {0, 1, 1, 0}, values[2];
  int32_t pivots[2], info = 7;
  double scratch[64 * 80];
  KERNEL(luFactor)(Code<T>::dtype, 1, 2, 2, singular, pivots, &info);
  CHECK(info == 2, "singular: %d", info);
  KERNEL(luFactor)(Code<T>::dtype, 1, 2, 2, regular, pivots, &info);
  CHECK(info == 0 && pivots[0] == 2 && pivots[1] == 2, "a zero in the corner");
  T indefinite[] = {1, 2, 2, 1};
  KERNEL(cholesky)(Code<T>::dtype, 1, 2, indefinite, &info);
  CHECK(info == 2, "indefinite: %d", info);
  T infinite[] = {1, (T)INFINITY, (T)INFINITY, 1};
  KERNEL(eigh)(Code<T>::dtype, 1, 2, infinite, values, nullptr, &info, scratch);
  CHECK(info == -1, "eigh of an infinity: %d", info);
  KERNEL(svd)(Code<T>::dtype, 1, 2, 2, 0, infinite, values, nullptr, nullptr, &info, scratch);
  CHECK(info == -1, "svd of an infinity: %d", info);
  // Squares that do not fit into the type.
  T large = sizeof(T) == 4 ? (T)1e30 : (T)1e250, small = 1 / large, column[] = {3 * large, 4 * large}, other[] = {3 * small, 4 * small}, tau;
  KERNEL(qrFactor)(Code<T>::dtype, 1, 2, 1, column, &tau);
  CHECK_CLOSE(column[0], -5 * (double)large, 1e-6, 0, "a large column");
  KERNEL(qrFactor)(Code<T>::dtype, 1, 2, 1, other, &tau);
  CHECK_CLOSE(other[0], -5 * (double)small, 1e-6, 0, "a small column");
}

template <class T> static void check_all(void) {
  int sizes[] = {0, 1, 2, 3, 8, 31, 33, 70};
  for (int m : sizes) {
    for (int n : sizes) {
      if (m % 2 == 0 && n % 2 == 0 && m != n) continue;
      check_lu<T>(2, m, n);
      check_qr<T>(2, m, n);
    }
    check_cholesky_and_triangles<T>(2, m);
    check_eigh<T>(2, m, 1);
    check_eigh<T>(1, m, 1.2);
    for (int n : sizes) {
      if (n > m) break;
      if (m > 40 && n != m && n != 3) continue;
      check_svd<T>(2, m, n, n, 1, n == 3);
      check_svd<T>(1, m, n, n, 0.8, true);
    }
    if (m > 0) check_svd<T>(1, m, m, (m + 1) / 2, 1, true);
    check_svd<T>(1, m, m, 0, 1, true);
  }
  check_failures_are_told<T>();
}

int main() {
  check_all<float>();
  check_all<double>();
  // Eight orders of magnitude: the small singular values keep their digits.
  double a[] = {1, 1e-8, 1, -1e-8}, s[2], scratch[64 * 40];
  int32_t info;
  KERNEL(svd)(DTYPE_FLOAT64, 1, 2, 2, 0, a, s, nullptr, nullptr, &info, scratch);
  CHECK_CLOSE(s[0] * s[1], 2e-8, 1e-14, 0, "the product of the singular values is the determinant");
  return check_result();
}
