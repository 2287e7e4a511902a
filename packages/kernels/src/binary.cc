// out = f(a, b): one functor an op, two loops (vectors of floats, single elements), one table by op and element type.
#include "elementwise.h"
#include "activation.h"

namespace {

// ---- remainders of floats, exact
/// |a| modulo |b| by long division of the significands, eleven bits a step, for finite a and finite b != 0.
NOINLINE double fmodExact(double a, double b) {
  uint64_t m[2];
  int e[2];
  double parts[2] = {a, b};
  for (int i = 0; i < 2; i++) {
    uint64_t bits;
    memcpy(&bits, &parts[i], 8);
    e[i] = (int)(bits >> 52 & 0x7ff);
    m[i] = bits & 0x000fffffffffffff;
    if (e[i]) m[i] |= 0x0010000000000000;
    else e[i] = 1;
  }
  uint64_t r = m[0];
  if (e[0] < e[1]) return a < 0 ? -a : a;
  r %= m[1];
  for (int shift = e[0] - e[1]; shift > 0 && r; shift -= 11) r = (r << (shift < 11 ? shift : 11)) % m[1];
  // r 2^(e − 1075) in two exact steps
  double result = (double)r;
  int exponent = e[1] - 1075;
  while (exponent != 0) {
    int step = exponent < -1000 ? -1000 : (exponent > 1000 ? 1000 : exponent);
    uint64_t power = (uint64_t)(step + 1023) << 52;
    double factor;
    memcpy(&factor, &power, 8);
    result *= factor;
    exponent -= step;
  }
  return result;
}
/// a − b trunc(a / b), exact: below 2^50 the quotient is an integer, right or one too large, and its product is taken as a pair.
/// In single precision the product is exact below 2^28.
template <bool single> INLINE vd fmod(vd a, vd b) {
  vd x = absolute(a), y = absolute(b), quotient = roundDown(x / y), r;
  if constexpr (single) {
    r = x - quotient * y;
  } else {
    Pair<vd> p = exactProduct(quotient, y);
    r = (x - p.high) - p.low;
  }
  r = r < 0 ? r + y : r;
  r = x < y ? x : r;
  auto hard = (x >= y) & ((quotient >= (single ? 268435456. : 1125899906842624.)) | (x > 1e300)) & (y > 0) & (x < infinity<vd>());
  if (anyLane(hard))
    for (int i = 0; i < Format<vd>::lanes; i++)
      if (hard[i]) r[i] = fmodExact(x[i], y[i]);
  return copySign(y == 0 ? notANumber<vd>() : r, a);
}
/// The remainder with the sign of the divisor.
template <bool single> INLINE vd remainder(vd a, vd b) {
  vd m = fmod<single>(a, b);
  return ((m != 0) & ((m < 0) != (b < 0))) ? m + b : m;
}
/// floor(a / b) of the exact quotient: (a − remainder) / b is within rounding of an integer. a / b where b is 0.
template <bool single> INLINE vd divideFloor(vd a, vd b) {
  vd m = fmod<single>(a, b), q = (a - m) / b;
  q = ((m != 0) & ((m < 0) != (b < 0))) ? q - 1 : q;
  vd r = roundDown(q);
  r = q - r > 0.5 ? r + 1 : r;
  r = q == 0 ? copySign(vd{}, a / b) : r;
  return b == 0 ? a / b : r;
}

/// sqrt(a² + b²), scaled by a power of two where squares would leave the range. Error: 1 ulp.
template <bool single> INLINE vd hypot(vd a, vd b) {
  vd x = absolute(a), y = absolute(b), r;
  if constexpr (single) {
    r = squareRoot(x * x + y * y);
  } else {
    vd most = x > y ? x : y;
    vd up = all<vd>(0x1p600), down = all<vd>(0x1p-600), one = all<vd>(1);
    auto big = most > 1e150, small = most < 1e-140;
    vd scale = big ? down : (small ? up : one), back = big ? up : (small ? down : one);
    x *= scale, y *= scale;
    r = squareRoot(x * x + y * y) * back;
  }
  return ((x == infinity<vd>()) | (y == infinity<vd>())) ? infinity<vd>() : r;
}

// ---- floats as vectors
template <class T, class Real, class Op> void floatRun(const void *a, const void *b, void *out, index_t n, double p0, double p1) {
  typedef Lanes<T, Real> L;
  index_t i = 0;
  if constexpr (Op::cheap)
    for (; i + 4 * L::count <= n; i += 4 * L::count)
      UNROLL for (index_t j = i; j < i + 4 * L::count; j += L::count)
        L::out((T *)out + j, L::count, Op::template apply<sizeof(T) == 4>(L::in((const T *)a + j, L::count), L::in((const T *)b + j, L::count), (Real)p0, (Real)p1));
  for (; i < n; i += L::count) {
    auto v = L::in((const T *)a + i, n - i), w = L::in((const T *)b + i, n - i);
    L::out((T *)out + i, n - i, Op::template apply<sizeof(T) == 4>(v, w, (Real)p0, (Real)p1));
  }
}
#define FLOAT_OP(Name, ...) FUNCTOR(Name, false, __VA_ARGS__)
#define CHEAP_OP(Name, ...) FUNCTOR(Name, true, __VA_ARGS__)  // bound by memory: the loop is unrolled
#define FUNCTOR(Name, isCheap, ...)                                                      \
  struct Name {                                                                          \
    static constexpr bool cheap = isCheap;                                               \
    template <bool single, class V> INLINE V apply(V a, V b, Scalar<V> p0, Scalar<V> p1) { __VA_ARGS__ } \
  };

CHEAP_OP(Add, return a + b;)
CHEAP_OP(Subtract, return a - b;)
CHEAP_OP(Multiply, return a * b;)
CHEAP_OP(Divide, return a / b;)
FLOAT_OP(DivideTrunc, return roundToZero(a / b);)
FLOAT_OP(DivideFloor, return divideFloor<single>(a, b);)
FLOAT_OP(Remainder, return remainder<single>(a, b);)
FLOAT_OP(Fmod, return fmod<single>(a, b);)
FLOAT_OP(Power, return power<single>(a, b);)
FLOAT_OP(Atan2, return atan2<single>(a, b);)
FLOAT_OP(Hypot, return hypot<single>(a, b);)
CHEAP_OP(CopySign, return copySign(a, b);)
CHEAP_OP(Maximum, return ((a > b) | (a != a)) ? a : b;)
CHEAP_OP(Minimum, return ((a < b) | (a != a)) ? a : b;)
CHEAP_OP(Fmax, return ((a > b) | (b != b)) ? a : b;)
CHEAP_OP(Fmin, return ((a < b) | (b != b)) ? a : b;)
// x log y, 0 where x is 0 unless y is NaN
FLOAT_OP(Xlogy, return b != b ? b : (a == 0 ? V{} : a * log(b));)
FLOAT_OP(Logaddexp, V most = ((a > b) | (a != a)) ? a : b; V r = most + log1p(exp(-absolute(a - b)));
         return ((a == b) & (absolute(a) == infinity<V>())) ? a : r;)
CHEAP_OP(Axpy, return a + p0 * b;)
CHEAP_OP(ReluGrad, return b > 0 ? a : V{};)
CHEAP_OP(SigmoidGrad, return a * (1 - b) * b;)
CHEAP_OP(TanhGrad, return a * (1 - b * b);)
CHEAP_OP(LeakyReluGrad, return b > 0 ? a : p0 * a;)
// (x s)' = s (1 + x (1 − s)), s = sigmoid x
FLOAT_OP(SiluGrad, V t, s = sigmoid(b, t); return a * s * (1 + b * t);)
// (x Φ)' = Φ + x φ
FLOAT_OP(GeluGrad, V density; V phi = normalDistribution(b, density); return a * (phi + b * density * (Scalar<V>)0.3989422804014327);)
// with s = sigmoid v, v = 2 u: s + x s (1 − s) v'
FLOAT_OP(GeluTanhGrad, V t, s = sigmoid(geluTanhArgument(b), t);
         V slope = (Scalar<V>)1.5957691216057308 + (Scalar<V>)0.21406444881780076 * (b * b); t *= s;
         return a * (s + (t == 0 ? t : b * slope * t));)
CHEAP_OP(AbsGrad, V slope = b < 0 ? -a : a; return b == 0 ? a * 0 : slope;)
// With e = e^b: tanh(log(1 + e)) = n / (n + 2) for n = e² + 2 e, and one less its square is 4 (n + 1) / (n + 2)².
FLOAT_OP(MishGrad, V e = exp(b > 40 ? all<V>(40) : b); V n = e * (e + 2), m = n + 2; return a * (n / m + b * (e / (1 + e)) * (4 * (n + 1) / m / m));)
FLOAT_OP(LogSigmoidGrad, V t; sigmoid(b, t); return a * t;)
FLOAT_OP(EluGrad, return b > 0 ? a : a * (p0 * p1) * exp(p1 * b);)
FLOAT_OP(SoftplusGrad, V z = p0 * b; return z > p1 ? a : a * sigmoid(z);)
CHEAP_OP(ClampGrad, return ((b >= p0) & (b <= p1)) ? a : V{};)
CHEAP_OP(HardTanhGrad, return ((b <= p0) | (b >= p1)) ? V{} : a;)
CHEAP_OP(HardSigmoidGrad, return ((b <= -3) | (b >= 3)) ? V{} : a / 6;)
CHEAP_OP(HardSwishGrad, V y = a * ((2 * b + 3) / 6); y = b > 3 ? a : y; return b < -3 ? V{} : y;)
CHEAP_OP(ShrinkGrad, return ((b >= -p0) & (b <= p0)) ? V{} : a;)
CHEAP_OP(SoftSignGrad, V y = 1 + absolute(b); return a / (y * y);)
CHEAP_OP(ThresholdGrad, return b <= p0 ? V{} : a;)
CHEAP_OP(LogitGrad, return ((b >= p0) & (b <= p1)) ? a / (b * (1 - b)) : V{};)
CHEAP_OP(Huber, V d = a - b; V y = absolute(d); return p1 * (y > p0 ? p0 * (y - (Scalar<V>)0.5 * p0) : (Scalar<V>)0.5 * d * d);)
CHEAP_OP(HuberSlope, return p1 * clamp<V>(a - b, -p0, p0);)
FLOAT_OP(BinaryCrossEntropy, V least = all<V>(-100); V yes = log(a), no = log1p(-a); yes = yes < least ? least : yes, no = no < least ? least : no;
         return (b - 1) * no - b * yes;)
CHEAP_OP(BinaryCrossEntropySlope, V spread = a * (1 - a); spread = spread < (Scalar<V>)1e-12 ? all<V>((Scalar<V>)1e-12) : spread; return (a - b) / spread;)

// ---- integers, modulo 2^bits. Nothing traps: x / 0 and x mod 0 are 0 (the caller raises the error), −2^31 / −1 wraps.
template <class T, class Op> void integerRun(const void *a, const void *b, void *out, index_t n, double p0, double) {
  const T *left = (const T *)a, *right = (const T *)b;
  T *to = (T *)out;
  int32_t parameter = (int32_t)p0;
  INDEPENDENT for (index_t i = 0; i < n; i++) to[i] = Op::apply(left[i], right[i], parameter);
}
#define INTEGER_OP(Name, ...)                                                          \
  struct Name {                                                                        \
    template <class T> INLINE T apply(T a, T b, int32_t p0) { __VA_ARGS__ }            \
  };
template <class T> INLINE T quotient(T a, T b) {
  if (b == 0) return 0;
  return (T)-1 < 0 && b == (T)-1 ? (T)(0u - (uint32_t)a) : (T)(a / b);
}
template <class T> INLINE T rest(T a, T b) { return b == 0 || ((T)-1 < 0 && b == (T)-1) ? 0 : (T)(a % b); }
INTEGER_OP(IntegerAdd, return (T)((uint32_t)a + (uint32_t)b);)
INTEGER_OP(IntegerSubtract, return (T)((uint32_t)a - (uint32_t)b);)
INTEGER_OP(IntegerMultiply, return (T)((uint32_t)a * (uint32_t)b);)
INTEGER_OP(IntegerQuotient, return quotient(a, b);)
INTEGER_OP(IntegerFloor, T r = rest(a, b); return r != 0 && (r < 0) != (b < 0) ? (T)(quotient(a, b) - 1) : quotient(a, b);)
INTEGER_OP(IntegerRemainder, T r = rest(a, b); return r != 0 && (r < 0) != (b < 0) ? (T)(r + b) : r;)
INTEGER_OP(IntegerRest, return rest(a, b);)
INTEGER_OP(IntegerPower, return integerPower(a, (int32_t)b);)
INTEGER_OP(IntegerMaximum, return a > b ? a : b;)
INTEGER_OP(IntegerMinimum, return a < b ? a : b;)
INTEGER_OP(And, return a & b;)
INTEGER_OP(Or, return a | b;)
INTEGER_OP(Xor, return a ^ b;)
// A shift by less than 0 or by all bits and more: 0 to the left, the sign to the right.
INTEGER_OP(ShiftLeft, return (uint32_t)b < 8 * sizeof(T) ? (T)((uint32_t)a << b) : 0;)
INTEGER_OP(ShiftRight, return (T)(a >> ((uint32_t)b < 8 * sizeof(T) ? (int)b : (int)(8 * sizeof(T)) - 1)) & ((T)-1 < 0 || (uint32_t)b < 8 * sizeof(T) ? (T)-1 : 0);)
INTEGER_OP(IntegerAxpy, return (T)((uint32_t)a + (uint32_t)p0 * (uint32_t)b);)

typedef Run<2>::type Kernel;
struct BinaryRow {
  int op;
  Kernel run[DTYPE_COUNT];
};
constexpr Kernel none = nullptr;
/// For floats only: float32 in its own vectors, or through float64.
template <class Op> constexpr BinaryRow native(int op) {
  return {op, {none, none, none, none, none, floatRun<float, float, Op>, floatRun<double, double, Op>}};
}
template <class Op> constexpr BinaryRow through(int op) {
  return {op, {none, none, none, none, none, floatRun<float, double, Op>, floatRun<double, double, Op>}};
}
/// Integer ops that do not see the sign; Boolean is the op on 0 and 1.
template <class F, class Boolean> constexpr BinaryRow modular(int op, Kernel single = none, Kernel wide = none) {
  return {op, {integerRun<uint8_t, Boolean>, integerRun<uint8_t, F>, integerRun<uint8_t, F>, integerRun<uint16_t, F>,
               integerRun<uint32_t, F>, single, wide}};
}
/// Integer ops that do.
template <class F> constexpr BinaryRow ordered(int op, Kernel single = none, Kernel wide = none) {
  return {op, {integerRun<uint8_t, F>, integerRun<uint8_t, F>, integerRun<int8_t, F>, integerRun<int16_t, F>, integerRun<int32_t, F>, single, wide}};
}
#define NATIVE(Op) floatRun<float, float, Op>, floatRun<double, double, Op>
#define THROUGH(Op) floatRun<float, double, Op>, floatRun<double, double, Op>

constexpr BinaryRow kBinary[] = {
    modular<IntegerAdd, Or>(BINARY_ADD, NATIVE(Add)),
    modular<IntegerSubtract, Xor>(BINARY_SUB, NATIVE(Subtract)),
    modular<IntegerMultiply, And>(BINARY_MUL, NATIVE(Multiply)),
    ordered<IntegerQuotient>(BINARY_DIV, NATIVE(Divide)),
    ordered<IntegerQuotient>(BINARY_DIV_TRUNC, NATIVE(DivideTrunc)),
    ordered<IntegerFloor>(BINARY_DIV_FLOOR, THROUGH(DivideFloor)),
    ordered<IntegerRemainder>(BINARY_REMAINDER, THROUGH(Remainder)),
    ordered<IntegerRest>(BINARY_FMOD, THROUGH(Fmod)),
    ordered<IntegerPower>(BINARY_POW, THROUGH(Power)),
    through<Atan2>(BINARY_ATAN2),
    through<Hypot>(BINARY_HYPOT),
    native<CopySign>(BINARY_COPYSIGN),
    ordered<IntegerMaximum>(BINARY_MAXIMUM, NATIVE(Maximum)),
    ordered<IntegerMinimum>(BINARY_MINIMUM, NATIVE(Minimum)),
    ordered<IntegerMaximum>(BINARY_FMAX, NATIVE(Fmax)),
    ordered<IntegerMinimum>(BINARY_FMIN, NATIVE(Fmin)),
    modular<And, And>(BINARY_BITWISE_AND),
    modular<Or, Or>(BINARY_BITWISE_OR),
    modular<Xor, Xor>(BINARY_BITWISE_XOR),
    ordered<ShiftLeft>(BINARY_SHIFT_LEFT),
    ordered<ShiftRight>(BINARY_SHIFT_RIGHT),
    native<Xlogy>(BINARY_XLOGY),
    native<Logaddexp>(BINARY_LOGADDEXP),
    modular<IntegerAxpy, Or>(BINARY_AXPY, NATIVE(Axpy)),
    native<ReluGrad>(BINARY_RELU_GRAD),
    native<SigmoidGrad>(BINARY_SIGMOID_GRAD),
    native<TanhGrad>(BINARY_TANH_GRAD),
    native<LeakyReluGrad>(BINARY_LEAKY_RELU_GRAD),
    native<SiluGrad>(BINARY_SILU_GRAD),
    native<GeluGrad>(BINARY_GELU_GRAD),
    native<GeluTanhGrad>(BINARY_GELU_TANH_GRAD),
    native<AbsGrad>(BINARY_ABS_GRAD),
    native<MishGrad>(BINARY_MISH_GRAD),
    native<LogSigmoidGrad>(BINARY_LOG_SIGMOID_GRAD),
    native<EluGrad>(BINARY_ELU_GRAD),
    native<SoftplusGrad>(BINARY_SOFTPLUS_GRAD),
    native<ClampGrad>(BINARY_CLAMP_GRAD),
    native<HardTanhGrad>(BINARY_HARDTANH_GRAD),
    native<HardSigmoidGrad>(BINARY_HARDSIGMOID_GRAD),
    native<HardSwishGrad>(BINARY_HARDSWISH_GRAD),
    native<ShrinkGrad>(BINARY_SHRINK_GRAD),
    native<SoftSignGrad>(BINARY_SOFTSIGN_GRAD),
    native<ThresholdGrad>(BINARY_THRESHOLD_GRAD),
    native<LogitGrad>(BINARY_LOGIT_GRAD),
    native<Huber>(BINARY_HUBER),
    native<HuberSlope>(BINARY_HUBER_SLOPE),
    native<BinaryCrossEntropy>(BINARY_BINARY_CROSS_ENTROPY),
    native<BinaryCrossEntropySlope>(BINARY_BINARY_CROSS_ENTROPY_SLOPE),
};
constexpr bool inOrder() {
  for (int i = 0; i < BINARY_COUNT; i++)
    if (kBinary[i].op != i) return false;
  return true;
}
static_assert(sizeof(kBinary) / sizeof(BinaryRow) == BINARY_COUNT && inOrder(), "one row for every binary op, in the order of the table");

}  // namespace

void KERNEL(binary)(int32_t op, int32_t dtype, int32_t ndim, void *meta, void *a, void *b, void *out, double p0, double p1) {
  const double *shape = (const double *)meta;
  auto run = kBinary[op].run[dtype];
  index_t n = smallContiguous(ndim, shape, 3);
  if (n >= 0) return run(a, b, out, n, p0, p1);
  int size = kSizes[dtype];
  const Operand operands[] = {{(char *)a, size, shape + 2 * ndim}, {(char *)b, size, shape + 3 * ndim}, {(char *)out, size, shape + ndim}};
  elementwise<2>(ndim, shape, operands, run, p0, p1);
}
