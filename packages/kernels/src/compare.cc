// Ops whose result is bool: predicates of one tensor, comparisons of two.
#include "elementwise.h"

namespace {

/// Bits of a float without its sign; those of infinity.
INLINE uint32_t magnitude(float x) { uint32_t bits; memcpy(&bits, &x, 4); return bits & 0x7fffffff; }
INLINE uint64_t magnitude(double x) { uint64_t bits; memcpy(&bits, &x, 8); return bits & 0x7fffffffffffffff; }
INLINE uint32_t infinityOf(float) { return 0x7f800000; }
INLINE uint64_t infinityOf(double) { return 0x7ff0000000000000; }
INLINE bool negative(float x) { uint32_t bits; memcpy(&bits, &x, 4); return bits >> 31; }
INLINE bool negative(double x) { uint64_t bits; memcpy(&bits, &x, 8); return bits >> 63; }
template <class T> INLINE bool negative(T x) { return x < 0; }

template <class T, class Op> void predicateRun(const void *x, void *out, index_t n, double, double) {
  const T *from = (const T *)x;
  uint8_t *to = (uint8_t *)out;
  INDEPENDENT for (index_t i = 0; i < n; i++) to[i] = Op::apply(from[i]);
}
template <bool value> void constantRun(const void *, void *out, index_t n, double, double) { memset(out, value, (size_t)n); }

#define PREDICATE(Name, expression) \
  struct Name {                     \
    template <class T> INLINE bool apply(T x) { return expression; } \
  };
PREDICATE(LogicalNot, x == 0)
PREDICATE(IsNan, x != x)
PREDICATE(IsInfinite, magnitude(x) == infinityOf(x))
PREDICATE(IsFinite, magnitude(x) < infinityOf(x))
PREDICATE(Negative, negative(x))

struct PredicateRow {
  int op;
  Run<1>::type run[DTYPE_COUNT];
};
/// Floats by Op; of all integers the same.
template <class Op, bool value> constexpr PredicateRow floats(int op) {
  return {op, {constantRun<value>, constantRun<value>, constantRun<value>, constantRun<value>, constantRun<value>,
               predicateRun<float, Op>, predicateRun<double, Op>}};
}
constexpr PredicateRow kPredicates[] = {
    {PREDICATE_LOGICAL_NOT, {predicateRun<uint8_t, LogicalNot>, predicateRun<uint8_t, LogicalNot>, predicateRun<uint8_t, LogicalNot>,
                             predicateRun<int16_t, LogicalNot>, predicateRun<int32_t, LogicalNot>, predicateRun<float, LogicalNot>,
                             predicateRun<double, LogicalNot>}},
    floats<IsNan, false>(PREDICATE_ISNAN),
    floats<IsInfinite, false>(PREDICATE_ISINF),
    floats<IsFinite, true>(PREDICATE_ISFINITE),
    {PREDICATE_SIGNBIT, {constantRun<false>, constantRun<false>, predicateRun<int8_t, Negative>, predicateRun<int16_t, Negative>,
                         predicateRun<int32_t, Negative>, predicateRun<float, Negative>, predicateRun<double, Negative>}},
};

template <class T, class Op> void compareRun(const void *a, const void *b, void *out, index_t n, double, double) {
  const T *left = (const T *)a, *right = (const T *)b;
  uint8_t *to = (uint8_t *)out;
  INDEPENDENT for (index_t i = 0; i < n; i++) to[i] = Op::apply(left[i], right[i]);
}
#define COMPARISON(Name, expression) \
  struct Name {                      \
    template <class T> INLINE bool apply(T a, T b) { return expression; } \
  };
COMPARISON(Equal, a == b)
COMPARISON(NotEqual, a != b)
COMPARISON(Less, a < b)
COMPARISON(LessEqual, a <= b)
COMPARISON(LogicalAnd, (a != 0) & (b != 0))
COMPARISON(LogicalOr, (a != 0) | (b != 0))
COMPARISON(LogicalXor, (a != 0) != (b != 0))

struct CompareRow {
  int op;
  bool swapped;  // a > b is b < a
  Run<2>::type run[DTYPE_COUNT];
};
template <class Op> constexpr CompareRow equality(int op) {
  return {op, false, {compareRun<uint8_t, Op>, compareRun<uint8_t, Op>, compareRun<uint8_t, Op>, compareRun<int16_t, Op>, compareRun<int32_t, Op>,
                      compareRun<float, Op>, compareRun<double, Op>}};
}
template <class Op> constexpr CompareRow order(int op, bool swapped) {
  return {op, swapped, {compareRun<uint8_t, Op>, compareRun<uint8_t, Op>, compareRun<int8_t, Op>, compareRun<int16_t, Op>, compareRun<int32_t, Op>,
                        compareRun<float, Op>, compareRun<double, Op>}};
}
constexpr CompareRow kComparisons[] = {
    equality<Equal>(COMPARE_EQ),
    equality<NotEqual>(COMPARE_NE),
    order<Less>(COMPARE_LT, false),
    order<LessEqual>(COMPARE_LE, false),
    order<Less>(COMPARE_GT, true),
    order<LessEqual>(COMPARE_GE, true),
    equality<LogicalAnd>(COMPARE_LOGICAL_AND),
    equality<LogicalOr>(COMPARE_LOGICAL_OR),
    equality<LogicalXor>(COMPARE_LOGICAL_XOR),
};

template <class Row, int count> constexpr bool inOrder(const Row (&rows)[count], int expected) {
  for (int i = 0; i < count; i++)
    if (rows[i].op != i) return false;
  return count == expected;
}
static_assert(inOrder(kPredicates, PREDICATE_COUNT), "one row for every predicate, in the order of the table");
static_assert(inOrder(kComparisons, COMPARE_COUNT), "one row for every comparison, in the order of the table");

}  // namespace

void KERNEL(predicate)(int32_t op, int32_t dtype, int32_t ndim, void *meta, void *x, void *out) {
  const double *shape = (const double *)meta;
  auto run = kPredicates[op].run[dtype];
  index_t n = smallContiguous(ndim, shape, 2);
  if (n >= 0) return run(x, out, n, 0, 0);
  const Operand operands[] = {{(char *)x, kSizes[dtype], shape + 2 * ndim}, {(char *)out, 1, shape + ndim}};
  elementwise<1>(ndim, shape, operands, run, 0, 0);
}

void KERNEL(compare)(int32_t op, int32_t dtype, int32_t ndim, void *meta, void *a, void *b, void *out) {
  const double *shape = (const double *)meta;
  const CompareRow &row = kComparisons[op];
  auto run = row.run[dtype];
  index_t n = smallContiguous(ndim, shape, 3);
  if (n >= 0) return row.swapped ? run(b, a, out, n, 0, 0) : run(a, b, out, n, 0, 0);
  const Operand left = {(char *)a, kSizes[dtype], shape + 2 * ndim}, right = {(char *)b, kSizes[dtype], shape + 3 * ndim};
  const Operand operands[] = {row.swapped ? right : left, row.swapped ? left : right, {(char *)out, 1, shape + ndim}};
  elementwise<2>(ndim, shape, operands, run, 0, 0);
}
