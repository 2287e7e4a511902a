// Eigenvalues and eigenvectors of symmetric matrices: Householder reflectors make the matrix tridiagonal, implicit QL
// steps make it diagonal. All in float64, scaled so that the largest element is 1.
#include "linear-algebra.h"

namespace {

constexpr double kEpsilon = 2.220446049250313e-16;

/// How many steps' rotations wait until all are applied, so that the eigenvectors go through the caches less often.
constexpr int kSteps = 16;

/// The work space of one matrix.
struct Symmetric {
  index_t n;
  double *a;                                 // its lower triangle; then the reflectors, row i that of step i
  double *z;                                 // rows become the eigenvectors
  double *diagonal, *beside, *tau;
  double *cosines, *sines;                   // of the steps that wait, a row each
  index_t first[kSteps], last[kSteps];       // the rows that they rotate
  int waiting = 0;
  static index_t size(index_t n) { return 2 * n * n + (3 + 2 * kSteps) * n; }
  Symmetric(index_t n, double *space) : n(n), a(space), z(a + n * n), diagonal(z + n * n), beside(diagonal + n), tau(beside + n), cosines(tau + n), sines(cosines + kSteps * n) {}

  /// T = H₁ … Hₙ₋₁ · a · Hₙ₋₁ … H₁, where Hᵢ clears row i left of its neighbour on the diagonal.
  void make_tridiagonal() {
    double *p = cosines, *w = sines;
    for (index_t i = n - 1; i >= 0; i--) {
      double *v = a + i * n;
      diagonal[i] = v[i];
      if (i == 0) break;
      double alpha = v[i - 1], tail = norm(i - 1, v), beta = alpha;
      tau[i] = 0;
      if (tail > 0) {
        double length = length_of(alpha, tail);
        beta = alpha < 0 ? length : -length;
        for (index_t j = 0; j < i - 1; j++) v[j] /= alpha - beta;
        v[i - 1] = 1;
        tau[i] = (beta - alpha) / beta;
        subtract_rank_two(i, v, tau[i], p, w);
      }
      beside[i - 1] = beta;
    }
  }

  /// H · a · H on the leading i rows: with p = tau · a · v and w = p − (tau / 2) (p · v) v it is a − v · wᵀ − w · vᵀ.
  void subtract_rank_two(index_t i, const double *v, double t, double *p, double *w) {
    for (index_t j = 0; j < i; j++) {
      const double *row = a + j * n;
      p[j] = dot(j, row, v) + row[j] * v[j];
      add_scaled(j, v[j], row, p);
    }
    for (index_t j = 0; j < i; j++) w[j] = t * p[j];
    add_scaled(i, -t / 2 * dot(i, w, v), v, w);
    for (index_t j = 0; j < i; j++) {
      add_scaled(j + 1, -v[j], w, a + j * n);
      add_scaled(j + 1, -w[j], v, a + j * n);
    }
  }

  /// z = H₁ · H₂ · … · Hₙ₋₁; before step i all but the leading i − 1 rows and columns are the identity's.
  void multiply_reflectors() {
    for (index_t i = 0; i < n * n; i++) z[i] = i % (n + 1) == 0;
    for (index_t i = 1; i < n; i++) {
      if (tau[i] == 0) continue;
      const double *v = a + i * n;
      for (index_t r = 0; r < i; r++) add_scaled(i, -tau[i] * dot(i, z + r * n, v), v, z + r * n);
    }
  }

  /// The rotations that wait, on columns begin … end of z: of each step every row is read and written once.
  void rotate(index_t begin, index_t end) const {
    constexpr index_t lanes = Vec<double>::lanes;
    for (int k = 0; k < waiting; k++) {
      const double *cosine = cosines + k * n, *sine = sines + k * n;
      index_t t = begin;
      for (; t + 4 * lanes <= end; t += 4 * lanes) {
        vd held[4];
        UNROLL for (int v = 0; v < 4; v++) held[v] = load(z + last[k] * n + t + v * lanes);
        for (index_t i = last[k] - 1; i >= first[k]; i--) {
          vd c = splat(cosine[i]), s = splat(sine[i]);
          double *row = z + i * n + t;
          UNROLL for (int v = 0; v < 4; v++) {
            vd x = load(row + v * lanes);
            store(row + n + v * lanes, s * x + c * held[v]);
            held[v] = c * x - s * held[v];
          }
        }
        UNROLL for (int v = 0; v < 4; v++) store(z + first[k] * n + t + v * lanes, held[v]);
      }
      for (; t < end; t++) {
        double held = z[last[k] * n + t];
        for (index_t i = last[k] - 1; i >= first[k]; i--) {
          double x = z[i * n + t];
          z[(i + 1) * n + t] = sine[i] * x + cosine[i] * held;
          held = cosine[i] * x - sine[i] * held;
        }
        z[first[k] * n + t] = held;
      }
    }
  }
  void rotate_all() {
    parallel_ranges(n, 64, [this](index_t begin, index_t end) { rotate(begin, end); });
    waiting = 0;
  }

  /// One implicit QL step on rows l … m, shifted by the eigenvalue of the leading 2 x 2 block that is near its corner.
  void step(index_t l, index_t m, bool vectors) {
    double *d = diagonal, *e = beside, *cosine = cosines + waiting * n, *sine = sines + waiting * n;
    double g = (d[l + 1] - d[l]) / (2 * e[l]), r = length_of(g, 1.0);
    g = d[m] - d[l] + e[l] / (g + (g < 0 ? -r : r));
    double c = 1, s = 1, shift = 0;
    index_t i = m - 1;
    for (; i >= l; i--) {
      double f = s * e[i], b = c * e[i];
      r = length_of(f, g);
      e[i + 1] = r;
      if (r == 0) break; // the matrix has come apart here
      s = f / r, c = g / r;
      cosine[i] = c, sine[i] = s;
      g = d[i + 1] - shift;
      r = (d[i] - g) * s + 2 * c * b;
      shift = s * r;
      d[i + 1] = g + shift;
      g = c * r - b;
    }
    if (vectors && i + 1 < m) {
      first[waiting] = i + 1, last[waiting] = m;
      if (++waiting == kSteps) rotate_all();
    }
    e[m] = 0;
    if (i >= l) d[i + 1] -= shift;
    else d[l] -= shift, e[l] = g;
  }

  /// Whether all eigenvalues were found.
  bool make_diagonal(bool vectors) {
    beside[n - 1] = 0;
    for (index_t l = 0; l < n; l++)
      for (int tries = 0;; tries++) {
        index_t m = l;
        while (m < n - 1 && magnitude(beside[m]) > kEpsilon * (magnitude(diagonal[m]) + magnitude(diagonal[m + 1]))) m++;
        if (m == l) break;
        if (tries == 60) return false;
        step(l, m, vectors);
      }
    rotate_all();
    return true;
  }
};

template <class T> int32_t eigenvalues(index_t n, const T *a, T *values, T *vectors, double *space) {
  if (n == 0) return 0;
  Symmetric s(n, space);
  double largest = 0;
  bool isFinite = true;
  for (index_t i = 0; i < n; i++)
    for (index_t j = 0; j <= i; j++) {
      double x = (double)a[i * n + j];
      isFinite = isFinite && x - x == 0;
      largest = larger(largest, magnitude(x));
    }
  if (!isFinite) return -1;
  if (largest == 0) largest = 1;
  for (index_t i = 0; i < n; i++)
    for (index_t j = 0; j <= i; j++) s.a[i * n + j] = (double)a[i * n + j] / largest;
  s.make_tridiagonal();
  if (vectors) s.multiply_reflectors();
  if (!s.make_diagonal(vectors != nullptr)) return 1;
  // In ascending order; `tau` has done its work.
  int32_t *order = (int32_t *)s.tau;
  for (index_t i = 0; i < n; i++) {
    index_t at = i;
    for (; at > 0 && s.diagonal[order[at - 1]] > s.diagonal[i]; at--) order[at] = order[at - 1];
    order[at] = (int32_t)i;
  }
  for (index_t i = 0; i < n; i++) {
    values[i] = (T)(s.diagonal[order[i]] * largest);
    if (vectors)
      for (index_t j = 0; j < n; j++) vectors[i * n + j] = (T)s.z[order[i] * n + j];
  }
  return 0;
}

} // namespace

void KERNEL(eigh)(int32_t dtype, index_t batch, index_t n, void *a, void *values, void *vectors, void *info, void *scratch) {
  auto solve = [&](const auto *elements, auto *found, auto *basis) {
    for_each_item(batch, 5.0 * (double)n * (double)n * (double)n, [&](index_t item, int worker) {
      ((int32_t *)info)[item] = eigenvalues(n, elements + item * n * n, found + item * n, basis ? basis + item * n * n : basis, (double *)scratch + worker * Symmetric::size(n));
    });
  };
  if (dtype == DTYPE_FLOAT32) solve((const float *)a, (float *)values, (float *)vectors);
  else solve((const double *)a, (double *)values, (double *)vectors);
}
