// Singular values and vectors: QR with column pivoting, then one-sided Jacobi rotations of the rows of R (Drmač and
// Veselić 2008), which finds small singular values to more digits than bidiagonalisation does. All in float64, scaled so
// that the largest element is 1. The matrix is tall here (`rows` at least `columns`) and lies by columns.
#include "linear-algebra.h"

namespace {

/// Squares below this lose digits; such a row counts as 0.
constexpr double kTiny = 1e-280;
constexpr int kMostSweeps = 60;

/// The work space of one matrix.
struct Tall {
  index_t m, n;
  double tolerance;                        // cosine of the angle at which two rows count as orthogonal
  double *a;                               // columns; then the reflectors
  double *r;                               // rows of R; then singular values times right singular vectors
  double *j;                               // what the rotations have made of the identity
  double *tau, *squares, *column;
  int32_t *order, *source;                 // of the singular values; of the columns
  static index_t size(index_t m, index_t n) { return n * m + 2 * n * n + 4 * n + m; }
  Tall(index_t m, index_t n, double tolerance, double *space)
      : m(m), n(n), tolerance(tolerance), a(space), r(a + n * m), j(r + n * n), tau(j + n * n), squares(tau + n), column(squares + n), order((int32_t *)(column + m)), source(order + n) {}

  /// a · P = Q · R, the longest of the remaining columns first.
  void factor() {
    for (index_t c = 0; c < n; c++) source[c] = (int32_t)c;
    for (index_t k = 0; k < n; k++) {
      index_t longest = k;
      double most = -1;
      for (index_t c = k; c < n; c++) {
        double square = dot(m - k, a + c * m + k, a + c * m + k);
        if (square > most) most = square, longest = c;
      }
      if (longest != k) {
        for (index_t i = 0; i < m; i++) {
          double kept = a[k * m + i];
          a[k * m + i] = a[longest * m + i], a[longest * m + i] = kept;
        }
        int32_t kept = source[k];
        source[k] = source[longest], source[longest] = kept;
      }
      double *v = a + k * m + k;
      tau[k] = make_reflector(m - k, v);
      for (index_t c = k + 1; c < n; c++) apply_reflector(m - k, v, tau[k], a + c * m + k);
    }
    for (index_t i = 0; i < n; i++)
      for (index_t c = 0; c < n; c++) r[i * n + c] = c < i ? 0 : a[c * m + i];
  }

  static void rotate(index_t n, double c, double s, double *x, double *y) {
    constexpr index_t lanes = Vec<double>::lanes;
    index_t i = 0;
    for (; i + lanes <= n; i += lanes) {
      vd p = load(x + i), q = load(y + i);
      store(x + i, c * p - s * q), store(y + i, s * p + c * q);
    }
    for (; i < n; i++) {
      double p = x[i], q = y[i];
      x[i] = c * p - s * q, y[i] = s * p + c * q;
    }
  }

  /// Rotates pairs of rows until all are orthogonal; whether they became so.
  bool orthogonalize(bool vectors) {
    if (vectors)
      for (index_t i = 0; i < n * n; i++) j[i] = i % (n + 1) == 0;
    for (int sweep = 0; sweep < kMostSweeps; sweep++) {
      bool rotated = false;
      for (index_t p = 0; p < n; p++) squares[p] = dot(n, r + p * n, r + p * n);
      for (index_t p = 0; p < n; p++)
        for (index_t q = p + 1; q < n; q++) {
          double x = squares[p], y = squares[q];
          if (x < kTiny || y < kTiny) continue;
          double product = dot(n, r + p * n, r + q * n);
          if (!(magnitude(product) > tolerance * root(x) * root(y))) continue;
          double half = (y - x) / (2 * product), big = magnitude(half);
          double tangent = 1 / (big > 1e8 ? 2 * big : big + root(1 + big * big));
          if (half < 0) tangent = -tangent;
          double c = 1 / root(1 + tangent * tangent), s = c * tangent;
          rotate(n, c, s, r + p * n, r + q * n);
          if (vectors) rotate(n, c, s, j + p * n, j + q * n);
          squares[p] = larger(0.0, x - tangent * product), squares[q] = y + tangent * product;
          rotated = true;
        }
      if (!rotated) return true;
    }
    return false;
  }

  /// The lengths of the rows, in descending order.
  void sort() {
    for (index_t i = 0; i < n; i++) {
      squares[i] = norm(n, r + i * n);
      if (squares[i] * squares[i] < kTiny) squares[i] = 0;
      index_t at = i;
      for (; at > 0 && squares[order[at - 1]] < squares[i]; at--) order[at] = order[at - 1];
      order[at] = (int32_t)i;
    }
  }

  /// A unit vector that is orthogonal to the first `count` rows of `basis`: what is left of the axis farthest from them.
  template <class T> void complete(index_t count, const T *basis, T *out) {
    index_t farthest = 0;
    double least = 2;
    for (index_t t = 0; t < n; t++) {
      double covered = 0;
      for (index_t i = 0; i < count; i++) covered += (double)basis[i * n + t] * (double)basis[i * n + t];
      if (covered < least) least = covered, farthest = t;
    }
    for (index_t t = 0; t < n; t++) column[t] = t == farthest;
    for (int pass = 0; pass < 2; pass++)
      for (index_t i = 0; i < count; i++) {
        double share = 0;
        for (index_t t = 0; t < n; t++) share += (double)basis[i * n + t] * column[t];
        for (index_t t = 0; t < n; t++) column[t] -= share * (double)basis[i * n + t];
      }
    double length = norm(n, column);
    for (index_t t = 0; t < n; t++) out[t] = (T)(column[t] / length);
  }

  /// Right singular vectors as rows, [n, n].
  template <class T> void write_right(T *right) {
    for (index_t i = 0; i < n; i++) {
      double length = squares[order[i]];
      if (length == 0) complete(i, right, right + i * n);
      else
        for (index_t c = 0; c < n; c++) right[i * n + source[c]] = (T)(r[order[i] * n + c] / length);
    }
  }

  /// Left singular vectors as rows, [count, m]: the reflectors on those of R, and on axes for what lies beyond them.
  template <class T> void write_left(index_t count, T *left) {
    for (index_t i = 0; i < count; i++) {
      for (index_t t = 0; t < m; t++) column[t] = i >= n ? t == i : t < n ? j[order[i] * n + t] : 0;
      for (index_t k = n - 1; k >= 0; k--) apply_reflector(m - k, a + k * m + k, tau[k], column + k);
      for (index_t t = 0; t < m; t++) left[i * m + t] = (T)column[t];
    }
  }
};

template <class T>
int32_t singular_values(index_t m, index_t n, index_t count, const T *a, T *values, T *left, T *right, double *space) {
  // For float32 results the last sweep, which would gain nothing that is kept, is left out.
  Tall tall(m, n, sizeof(T) == 4 ? 1e-9 : 2.220446049250313e-16 * root((double)larger(m, (index_t)4)), space);
  double largest = 0;
  bool isFinite = true;
  for (index_t i = 0; i < n * m; i++) {
    double x = (double)a[i];
    isFinite = isFinite && x - x == 0;
    largest = larger(largest, magnitude(x));
  }
  if (!isFinite) return -1;
  if (largest == 0) largest = 1;
  for (index_t i = 0; i < n * m; i++) tall.a[i] = (double)a[i] / largest;
  tall.factor();
  if (!tall.orthogonalize(left != nullptr)) return 1;
  tall.sort();
  for (index_t i = 0; i < n; i++) values[i] = (T)(tall.squares[tall.order[i]] * largest);
  if (left) {
    tall.write_right(right);
    tall.write_left(count, left);
  }
  return 0;
}

} // namespace

void KERNEL(svd)(int32_t dtype, index_t batch, index_t rows, index_t columns, index_t leftCount, void *a, void *values, void *left, void *right, void *info, void *scratch) {
  auto solve = [&](const auto *elements, auto *found, auto *u, auto *v) {
    for_each_item(batch, 20.0 * (double)columns * (double)columns * (double)rows, [&](index_t item, int worker) {
      ((int32_t *)info)[item] = singular_values(rows, columns, leftCount, elements + item * columns * rows, found + item * columns, u ? u + item * leftCount * rows : u, v ? v + item * columns * columns : v, (double *)scratch + worker * Tall::size(rows, columns));
    });
  };
  if (dtype == DTYPE_FLOAT32) solve((const float *)a, (float *)values, (float *)left, (float *)right);
  else solve((const double *)a, (double *)values, (double *)left, (double *)right);
}
