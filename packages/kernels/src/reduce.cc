// Reductions over any set of dimensions. Each op brings two inner loops, one along a run of elements and
// one down a strip of neighbouring columns; the walk over the remaining dimensions is shared by all.
#include "kernel.h"

namespace {

// Elements are folded in their own type over short blocks only, blocks are combined in float64: float32
// sums stay accurate to about 1e-7 at any length.
constexpr index_t kBlock = 1024;
constexpr index_t kBlockRows = 16;
constexpr int kColumns = 128;
constexpr int kMaxDims = 32;
constexpr int kMaxParts = 32, kMaxColumnParts = 8;
constexpr index_t kGrain = 32768;

template <class T> constexpr bool is_float = (T)0.5 != 0;
template <class T> constexpr T highest() {
  if constexpr (is_float<T>) return (T)__builtin_inf();
  else if constexpr ((T)-1 < (T)0) return (T)(((uint64_t)1 << (8 * sizeof(T) - 1)) - 1);
  else return (T)-1;
}
template <class T> constexpr T lowest() {
  if constexpr (is_float<T>) return -highest<T>();
  else return (T)(-highest<T>() - 1); // wraps to 0 for unsigned types
}

// ---- ops: `step` takes one more element into an accumulator, `merge` joins two accumulators (both for one element
// and for vectors), `combine` joins the float64 results of blocks.

template <class T> struct Sum {
  typedef T Element, Accumulator;
  static constexpr T start = 0;
  template <class V> INLINE V step(V a, V x) { return a + x; }
  template <class V> INLINE V merge(V a, V b) { return a + b; }
  INLINE double combine(double a, double b) { return a + b; }
};
template <class T> struct SumSquares : Sum<T> {
  template <class V> INLINE V step(V a, V x) { return a + x * x; }
};
template <class T> struct Norm1 : Sum<T> {
  template <class V> INLINE V step(V a, V x) { return a + (x < 0 ? -x : x); }
};
template <class T> struct Prod {
  typedef T Element, Accumulator;
  static constexpr T start = 1;
  template <class V> INLINE V step(V a, V x) { return a * x; }
  template <class V> INLINE V merge(V a, V b) { return a * b; }
  INLINE double combine(double a, double b) {
    if constexpr (is_float<T>) return a * b;
    else return (double)(int32_t)((T)(int64_t)a * (T)(int64_t)b);
  }
};
template <class T> struct Max {
  typedef T Element, Accumulator;
  static constexpr T start = lowest<T>();
  template <class V> INLINE V step(V a, V x) { return (x > a) | (x != x) ? x : a; }
  template <class V> INLINE V merge(V a, V b) { return step(a, b); }
  INLINE bool better(double x, double best) { return (x > best) | ((x != x) & (best == best)); }
  INLINE double combine(double a, double b) { return step(a, b); }
};
template <class T> struct Min {
  typedef T Element, Accumulator;
  static constexpr T start = highest<T>();
  template <class V> INLINE V step(V a, V x) { return (x < a) | (x != x) ? x : a; }
  template <class V> INLINE V merge(V a, V b) { return step(a, b); }
  INLINE bool better(double x, double best) { return (x < best) | ((x != x) & (best == best)); }
  INLINE double combine(double a, double b) { return step(a, b); }
};
template <int bytes> struct Signed;
template <> struct Signed<1> { typedef int8_t type; };
template <> struct Signed<2> { typedef int16_t type; };
template <> struct Signed<4> { typedef int32_t type; };
template <> struct Signed<8> { typedef int64_t type; };
/// Counts non-zero elements; a block is short enough for lanes of one byte.
template <class T> struct Count {
  typedef T Element;
  typedef typename Signed<sizeof(T)>::type Accumulator;
  static constexpr Accumulator start = 0;
  INLINE Accumulator step(Accumulator a, T x) { return (Accumulator)(a + (x != 0)); }
  INLINE typename Vec<Accumulator>::type step(typename Vec<Accumulator>::type a, typename Vec<T>::type x) {
    return a - (typename Vec<Accumulator>::type)(x != 0);
  }
  template <class V> INLINE V merge(V a, V b) { return (V)(a + b); }
  INLINE double combine(double a, double b) { return a + b; }
};

/// int32 is summed as uint32, which wraps without being undefined.
template <class A> INLINE double number(A a) {
  if constexpr ((A)-1 < (A)0 || sizeof(A) < 4) return (double)a;
  else return (double)(int32_t)a;
}

// ---- inner loops

struct State {
  double value;
  index_t position;
};
struct Strip {
  double value[kColumns];
  int32_t position[kColumns];
};

/// Folds at most kBlock elements.
template <class Op> INLINE double fold_block(const typename Op::Element *x, index_t n, index_t stride) {
  typedef typename Op::Element T;
  typedef typename Op::Accumulator A;
  typedef typename Vec<A>::type V;
  constexpr int lanes = Vec<T>::lanes;
  double value = (double)Op::start;
  A rest = Op::start;
  index_t i = 0;
  if (stride == 1 && n >= 2 * lanes) { // below, joining the lanes would cost more than they save
    V a = splat<A>(Op::start), b = a, c = a, d = a;
    for (; i + 4 * lanes <= n; i += 4 * lanes) {
      a = Op::step(a, load(x + i));
      b = Op::step(b, load(x + i + lanes));
      c = Op::step(c, load(x + i + 2 * lanes));
      d = Op::step(d, load(x + i + 3 * lanes));
    }
    for (; i + lanes <= n; i += lanes) a = Op::step(a, load(x + i));
    a = Op::merge(Op::merge(a, b), Op::merge(c, d));
    for (int k = 0; k < lanes; k++) value = Op::combine(value, number((A)a[k]));
    for (; i < n; i++) rest = Op::step(rest, x[i]);
  } else {
    A a = Op::start, b = a, c = a;
    for (; i + 4 <= n; i += 4, x += 4 * stride) {
      a = Op::step(a, x[0]);
      b = Op::step(b, x[stride]);
      c = Op::step(c, x[2 * stride]);
      rest = Op::step(rest, x[3 * stride]);
    }
    for (; i < n; i++, x += stride) rest = Op::step(rest, x[0]);
    rest = Op::merge(Op::merge(a, b), Op::merge(c, rest));
  }
  return Op::combine(value, number(rest));
}

/// One run of n elements.
template <class Op> State fold_run(const void *px, index_t n, index_t stride) {
  const typename Op::Element *x = (const typename Op::Element *)px;
  index_t block = stride == 1 ? kBlock : kBlock / 16; // one lane instead of many: fewer elements
  double value = (double)Op::start;
  for (index_t i = 0; i < n; i += block) value = Op::combine(value, fold_block<Op>(x + i * stride, n - i < block ? n - i : block, stride));
  return {value, 0};
}

/// The first extreme element: of the blocks the best, then the place within it.
template <class Op> State find_run(const void *px, index_t n, index_t stride) {
  const typename Op::Element *x = (const typename Op::Element *)px;
  State best = {(double)Op::start, 0};
  for (index_t i = 0; i < n; i += kBlock) {
    double value = fold_block<Op>(x + i * stride, n - i < kBlock ? n - i : kBlock, stride);
    if (i == 0 || Op::better(value, best.value)) best = {value, i};
  }
  while ((double)x[best.position * stride] != best.value && (best.value == best.value || x[best.position * stride] == x[best.position * stride]))
    best.position++;
  return best;
}

/// Rows of `width` neighbouring columns, into total.
template <class Op> void fold_strip(const void *px, index_t rows, index_t stride, index_t width, index_t, Strip &total) {
  typedef typename Op::Accumulator A;
  constexpr int lanes = Vec<A>::lanes;
  const typename Op::Element *x = (const typename Op::Element *)px;
  A block[kColumns];
  for (index_t r = 0; r < rows; r += kBlockRows, x += kBlockRows * stride) {
    index_t n = rows - r < kBlockRows ? rows - r : kBlockRows, i = 0;
    for (index_t j = 0; j < width; j++) block[j] = Op::start;
    for (; i + 4 <= n; i += 4) {
      const typename Op::Element *x0 = x + i * stride, *x1 = x0 + stride, *x2 = x1 + stride, *x3 = x2 + stride;
      index_t j = 0;
      for (; j + lanes <= width; j += lanes) {
        auto v = Op::step(Op::step(load(block + j), load(x0 + j)), load(x1 + j));
        store(block + j, Op::step(Op::step(v, load(x2 + j)), load(x3 + j)));
      }
      for (; j < width; j++) block[j] = Op::step(Op::step(Op::step(Op::step(block[j], x0[j]), x1[j]), x2[j]), x3[j]);
    }
    for (; i < n; i++)
      for (index_t j = 0; j < width; j++) block[j] = Op::step(block[j], x[i * stride + j]);
    for (index_t j = 0; j < width; j++) total.value[j] = Op::combine(total.value[j], number(block[j]));
  }
}

template <class Op>
void find_strip(const void *px, index_t rows, index_t stride, index_t width, index_t position, Strip &total) {
  const typename Op::Element *x = (const typename Op::Element *)px;
  for (index_t i = 0; i < rows; i++, x += stride)
    for (index_t j = 0; j < width; j++) {
      double value = (double)x[j];
      bool better = Op::better(value, total.value[j]) | (total.position[j] < 0);
      total.value[j] = better ? value : total.value[j];
      total.position[j] = better ? (int32_t)(position + i) : total.position[j];
    }
}

template <class Op> void combine_fold(State &total, State part) { total.value = Op::combine(total.value, part.value); }
template <class Op> void combine_find(State &total, State part) {
  if (total.position < 0 || Op::better(part.value, total.value)) total = part;
}

/// What the walk needs of an op for one type.
struct Loops {
  State (*run)(const void *x, index_t n, index_t stride);
  void (*strip)(const void *x, index_t rows, index_t stride, index_t width, index_t position, Strip &total);
  void (*combine)(State &total, State part);
  State start;
};
template <class Op> constexpr Loops fold() {
  return {fold_run<Op>, fold_strip<Op>, combine_fold<Op>, {(double)Op::start, 0}};
}
template <class Op> constexpr Loops find() {
  return {find_run<Op>, find_strip<Op>, combine_find<Op>, {(double)Op::start, -1}};
}

template <class T> Loops order_loops(int op) {
  switch (op) {
    case REDUCE_MAX: return fold<Max<T>>();
    case REDUCE_MIN: return fold<Min<T>>();
    case REDUCE_ARGMAX: return find<Max<T>>();
    case REDUCE_ARGMIN: return find<Min<T>>();
    default: return fold<Count<T>>();
  }
}
/// T accumulates (unsigned for int32), E is the element.
template <class T, class E> Loops arithmetic_loops(int op) {
  switch (op) {
    case REDUCE_SUM: return fold<Sum<T>>();
    case REDUCE_PROD: return fold<Prod<T>>();
    case REDUCE_SUM_SQUARES: return fold<SumSquares<T>>();
    case REDUCE_NORM1: return fold<Norm1<E>>();
    default: return order_loops<E>(op);
  }
}
Loops select_loops(int op, int dtype) {
  switch (dtype) {
    case DTYPE_INT8: return order_loops<int8_t>(op);
    case DTYPE_INT16: return order_loops<int16_t>(op);
    case DTYPE_INT32: return arithmetic_loops<uint32_t, int32_t>(op);
    case DTYPE_FLOAT32: return arithmetic_loops<float, float>(op);
    case DTYPE_FLOAT64: return arithmetic_loops<double, double>(op);
    default: return order_loops<uint8_t>(op);
  }
}

// ---- the walk

constexpr int kBytes[DTYPE_COUNT] = {1, 1, 1, 2, 4, 4, 8};

/// Visits the elements of a strided block in row-major order.
struct Walk {
  int dims = 0;
  index_t count = 1, offset = 0;
  index_t size[kMaxDims], stride[kMaxDims], at[kMaxDims];

  void add(double n, double step) {
    size[dims] = (index_t)n, stride[dims] = (index_t)step, at[dims] = 0;
    count *= size[dims++];
  }
  void remove(int dim) {
    count = 1;
    dims--;
    for (int i = dim; i < dims; i++) size[i] = size[i + 1], stride[i] = stride[i + 1];
    for (int i = 0; i < dims; i++) count *= size[i];
  }
  void seek(index_t position) {
    offset = 0;
    for (int i = dims - 1; i >= 0; i--) {
      at[i] = position % size[i], position /= size[i];
      offset += at[i] * stride[i];
    }
  }
  void next() {
    for (int i = dims - 1; i >= 0; i--) {
      offset += stride[i];
      if (++at[i] < size[i]) return;
      offset -= at[i] * stride[i], at[i] = 0;
    }
  }
};

/// The reduced elements, as runs along one dimension cut into pieces: unit u is piece u % pieces of run u / pieces.
struct Units {
  Walk runs;
  index_t n, stride, pieces, piece;
  index_t total() const { return runs.count * n; }
  index_t count() const { return runs.count * pieces; }
  /// Cuts runs so that there are about `parts` units, none of them small.
  void cut(index_t parts) {
    piece = (total() + parts - 1) / parts;
    piece = piece < kBlock ? kBlock : (piece + kBlock - 1) / kBlock * kBlock;
    pieces = (n + piece - 1) / piece;
  }
  /// body(offset, n, position) for units [begin, end).
  template <class F> void visit(index_t begin, index_t end, const F &body) const {
    if (begin >= end) return;
    if (runs.count == 1 && pieces == 1) return body((index_t)0, n, (index_t)0); // short rows must not pay for a walk
    Walk walk = runs;
    index_t run = begin / pieces, p = begin % pieces;
    walk.seek(run);
    for (index_t u = begin; u < end; u++) {
      index_t first = p * piece;
      body(walk.offset + first * stride, n - first < piece ? n - first : piece, run * n + first);
      if (++p == pieces) p = 0, run++, walk.next();
    }
  }
};

void write(int op, int dtype, void *out, index_t i, State s, index_t total) {
  switch (op) {
    case REDUCE_ANY: ((uint8_t *)out)[i] = s.value > 0; return;
    case REDUCE_ALL: ((uint8_t *)out)[i] = s.value == (double)total; return;
    case REDUCE_ARGMAX:
    case REDUCE_ARGMIN: ((int32_t *)out)[i] = (int32_t)s.position; return;
    case REDUCE_NONZERO_COUNT: dtype = DTYPE_INT32; break;
  }
  switch (dtype) {
    case DTYPE_FLOAT64: ((double *)out)[i] = s.value; return;
    case DTYPE_FLOAT32: ((float *)out)[i] = (float)s.value; return;
    case DTYPE_INT32: ((int32_t *)out)[i] = (int32_t)(uint32_t)(int64_t)s.value; return;
    case DTYPE_INT16: ((int16_t *)out)[i] = (int16_t)s.value; return;
    case DTYPE_INT8: ((int8_t *)out)[i] = (int8_t)s.value; return;
    default: ((uint8_t *)out)[i] = (uint8_t)s.value;
  }
}

struct Reduction {
  int op, dtype;
  Loops loops;
  const char *x;
  void *out;
  Walk kept;
  Units units;

  const char *element(index_t offset) const { return x + offset * kBytes[dtype]; }

  State fold_units(index_t offset, index_t begin, index_t end) const {
    State total = loops.start;
    units.visit(begin, end, [&](index_t at, index_t n, index_t position) {
      State part = loops.run(element(offset + at), n, units.stride);
      part.position += position;
      loops.combine(total, part);
    });
    return total;
  }
  /// One output after another, each along its runs.
  void by_run() {
    index_t per_output = units.total();
    if (kept.count >= 16 || per_output <= 2 * kGrain) {
      units.cut(1);
      index_t grain = per_output ? kGrain / per_output : kGrain;
      parallel_ranges(kept.count, grain < 1 ? 1 : grain, [&](index_t begin, index_t end) {
        Walk walk = kept;
        walk.seek(begin);
        for (index_t o = begin; o < end; o++, walk.next())
          write(op, dtype, out, o, fold_units(walk.offset, 0, units.count()), per_output);
      });
      return;
    }
    index_t parts = per_output / kGrain < kMaxParts ? per_output / kGrain : kMaxParts;
    units.cut(parts);
    index_t each = (units.count() + parts - 1) / parts;
    State part[kMaxParts];
    for (index_t o = 0; o < kept.count; o++) {
      kept.seek(o);
      parallel_for(parts, [&](index_t p, int) {
        index_t begin = p * each, end = begin + each < units.count() ? begin + each : units.count();
        part[p] = fold_units(kept.offset, begin, end);
      });
      State total = loops.start;
      for (index_t p = 0; p < parts; p++)
        if (p * each < units.count()) loops.combine(total, part[p]);
      write(op, dtype, out, o, total, per_output);
    }
  }

  void fold_strip_units(index_t offset, index_t width, index_t begin, index_t end, Strip &total) const {
    for (index_t j = 0; j < width; j++) total.value[j] = loops.start.value, total.position[j] = (int32_t)loops.start.position;
    units.visit(begin, end, [&](index_t at, index_t n, index_t position) {
      loops.strip(element(offset + at), n, units.stride, width, position, total);
    });
  }
  void write_strip(index_t o, index_t width, const Strip &total) const {
    for (index_t j = 0; j < width; j++) write(op, dtype, out, o + j, {total.value[j], total.position[j]}, units.total());
  }
  /// The last kept dimension is contiguous: strips of neighbouring outputs at once.
  void by_strip(index_t columns) {
    index_t strips = (columns + kColumns - 1) / kColumns, tasks = kept.count * strips, rows = units.total();
    index_t widest = columns < kColumns ? columns : kColumns;
    auto strip = [&](Walk &walk, index_t task, const auto &body) {
      index_t j = task % strips * kColumns;
      walk.seek(task / strips);
      body(walk.offset + j, columns - j < kColumns ? columns - j : kColumns, task / strips * columns + j);
    };
    if (tasks >= 8 || rows * widest <= 2 * kGrain) {
      units.cut(1);
      index_t grain = kGrain / (rows * widest + 1);
      parallel_ranges(tasks, grain < 1 ? 1 : grain, [&](index_t begin, index_t end) {
        Walk walk = kept;
        Strip total;
        for (index_t task = begin; task < end; task++)
          strip(walk, task, [&](index_t offset, index_t width, index_t o) {
            fold_strip_units(offset, width, 0, units.count(), total);
            write_strip(o, width, total);
          });
      });
      return;
    }
    index_t parts = rows * widest / kGrain < kMaxColumnParts ? rows * widest / kGrain : kMaxColumnParts;
    units.cut(parts);
    index_t each = (units.count() + parts - 1) / parts;
    Strip part[kMaxColumnParts];
    for (index_t task = 0; task < tasks; task++)
      strip(kept, task, [&](index_t offset, index_t width, index_t o) {
        parallel_for(parts, [&](index_t p, int) {
          index_t begin = p * each, end = begin + each < units.count() ? begin + each : units.count();
          fold_strip_units(offset, width, begin, end, part[p]);
        });
        for (index_t p = 1; p < parts && p * each < units.count(); p++)
          for (index_t j = 0; j < width; j++) {
            State total = {part[0].value[j], part[0].position[j]};
            loops.combine(total, {part[p].value[j], part[p].position[j]});
            part[0].value[j] = total.value, part[0].position[j] = (int32_t)total.position;
          }
        write_strip(o, width, part[0]);
      });
  }
};

} // namespace

void KERNEL(reduce)(int32_t op, int32_t dtype, int32_t kept, int32_t reduced, void *meta, void *x, void *out) {
  const double *shape = (const double *)meta, *strides = shape + kept + reduced;
  Reduction r;
  r.op = op, r.dtype = dtype, r.loops = select_loops(op, dtype), r.x = (const char *)x, r.out = out;
  for (int i = 0; i < kept; i++) r.kept.add(shape[i], strides[i]);
  Walk &runs = r.units.runs;
  for (int i = 0; i < reduced; i++) runs.add(shape[kept + i], strides[kept + i]);
  if (r.kept.count == 0) return;
  index_t columns = kept && r.kept.stride[kept - 1] == 1 ? r.kept.size[kept - 1] : 0;

  // The dimension that the inner loops run along: the last one where positions count, else the most rewarding one.
  int inner = reduced - 1;
  if (op != REDUCE_ARGMAX && op != REDUCE_ARGMIN) {
    index_t best = -1;
    for (int i = 0; i < reduced; i++) {
      index_t gain = runs.stride[i] == 1 ? 64 * runs.size[i] : runs.size[i];
      if (gain >= best) best = gain, inner = i;
    }
  }
  bool contiguous = reduced && runs.stride[inner] == 1;
  r.units.n = reduced ? runs.size[inner] : 1;
  r.units.stride = reduced ? runs.stride[inner] : 1;
  if (reduced) runs.remove(inner);
  if (columns >= 4 && !(contiguous && r.units.n > 1)) {
    r.kept.remove(kept - 1);
    r.by_strip(columns);
  } else {
    r.by_run();
  }
}
