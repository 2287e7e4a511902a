// Binary ops: accuracy, special values, exact remainders, integers that must not trap, layouts.
#include "check.h"
#include "kernel.h"

typedef long double wide;
constexpr double kInfinity = __builtin_inf(), kNan = __builtin_nan("");
constexpr wide kPi = 3.14159265358979323846264338L;

template <class T> struct Code;
template <> struct Code<uint8_t> { static constexpr int value = DTYPE_UINT8; };
template <> struct Code<int8_t> { static constexpr int value = DTYPE_INT8; };
template <> struct Code<int16_t> { static constexpr int value = DTYPE_INT16; };
template <> struct Code<int32_t> { static constexpr int value = DTYPE_INT32; };
template <> struct Code<float> { static constexpr int value = DTYPE_FLOAT32; };
template <> struct Code<double> { static constexpr int value = DTYPE_FLOAT64; };

template <class T> static void binary(int op, const T *a, const T *b, T *out, index_t n, double p0 = 0, double p1 = 0) {
  double meta[] = {(double)n, 1, 1, 1};
  KERNEL(binary)(op, Code<T>::value, 1, meta, (void *)a, (void *)b, out, p0, p1);
}

static wide sigmoid(wide x) { return 1 / (1 + expl(-x)); }
static wide siluSlope(wide x) { return sigmoid(x) * (1 + x * (1 - sigmoid(x))); }
static wide geluSlope(wide x) { return erfcl(-x / sqrtl(2)) / 2 + x * expl(-x * x / 2) / sqrtl(2 * kPi); }
static wide geluTanhSlope(wide x) {
  wide k = 2 * sqrtl(2 / kPi), s = sigmoid(k * (x + 0.044715L * x * x * x));
  return s + x * s * (1 - s) * k * (1 + 3 * 0.044715L * x * x);
}

static wide mishSlope(wide x) {
  wide t = tanhl(log1pl(expl(x)));
  return t + x * sigmoid(x) * (1 - t * t);
}

struct Accuracy {
  const char *name;
  int op;
  wide (*reference)(wide, wide);
  double lowA, highA, lowB, highB, epsilons;  // allowed: so many epsilons of the result …
  double scale = 0;                           // … or of this magnitude, for results that come from cancellation
};
#define FUNCTION(expression) [](wide a, wide b) -> wide { return expression; }
static const Accuracy kAccuracy[] = {
    {"add", BINARY_ADD, FUNCTION(a + b), -9, 9, -9, 9, 0.51},
    {"sub", BINARY_SUB, FUNCTION(a - b), -9, 9, -9, 9, 0.51},
    {"mul", BINARY_MUL, FUNCTION(a *b), -9, 9, -9, 9, 0.51},
    {"div", BINARY_DIV, FUNCTION(a / b), -9, 9, -9, 9, 0.51},
    {"divTrunc", BINARY_DIV_TRUNC, FUNCTION(truncl(a / b)), -99, 99, 1, 9, 0},
    {"divFloor", BINARY_DIV_FLOOR, FUNCTION(floorl(a / b)), -99, 99, -9, -1, 0},
    {"remainder", BINARY_REMAINDER, FUNCTION(a - b * floorl(a / b)), -99, 99, -9, -1, 1, 9},
    {"fmod", BINARY_FMOD, FUNCTION(fmodl(a, b)), -1e6, 1e6, -1, 1, 0},
    {"fmod of far apart numbers", BINARY_FMOD, FUNCTION(fmodl(a, b)), -1e35, 1e35, -1e-10, 1e-10, 0},
    {"pow", BINARY_POW, FUNCTION(powl(a, b)), 0, 20, -25, 25, 1},
    {"pow near 1", BINARY_POW, FUNCTION(powl(a, b)), 0.9, 1.1, -400, 400, 1},
    {"atan2", BINARY_ATAN2, FUNCTION(atan2l(a, b)), -9, 9, -9, 9, 2},
    {"hypot", BINARY_HYPOT, FUNCTION(hypotl(a, b)), -9, 9, -9, 9, 1.3},
    {"copysign", BINARY_COPYSIGN, FUNCTION(copysignl(a, b)), -9, 9, -9, 9, 0},
    {"maximum", BINARY_MAXIMUM, FUNCTION(fmaxl(a, b)), -9, 9, -9, 9, 0},
    {"minimum", BINARY_MINIMUM, FUNCTION(fminl(a, b)), -9, 9, -9, 9, 0},
    {"fmax", BINARY_FMAX, FUNCTION(fmaxl(a, b)), -9, 9, -9, 9, 0},
    {"fmin", BINARY_FMIN, FUNCTION(fminl(a, b)), -9, 9, -9, 9, 0},
    {"xlogy", BINARY_XLOGY, FUNCTION(a *logl(b)), -3, 3, 0, 9, 2},
    {"logaddexp", BINARY_LOGADDEXP, FUNCTION(fmaxl(a, b) + log1pl(expl(-fabsl(a - b)))), -9, 9, -9, 9, 2, 9},
    {"axpy", BINARY_AXPY, FUNCTION(a + 1.5L * b), -9, 9, -9, 9, 1, 9},
    {"reluGrad", BINARY_RELU_GRAD, FUNCTION(b > 0 ? a : 0), -9, 9, -9, 9, 0},
    {"sigmoidGrad", BINARY_SIGMOID_GRAD, FUNCTION(a *b * (1 - b)), -9, 9, 0, 1, 2},
    {"tanhGrad", BINARY_TANH_GRAD, FUNCTION(a * (1 - b * b)), -1, 1, -1, 1, 2, 1},
    {"leakyReluGrad", BINARY_LEAKY_RELU_GRAD, FUNCTION(b > 0 ? a : 1.5L * a), -9, 9, -9, 9, 0.51},
    {"siluGrad", BINARY_SILU_GRAD, FUNCTION(a *siluSlope(b)), -1, 1, -20, 20, 4, 1},
    {"geluGrad", BINARY_GELU_GRAD, FUNCTION(a *geluSlope(b)), -1, 1, -9, 9, 4, 1},
    {"geluTanhGrad", BINARY_GELU_TANH_GRAD, FUNCTION(a *geluTanhSlope(b)), -1, 1, -9, 9, 4, 1},
    // p0 is 1.5, p1 2.5
    {"absGrad", BINARY_ABS_GRAD, FUNCTION(b < 0 ? -a : a), -9, 9, -9, 9, 0},
    {"mishGrad", BINARY_MISH_GRAD, FUNCTION(a *mishSlope(b)), -1, 1, -20, 25, 6, 1},
    {"logSigmoidGrad", BINARY_LOG_SIGMOID_GRAD, FUNCTION(a *sigmoid(-b)), -9, 9, -20, 20, 4},
    {"eluGrad", BINARY_ELU_GRAD, FUNCTION(b > 0 ? a : a * 3.75L * expl(2.5L * b)), -9, 9, -4, 1, 12},
    {"softplusGrad", BINARY_SOFTPLUS_GRAD, FUNCTION(1.5L * b > 2.5L ? a : a * sigmoid(1.5L * b)), -9, 9, -4, 4, 6},
    {"clampGrad", BINARY_CLAMP_GRAD, FUNCTION(b >= 1.5L && b <= 2.5L ? a : 0), -9, 9, 0, 4, 0},
    {"hardtanhGrad", BINARY_HARDTANH_GRAD, FUNCTION(b > 1.5L && b < 2.5L ? a : 0), -9, 9, 0, 4, 0},
    {"hardsigmoidGrad", BINARY_HARDSIGMOID_GRAD, FUNCTION(b > -3 && b < 3 ? a / 6 : 0), -9, 9, -9, 9, 0.51},
    {"hardswishGrad", BINARY_HARDSWISH_GRAD, FUNCTION(b < -3 ? 0 : b > 3 ? a : a * (2 * b + 3) / 6), -1, 1, -9, 9, 2, 1},
    {"shrinkGrad", BINARY_SHRINK_GRAD, FUNCTION(fabsl(b) > 1.5L ? a : 0), -9, 9, -4, 4, 0},
    {"softsignGrad", BINARY_SOFTSIGN_GRAD, FUNCTION(a / ((1 + fabsl(b)) * (1 + fabsl(b)))), -9, 9, -9, 9, 3},
    {"thresholdGrad", BINARY_THRESHOLD_GRAD, FUNCTION(b > 1.5L ? a : 0), -9, 9, -4, 4, 0},
    {"huber", BINARY_HUBER, FUNCTION(2.5L * (fabsl(a - b) <= 1.5L ? (a - b) * (a - b) / 2 : 1.5L * (fabsl(a - b) - 0.75L))), -2, 2, -2, 2, 3, 1},
    {"huberSlope", BINARY_HUBER_SLOPE, FUNCTION(2.5L * fmaxl(-1.5L, fminl(1.5L, a - b))), -2, 2, -2, 2, 2, 1},
    {"binaryCrossEntropy", BINARY_BINARY_CROSS_ENTROPY, FUNCTION((b - 1) * log1pl(-a) - b * logl(a)), 0.001, 0.999, 0, 1, 4, 1},
    {"binaryCrossEntropySlope", BINARY_BINARY_CROSS_ENTROPY_SLOPE, FUNCTION((a - b) / (a * (1 - a))), 0.001, 0.999, 0, 1, 3, 1},
};

template <class T> static void testAccuracy() {
  constexpr int n = 20011;
  const double epsilon = sizeof(T) == 4 ? 0x1p-23 : 0x1p-52;
  T *a = (T *)malloc(n * sizeof(T)), *b = (T *)malloc(n * sizeof(T)), *y = (T *)malloc(n * sizeof(T));
  for (const Accuracy &c : kAccuracy) {
    for (int i = 0; i < n; i++) {
      a[i] = (T)(c.lowA + (c.highA - c.lowA) * (check_random() + 1) / 2);
      b[i] = (T)(c.lowB + (c.highB - c.lowB) * (check_random() + 1) / 2);
    }
    binary(c.op, a, b, y, n, 1.5, 2.5);
    for (int i = 0; i < n; i++) {
      wide expected = c.reference(a[i], b[i]);
      if ((T)expected == y[i]) continue;
      wide error = fabsl(y[i] - expected) / (epsilon * fmaxl(fabsl(expected), c.scale));
      CHECK(error <= c.epsilons, "%s(%.17g, %.17g) of %d bytes is %.17g, off by %.2Lf", c.name, (double)a[i], (double)b[i], (int)sizeof(T),
            (double)y[i], error);
    }
  }
  free(a), free(b), free(y);
}

struct Special {
  int op;
  double a, b, expected;
};
/// C99 and PyTorch 1.13; signs of zeros count.
static const Special kSpecial[] = {
    {BINARY_POW, 0, 0, 1}, {BINARY_POW, kNan, 0, 1}, {BINARY_POW, 1, kNan, 1}, {BINARY_POW, 2, kNan, kNan}, {BINARY_POW, kNan, 2, kNan},
    {BINARY_POW, -2, 3, -8}, {BINARY_POW, -2, 2, 4}, {BINARY_POW, -2, 0.5, kNan}, {BINARY_POW, -0., 3, -0.}, {BINARY_POW, -0., 2, 0},
    {BINARY_POW, -0., -3, -kInfinity}, {BINARY_POW, -0., -2, kInfinity}, {BINARY_POW, 0, -1, kInfinity}, {BINARY_POW, -0., 0.5, 0},
    {BINARY_POW, -1, kInfinity, 1}, {BINARY_POW, -1, -kInfinity, 1}, {BINARY_POW, 0.5, kInfinity, 0}, {BINARY_POW, 0.5, -kInfinity, kInfinity},
    {BINARY_POW, 2, kInfinity, kInfinity}, {BINARY_POW, -2, -kInfinity, 0}, {BINARY_POW, kInfinity, 2, kInfinity}, {BINARY_POW, kInfinity, -2, 0},
    {BINARY_POW, -kInfinity, 3, -kInfinity}, {BINARY_POW, -kInfinity, -3, -0.}, {BINARY_POW, -kInfinity, 0.5, kInfinity}, {BINARY_POW, 10, 400, kInfinity},
    {BINARY_POW, 10, -400, 0}, {BINARY_POW, 3, 5, 243},
    {BINARY_ATAN2, 0, 1, 0}, {BINARY_ATAN2, -0., 1, -0.}, {BINARY_ATAN2, 0, -1, (double)kPi}, {BINARY_ATAN2, -0., -1, -(double)kPi},
    {BINARY_ATAN2, 0, 0, 0}, {BINARY_ATAN2, 0, -0., (double)kPi}, {BINARY_ATAN2, -0., -0., -(double)kPi}, {BINARY_ATAN2, 1, 0, (double)(kPi / 2)},
    {BINARY_ATAN2, -1, -0., -(double)(kPi / 2)}, {BINARY_ATAN2, kInfinity, kInfinity, (double)(kPi / 4)},
    {BINARY_ATAN2, kInfinity, -kInfinity, (double)(3 * kPi / 4)}, {BINARY_ATAN2, -1, -kInfinity, -(double)kPi}, {BINARY_ATAN2, kNan, 1, kNan},
    {BINARY_HYPOT, kInfinity, kNan, kInfinity}, {BINARY_HYPOT, kNan, 1, kNan}, {BINARY_HYPOT, 3e30, 4e30, 5e30}, {BINARY_HYPOT, 0, 0, 0},
    {BINARY_FMOD, -7, 3, -1}, {BINARY_FMOD, 7, -3, 1}, {BINARY_FMOD, -6, 3, -0.}, {BINARY_FMOD, 1, 0, kNan}, {BINARY_FMOD, kInfinity, 1, kNan},
    {BINARY_FMOD, 5, kInfinity, 5}, {BINARY_FMOD, 1e30, 7, 0}, {BINARY_REMAINDER, -7, 3, 2}, {BINARY_REMAINDER, 7, -3, -2},
    {BINARY_REMAINDER, 1, 0, kNan}, {BINARY_DIV_FLOOR, -7, 2, -4}, {BINARY_DIV_FLOOR, 7, -2, -4}, {BINARY_DIV_FLOOR, 1, 0, kInfinity},
    {BINARY_DIV_FLOOR, 0, -1, -0.}, {BINARY_DIV_FLOOR, 0, 0, kNan}, {BINARY_DIV_TRUNC, -7, 2, -3}, {BINARY_DIV_TRUNC, 1, -4, -0.},
    {BINARY_MAXIMUM, kNan, 1, kNan}, {BINARY_MAXIMUM, 1, kNan, kNan}, {BINARY_MINIMUM, kNan, 1, kNan}, {BINARY_MINIMUM, 1, kNan, kNan},
    {BINARY_FMAX, kNan, 1, 1}, {BINARY_FMAX, 1, kNan, 1}, {BINARY_FMIN, kNan, 1, 1}, {BINARY_FMIN, 1, kNan, 1}, {BINARY_FMAX, kNan, kNan, kNan},
    {BINARY_XLOGY, 0, 0, 0}, {BINARY_XLOGY, 0, kNan, kNan}, {BINARY_XLOGY, 2, 0, -kInfinity}, {BINARY_LOGADDEXP, -kInfinity, -kInfinity, -kInfinity},
    {BINARY_LOGADDEXP, kInfinity, kInfinity, kInfinity}, {BINARY_LOGADDEXP, -kInfinity, 2, 2}, {BINARY_LOGADDEXP, kNan, 2, kNan},
    {BINARY_COPYSIGN, 3, -0., -3}, {BINARY_RELU_GRAD, 3, 0, 0}, {BINARY_SILU_GRAD, 1, 200, 1}, {BINARY_GELU_GRAD, 1, 200, 1}, {BINARY_GELU_TANH_GRAD, 1, 200, 1},
    {BINARY_ABS_GRAD, 3, 0, 0}, {BINARY_ABS_GRAD, 3, -0., 0}, {BINARY_MISH_GRAD, 1, 200, 1}, {BINARY_LOG_SIGMOID_GRAD, 1, -200, 1},
    {BINARY_HARDTANH_GRAD, 3, 0, 0}, {BINARY_SHRINK_GRAD, 3, kNan, 3}, {BINARY_CLAMP_GRAD, 3, 0, 3},
    {BINARY_LOGIT_GRAD, 1, 0.5, 0}, {BINARY_BINARY_CROSS_ENTROPY, 0, 0, 0}, {BINARY_BINARY_CROSS_ENTROPY, 0, 1, 100}, {BINARY_BINARY_CROSS_ENTROPY, 1, 0, 100},
    {BINARY_BINARY_CROSS_ENTROPY_SLOPE, 0, 0, 0},
};
template <class T> static void testSpecialValues() {
  for (const Special &s : kSpecial) {
    if (s.op == BINARY_FMOD && s.a == 1e30) continue;
    T a = (T)s.a, b = (T)s.b, y = 7;
    binary(s.op, &a, &b, &y, 1);
    CHECK(isnan(s.expected) ? isnan((double)y) : y == (T)s.expected && !signbit((double)y) == !signbit(s.expected),
          "op %d of %g, %g is %g, not %g (%d bytes)", s.op, s.a, s.b, (double)y, s.expected, (int)sizeof(T));
  }
  const double pairs[][2] = {{1e300, 3e-310}, {1.7e308, 1.3}, {5e-324, 3e-320}, {1e-310, 3e-320}, {1.7e308, 1.6e308}, {-9e15, 0.7}};
  for (auto &pair : pairs) {
    double y;
    binary(BINARY_FMOD, &pair[0], &pair[1], &y, 1);
    CHECK(y == fmod(pair[0], pair[1]), "fmod(%g, %g) is %g", pair[0], pair[1], y);
  }
}

/// All pairs of some numbers, the lowest and 0 among them: nothing may trap.
template <class T> static void testIntegers(T lowest) {
  const T numbers[] = {0, 1, 2, 3, 7, 31, 100, (T)-1, (T)-2, (T)-7, lowest, (T)(lowest + 1)};
  constexpr int count = sizeof numbers / sizeof(T), n = count * count, bits = 8 * (int)sizeof(T);
  T a[n], b[n], y[n];
  for (int i = 0; i < n; i++) a[i] = numbers[i / count], b[i] = numbers[i % count];
  auto run = [&](int op, auto expected) {
    binary(op, a, b, y, n, 3);
    for (int i = 0; i < n; i++)
      CHECK(y[i] == (T)expected((int64_t)a[i], (int64_t)b[i]), "op %d of %d, %d is %d (type %d)", op, (int)a[i], (int)b[i], (int)y[i], Code<T>::value);
  };
  auto floorOf = [](int64_t p, int64_t q) { return q == 0 ? 0 : p / q - (p % q != 0 && (p < 0) != (q < 0)); };
  run(BINARY_ADD, [](int64_t p, int64_t q) { return p + q; });
  run(BINARY_SUB, [](int64_t p, int64_t q) { return p - q; });
  run(BINARY_MUL, [](int64_t p, int64_t q) { return p * q; });
  run(BINARY_AXPY, [](int64_t p, int64_t q) { return p + 3 * q; });
  run(BINARY_DIV_TRUNC, [](int64_t p, int64_t q) { return q == 0 ? 0 : p / q; });
  run(BINARY_DIV_FLOOR, floorOf);
  run(BINARY_REMAINDER, [&](int64_t p, int64_t q) { return q == 0 ? 0 : p - q * floorOf(p, q); });
  run(BINARY_FMOD, [](int64_t p, int64_t q) { return q == 0 ? 0 : p % q; });
  run(BINARY_MAXIMUM, [](int64_t p, int64_t q) { return p > q ? p : q; });
  run(BINARY_MINIMUM, [](int64_t p, int64_t q) { return p < q ? p : q; });
  run(BINARY_BITWISE_AND, [](int64_t p, int64_t q) { return p & q; });
  run(BINARY_BITWISE_OR, [](int64_t p, int64_t q) { return p | q; });
  run(BINARY_BITWISE_XOR, [](int64_t p, int64_t q) { return p ^ q; });
  run(BINARY_SHIFT_LEFT, [](int64_t p, int64_t q) { return q < 0 || q >= bits ? 0 : (int64_t)((uint64_t)p << q); });
  run(BINARY_SHIFT_RIGHT, [](int64_t p, int64_t q) { return q < 0 || q >= bits ? (p < 0 ? -1 : 0) : p >> q; });
  run(BINARY_POW, [](int64_t p, int64_t q) {
    if (q < 0) return (int64_t)(p == 1 ? 1 : p == -1 ? (q % 2 ? -1 : 1) : 0);
    uint64_t r = 1;
    uint64_t base = (uint64_t)p;
    for (int64_t e = q; e > 0; e /= 2, base *= base)
      if (e % 2) r *= base;
    return (int64_t)r;
  });
}

static void testBooleans() {
  const uint8_t a[] = {0, 0, 1, 1}, b[] = {0, 1, 0, 1};
  uint8_t y[4];
  double meta[] = {4, 1, 1, 1};
  KERNEL(binary)(BINARY_ADD, DTYPE_BOOL, 1, meta, (void *)a, (void *)b, y, 0, 0);
  for (int i = 0; i < 4; i++) CHECK(y[i] == (a[i] | b[i]), "sum of bools is or");
  KERNEL(binary)(BINARY_MUL, DTYPE_BOOL, 1, meta, (void *)a, (void *)b, y, 0, 0);
  for (int i = 0; i < 4; i++) CHECK(y[i] == (a[i] & b[i]), "product of bools is and");
}

/// Every pair of layouts of three-dimensional operands: contiguous, reversed dimensions, broadcast, every second element.
template <class T> static void testLayouts(int d0, int d1, int d2) {
  const int shape[] = {d0, d1, d2}, n = d0 * d1 * d2;
  const double strides[][3] = {{(double)d1 * d2, (double)d2, 1}, {1, (double)d0, (double)d0 * d1}, {0, 0, 1}, {0, 1, 0}, {1, 0, 0}, {0, 0, 0},
                               {2. * d1 * d2, 2. * d2, 2}, {(double)d1 * d2, 1, (double)d1}};
  T *a = (T *)malloc(2 * n * sizeof(T)), *b = (T *)malloc(2 * n * sizeof(T)), *y = (T *)malloc(2 * n * sizeof(T));
  for (int i = 0; i < 2 * n; i++) a[i] = (T)(i % 89), b[i] = (T)(i % 97);
  const int outputs[] = {0, 1, 6, 7};  // those without broadcasts
  for (auto &left : strides)
    for (auto &right : strides)
      for (int o : outputs) {
        const double *to = strides[o];
        double meta[12];
        for (int d = 0; d < 3; d++) meta[d] = shape[d], meta[3 + d] = to[d], meta[6 + d] = left[d], meta[9 + d] = right[d];
        for (int i = 0; i < 2 * n; i++) y[i] = 0;
        KERNEL(binary)(BINARY_SUB, Code<T>::value, 3, meta, a, b, y, 0, 0);
        int wrong = 0;
        for (int i = 0; i < d0; i++)
          for (int j = 0; j < d1; j++)
            for (int k = 0; k < d2; k++) {
              auto at = [&](const double *s) { return (int)(i * s[0] + j * s[1] + k * s[2]); };
              wrong += y[at(to)] != (T)(a[at(left)] - b[at(right)]);
            }
        CHECK(wrong == 0, "%d elements of %d x %d x %d, strides of a %g %g %g, of b %g %g %g, layout %d of the output", wrong, d0, d1, d2, left[0],
              left[1], left[2], right[0], right[1], right[2], o);
      }
  free(a), free(b), free(y);
}

int main() {
  testAccuracy<float>(), testAccuracy<double>();
  testSpecialValues<float>(), testSpecialValues<double>();
  testIntegers<int32_t>(INT32_MIN), testIntegers<int16_t>(INT16_MIN), testIntegers<int8_t>(INT8_MIN), testIntegers<uint8_t>(200);
  testBooleans();
  testLayouts<float>(3, 5, 7), testLayouts<float>(2, 70, 67), testLayouts<float>(90, 33, 4), testLayouts<float>(5, 1, 1500);
  testLayouts<double>(40, 41, 2), testLayouts<int16_t>(13, 66, 37), testLayouts<uint8_t>(3, 130, 129), testLayouts<double>(0, 3, 4);
  testLayouts<float>(64, 40, 40);  // enough for several threads
  return check_result();
}
