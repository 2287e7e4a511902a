// Copies: cast (also the general strided copy), where, fill, arange.
#include "elementwise.h"

namespace {

/// As in C++, but defined everywhere: floats out of range saturate and NaN gives 0 (as WebAssembly's conversions do);
/// smaller integers are cut from the int32, so 300.0 to uint8 is 44.
INLINE int32_t truncated(double x) {
  double y = x == x ? x : 0;
  y = y > -2147483648. ? y : -2147483648.;
  return (int32_t)(y < 2147483647. ? y : 2147483647.);
}
INLINE int32_t truncated(float x) {
  float y = x == x ? x : 0;
  y = y > -2147483648.f ? y : -2147483648.f;
  int32_t r = (int32_t)(y < 2147483520.f ? y : 2147483520.f);
  return y >= 2147483648.f ? INT32_MAX : r;
}
template <class T> INLINE int32_t truncated(T x) { return (int32_t)x; }

/// The element type bool, one byte of 0 or 1.
struct Boolean { uint8_t value; };
template <class To> struct Convert {
  template <class From> INLINE To from(From x) { return (To)truncated(x); }
};
template <> struct Convert<float> {
  template <class From> INLINE float from(From x) { return (float)x; }
};
template <> struct Convert<double> {
  template <class From> INLINE double from(From x) { return (double)x; }
};
template <> struct Convert<Boolean> {
  template <class From> INLINE Boolean from(From x) { return {(uint8_t)(x != 0)}; }
};

template <class From, class To> void castRun(const void *x, void *out, index_t n, double, double) {
  const From *from = (const From *)x;
  To *to = (To *)out;
  INDEPENDENT for (index_t i = 0; i < n; i++) to[i] = Convert<To>::from(from[i]);
}
/// The same bits: nullptr.
constexpr Run<1>::type kSame = nullptr;
constexpr Run<1>::type kCasts[][DTYPE_COUNT] = {
    // to bool, uint8, int8, int16, int32, float32, float64; int8 from uint8 and the reverse keep the bits
    {kSame, kSame, kSame, castRun<uint8_t, int16_t>, castRun<uint8_t, int32_t>, castRun<uint8_t, float>, castRun<uint8_t, double>},
    {castRun<uint8_t, Boolean>, kSame, kSame, castRun<uint8_t, int16_t>, castRun<uint8_t, int32_t>, castRun<uint8_t, float>,
     castRun<uint8_t, double>},
    {castRun<uint8_t, Boolean>, kSame, kSame, castRun<int8_t, int16_t>, castRun<int8_t, int32_t>, castRun<int8_t, float>, castRun<int8_t, double>},
    {castRun<int16_t, Boolean>, castRun<int16_t, uint8_t>, castRun<int16_t, uint8_t>, kSame, castRun<int16_t, int32_t>, castRun<int16_t, float>,
     castRun<int16_t, double>},
    {castRun<int32_t, Boolean>, castRun<int32_t, uint8_t>, castRun<int32_t, uint8_t>, castRun<int32_t, int16_t>, kSame, castRun<int32_t, float>,
     castRun<int32_t, double>},
    {castRun<float, Boolean>, castRun<float, uint8_t>, castRun<float, uint8_t>, castRun<float, int16_t>, castRun<float, int32_t>, kSame,
     castRun<float, double>},
    {castRun<double, Boolean>, castRun<double, uint8_t>, castRun<double, uint8_t>, castRun<double, int16_t>, castRun<double, int32_t>,
     castRun<double, float>, kSame},
};
static_assert(sizeof(kCasts) / sizeof(kCasts[0]) == DTYPE_COUNT, "a row of casts for every element type");

/// Tiles go straight from place to place; where x is contiguous along the rows, they are walked that way.
void copySame(int size, int ndim, const double *shape, char *x, char *out) {
  const Operand operands[] = {{x, size, shape + 2 * ndim}, {out, size, shape + ndim}};
  Space space(ndim, shape, operands, 2);
  index_t fromRow = space.rowStride(operands[0]), fromColumn = space.columnStride(operands[0]);
  index_t toRow = space.rowStride(operands[1]), toColumn = space.columnStride(operands[1]);
  bool rowsFirst = space.rows > 1 && fromRow == 1 && fromColumn != 1;
  index_t tileRows = rowsFirst ? 32 : (space.columns >= kGrain ? 1 : kGrain / (space.columns + 1) + 1), tileColumns = rowsFirst ? 32 : kGrain;
  struct None {};
  forEachTile<None>(space, tileRows, tileColumns, [&](const Tile &tile, None &) {
    const char *from = x + size * (space.offset(operands[0], tile.outer) + tile.row * fromRow + tile.column * fromColumn);
    char *to = out + size * (space.offset(operands[1], tile.outer) + tile.row * toRow + tile.column * toColumn);
    if (rowsFirst) copyTile(size, from, fromColumn, fromRow, to, toColumn, toRow, tile.columns, tile.rows);
    else copyTile(size, from, fromRow, fromColumn, to, toRow, toColumn, tile.rows, tile.columns);
  });
}

template <class T> void whereRun(const void *condition, const void *a, const void *b, void *out, index_t n, double, double) {
  const uint8_t *c = (const uint8_t *)condition;
  const T *yes = (const T *)a, *no = (const T *)b;
  T *to = (T *)out;
  INDEPENDENT for (index_t i = 0; i < n; i++) {
    T y = yes[i], z = no[i];
    to[i] = c[i] ? y : z;
  }
}
constexpr Run<3>::type kWhere[] = {whereRun<uint8_t>, whereRun<uint8_t>, whereRun<uint8_t>, whereRun<uint16_t>,
                                   whereRun<uint32_t>, whereRun<uint32_t>, whereRun<uint64_t>};
static_assert(sizeof(kWhere) / sizeof(kWhere[0]) == DTYPE_COUNT, "a loop for every element type");

template <class T> void fillRun(void *out, index_t n, double value, double) {
  T *to = (T *)out, element = Convert<T>::from(value);
  for (index_t i = 0; i < n; i++) to[i] = element;
}
constexpr Run<0>::type kFill[] = {fillRun<Boolean>, fillRun<uint8_t>, fillRun<uint8_t>, fillRun<int16_t>,
                                  fillRun<int32_t>, fillRun<float>, fillRun<double>};
static_assert(sizeof(kFill) / sizeof(kFill[0]) == DTYPE_COUNT, "a loop for every element type");

/// Integers of these sizes are exact in float64, so one arithmetic serves all types.
template <class T> void arangeOf(index_t count, double start, double step, void *out) {
  T *to = (T *)out;
  parallel_ranges(count, kGrain, [&](index_t begin, index_t end) {
    for (index_t i = begin; i < end; i++) to[i] = Convert<T>::from(start + (double)i * step);
  });
}

}  // namespace

void KERNEL(cast)(int32_t from, int32_t to, int32_t ndim, void *meta, void *x, void *out) {
  const double *shape = (const double *)meta;
  auto run = kCasts[from][to];
  index_t n = smallContiguous(ndim, shape, 2);
  if (!run) {
    if (n >= 0) memcpy(out, x, (size_t)(n * kSizes[to]));
    else copySame(kSizes[to], ndim, shape, (char *)x, (char *)out);
    return;
  }
  if (n >= 0) return run(x, out, n, 0, 0);
  const Operand operands[] = {{(char *)x, kSizes[from], shape + 2 * ndim}, {(char *)out, kSizes[to], shape + ndim}};
  elementwise<1>(ndim, shape, operands, run, 0, 0);
}

void KERNEL(where)(int32_t dtype, int32_t ndim, void *meta, void *condition, void *a, void *b, void *out) {
  const double *shape = (const double *)meta;
  auto run = kWhere[dtype];
  index_t n = smallContiguous(ndim, shape, 4);
  if (n >= 0) return run(condition, a, b, out, n, 0, 0);
  int size = kSizes[dtype];
  const Operand operands[] = {{(char *)condition, 1, shape + 2 * ndim},
                              {(char *)a, size, shape + 3 * ndim},
                              {(char *)b, size, shape + 4 * ndim},
                              {(char *)out, size, shape + ndim}};
  elementwise<3>(ndim, shape, operands, run, 0, 0);
}

void KERNEL(fill)(int32_t dtype, int32_t ndim, void *meta, void *out, double value) {
  const double *shape = (const double *)meta;
  auto run = kFill[dtype];
  index_t n = smallContiguous(ndim, shape, 1);
  if (n >= 0) return run(out, n, value, 0);
  const Operand operands[] = {{(char *)out, kSizes[dtype], shape + ndim}};
  elementwise<0>(ndim, shape, operands, run, value, 0);
}

void KERNEL(arange)(int32_t dtype, index_t count, double start, double step, void *out) {
  switch (dtype) {
    case DTYPE_BOOL: return arangeOf<Boolean>(count, start, step, out);
    case DTYPE_UINT8: case DTYPE_INT8: return arangeOf<uint8_t>(count, start, step, out);
    case DTYPE_INT16: return arangeOf<int16_t>(count, start, step, out);
    case DTYPE_INT32: return arangeOf<int32_t>(count, start, step, out);
    case DTYPE_FLOAT32: return arangeOf<float>(count, start, step, out);
    default: return arangeOf<double>(count, start, step, out);
  }
}
