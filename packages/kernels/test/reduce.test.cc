// reduce against sums in long double and plain searches: every op, element type and choice of dimensions, over
// contiguous, transposed and stepped tensors; empty ones; NaN; accuracy at length; the same bits at any thread count.
#include <initializer_list>
#include "check.h"
#include "kernel.h"

extern "C" void parallel_set_threads(int count);

static int dtype_of(uint8_t) { return DTYPE_UINT8; }
static int dtype_of(int8_t) { return DTYPE_INT8; }
static int dtype_of(int16_t) { return DTYPE_INT16; }
static int dtype_of(int32_t) { return DTYPE_INT32; }
static int dtype_of(float) { return DTYPE_FLOAT32; }
static int dtype_of(double) { return DTYPE_FLOAT64; }

struct Tensor {
  int dims;
  index_t shape[3], stride[3];
};

static double output(int op, int dtype, const void *out, index_t i) {
  if (op == REDUCE_ANY || op == REDUCE_ALL) return ((const uint8_t *)out)[i];
  if (op == REDUCE_ARGMAX || op == REDUCE_ARGMIN || op == REDUCE_NONZERO_COUNT) return ((const int32_t *)out)[i];
  switch (dtype) {
    case DTYPE_UINT8: return ((const uint8_t *)out)[i];
    case DTYPE_INT8: return ((const int8_t *)out)[i];
    case DTYPE_INT16: return ((const int16_t *)out)[i];
    case DTYPE_INT32: return ((const int32_t *)out)[i];
    case DTYPE_FLOAT32: return (double)((const float *)out)[i];
    default: return ((const double *)out)[i];
  }
}

/// Reduces the dimensions of the bit mask and checks every output.
template <class T> static void check_reduce(int op, const T *x, const Tensor &t, int mask) {
  bool floating = (T)0.5 != 0;
  int dtype = dtype_of((T)0);
  Tensor part[2] = {};
  for (int d = 0; d < t.dims; d++) {
    Tensor &p = part[mask >> d & 1];
    p.shape[p.dims] = t.shape[d], p.stride[p.dims++] = t.stride[d];
  }
  double meta[12];
  int k = 0;
  index_t count[2] = {1, 1};
  for (int w = 0; w < 2; w++)
    for (int d = 0; d < part[w].dims; d++) meta[k++] = (double)part[w].shape[d], count[w] *= part[w].shape[d];
  for (int w = 0; w < 2; w++)
    for (int d = 0; d < part[w].dims; d++) meta[k++] = (double)part[w].stride[d];
  size_t bytes = (size_t)count[0] * 8 + 8;
  void *out = malloc(bytes), *again = malloc(bytes);
  memset(out, 0x55, bytes), memset(again, 0x55, bytes);
  parallel_set_threads(1);
  KERNEL(reduce)(op, dtype, part[0].dims, part[1].dims, meta, (void *)x, out);
  parallel_set_threads(2);
  KERNEL(reduce)(op, dtype, part[0].dims, part[1].dims, meta, (void *)x, again);
  CHECK(memcmp(out, again, bytes) == 0, "op %d dtype %d mask %d: bits depend on the threads", op, dtype, mask);
  auto offset = [](const Tensor &p, index_t i) {
    index_t at = 0;
    for (int d = p.dims - 1; d > 0; d--) at += i % p.shape[d] * p.stride[d], i /= p.shape[d];
    return p.dims ? at + i * p.stride[0] : 0;
  };
  for (index_t o = 0; o < count[0]; o++) {
    const T *base = x + offset(part[0], o);
    long double sum = 0, size = 0, product = 1;
    int32_t wrapped = 0;
    index_t nonzero = 0, largest = 0, smallest = 0;
    for (index_t i = 0; i < count[1]; i++) {
      T v = base[offset(part[1], i)], most = base[offset(part[1], largest)], least = base[offset(part[1], smallest)];
      long double term = op == REDUCE_SUM_SQUARES ? (long double)v * v : op == REDUCE_NORM1 ? fabsl((long double)v) : (long double)v;
      sum += term, size += fabsl(term), product *= (long double)v, nonzero += v != 0;
      if (!floating) wrapped = (int32_t)((uint32_t)wrapped + (uint32_t)(int32_t)v);
      if (v > most) largest = i;
      if (v < least) smallest = i;
    }
    double expected = 0, absolute = 0;
    switch (op) {
      case REDUCE_ANY: expected = nonzero > 0; break;
      case REDUCE_ALL: expected = nonzero == count[1]; break;
      case REDUCE_NONZERO_COUNT: expected = (double)nonzero; break;
      case REDUCE_ARGMAX: expected = (double)largest; break;
      case REDUCE_ARGMIN: expected = (double)smallest; break;
      case REDUCE_MAX: expected = (double)base[offset(part[1], largest)]; break;
      case REDUCE_MIN: expected = (double)base[offset(part[1], smallest)]; break;
      case REDUCE_PROD: expected = (double)product, absolute = fabs(expected) * (sizeof(T) == 4 ? 2e-6 : 1e-14); break;
      default: expected = floating ? (double)sum : wrapped, absolute = (double)size * (sizeof(T) == 4 ? 3e-7 : 3e-15);
    }
    CHECK_CLOSE(output(op, dtype, out, o), expected, 0, floating ? absolute : 0, "op %d dtype %d mask %d of %td x %td x %td, output %td", op,
                dtype, mask, t.shape[0], t.shape[1], t.shape[2], o);
  }
  free(out), free(again);
}

template <class T> static void check_type() {
  bool floating = (T)0.5 != 0, arithmetic = floating || sizeof(T) == 4;
  static const index_t shapes[][3] = {{1, 1, 1}, {1, 1, 7}, {5, 6, 7}, {3, 40, 133}, {2, 1, 3001}, {70, 33, 3}, {600, 1, 140}, {2, 1, 70000}, {20000, 1, 4}};
  for (auto &s : shapes) {
    index_t n = s[0] * s[1] * s[2];
    T *x = (T *)malloc((size_t)(2 * n) * sizeof(T));
    for (index_t i = 0; i < 2 * n; i++) x[i] = (T)(floating ? check_random() : (double)(int)(50 + check_random() * 50));
    const Tensor views[] = {{3, {s[0], s[1], s[2]}, {s[1] * s[2], s[2], 1}},
                            {3, {s[2], s[0], s[1]}, {1, s[1] * s[2], s[2]}},
                            {3, {s[0], s[1], s[2]}, {s[1] * s[2] * 2, s[2] * 2, 2}}};
    for (auto &view : views)
      for (int mask = 0; mask < 8; mask++)
        for (int op = 0; op < REDUCE_COUNT; op++) {
          bool needs_arithmetic = op == REDUCE_SUM || op == REDUCE_PROD || op == REDUCE_SUM_SQUARES || op == REDUCE_NORM1;
          if (needs_arithmetic && !arithmetic) continue;
          if (op == REDUCE_PROD || (op != REDUCE_SUM && needs_arithmetic && !floating)) continue;
          if (n > 10000 && (op == REDUCE_ALL || op == REDUCE_MIN || op == REDUCE_ARGMIN || op == REDUCE_SUM_SQUARES)) continue;
          if (n > 10000 && mask != 7 && mask != 4 && mask != 1) continue;
          check_reduce(op, x, view, mask);
        }
    free(x);
  }
}

static void check_products() {
  double x[60];
  float y[60];
  int32_t z[60];
  for (int i = 0; i < 60; i++) x[i] = 1 + check_random() / 4, y[i] = (float)x[i], z[i] = i % 3 ? 1 : -2;
  for (int mask = 0; mask < 8; mask++) {
    Tensor t = {3, {3, 4, 5}, {20, 5, 1}};
    check_reduce(REDUCE_PROD, x, t, mask);
    check_reduce(REDUCE_PROD, y, t, mask);
    check_reduce(REDUCE_PROD, z, t, mask);
  }
  // 3^40 modulo 2^32, as int32
  int32_t threes[40], out;
  uint32_t expected = 1;
  for (int i = 0; i < 40; i++) threes[i] = 3, expected *= 3;
  double meta[] = {40, 1};
  KERNEL(reduce)(REDUCE_PROD, DTYPE_INT32, 0, 1, meta, threes, &out);
  CHECK(out == (int32_t)expected, "int32 products wrap: %d", out);
}

static void check_empty() {
  double whole[] = {0, 1}, rows[] = {3, 0, 1, 1};
  float out[3];
  int32_t count[3];
  uint8_t flag[3];
  KERNEL(reduce)(REDUCE_SUM, DTYPE_FLOAT32, 0, 1, whole, out, out);
  CHECK(out[0] == 0, "sum of nothing");
  for (int op : {REDUCE_SUM, REDUCE_PROD}) {
    KERNEL(reduce)(op, DTYPE_FLOAT32, 1, 1, rows, out, out);
    for (int i = 0; i < 3; i++) CHECK(out[i] == (op == REDUCE_PROD), "op %d of empty rows", op);
  }
  for (int op : {REDUCE_ANY, REDUCE_ALL}) {
    KERNEL(reduce)(op, DTYPE_FLOAT32, 1, 1, rows, out, flag);
    for (int i = 0; i < 3; i++) CHECK(flag[i] == (op == REDUCE_ALL), "op %d of empty rows", op);
  }
  KERNEL(reduce)(REDUCE_NONZERO_COUNT, DTYPE_FLOAT32, 1, 1, rows, out, count);
  CHECK(count[0] == 0 && count[2] == 0, "count of empty rows");
}

static void check_nan() {
  for (index_t n : {5, 40, 3000, 200000}) {
    float *x = (float *)malloc((size_t)(4 * n) * sizeof(float));
    index_t at = n * 2 / 3;
    for (index_t i = 0; i < 4 * n; i++) x[i] = i / 4 == at || i / 4 == n - 1 ? NAN : (float)check_random();
    double along[] = {4, (double)n, 1, 4};
    float value[4];
    int32_t position[4];
    for (int op : {REDUCE_MAX, REDUCE_MIN}) {
      KERNEL(reduce)(op, DTYPE_FLOAT32, 1, 1, along, x, value);
      for (float v : value) CHECK(isnan(v), "NaN wins, op %d, n %td", op, n);
    }
    for (int op : {REDUCE_ARGMAX, REDUCE_ARGMIN}) {
      KERNEL(reduce)(op, DTYPE_FLOAT32, 1, 1, along, x, position);
      for (int32_t p : position) CHECK(p == at, "the first NaN wins, op %d, n %td: %d", op, n, p);
      double one[] = {(double)n, 4};
      KERNEL(reduce)(op, DTYPE_FLOAT32, 0, 1, one, x, position);
      CHECK(position[0] == at, "the first NaN wins in a run, op %d, n %td: %d", op, n, position[0]);
    }
    for (index_t i = 0; i < n; i++) x[i] = -INFINITY;
    double one[] = {(double)n, 1};
    KERNEL(reduce)(REDUCE_ARGMAX, DTYPE_FLOAT32, 0, 1, one, x, position);
    CHECK(position[0] == 0, "the first of equal infinities");
    free(x);
  }
}

static void check_accuracy() {
  index_t n = 4000000;
  float *x = (float *)malloc((size_t)n * sizeof(float)), sum;
  double exact = 0, meta[] = {(double)n, 1};
  for (index_t i = 0; i < n; i++) x[i] = (float)(1 + check_random()), exact += (double)x[i];
  KERNEL(reduce)(REDUCE_SUM, DTYPE_FLOAT32, 0, 1, meta, x, &sum);
  CHECK_CLOSE(sum, exact, 1e-7, 0, "sum of four million");
  free(x);
}

int main() {
  check_type<uint8_t>();
  check_type<int8_t>();
  check_type<int16_t>();
  check_type<int32_t>();
  check_type<float>();
  check_type<double>();
  check_products();
  check_empty();
  check_nan();
  check_accuracy();
  return check_result();
}
