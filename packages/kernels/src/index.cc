// Picking and placing elements by int32 indices, which the caller has wrapped and checked.
#include "kernel.h"

namespace {

constexpr index_t kGrain = 32768;
constexpr int kMaxDims = 32;

INLINE index_t grain_of(index_t work_each) { return kGrain / (work_each + 1) + 1; }

/// body(T()) for an unsigned integer as wide as the element: for moves, where only the size matters.
template <class F> INLINE void for_width(int dtype, const F &body) {
  switch (dtype) {
    case DTYPE_INT16: return body(uint16_t());
    case DTYPE_INT32:
    case DTYPE_FLOAT32: return body(uint32_t());
    case DTYPE_FLOAT64: return body(uint64_t());
    default: return body(uint8_t());
  }
}
/// body(T()) for the element type.
template <class F> INLINE void for_type(int dtype, const F &body) {
  switch (dtype) {
    case DTYPE_BOOL: return body(bool());
    case DTYPE_UINT8: return body(uint8_t());
    case DTYPE_INT8: return body(int8_t());
    case DTYPE_INT16: return body(int16_t());
    case DTYPE_INT32: return body(int32_t());
    case DTYPE_FLOAT32: return body(float());
    default: return body(double());
  }
}
/// int32 adds and multiplies as uint32, which wraps without being undefined.
template <class T> struct Arithmetic { typedef T type; };
template <> struct Arithmetic<int32_t> { typedef uint32_t type; };

template <class T> void index_select(index_t outer, index_t n, index_t inner, index_t count, const T *x, const int32_t *index, T *out) {
  parallel_ranges(outer * count, grain_of(inner), [=](index_t begin, index_t end) {
    index_t o = begin / count, j = begin % count;
    for (index_t row = begin; row < end; row++) {
      const T *from = x + (o * n + index[j]) * inner;
      T *to = out + row * inner;
      if (inner == 1) *to = *from;
      else memcpy(to, from, (size_t)inner * sizeof(T));
      if (++j == count) j = 0, o++;
    }
  });
}

/// Side by side only over outer and strips of inner, so that each element adds up in the order of the index.
template <class T>
void index_add(index_t outer, index_t n, index_t inner, index_t count, const int32_t *index, const T *source, T *out, double alpha) {
  typedef typename Arithmetic<T>::type A;
  A scale = (A)(T)alpha;
  index_t width = inner < 64 ? inner : 64, strips = width ? (inner + width - 1) / width : 0;
  parallel_ranges(outer * strips, grain_of(count * width), [=](index_t begin, index_t end) {
    for (index_t task = begin; task < end; task++) {
      index_t o = task / strips, first = task % strips * width, m = inner - first < width ? inner - first : width;
      for (index_t j = 0; j < count; j++) {
        const T *from = source + (o * count + j) * inner + first;
        T *to = out + (o * n + index[j]) * inner + first;
        for (index_t i = 0; i < m; i++) to[i] = (T)((A)to[i] + scale * (A)from[i]);
      }
    }
  });
}

/// Rows along the last dimension of a block, with the offsets of up to three arrays: body(offsets).
template <int arrays> struct Rows {
  int dims = 0; // without the last one
  index_t count = 1, n = 1, size[kMaxDims], stride[arrays][kMaxDims], last[arrays] = {};

  /// meta = [shape, strides of each array].
  Rows(int ndim, const double *meta) {
    for (int i = 0; i + 1 < ndim; i++) {
      size[i] = (index_t)meta[i], count *= size[i];
      for (int a = 0; a < arrays; a++) stride[a][i] = (index_t)meta[(a + 1) * ndim + i];
    }
    dims = ndim > 0 ? ndim - 1 : 0;
    if (ndim == 0) return;
    n = (index_t)meta[ndim - 1];
    for (int a = 0; a < arrays; a++) last[a] = (index_t)meta[(a + 2) * ndim - 1];
  }
  /// Leaves dimension `dim` of an array out; returns its stride.
  index_t release(int array, int dim) {
    index_t &s = dim < dims ? stride[array][dim] : last[array], kept = s;
    s = 0;
    return kept;
  }
  template <class F> void visit(index_t begin, index_t end, const F &body) const {
    index_t at[kMaxDims], offset[arrays] = {}, rest = begin;
    for (int i = dims - 1; i >= 0; i--) {
      at[i] = rest % size[i], rest /= size[i];
      for (int a = 0; a < arrays; a++) offset[a] += at[i] * stride[a][i];
    }
    for (index_t row = begin; row < end; row++) {
      body(row, offset);
      for (int i = dims - 1; i >= 0; i--) {
        for (int a = 0; a < arrays; a++) offset[a] += stride[a][i];
        if (++at[i] < size[i]) break;
        for (int a = 0; a < arrays; a++) offset[a] -= size[i] * stride[a][i];
        at[i] = 0;
      }
    }
  }
};

template <class T> void gather(int ndim, int dim, const double *meta, const T *x, const int32_t *index, T *out) {
  Rows<2> rows(ndim, meta);
  if (rows.count * rows.n == 0) return;
  index_t step = ndim ? rows.release(0, dim) : 1;
  parallel_ranges(rows.count, grain_of(rows.n), [&](index_t begin, index_t end) {
    rows.visit(begin, end, [&](index_t row, const index_t *offset) {
      const T *from = x + offset[0];
      const int32_t *pick = index + offset[1];
      T *to = out + row * rows.n;
      for (index_t i = 0; i < rows.n; i++) to[i] = from[i * rows.last[0] + (index_t)pick[i * rows.last[1]] * step];
    });
  });
}

/// place(old, new) for every element. A block is cut only across dimensions other than `dim`, where no two pieces meet.
template <class T, class F>
void scatter_with(int ndim, int dim, const double *meta, T *out, const int32_t *index, const T *source, const F &place) {
  Rows<3> whole(ndim, meta);
  if (whole.count * whole.n == 0) return;
  index_t step = ndim ? whole.release(0, dim) : 1;
  auto run = [&](const Rows<3> &rows, T *to, const int32_t *pick, const T *from) {
    rows.visit(0, rows.count, [&](index_t, const index_t *offset) {
      for (index_t i = 0; i < rows.n; i++) {
        T &slot = to[offset[0] + i * rows.last[0] + (index_t)pick[offset[1] + i * rows.last[1]] * step];
        slot = place(slot, from[offset[2] + i * rows.last[2]]);
      }
    });
  };
  int cut = -1;
  for (int i = 0; i < whole.dims; i++)
    if (i != dim && (cut < 0 || whole.size[i] > whole.size[cut])) cut = i;
  if (cut < 0) return run(whole, out, index, source);
  parallel_ranges(whole.size[cut], grain_of(whole.count / whole.size[cut] * whole.n), [&](index_t begin, index_t end) {
    Rows<3> piece = whole;
    piece.count = piece.count / piece.size[cut] * (end - begin);
    piece.size[cut] = end - begin;
    run(piece, out + begin * piece.stride[0][cut], index + begin * piece.stride[1][cut], source + begin * piece.stride[2][cut]);
  });
}

template <class T> void scatter(int op, int ndim, int dim, const double *meta, T *out, const int32_t *index, const T *source) {
  typedef typename Arithmetic<T>::type A;
  auto with = [=](auto place) { scatter_with(ndim, dim, meta, out, index, source, place); };
  switch (op) {
    case SCATTER_ADD: return with([](T a, T b) { return (T)((A)a + (A)b); });
    case SCATTER_MUL: return with([](T a, T b) { return (T)((A)a * (A)b); });
    case SCATTER_MAX: return with([](T a, T b) { return b > a || b != b ? b : a; });
    case SCATTER_MIN: return with([](T a, T b) { return b < a || b != b ? b : a; });
  }
}

template <class T> index_t nonzero(index_t count, const T *x, int32_t *out) {
  index_t found = 0;
  if (!out) {
    for (index_t i = 0; i < count; i++) found += x[i] != 0;
    return found;
  }
  for (index_t i = 0; i < count; i++)
    if (x[i] != 0) out[found++] = (int32_t)i;
  return found;
}

} // namespace

void KERNEL(indexSelect)(int32_t dtype, index_t outer, index_t n, index_t inner, index_t count, void *x, void *index, void *out) {
  if (inner == 0) return;
  for_width(dtype, [=](auto zero) {
    using T = decltype(zero);
    index_select(outer, n, inner, count, (const T *)x, (const int32_t *)index, (T *)out);
  });
}

void KERNEL(indexAdd)(int32_t dtype, index_t outer, index_t n, index_t inner, index_t count, void *index, void *source, void *out, double alpha) {
  for_type(dtype, [=](auto zero) {
    using T = decltype(zero);
    index_add(outer, n, inner, count, (const int32_t *)index, (const T *)source, (T *)out, alpha);
  });
}

void KERNEL(gather)(int32_t dtype, int32_t ndim, int32_t dim, void *meta, void *x, void *index, void *out) {
  for_width(dtype, [=](auto zero) {
    using T = decltype(zero);
    gather(ndim, dim, (const double *)meta, (const T *)x, (const int32_t *)index, (T *)out);
  });
}

void KERNEL(scatter)(int32_t op, int32_t dtype, int32_t ndim, int32_t dim, void *meta, void *out, void *index, void *source) {
  const double *shape = (const double *)meta;
  const int32_t *at = (const int32_t *)index;
  if (op == SCATTER_SET)
    for_width(dtype, [=](auto zero) {
      using T = decltype(zero);
      scatter_with(ndim, dim, shape, (T *)out, at, (const T *)source, [](T, T b) { return b; });
    });
  else
    for_type(dtype, [=](auto zero) {
      using T = decltype(zero);
      scatter(op, ndim, dim, shape, (T *)out, at, (const T *)source);
    });
}

/// An empty index gives 0 and −1, which lie in every range.
void KERNEL(indexRange)(index_t count, void *index, void *range) {
  const int32_t *x = (const int32_t *)index;
  int32_t smallest = count ? x[0] : 0, largest = count ? x[0] : -1;
  for (index_t i = 0; i < count; i++) {
    smallest = x[i] < smallest ? x[i] : smallest;
    largest = x[i] > largest ? x[i] : largest;
  }
  ((int32_t *)range)[0] = smallest, ((int32_t *)range)[1] = largest;
}

double KERNEL(nonzero)(int32_t dtype, index_t count, void *x, void *out) {
  index_t found = 0;
  for_type(dtype, [&](auto zero) {
    using T = decltype(zero);
    found = nonzero(count, (const T *)x, (int32_t *)out);
  });
  return (double)found;
}
