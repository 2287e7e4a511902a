// Index kernels against plain loops, for every element type; scattered writes in order and alike at any thread count.
#include "check.h"
#include "kernel.h"

extern "C" void parallel_set_threads(int count);

static int32_t draw(index_t below) { return (int32_t)((1 + check_random()) / 2 * (double)below); }
template <class T> static T *numbers(index_t n) {
  T *p = (T *)malloc((size_t)(n + 1) * sizeof(T));
  for (index_t i = 0; i < n; i++) p[i] = (T)(draw(40) / ((T)0.5 != 0 ? 8. : 1.));
  return p;
}
static int32_t *positions(index_t n, index_t below) {
  int32_t *p = (int32_t *)malloc((size_t)(n + 1) * sizeof(int32_t));
  for (index_t i = 0; i < n; i++) p[i] = draw(below);
  return p;
}

template <class T> static void check_select_and_add(int dtype, index_t outer, index_t n, index_t inner, index_t count) {
  T *x = numbers<T>(outer * n * inner), *source = numbers<T>(outer * count * inner), *out = numbers<T>(outer * count * inner), *sum = numbers<T>(outer * n * inner);
  int32_t *index = positions(count, n), range[2];
  KERNEL(indexSelect)(dtype, outer, n, inner, count, x, index, out);
  memcpy(sum, x, (size_t)(outer * n * inner) * sizeof(T));
  KERNEL(indexAdd)(dtype, outer, n, inner, count, index, source, sum, 2);
  int32_t least = 0, most = -1;
  for (index_t j = 0; j < count; j++) {
    if (j == 0 || index[j] < least) least = index[j];
    if (j == 0 || index[j] > most) most = index[j];
    for (index_t o = 0; o < outer; o++)
      for (index_t i = 0; i < inner; i++) {
        index_t at = (o * n + index[j]) * inner + i, here = (o * count + j) * inner + i;
        CHECK(out[here] == x[at], "indexSelect, dtype %d", dtype);
      }
  }
  for (index_t j = 0; j < count; j++)
    for (index_t o = 0; o < outer; o++)
      for (index_t i = 0; i < inner; i++) x[(o * n + index[j]) * inner + i] = (T)(x[(o * n + index[j]) * inner + i] + 2 * source[(o * count + j) * inner + i]);
  for (index_t i = 0; i < outer * n * inner; i++) CHECK(sum[i] == x[i], "indexAdd, dtype %d [%td, %td, %td] at %td", dtype, outer, n, inner, i);
  KERNEL(indexRange)(count, index, range);
  CHECK(range[0] == least && range[1] == most, "indexRange");
  free(x), free(source), free(out), free(sum), free(index);
}

/// x is [shape with n along dim] stored transposed, index in order, source stepped by two.
template <class T> static void check_gather_and_scatter(int dtype, const index_t *shape, int dim, index_t n) {
  constexpr int d = 3;
  index_t big[d], stride_x[d], stride_i[d], stride_s[d], count = shape[0] * shape[1] * shape[2], total;
  for (int i = 0; i < d; i++) big[i] = i == dim ? n : shape[i];
  stride_x[0] = 1, stride_x[1] = big[0], stride_x[2] = big[0] * big[1], total = big[0] * big[1] * big[2];
  stride_i[2] = 1, stride_i[1] = shape[2], stride_i[0] = shape[1] * shape[2];
  for (int i = 0; i < d; i++) stride_s[i] = 2 * stride_i[i];
  T *x = numbers<T>(total), *source = numbers<T>(2 * count), *out = numbers<T>(count), *target[2] = {numbers<T>(total), numbers<T>(total)};
  T *expected = numbers<T>(total);
  int32_t *index = positions(count, n);
  double meta[12];
  for (int i = 0; i < d; i++) meta[i] = (double)shape[i], meta[d + i] = (double)stride_x[i], meta[2 * d + i] = (double)stride_i[i], meta[3 * d + i] = (double)stride_s[i];
  KERNEL(gather)(dtype, d, dim, meta, x, index, out);
  auto place = [&](index_t i) { // of element i, with the index in place of its coordinate
    index_t at[d] = {i / stride_i[0], i / stride_i[1] % shape[1], i % shape[2]};
    at[dim] = index[i];
    return at[0] * stride_x[0] + at[1] * stride_x[1] + at[2] * stride_x[2];
  };
  for (index_t i = 0; i < count; i++) CHECK(out[i] == x[place(i)], "gather dim %d dtype %d", dim, dtype);
  for (int op = 0; op < SCATTER_COUNT; op++) {
    for (int threads = 1; threads <= 2; threads++) {
      parallel_set_threads(threads);
      memcpy(target[threads - 1], x, (size_t)total * sizeof(T));
      KERNEL(scatter)(op, dtype, d, dim, meta, target[threads - 1], index, source);
    }
    memcpy(expected, x, (size_t)total * sizeof(T));
    for (index_t i = 0; i < count; i++) {
      T &slot = expected[place(i)], v = source[2 * i];
      if (op == SCATTER_SET) slot = v;
      else if (op == SCATTER_ADD) slot = (T)(slot + v);
      else if (op == SCATTER_MUL) slot = (T)((T)0.5 != 0 ? (double)slot * (double)v : (double)(T)(uint32_t)((uint32_t)slot * (uint32_t)v));
      else if (op == SCATTER_MAX ? v > slot : v < slot) slot = v;
    }
    CHECK(!memcmp(target[0], target[1], (size_t)total * sizeof(T)), "scatter depends on the threads");
    for (index_t i = 0; i < total; i++) CHECK_CLOSE(target[0][i], expected[i], (T)0.5 != 0 ? 1e-5 : 0, 0, "scatter op %d dim %d dtype %d at %td", op, dim, dtype, i);
  }
  free(x), free(source), free(out), free(target[0]), free(target[1]), free(expected), free(index);
}

template <class T> static void check_type(int dtype) {
  static const index_t rows[][4] = {{1, 10, 1, 7}, {3, 10, 5, 20}, {2, 100, 130, 400}, {4, 3, 2, 0}, {0, 3, 2, 4}, {2, 3, 0, 4}};
  for (auto &r : rows) check_select_and_add<T>(dtype, r[0], r[1], r[2], r[3]);
  static const index_t shapes[][3] = {{3, 4, 5}, {1, 1, 9}, {0, 3, 2}, {300, 4, 40}};
  for (auto &shape : shapes)
    for (int dim = 0; dim < 3; dim++) check_gather_and_scatter<T>(dtype, shape, dim, 6);
  T values[9] = {0, 1, 0, 2, 3, 0, 0, 4, 0};
  int32_t at[4];
  CHECK(KERNEL(nonzero)(dtype, 9, values, nullptr) == 4 && KERNEL(nonzero)(dtype, 9, values, at) == 4, "nonzero counts");
  CHECK(at[0] == 1 && at[1] == 3 && at[2] == 4 && at[3] == 7, "nonzero finds");
}

int main() {
  check_type<uint8_t>(DTYPE_UINT8);
  check_type<int8_t>(DTYPE_INT8);
  check_type<int16_t>(DTYPE_INT16);
  check_type<int32_t>(DTYPE_INT32);
  check_type<float>(DTYPE_FLOAT32);
  check_type<double>(DTYPE_FLOAT64);
  float special[4] = {NAN, -0.f, 1, 0}, slot[1] = {2}, nan[1] = {NAN};
  int32_t at[4], zero[1] = {0};
  double scalar[1];
  CHECK(KERNEL(nonzero)(DTYPE_FLOAT32, 4, special, at) == 2 && at[0] == 0 && at[1] == 2, "NaN is not zero, −0 is");
  KERNEL(scatter)(SCATTER_MAX, DTYPE_FLOAT32, 0, 0, scalar, slot, zero, nan);
  CHECK(isnan(slot[0]), "NaN wins the largest of scattered numbers");
  return check_result();
}
