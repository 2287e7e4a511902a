// cast, where, fill, arange: conversions between all element types, what does not fit, layouts.
#include "check.h"
#include "kernel.h"

constexpr double kInfinity = __builtin_inf(), kNan = __builtin_nan("");
constexpr int kSize[] = {1, 1, 1, 2, 4, 4, 8};

static double get(int dtype, const void *p, int i) {
  switch (dtype) {
    case DTYPE_BOOL: case DTYPE_UINT8: return ((const uint8_t *)p)[i];
    case DTYPE_INT8: return ((const int8_t *)p)[i];
    case DTYPE_INT16: return ((const int16_t *)p)[i];
    case DTYPE_INT32: return ((const int32_t *)p)[i];
    case DTYPE_FLOAT32: return ((const float *)p)[i];
    default: return ((const double *)p)[i];
  }
}
static void set(int dtype, void *p, int i, double value) {
  switch (dtype) {
    case DTYPE_BOOL: ((uint8_t *)p)[i] = value != 0; break;
    case DTYPE_UINT8: ((uint8_t *)p)[i] = (uint8_t)(int)value; break;
    case DTYPE_INT8: ((int8_t *)p)[i] = (int8_t)(int)value; break;
    case DTYPE_INT16: ((int16_t *)p)[i] = (int16_t)(int)value; break;
    case DTYPE_INT32: ((int32_t *)p)[i] = (int32_t)value; break;
    case DTYPE_FLOAT32: ((float *)p)[i] = (float)value; break;
    default: ((double *)p)[i] = value;
  }
}

/// Every pair of types, numbers that int32 holds: what C++ does with them, cut to the smaller integers through int32.
static void testCasts() {
  const double numbers[] = {0, -0., 1, -1, 2.7, -2.7, 44, 127, 128, 255, 256, 300, -300, 32768, 70000, 1e6, -123456.75, 16777217};
  constexpr int count = sizeof numbers / 8, n = 40 * count;
  static double x[n], y[n], expected[n];
  for (int from = 0; from < DTYPE_COUNT; from++)
    for (int to = 0; to < DTYPE_COUNT; to++) {
      for (int i = 0; i < n; i++) set(from, x, i, numbers[i % count]);
      for (int i = 0; i < n; i++) set(to, expected, i, get(from, x, i));
      double meta[] = {n, 1, 1};
      KERNEL(cast)(from, to, 1, meta, x, y);
      for (int i = 0; i < n; i++)
        CHECK(get(to, y, i) == get(to, expected, i), "%g of type %d to type %d is %g", get(from, x, i), from, to, get(to, y, i));
      double reversed[] = {40, count, 1, 40, count, 1};  // the output's dimensions swapped
      KERNEL(cast)(from, to, 2, reversed, x, y);
      for (int i = 0; i < n; i++)
        CHECK(get(to, y, i % count * 40 + i / count) == get(to, expected, i), "%g of type %d to type %d, transposed", get(from, x, i), from, to);
    }
}

static void testWhatDoesNotFit() {
  const double x[] = {kNan, kInfinity, -kInfinity, 1e20, -1e20, 2147483648., -2147483649., 2147483647.};
  const int32_t expected[] = {0, INT32_MAX, INT32_MIN, INT32_MAX, INT32_MIN, INT32_MAX, INT32_MIN, INT32_MAX};
  float single[8];
  int32_t y[8];
  uint8_t bytes[8];
  double meta[] = {8, 1, 1};
  KERNEL(cast)(DTYPE_FLOAT64, DTYPE_INT32, 1, meta, (void *)x, y);
  for (int i = 0; i < 8; i++) CHECK(y[i] == expected[i], "%g to int32 is %d", x[i], y[i]);
  KERNEL(cast)(DTYPE_FLOAT64, DTYPE_FLOAT32, 1, meta, (void *)x, single);
  CHECK(isnan(single[0]) && single[1] == (float)kInfinity && single[3] == 1e20f, "float64 to float32");
  KERNEL(cast)(DTYPE_FLOAT32, DTYPE_INT32, 1, meta, single, y);
  for (int i = 0; i < 8; i++) CHECK(y[i] == expected[i], "%g to int32 is %d", (double)single[i], y[i]);
  KERNEL(cast)(DTYPE_FLOAT32, DTYPE_BOOL, 1, meta, single, bytes);
  for (int i = 0; i < 8; i++) CHECK(bytes[i] == 1, "NaN and infinities are true");
}

/// Copies between all layouts of three dimensions, in every size of element.
static void testCopies(int d0, int d1, int d2) {
  const int shape[] = {d0, d1, d2}, n = d0 * d1 * d2;
  const double strides[][3] = {{(double)d1 * d2, (double)d2, 1}, {1, (double)d0, (double)d0 * d1}, {(double)d1 * d2, 1, (double)d1},
                               {(double)d2, (double)d0 * d2, 1}, {2. * d1 * d2, 2. * d2, 2}, {0, 1, (double)d1}, {1, 0, 0}};
  char *x = (char *)malloc(16 * (size_t)n + 16), *y = (char *)malloc(16 * (size_t)n + 16);
  for (int i = 0; i < 16 * n; i++) x[i] = (char)(i * 31 + i / 251);
  const int types[] = {DTYPE_UINT8, DTYPE_INT16, DTYPE_FLOAT32, DTYPE_FLOAT64};
  for (int type : types)
    for (auto &from : strides)
      for (int o = 0; o < 5; o++) {
        const double *to = strides[o];
        double meta[9];
        for (int d = 0; d < 3; d++) meta[d] = shape[d], meta[3 + d] = to[d], meta[6 + d] = from[d];
        memset(y, 0, 16 * (size_t)n);
        KERNEL(cast)(type, type, 3, meta, x, y);
        int wrong = 0, size = kSize[type];
        for (int i = 0; i < d0; i++)
          for (int j = 0; j < d1; j++)
            for (int k = 0; k < d2; k++) {
              auto at = [&](const double *s) { return size * (int)(i * s[0] + j * s[1] + k * s[2]); };
              wrong += memcmp(y + at(to), x + at(from), (size_t)size) != 0;
            }
        CHECK(wrong == 0, "%d elements of %d x %d x %d, type %d, strides %g %g %g to %g %g %g", wrong, d0, d1, d2, type, from[0], from[1], from[2],
              to[0], to[1], to[2]);
      }
  free(x), free(y);
}

static void testLargeCopy() {
  constexpr int n = 200003;
  int32_t *x = (int32_t *)malloc(n * 4), *y = (int32_t *)malloc(n * 4);
  for (int i = 0; i < n; i++) x[i] = i * 7;
  double meta[] = {n, 1, 1};
  KERNEL(cast)(DTYPE_INT32, DTYPE_INT32, 1, meta, x, y);
  CHECK(memcmp(x, y, n * 4) == 0, "a large copy");
  free(x), free(y);
}

static void testWhere() {
  constexpr int n = 1003;
  static uint8_t condition[n];
  static double a[n], b[n], y[n];
  for (int i = 0; i < n; i++) condition[i] = check_random() > 0;
  for (int type = 0; type < DTYPE_COUNT; type++) {
    for (int i = 0; i < n; i++) set(type, a, i, i % 100), set(type, b, i, 100 + i % 27);
    double meta[] = {n, 1, 1, 1, 1};
    KERNEL(where)(type, 1, meta, condition, a, b, y);
    for (int i = 0; i < n; i++) CHECK(get(type, y, i) == get(type, condition[i] ? a : b, i), "element %d of type %d", i, type);
    // A column of conditions, a row of values and one value.
    double crossed[] = {30, 33, 33, 1, 1, 0, 0, 1, 0, 0};
    KERNEL(where)(type, 2, crossed, condition, a, b, y);
    for (int i = 0; i < 30 * 33; i++)
      CHECK(get(type, y, i) == (condition[i / 33] ? get(type, a, i % 33) : get(type, b, 0)), "element %d of type %d, broadcast", i, type);
  }
  double nan = kNan, one = 1, out;
  uint8_t no = 0;
  KERNEL(where)(DTYPE_FLOAT64, 0, nullptr, &no, &nan, &one, &out);
  CHECK(out == 1, "the value not chosen has no effect");
}

static void testFillAndArange() {
  constexpr int n = 70001;
  static double y[n];
  for (int type = 0; type < DTYPE_COUNT; type++) {
    double meta[] = {n, 1}, stepped[] = {20, 30, 60, 2};
    KERNEL(fill)(type, 1, meta, y, 3);
    for (int i = 0; i < n; i++) CHECK(get(type, y, i) == (type == DTYPE_BOOL ? 1 : 3), "element %d of type %d", i, type);
    KERNEL(fill)(type, 2, stepped, y, 0);
    for (int i = 0; i < 1201; i++)
      CHECK(get(type, y, i) == (i % 2 == 0 && i < 1200 ? 0 : type == DTYPE_BOOL ? 1 : 3), "element %d of type %d, every second one", i, type);
    KERNEL(arange)(type, 100, -5, 2, y);
    for (int i = 0; i < 100; i++) {
      double expected;
      set(type, &expected, 0, -5 + 2 * i);
      CHECK(get(type, y, i) == get(type, &expected, 0), "arange, element %d of type %d", i, type);
    }
  }
  KERNEL(arange)(DTYPE_FLOAT32, n, 0.5, 0.1, y);
  for (int i = 0; i < n; i++) CHECK(((float *)y)[i] == (float)(0.5 + i * 0.1) || fabs(((float *)y)[i] - (0.5 + i * 0.1)) < 1e-3, "arange, element %d", i);
  CHECK(((float *)y)[1] == 0.6f && ((float *)y)[70000] == 7000.5f, "arange by a step that binary cannot hold");
  KERNEL(arange)(DTYPE_FLOAT32, 0, 0, 1, y);
  float minusOne = -1, unchanged = 7;
  double empty[] = {0, 1};
  KERNEL(fill)(DTYPE_FLOAT32, 1, empty, &unchanged, 1);
  CHECK(unchanged == 7, "nothing to fill");
  KERNEL(fill)(DTYPE_FLOAT32, 0, nullptr, &minusOne, 2);
  CHECK(minusOne == 2, "no dimensions");
}

int main() {
  testCasts();
  testWhatDoesNotFit();
  testCopies(3, 5, 7), testCopies(2, 70, 67), testCopies(33, 4, 90), testCopies(1, 1, 1), testCopies(5, 0, 3);
  testLargeCopy();
  testWhere();
  testFillAndArange();
  return check_result();
}
