// Predicates and comparisons: every element type, NaN and signed zeros, layouts.
#include "check.h"
#include "kernel.h"

constexpr double kInfinity = __builtin_inf(), kNan = __builtin_nan("");

template <class T, int count> static void predicate(int op, int dtype, const T (&x)[count], uint8_t (&out)[count]) {
  double meta[] = {count, 1, 1};
  KERNEL(predicate)(op, dtype, 1, meta, (void *)x, out);
}

template <class T> static void testFloatPredicates(int dtype) {
  const T x[] = {0, (T)-0., 1, -1, (T)kInfinity, (T)-kInfinity, (T)kNan, (T)-kNan, (T)1e-40, (T)3e38, (T)-1e-310};
  uint8_t y[11];
  auto run = [&](int op, auto expected) {
    predicate(op, dtype, x, y);
    for (int i = 0; i < 11; i++) CHECK(y[i] == (expected((double)x[i]) ? 1 : 0), "predicate %d of %g is %d", op, (double)x[i], y[i]);
  };
  run(PREDICATE_LOGICAL_NOT, [](double v) { return v == 0; });
  run(PREDICATE_ISNAN, [](double v) { return v != v; });
  run(PREDICATE_ISINF, [](double v) { return v == kInfinity || v == -kInfinity; });
  run(PREDICATE_ISFINITE, [](double v) { return v - v == 0; });
  predicate(PREDICATE_SIGNBIT, dtype, x, y);
  for (int i = 0; i < 11; i++)
    if (x[i] == x[i]) CHECK(y[i] == (signbit((double)x[i]) ? 1 : 0), "sign bit of %g", (double)x[i]);
}

template <class T> static void testIntegerPredicates(int dtype) {
  const T x[] = {0, 1, (T)-1, 100, 0, (T)-128, 7};
  uint8_t y[7];
  for (int op = 0; op < PREDICATE_COUNT; op++) {
    predicate(op, dtype, x, y);
    for (int i = 0; i < 7; i++) {
      int expected = op == PREDICATE_LOGICAL_NOT ? x[i] == 0 : op == PREDICATE_ISFINITE ? 1 : op == PREDICATE_SIGNBIT ? x[i] < 0 : 0;
      CHECK(y[i] == expected, "predicate %d of %d is %d (type %d)", op, (int)x[i], y[i], dtype);
    }
  }
}

template <class T> static bool expectedOf(int op, T a, T b) {
  switch (op) {
    case COMPARE_EQ: return a == b;
    case COMPARE_NE: return a != b;
    case COMPARE_LT: return a < b;
    case COMPARE_LE: return a <= b;
    case COMPARE_GT: return a > b;
    case COMPARE_GE: return a >= b;
    case COMPARE_LOGICAL_AND: return a != 0 && b != 0;
    case COMPARE_LOGICAL_OR: return a != 0 || b != 0;
    default: return (a != 0) != (b != 0);
  }
}

/// All pairs of the numbers, contiguous and by strides.
template <class T, int count> static void testComparisons(int dtype, const T (&numbers)[count]) {
  constexpr int n = count * count;
  T a[n], b[n];
  uint8_t y[2 * n];
  for (int i = 0; i < n; i++) a[i] = numbers[i / count], b[i] = numbers[i % count];
  double contiguous[] = {n, 1, 1, 1};
  double crossed[] = {count, count, 2 * count, 2, 1, 0, 0, 1};  // numbers[:, None] with numbers[None, :], every second byte written
  for (int op = 0; op < COMPARE_COUNT; op++) {
    KERNEL(compare)(op, dtype, 1, contiguous, a, b, y);
    for (int i = 0; i < n; i++)
      CHECK(y[i] == (uint8_t)expectedOf(op, a[i], b[i]), "op %d of %g, %g is %d (type %d)", op, (double)a[i], (double)b[i], y[i], dtype);
    memset(y, 9, sizeof y);
    KERNEL(compare)(op, dtype, 2, crossed, (void *)numbers, (void *)numbers, y);
    for (int i = 0; i < n; i++)
      CHECK(y[2 * i] == (uint8_t)expectedOf(op, a[i], b[i]) && y[2 * i + 1] == 9, "op %d of %g, %g by strides (type %d)", op, (double)a[i], (double)b[i], dtype);
  }
}

static void testLarge() {
  constexpr int n = 100003;
  float *a = (float *)malloc(n * 4), *b = (float *)malloc(n * 4);
  uint8_t *y = (uint8_t *)malloc(n);
  for (int i = 0; i < n; i++) a[i] = (float)check_random(), b[i] = i % 3 ? a[i] : (float)check_random();
  double meta[] = {n, 1, 1, 1};
  for (int op = 0; op < COMPARE_COUNT; op++) {
    KERNEL(compare)(op, DTYPE_FLOAT32, 1, meta, a, b, y);
    for (int i = 0; i < n; i++) CHECK(y[i] == (uint8_t)expectedOf(op, a[i], b[i]), "op %d, element %d of many", op, i);
  }
  free(a), free(b), free(y);
}

int main() {
  testFloatPredicates<float>(DTYPE_FLOAT32), testFloatPredicates<double>(DTYPE_FLOAT64);
  testIntegerPredicates<int32_t>(DTYPE_INT32), testIntegerPredicates<int16_t>(DTYPE_INT16), testIntegerPredicates<int8_t>(DTYPE_INT8);
  testIntegerPredicates<uint8_t>(DTYPE_UINT8);
  const float floats[] = {0, -0.f, 1, -1, 2.5f, (float)kInfinity, (float)-kInfinity, (float)kNan, 1e-40f};
  const double doubles[] = {0, -0., 1, -1, 2.5, kInfinity, -kInfinity, kNan, 1e-310};
  const int32_t ints[] = {0, 1, -1, INT32_MIN, INT32_MAX, 65536, 256};
  const int16_t shorts[] = {0, 1, -1, INT16_MIN, INT16_MAX, 256};
  const int8_t chars[] = {0, 1, -1, INT8_MIN, INT8_MAX};
  const uint8_t bytes[] = {0, 1, 127, 128, 255}, bools[] = {0, 1};
  testComparisons(DTYPE_FLOAT32, floats), testComparisons(DTYPE_FLOAT64, doubles), testComparisons(DTYPE_INT32, ints);
  testComparisons(DTYPE_INT16, shorts), testComparisons(DTYPE_INT8, chars), testComparisons(DTYPE_UINT8, bytes), testComparisons(DTYPE_BOOL, bools);
  testLarge();
  return check_result();
}
