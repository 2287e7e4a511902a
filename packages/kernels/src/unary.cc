// out = f(x): one functor an op, one loop, one table of instances by op and element type.
#include "elementwise.h"
#include "activation.h"

namespace {

/// Ops on vectors of floats. `single`: the numbers are float32 (perhaps computed in vd).
template <class T, class Real, class Op> void floatRun(const void *x, void *out, index_t n, double p0, double p1) {
  typedef Lanes<T, Real> L;
  index_t i = 0;
  if constexpr (Op::cheap)
    for (; i + 4 * L::count <= n; i += 4 * L::count)
      UNROLL for (index_t j = i; j < i + 4 * L::count; j += L::count)
        L::out((T *)out + j, L::count, Op::template apply<sizeof(T) == 4>(L::in((const T *)x + j, L::count), (Real)p0, (Real)p1));
  for (; i < n; i += L::count) {
    auto v = L::in((const T *)x + i, n - i);
    L::out((T *)out + i, n - i, Op::template apply<sizeof(T) == 4>(v, (Real)p0, (Real)p1));
  }
}
#define FLOAT_OP(Name, ...) FUNCTOR(Name, false, __VA_ARGS__)
#define CHEAP_OP(Name, ...) FUNCTOR(Name, true, __VA_ARGS__)  // bound by memory: the loop is unrolled
#define FUNCTOR(Name, isCheap, ...)                                            \
  struct Name {                                                                \
    static constexpr bool cheap = isCheap;                                     \
    template <bool single, class V> INLINE V apply(V x, Scalar<V> p0, Scalar<V> p1) { __VA_ARGS__ } \
  };

CHEAP_OP(Negative, return -x;)
CHEAP_OP(Absolute, return absolute(x);)
CHEAP_OP(Sign, V one = copySign(all<V>(1), x); return ((x < 0) | (x > 0)) ? one : V{};)
CHEAP_OP(Ceil, return roundUpward(x);)
CHEAP_OP(Floor, return roundDown(x);)
CHEAP_OP(Round, return roundEven(x);)
CHEAP_OP(Trunc, return roundToZero(x);)
CHEAP_OP(Frac, return x - roundToZero(x);)
CHEAP_OP(Reciprocal, return 1 / x;)
FLOAT_OP(SquareRoot, return squareRoot(x);)
FLOAT_OP(ReciprocalRoot, return 1 / squareRoot(x);)
CHEAP_OP(Square, return x * x;)
FLOAT_OP(Exp, return exp(x);)
FLOAT_OP(Exp2, return exp2(x);)
FLOAT_OP(Expm1, return expm1(x);)
FLOAT_OP(Log, return log(x);)
FLOAT_OP(Log2, return log2(x);)
FLOAT_OP(Log10, return log10<single>(x);)
FLOAT_OP(Log1p, return log1p(x);)
FLOAT_OP(Sin, return sin<single>(x);)
FLOAT_OP(Cos, return cos<single>(x);)
FLOAT_OP(Tan, return tan<single>(x);)
FLOAT_OP(Asin, return asin<single>(x);)
FLOAT_OP(Acos, return acos<single>(x);)
FLOAT_OP(Atan, return atan<single>(x);)
FLOAT_OP(Sinh, return sinh<single>(x);)
FLOAT_OP(Cosh, return cosh(x);)
FLOAT_OP(Tanh, return tanh(x);)
FLOAT_OP(Asinh, return asinh(x);)
FLOAT_OP(Acosh, return acosh(x);)
FLOAT_OP(Atanh, return atanh(x);)
FLOAT_OP(Erf, return erf(x);)
FLOAT_OP(Erfc, return erfc(x);)
FLOAT_OP(Erfinv, return erfinv(x);)
FLOAT_OP(Lgamma, return lgamma(x);)
FLOAT_OP(Digamma, return digamma(x);)
FLOAT_OP(Trigamma, return trigamma(x);)
FLOAT_OP(Sigmoid, return sigmoid(x);)
FLOAT_OP(LogSigmoid, return (x > 0 ? V{} : x) - log1p(exp(-absolute(x)));)
CHEAP_OP(Relu, return x < 0 ? V{} : x;)
FLOAT_OP(Silu, return x * sigmoid(x);)
// tanh(log(1 + e)) = (e² + 2 e) / (e² + 2 e + 2) with e = e^x.
FLOAT_OP(Mish, V e = exp(x > 20 ? all<V>(20) : x); V n = e * (e + 2); return x * (n / (n + 2));)
FLOAT_OP(Gelu, V density; return x * normalDistribution(x, density);)
// (1 + tanh u) / 2 = sigmoid(2 u)
FLOAT_OP(GeluTanh, return x * sigmoid(geluTanhArgument(x));)
CHEAP_OP(LeakyRelu, return x > 0 ? x : x * p0;)
FLOAT_OP(Elu, return x > 0 ? x : p0 * expm1(p1 * x);)
FLOAT_OP(Softplus, V z = x * p0; V r = ((z > 0 ? z : V{}) + log1p(exp(-absolute(z)))) / p0; return z > p1 ? x : r;)

CHEAP_OP(Clamp, return clamp(x, p0, p1);)
CHEAP_OP(HardSigmoid, return clamp<V>(x + 3, 0, 6) / 6;)
CHEAP_OP(HardSwish, V y = x * (x + 3) / 6; y = x > 3 ? x : y; return x < -3 ? V{} : y;)
CHEAP_OP(HardShrink, return ((x >= -p0) & (x <= p0)) ? V{} : x;)
CHEAP_OP(SoftShrink, V y = x != x ? x : V{}; y = x < -p0 ? x + p0 : y; return x > p0 ? x - p0 : y;)
CHEAP_OP(SoftSign, return x / (1 + absolute(x));)
CHEAP_OP(Threshold, return x <= p0 ? all<V>(p1) : x;)
FLOAT_OP(Logit, V y = clamp(x, p0, p1); return log(y / (1 - y));)

CHEAP_OP(One, return all<V>(1);)
CHEAP_OP(Identity, return x;)
CHEAP_OP(Cube, return x * x * x;)
CHEAP_OP(Fourth, V s = x * x; return s * s;)
FLOAT_OP(ReciprocalSquare, return 1 / (x * x);)
FLOAT_OP(Power, return power<single>(x, all<V>(p0));)

/// Exact products where the exponent is a small integer, roots for ±1/2 (so (−∞)^(1/2) is NaN, as in PyTorch).
template <class T> void powScalarRun(const void *x, void *out, index_t n, double p0, double p1) {
  auto run = floatRun<T, double, Power>;
  if (p0 == 0) run = floatRun<T, T, One>;
  if (p0 == 1) run = floatRun<T, T, Identity>;
  if (p0 == 2) run = floatRun<T, T, Square>;
  if (p0 == 3) run = floatRun<T, T, Cube>;
  if (p0 == 4) run = floatRun<T, T, Fourth>;
  if (p0 == -1) run = floatRun<T, T, Reciprocal>;
  if (p0 == -2) run = floatRun<T, T, ReciprocalSquare>;
  if (p0 == 0.5) run = floatRun<T, T, SquareRoot>;
  if (p0 == -0.5) run = floatRun<T, T, ReciprocalRoot>;
  run(x, out, n, p0, p1);
}

/// Ops on integers, modulo 2^bits: computed without signs where signs do not matter.
template <class T, class Op> void integerRun(const void *x, void *out, index_t n, double p0, double) {
  const T *from = (const T *)x;
  T *to = (T *)out;
  int32_t parameter = (int32_t)p0;
  INDEPENDENT for (index_t i = 0; i < n; i++) to[i] = Op::apply(from[i], parameter);
}
#define INTEGER_OP(Name, ...)                                                                  \
  struct Name {                                                                                \
    template <class T> INLINE T apply(T x, int32_t p0) { __VA_ARGS__ }                  \
  };
INTEGER_OP(IntegerIdentity, return x;)
INTEGER_OP(IntegerNegative, return (T)(0u - (uint32_t)x);)
INTEGER_OP(IntegerAbsolute, return x < 0 ? (T)(0u - (uint32_t)x) : x;)
INTEGER_OP(IntegerSign, return (T)((x > 0) - (x < 0));)
INTEGER_OP(IntegerSquare, return (T)((uint32_t)x * (uint32_t)x);)
INTEGER_OP(IntegerNot, return (T)~x;)
INTEGER_OP(IntegerRelu, return x > 0 ? x : 0;)
INTEGER_OP(IntegerPower, return integerPower(x, p0);)
INTEGER_OP(LogicalNot, return x == 0;)

struct UnaryRow {
  int op;
  Run<1>::type run[DTYPE_COUNT];
};
/// float32 in its own vectors.
template <class Op> constexpr UnaryRow native(int op) {
  return {op, {nullptr, nullptr, nullptr, nullptr, nullptr, floatRun<float, float, Op>, floatRun<double, double, Op>}};
}
/// float32 through float64.
template <class Op> constexpr UnaryRow through(int op) {
  return {op, {nullptr, nullptr, nullptr, nullptr, nullptr, floatRun<float, double, Op>, floatRun<double, double, Op>}};
}
/// Where the integers' sign does not matter.
template <class Op, class F> constexpr UnaryRow modular(int op, Run<1>::type boolean) {
  return {op, {boolean, integerRun<uint8_t, F>, integerRun<uint8_t, F>, integerRun<uint16_t, F>, integerRun<uint32_t, F>,
               floatRun<float, float, Op>, floatRun<double, double, Op>}};
}
/// Where it does; `natural` is the op without negative numbers.
template <class Op, class F, class Natural> constexpr UnaryRow ordered(int op) {
  return {op, {integerRun<uint8_t, Natural>, integerRun<uint8_t, Natural>, integerRun<int8_t, F>, integerRun<int16_t, F>,
               integerRun<int32_t, F>, floatRun<float, float, Op>, floatRun<double, double, Op>}};
}
/// Nothing to do for integers.
template <class Op> constexpr UnaryRow integral(int op) { return modular<Op, IntegerIdentity>(op, integerRun<uint8_t, IntegerIdentity>); }

constexpr auto kSameByte = integerRun<uint8_t, IntegerIdentity>;
constexpr UnaryRow kUnary[] = {
    modular<Negative, IntegerNegative>(UNARY_NEG, kSameByte),
    ordered<Absolute, IntegerAbsolute, IntegerIdentity>(UNARY_ABS),
    ordered<Sign, IntegerSign, IntegerSign>(UNARY_SIGN),
    integral<Ceil>(UNARY_CEIL),
    integral<Floor>(UNARY_FLOOR),
    integral<Round>(UNARY_ROUND),
    integral<Trunc>(UNARY_TRUNC),
    native<Frac>(UNARY_FRAC),
    {UNARY_BITWISE_NOT,
     {integerRun<uint8_t, LogicalNot>, integerRun<uint8_t, IntegerNot>, integerRun<uint8_t, IntegerNot>, integerRun<uint16_t, IntegerNot>,
      integerRun<uint32_t, IntegerNot>, nullptr, nullptr}},
    native<Reciprocal>(UNARY_RECIPROCAL),
    native<SquareRoot>(UNARY_SQRT),
    native<ReciprocalRoot>(UNARY_RSQRT),
    modular<Square, IntegerSquare>(UNARY_SQUARE, kSameByte),
    native<Exp>(UNARY_EXP),
    native<Exp2>(UNARY_EXP2),
    native<Expm1>(UNARY_EXPM1),
    native<Log>(UNARY_LOG),
    native<Log2>(UNARY_LOG2),
    through<Log10>(UNARY_LOG10),
    native<Log1p>(UNARY_LOG1P),
    through<Sin>(UNARY_SIN),
    through<Cos>(UNARY_COS),
    through<Tan>(UNARY_TAN),
    through<Asin>(UNARY_ASIN),
    through<Acos>(UNARY_ACOS),
    through<Atan>(UNARY_ATAN),
    through<Sinh>(UNARY_SINH),
    through<Cosh>(UNARY_COSH),
    native<Tanh>(UNARY_TANH),
    through<Asinh>(UNARY_ASINH),
    through<Acosh>(UNARY_ACOSH),
    through<Atanh>(UNARY_ATANH),
    native<Erf>(UNARY_ERF),
    through<Erfc>(UNARY_ERFC),
    through<Erfinv>(UNARY_ERFINV),
    through<Lgamma>(UNARY_LGAMMA),
    through<Digamma>(UNARY_DIGAMMA),
    through<Trigamma>(UNARY_TRIGAMMA),
    native<Sigmoid>(UNARY_SIGMOID),
    native<LogSigmoid>(UNARY_LOG_SIGMOID),
    ordered<Relu, IntegerRelu, IntegerIdentity>(UNARY_RELU),
    native<Silu>(UNARY_SILU),
    native<Mish>(UNARY_MISH),
    native<Gelu>(UNARY_GELU),
    native<GeluTanh>(UNARY_GELU_TANH),
    native<LeakyRelu>(UNARY_LEAKY_RELU),
    native<Elu>(UNARY_ELU),
    native<Softplus>(UNARY_SOFTPLUS),
    {UNARY_POW_SCALAR,
     {integerRun<uint8_t, IntegerPower>, integerRun<uint8_t, IntegerPower>, integerRun<int8_t, IntegerPower>, integerRun<int16_t, IntegerPower>,
      integerRun<int32_t, IntegerPower>, powScalarRun<float>, powScalarRun<double>}},
    native<Clamp>(UNARY_CLAMP),
    native<HardSigmoid>(UNARY_HARDSIGMOID),
    native<HardSwish>(UNARY_HARDSWISH),
    native<HardShrink>(UNARY_HARDSHRINK),
    native<SoftShrink>(UNARY_SOFTSHRINK),
    native<SoftSign>(UNARY_SOFTSIGN),
    native<Threshold>(UNARY_THRESHOLD),
    native<Logit>(UNARY_LOGIT),
};
constexpr bool inOrder() {
  for (int i = 0; i < UNARY_COUNT; i++)
    if (kUnary[i].op != i) return false;
  return true;
}
static_assert(sizeof(kUnary) / sizeof(UnaryRow) == UNARY_COUNT && inOrder(), "one row for every unary op, in the order of the table");

}  // namespace

void KERNEL(unary)(int32_t op, int32_t dtype, int32_t ndim, void *meta, void *x, void *out, double p0, double p1) {
  const double *shape = (const double *)meta;
  auto run = kUnary[op].run[dtype];
  index_t n = smallContiguous(ndim, shape, 2);
  if (n >= 0) return run(x, out, n, p0, p1);
  const Operand operands[] = {{(char *)x, kSizes[dtype], shape + 2 * ndim}, {(char *)out, kSizes[dtype], shape + ndim}};
  elementwise<1>(ndim, shape, operands, run, p0, p1);
}
