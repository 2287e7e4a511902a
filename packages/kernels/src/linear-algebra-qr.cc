// QR by Householder reflectors, as LAPACK's geqrf and orgqr define them. Matrices lie here by columns, so that a reflector
// and what it is applied to are rows of neighbours.
#include "linear-algebra.h"

namespace {

/// `columns` columns of `rows` elements: R on and above the diagonal, the reflectors below it.
template <class T> void factor_qr(index_t rows, index_t columns, T *a, T *tau) {
  for (index_t j = 0; j < smaller(rows, columns); j++) {
    T *v = a + j * rows + j;
    index_t n = rows - j;
    T t = tau[j] = make_reflector(n, v);
    parallel_ranges(columns - j - 1, (1 << 15) / n + 1, [=](index_t begin, index_t end) {
      for (index_t c = j + 1 + begin; c < j + 1 + end; c++) apply_reflector(n, v, t, a + c * rows + j);
    });
  }
}

} // namespace

void KERNEL(qrFactor)(int32_t dtype, index_t batch, index_t rows, index_t columns, void *a, void *tau) {
  auto factor = [&](auto *elements, auto *scales) {
    index_t count = smaller(rows, columns);
    for_each_item(batch, 2.0 * (double)rows * (double)columns * (double)count, [&](index_t item, int) { factor_qr(rows, columns, elements + item * rows * columns, scales + item * count); });
  };
  if (dtype == DTYPE_FLOAT32) factor((float *)a, (float *)tau);
  else factor((double *)a, (double *)tau);
}

void KERNEL(householderProduct)(int32_t dtype, index_t batch, index_t rows, index_t columns, index_t reflectors, void *a, index_t strideA, void *tau, void *out) {
  auto multiply = [&](const auto *elements, const auto *scales, auto *result) {
    // Column j of the product: the reflectors on a column of the identity; those behind j do not touch it.
    for_each_item(batch * columns, 4.0 * (double)rows * (double)reflectors, [&](index_t index, int) {
      index_t item = index / columns, j = index % columns;
      auto *column = result + index * rows;
      for (index_t i = 0; i < rows; i++) column[i] = i == j;
      for (index_t r = smaller(j, reflectors - 1); r >= 0; r--)
        apply_reflector(rows - r, elements + item * strideA + r * rows + r, scales[item * reflectors + r], column + r);
    });
  };
  if (dtype == DTYPE_FLOAT32) multiply((const float *)a, (const float *)tau, (float *)out);
  else multiply((const double *)a, (const double *)tau, (double *)out);
}
