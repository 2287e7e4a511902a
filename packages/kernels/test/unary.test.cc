// Unary ops: error in units of the last place against the C library in long double, special values, parameters, strides.
#include "check.h"
#include "kernel.h"

typedef long double wide;

/// One unit of the last place of a T near `x`.
template <class T> static wide ulp(wide x) {
  constexpr int digits = sizeof(T) == 4 ? 24 : 53, lowest = sizeof(T) == 4 ? -149 : -1074;
  int exponent;
  frexpl(x, &exponent);
  return ldexpl(1, exponent - digits < lowest ? lowest : exponent - digits);
}

static wide sigmoid(wide x) { return 1 / (1 + expl(-x)); }
static wide normalDistribution(wide x) { return erfcl(-x / sqrtl(2)) / 2; }
static wide digamma(wide x) {
  wide sum = 0;
  if (x < 0) return digamma(1 - x) - 3.14159265358979323846264338L / tanl(3.14159265358979323846264338L * (x - roundl(x)));
  for (; x < 40; x++) sum -= 1 / x;
  wide z = 1 / (x * x);
  return sum + logl(x) - 0.5L / x - z * (1 / 12.L - z * (1 / 120.L - z * (1 / 252.L - z * (1 / 240.L - z / 132))));
}
static wide trigamma(wide x) {
  wide sum = 0;
  for (; x < 40; x++) sum += 1 / (x * x);
  wide z = 1 / (x * x);
  return sum + 1 / x + z / 2 + z / x * (1 / 6.L - z * (1 / 30.L - z * (1 / 42.L - z / 30)));
}

struct Accuracy {
  const char *name;
  int op;
  wide (*reference)(wide);
  double low, high;    // of the arguments; half of them are drawn towards 0 by random powers of two
  double ulp32, ulp64; // allowed
  double p0 = 0, p1 = 0;
};
#define FUNCTION(expression) [](wide x) -> wide { return expression; }
static const Accuracy kAccuracy[] = {
    {"neg", UNARY_NEG, FUNCTION(-x), -9, 9, 0, 0},
    {"abs", UNARY_ABS, FUNCTION(fabsl(x)), -9, 9, 0, 0},
    {"sign", UNARY_SIGN, FUNCTION((x > 0) - (x < 0)), -9, 9, 0, 0},
    {"ceil", UNARY_CEIL, FUNCTION(ceill(x)), -99, 99, 0, 0},
    {"floor", UNARY_FLOOR, FUNCTION(floorl(x)), -99, 99, 0, 0},
    {"round", UNARY_ROUND, FUNCTION(rintl(x)), -99, 99, 0, 0},
    {"trunc", UNARY_TRUNC, FUNCTION(truncl(x)), -99, 99, 0, 0},
    {"frac", UNARY_FRAC, FUNCTION(x - truncl(x)), -99, 99, 0, 0},
    {"reciprocal", UNARY_RECIPROCAL, FUNCTION(1 / x), -9, 9, 0.51, 0.51},
    {"sqrt", UNARY_SQRT, FUNCTION(sqrtl(x)), 0, 99, 0.51, 0.51},
    {"rsqrt", UNARY_RSQRT, FUNCTION(1 / sqrtl(x)), 0, 99, 1.6, 1.6},
    {"square", UNARY_SQUARE, FUNCTION(x *x), -9, 9, 0.51, 0.51},
    {"exp", UNARY_EXP, FUNCTION(expl(x)), -80, 88, 1, 1},
    {"exp2", UNARY_EXP2, FUNCTION(exp2l(x)), -140, 127, 1, 1},
    {"expm1", UNARY_EXPM1, FUNCTION(expm1l(x)), -40, 88, 1.2, 1.2},
    {"log", UNARY_LOG, FUNCTION(logl(x)), 0, 9, 1, 1},
    {"log2", UNARY_LOG2, FUNCTION(log2l(x)), 0, 9, 1.6, 0.6},
    {"log10", UNARY_LOG10, FUNCTION(log10l(x)), 0, 9, 0.6, 0.6},
    {"log1p", UNARY_LOG1P, FUNCTION(log1pl(x)), -1, 9, 1.6, 1.6},
    {"sin", UNARY_SIN, FUNCTION(sinl(x)), -99, 99, 0.6, 1},
    {"sin of large angles", UNARY_SIN, FUNCTION(sinl(x)), -1e7, 1e7, 0.6, 1},
    {"cos", UNARY_COS, FUNCTION(cosl(x)), -99, 99, 0.6, 1},
    {"cos of large angles", UNARY_COS, FUNCTION(cosl(x)), -1e7, 1e7, 0.6, 1},
    {"tan", UNARY_TAN, FUNCTION(tanl(x)), -99, 99, 0.6, 2.2},
    {"asin", UNARY_ASIN, FUNCTION(asinl(x)), -1, 1, 0.6, 2},
    {"acos", UNARY_ACOS, FUNCTION(acosl(x)), -1, 1, 0.6, 1.2},
    {"atan", UNARY_ATAN, FUNCTION(atanl(x)), -30, 30, 0.6, 2},
    {"sinh", UNARY_SINH, FUNCTION(sinhl(x)), -88, 88, 0.6, 2.2},
    {"cosh", UNARY_COSH, FUNCTION(coshl(x)), -88, 88, 0.6, 1.5},
    {"tanh", UNARY_TANH, FUNCTION(tanhl(x)), -15, 15, 1.5, 2.6},
    {"asinh", UNARY_ASINH, FUNCTION(asinhl(x)), -1e12, 1e12, 0.6, 2.2},
    {"acosh", UNARY_ACOSH, FUNCTION(acoshl(1 + fabsl(x - 1))), 1, 1e12, 0.6, 2.2},
    {"atanh", UNARY_ATANH, FUNCTION(atanhl(x)), -1, 1, 0.6, 2.5},
    {"erf", UNARY_ERF, FUNCTION(erfl(x)), -5, 5, 1.2, 1.2},
    {"erfc", UNARY_ERFC, FUNCTION(erfcl(x)), -5, 9, 0.6, 5},
    {"lgamma", UNARY_LGAMMA, FUNCTION(lgammal(x)), 0, 30, 0.6, 6},
    {"digamma", UNARY_DIGAMMA, FUNCTION(digamma(x)), 2, 30, 0.6, 20},
    {"trigamma", UNARY_TRIGAMMA, FUNCTION(trigamma(x)), 0, 30, 0.6, 8},
    {"sigmoid", UNARY_SIGMOID, FUNCTION(sigmoid(x)), -80, 40, 2.5, 2.5},
    {"logSigmoid", UNARY_LOG_SIGMOID, FUNCTION(-log1pl(expl(-x))), -40, 80, 2, 2},
    {"clamp", UNARY_CLAMP, FUNCTION(fmaxl(-1, fminl(2, x))), -9, 9, 0, 0, -1, 2},
    {"hardsigmoid", UNARY_HARDSIGMOID, FUNCTION(fmaxl(0, fminl(6, x + 3)) / 6), 0, 9, 1.1, 1.1},
    {"hardswish", UNARY_HARDSWISH, FUNCTION(x > 3 ? x : x * (x + 3) / 6), 0, 9, 2, 2},
    {"hardshrink", UNARY_HARDSHRINK, FUNCTION(fabsl(x) > 0.5L ? x : 0), -2, 2, 0, 0, 0.5},
    {"softshrink", UNARY_SOFTSHRINK, FUNCTION(x > 0.5L ? x - 0.5L : x < -0.5L ? x + 0.5L : 0), -2, 2, 0.51, 0.51, 0.5},
    {"softsign", UNARY_SOFTSIGN, FUNCTION(x / (1 + fabsl(x))), -9, 9, 1.6, 1.6},
    {"threshold", UNARY_THRESHOLD, FUNCTION(x > 0.5L ? x : -7), -2, 2, 0, 0, 0.5, -7},
    {"logit", UNARY_LOGIT, FUNCTION(logl(x / (1 - x))), 0.01, 0.3, 3, 3, 0, 1},
    {"relu", UNARY_RELU, FUNCTION(x > 0 ? x : 0), -9, 9, 0, 0},
    {"silu", UNARY_SILU, FUNCTION(x *sigmoid(x)), -80, 40, 3, 3},
    {"mish", UNARY_MISH, FUNCTION(x *tanhl(log1pl(expl(x)))), -80, 40, 4, 4},
    {"gelu", UNARY_GELU, FUNCTION(x *normalDistribution(x)), -9, 9, 7, 6},
    {"geluTanh", UNARY_GELU_TANH, FUNCTION(x *sigmoid(2 * sqrtl(2 / 3.14159265358979323846264338L) * (x + 0.044715L * x * x * x))), -2, 9, 9, 9},
    {"leakyRelu", UNARY_LEAKY_RELU, FUNCTION(x > 0 ? x : x / 8), -9, 9, 0, 0, 0.125},
    {"elu", UNARY_ELU, FUNCTION(x > 0 ? x : 2 * expm1l(x / 4)), -9, 9, 2, 2, 2, 0.25},
    {"softplus", UNARY_SOFTPLUS, FUNCTION(log1pl(expl(2 * x)) / 2), -30, 10, 2.2, 2.2, 2, 40},
    {"power 2", UNARY_POW_SCALAR, FUNCTION(x *x), -9, 9, 0.51, 0.51, 2},
    {"power 3", UNARY_POW_SCALAR, FUNCTION(x *x *x), -9, 9, 1.5, 1.5, 3},
    {"power 4", UNARY_POW_SCALAR, FUNCTION(x *x *x *x), -9, 9, 2.1, 2.1, 4},
    {"power -1", UNARY_POW_SCALAR, FUNCTION(1 / x), -9, 9, 0.51, 0.51, -1},
    {"power -2", UNARY_POW_SCALAR, FUNCTION(1 / (x * x)), -9, 9, 1.5, 1.5, -2},
    {"power 0.5", UNARY_POW_SCALAR, FUNCTION(sqrtl(x)), 0, 9, 0.51, 0.51, 0.5},
    {"power -0.5", UNARY_POW_SCALAR, FUNCTION(1 / sqrtl(x)), 0, 9, 1.6, 1.6, -0.5},
    {"power 7", UNARY_POW_SCALAR, FUNCTION(powl(x, 7)), -9, 9, 0.6, 1, 7},
    {"power 2.5", UNARY_POW_SCALAR, FUNCTION(powl(x, 2.5L)), 0, 99, 0.6, 1, 2.5},
};

template <class T> static void unary(int op, const T *x, T *out, index_t n, double p0 = 0, double p1 = 0) {
  double meta[] = {(double)n, 1, 1};
  KERNEL(unary)(op, sizeof(T) == 4 ? DTYPE_FLOAT32 : DTYPE_FLOAT64, 1, meta, (void *)x, out, p0, p1);
}

template <class T> static void testAccuracy() {
  constexpr int n = 20011;
  T *x = (T *)malloc(n * sizeof(T)), *y = (T *)malloc(n * sizeof(T));
  for (const Accuracy &c : kAccuracy) {
    for (int i = 0; i < n; i++) {
      double v = c.low + (c.high - c.low) * (check_random() + 1) / 2;
      if (i % 2 && c.low <= 0) v = ldexp(v, (int)(-10 - 10 * check_random()));
      x[i] = (T)v;
    }
    unary(c.op, x, y, n, c.p0, c.p1);
    for (int i = 0; i < n; i++) {
      wide expected = c.reference(x[i]), error = fabsl(y[i] - expected) / ulp<T>(expected);
      if ((T)expected == y[i]) continue;  // infinities too
      CHECK(error <= (sizeof(T) == 4 ? c.ulp32 : c.ulp64), "%s(%.17g) of %d bytes is %.17g, off by %.2Lf ulp", c.name, (double)x[i], (int)sizeof(T),
            (double)y[i], error);
    }
  }
  // erfinv through its inverse: the error of erf(erfinv(x)) is that of erfinv times the derivative of erf.
  for (int i = 0; i < n; i++) x[i] = (T)(i % 2 ? check_random() : copysign(1 - exp2(-23 * fabs(check_random())), check_random()));
  unary(UNARY_ERFINV, x, y, n);
  for (int i = 0; i < n; i++) {
    if (x[i] == 0 || fabs((double)x[i]) == 1) continue;
    wide a = fabsl((wide)x[i]), b = fabsl((wide)y[i]), slope = 2 / sqrtl(3.14159265358979323846264338L) * expl(-b * b);
    wide excess = a < 0.5L ? erfl(b) - a : (1 - a) - erfcl(b);
    CHECK(fabsl(excess / slope) <= 8 * ulp<T>(b), "erfinv(%.17g) is %.17g", (double)x[i], (double)y[i]);
  }
  free(x), free(y);
}

struct Special {
  int op;
  double x, expected;
};
constexpr double kInfinity = __builtin_inf(), kNan = __builtin_nan("");
/// Values of PyTorch 1.13; signs of zeros count.
static const Special kSpecial[] = {
    {UNARY_EXP, -kInfinity, 0}, {UNARY_EXP, kInfinity, kInfinity}, {UNARY_EXP, 1000, kInfinity}, {UNARY_EXP, -1000, 0}, {UNARY_EXP, 0, 1},
    {UNARY_EXP2, 10, 1024}, {UNARY_EXP2, kInfinity, kInfinity}, {UNARY_EXP2, -kInfinity, 0}, {UNARY_EXP2, -2, 0.25},
    {UNARY_EXPM1, -0., -0.}, {UNARY_EXPM1, -kInfinity, -1}, {UNARY_EXPM1, kInfinity, kInfinity}, {UNARY_EXPM1, 800, kInfinity},
    {UNARY_LOG, 0, -kInfinity}, {UNARY_LOG, -0., -kInfinity}, {UNARY_LOG, -1, kNan}, {UNARY_LOG, kInfinity, kInfinity}, {UNARY_LOG, 1, 0},
    {UNARY_LOG, -kInfinity, kNan}, {UNARY_LOG2, 8, 3}, {UNARY_LOG2, 0.125, -3}, {UNARY_LOG2, 0, -kInfinity}, {UNARY_LOG10, 1000, 3}, {UNARY_LOG10, 100000, 5},
    {UNARY_LOG1P, -0., -0.}, {UNARY_LOG1P, -1, -kInfinity}, {UNARY_LOG1P, -2, kNan}, {UNARY_LOG1P, kInfinity, kInfinity},
    {UNARY_SIN, -0., -0.}, {UNARY_SIN, kInfinity, kNan}, {UNARY_COS, -kInfinity, kNan}, {UNARY_COS, 0, 1}, {UNARY_TAN, -0., -0.},
    {UNARY_ASIN, -0., -0.}, {UNARY_ASIN, 1.5, kNan}, {UNARY_ACOS, 1, 0}, {UNARY_ACOS, -1.5, kNan}, {UNARY_ATAN, -0., -0.},
    {UNARY_SINH, -0., -0.}, {UNARY_SINH, -kInfinity, -kInfinity}, {UNARY_SINH, 800, kInfinity}, {UNARY_COSH, -kInfinity, kInfinity}, {UNARY_COSH, 0, 1},
    {UNARY_TANH, -0., -0.}, {UNARY_TANH, kInfinity, 1}, {UNARY_TANH, -1e30, -1}, {UNARY_ASINH, -0., -0.}, {UNARY_ASINH, kInfinity, kInfinity},
    {UNARY_ACOSH, 1, 0}, {UNARY_ACOSH, 0.5, kNan}, {UNARY_ACOSH, kInfinity, kInfinity}, {UNARY_ATANH, 1, kInfinity}, {UNARY_ATANH, -1, -kInfinity},
    {UNARY_ATANH, 2, kNan}, {UNARY_ERF, -0., -0.}, {UNARY_ERF, kInfinity, 1}, {UNARY_ERF, -kInfinity, -1}, {UNARY_ERFC, -kInfinity, 2}, {UNARY_ERFC, 40, 0},
    {UNARY_ERFINV, 1, kInfinity}, {UNARY_ERFINV, -1, -kInfinity}, {UNARY_ERFINV, 1.5, kNan}, {UNARY_ERFINV, -0., -0.},
    {UNARY_LGAMMA, 0, kInfinity}, {UNARY_LGAMMA, -2, kInfinity}, {UNARY_LGAMMA, 1, 0}, {UNARY_LGAMMA, 2, 0}, {UNARY_LGAMMA, kInfinity, kInfinity},
    {UNARY_LGAMMA, -kInfinity, kInfinity}, {UNARY_DIGAMMA, 0, -kInfinity}, {UNARY_DIGAMMA, -0., kInfinity}, {UNARY_DIGAMMA, -3, kNan},
    {UNARY_DIGAMMA, kInfinity, kInfinity}, {UNARY_TRIGAMMA, 0, kInfinity},
    {UNARY_SQRT, -1, kNan}, {UNARY_SQRT, -0., -0.}, {UNARY_RSQRT, 0, kInfinity}, {UNARY_RECIPROCAL, -0., -kInfinity},
    {UNARY_SIGN, kNan, 0}, {UNARY_SIGN, -kInfinity, -1}, {UNARY_ROUND, 0.5, 0}, {UNARY_ROUND, 1.5, 2}, {UNARY_ROUND, -2.5, -2}, {UNARY_ROUND, -0.3, -0.},
    {UNARY_CEIL, -0.5, -0.}, {UNARY_FLOOR, -0.5, -1}, {UNARY_TRUNC, -0.5, -0.}, {UNARY_FLOOR, 8388609, 8388609}, {UNARY_FLOOR, kInfinity, kInfinity},
    {UNARY_ROUND, -8388607, -8388607}, {UNARY_NEG, 0, -0.}, {UNARY_ABS, -0., 0},
    {UNARY_SIGMOID, -kInfinity, 0}, {UNARY_SIGMOID, kInfinity, 1}, {UNARY_LOG_SIGMOID, -kInfinity, -kInfinity}, {UNARY_LOG_SIGMOID, 1000, 0},
    {UNARY_SILU, -kInfinity, kNan}, {UNARY_SILU, 1000, 1000}, {UNARY_GELU, kInfinity, kInfinity}, {UNARY_MISH, 1000, 1000},
    {UNARY_SOFTPLUS, 1000, 1000}, {UNARY_ELU, -kInfinity, -1},
};

template <class T> static void testSpecialValues() {
  for (const Special &s : kSpecial) {
    T x = (T)s.x, y = 7;
    unary(s.op, &x, &y, 1, 1, s.op == UNARY_SOFTPLUS ? 20 : 1);
    CHECK(isnan(s.expected) ? isnan((double)y) : y == (T)s.expected && !signbit((double)y) == !signbit(s.expected),
          "op %d of %g is %g, not %g (%d bytes)", s.op, s.x, (double)y, s.expected, (int)sizeof(T));
  }
  for (int op = 0; op < UNARY_COUNT; op++) {
    if (op == UNARY_SIGN || op == UNARY_BITWISE_NOT) continue;
    T x = (T)kNan, y = 0;
    unary(op, &x, &y, 1, 1.5, 1);
    CHECK(isnan((double)y), "op %d of NaN is %g", op, (double)y);
  }
}

static void testHugeAnglesAndSubnormals() {
  const double angles[] = {1e15, -1e22, 1.7976931348623157e308, 0x1p120, 355, 1e6 + 0.5};
  for (double angle : angles) {
    double s, c, expectedSine = (double)sinl(angle), expectedCosine = (double)cosl(angle);
    unary(UNARY_SIN, &angle, &s, 1), unary(UNARY_COS, &angle, &c, 1);
    if (fabs(angle) < 1e18) {  // beyond, not every C library reduces in long double
      CHECK_CLOSE(s, expectedSine, 3e-16, 0, "sin(%g)", angle);
      CHECK_CLOSE(c, expectedCosine, 3e-16, 0, "cos(%g)", angle);
    } else {
      CHECK_CLOSE(s, sin(angle), 3e-16, 0, "sin(%g)", angle);
      CHECK_CLOSE(c, cos(angle), 3e-16, 0, "cos(%g)", angle);
    }
  }
  // The float64 number nearest to a multiple of π/2 (Muller, Elementary Functions, table of worst cases).
  double hardest = 6381956970095103. * 0x1p797, cosine;
  unary(UNARY_COS, &hardest, &cosine, 1);
  CHECK_CLOSE(cosine, -4.68716592425462761112e-19, 3e-16, 0, "cos of the hardest angle");
  float big = 1e30f, y;
  unary(UNARY_SIN, &big, &y, 1);
  CHECK_CLOSE(y, (float)sin((double)big), 1e-7, 0, "sin(1e30) in float32");
  const float tiny = 1e-40f;
  const int same[] = {UNARY_EXPM1, UNARY_LOG1P, UNARY_SIN, UNARY_TAN, UNARY_ASIN, UNARY_ATAN, UNARY_SINH, UNARY_TANH, UNARY_ASINH, UNARY_ATANH, UNARY_ABS};
  for (int op : same) {
    unary(op, &tiny, &y, 1);
    CHECK(y == tiny, "op %d of a subnormal number is %g", op, (double)y);
  }
  unary(UNARY_LOG, &tiny, &y, 1);
  CHECK_CLOSE(y, log((double)tiny), 1e-7, 0, "log of a subnormal number");
  float low = -100;
  unary(UNARY_EXP, &low, &y, 1);
  CHECK_CLOSE(y, exp(-100.), 0, 1e-45, "exp with a subnormal result");
}

template <class T> static void testIntegers(int dtype, T lowest) {
  const T x[] = {0, 1, 2, 5, 100, (T)-1, (T)-3, lowest};
  T y[8];
  double meta[] = {8, 1, 1};
  auto run = [&](int op, double p0, auto expected) {
    KERNEL(unary)(op, dtype, 1, meta, (void *)x, y, p0, 0);
    for (int i = 0; i < 8; i++) CHECK(y[i] == (T)expected((int64_t)x[i]), "op %d of %d is %d (type %d)", op, (int)x[i], (int)y[i], dtype);
  };
  run(UNARY_NEG, 0, [](int64_t v) { return -v; });
  run(UNARY_ABS, 0, [](int64_t v) { return v < 0 ? -v : v; });
  run(UNARY_SIGN, 0, [](int64_t v) { return (v > 0) - (v < 0); });
  run(UNARY_SQUARE, 0, [](int64_t v) { return (int64_t)((uint64_t)v * (uint64_t)v); });
  run(UNARY_BITWISE_NOT, 0, [](int64_t v) { return ~v; });
  run(UNARY_RELU, 0, [](int64_t v) { return v < 0 ? 0 : v; });
  const int same[] = {UNARY_CEIL, UNARY_FLOOR, UNARY_ROUND, UNARY_TRUNC};
  for (int op : same) run(op, 0, [](int64_t v) { return v; });
  run(UNARY_POW_SCALAR, 3, [](int64_t v) { return (int64_t)((uint64_t)v * (uint64_t)v * (uint64_t)v); });
  run(UNARY_POW_SCALAR, 0, [](int64_t) { return 1; });
}

/// Every layout gives what the contiguous one gives, bit for bit, and touches nothing else.
static void testLayouts() {
  constexpr int rows = 70, columns = 131, n = rows * columns;
  static float x[n], expected[n], transposed[n], out[2 * n];
  for (float &v : x) v = (float)(3 * check_random());
  unary(UNARY_EXP, x, expected, n);
  double columnsFirst[] = {rows, columns, columns, 1, 1, rows};
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++) transposed[j * rows + i] = x[i * columns + j];
  KERNEL(unary)(UNARY_EXP, DTYPE_FLOAT32, 2, columnsFirst, transposed, out, 0, 0);
  CHECK(memcmp(out, expected, sizeof expected) == 0, "transposed input");
  for (float &v : out) v = -1;
  double everySecond[] = {n, 2, 1};
  KERNEL(unary)(UNARY_EXP, DTYPE_FLOAT32, 1, everySecond, x, out, 0, 0);
  for (int i = 0; i < n; i++) CHECK(out[2 * i] == expected[i] && out[2 * i + 1] == -1, "element %d of a strided output", i);
  double broadcast[] = {rows, columns, columns, 1, 0, 1};
  KERNEL(unary)(UNARY_EXP, DTYPE_FLOAT32, 2, broadcast, x, out, 0, 0);
  for (int i = 0; i < n; i++) CHECK(out[i] == expected[i % columns], "element %d of a broadcast input", i);
  memcpy(out, x, sizeof x);
  unary(UNARY_EXP, out, out, n);
  CHECK(memcmp(out, expected, sizeof expected) == 0, "in place");
  const int sizes[] = {0, 1, 3, 7, 9, 31, 33};
  for (int size : sizes) {
    for (float &v : out) v = -1;
    unary(UNARY_EXP, x, out, size);
    CHECK(memcmp(out, expected, (size_t)size * 4) == 0 && out[size] == -1, "size %d", size);
  }
  float scalar = 0;
  KERNEL(unary)(UNARY_EXP, DTYPE_FLOAT32, 0, nullptr, x, &scalar, 0, 0);
  CHECK(scalar == expected[0], "no dimensions");
}

static void testLarge() {
  constexpr int n = 300007;
  float *x = (float *)malloc(n * 4), *y = (float *)malloc(n * 4);
  for (int i = 0; i < n; i++) x[i] = (float)(i - n / 2);
  unary(UNARY_ABS, x, y, n);
  for (int i = 0; i < n; i++) CHECK(y[i] == fabsf(x[i]), "element %d of many", i);
  free(x), free(y);
}

int main() {
  testAccuracy<float>(), testAccuracy<double>();
  testSpecialValues<float>(), testSpecialValues<double>();
  testHugeAnglesAndSubnormals();
  testIntegers<int32_t>(DTYPE_INT32, INT32_MIN), testIntegers<int16_t>(DTYPE_INT16, INT16_MIN);
  testIntegers<int8_t>(DTYPE_INT8, INT8_MIN), testIntegers<uint8_t>(DTYPE_UINT8, 200);
  testLayouts();
  testLarge();
  return check_result();
}
