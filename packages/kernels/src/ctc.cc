// Connectionist temporal classification (Graves et al. 2006). The states of a sample are its labels with a blank before,
// between and after them; a path goes from state to state, and over a blank between different labels. Rows of the forward
// variables hold two states of −∞ first, so that state s lies at s + 2 and its predecessors are read without a test.
#include "vector-math.h"

namespace {

constexpr index_t kMargin = 2;

template <class V> INLINE V greater(V a, V b) { return a > b ? a : b; }

/// ln(e^a + e^b + e^c); −∞ if all are.
template <class V> INLINE V log_add_exp(V a, V b, V c) {
  V top = greater(greater(a, b), c);
  V shift = top == -infinity<V>() ? V{} : top;
  return log(exp(a - shift) + exp(b - shift) + exp(c - shift)) + shift;
}

/// One sample: where its numbers are, and the tables that its states need.
template <class T> struct Sample {
  typedef typename Vec<T>::type V;
  static constexpr T kNever = (T)-__builtin_inf();
  index_t steps, states, columns, blank, rowStride;
  const T *x;             // log probabilities of the first step
  const int32_t *labels;
  T *emitted;             // by state: the log probability of its class at the current step
  T *skip;                // by state: 0 if a path may come from two states before it, else −∞

  /// `columns` is the length of a row, a multiple of the vectors after the margin.
  Sample(index_t n, index_t batch, index_t classes, index_t columns, const T *x, const int32_t *labels, index_t labelStride, const int32_t *lengths, index_t blank, T *scratch)
      : steps(lengths[n]), states(2 * (index_t)lengths[batch + n] + 1), columns(columns), blank(blank), rowStride(batch * classes), x(x + n * classes),
        labels(labels + n * labelStride), emitted(scratch), skip(scratch + columns) {
    for (index_t s = 0; s < columns; s++) {
      emitted[s] = kNever;
      skip[s] = s > 1 && s < states && classOf(s) != classOf(s - 2) ? 0 : kNever;
    }
  }
  index_t classOf(index_t s) const { return s % 2 ? labels[s / 2] : blank; }
  const T *row(index_t t) const { return x + t * rowStride; }
  void emit(index_t t) const {
    const T *p = row(t);
    for (index_t s = 0; s < states; s++) emitted[s] = p[classOf(s)];
  }

  /// Fills the forward variables, [steps, columns]; returns the negative log likelihood.
  T forward(T *alpha) const {
    if (steps == 0) return states == 1 ? 0 : -kNever;
    for (index_t t = 0; t < steps; t++, alpha += columns) {
      emit(t);
      for (index_t s = 0; s < kMargin; s++) alpha[s] = kNever;
      T *to = alpha + kMargin;
      if (t == 0) {
        for (index_t s = 0; s < columns - kMargin; s++) to[s] = s < 2 ? emitted[s] : kNever;
        continue;
      }
      const T *from = alpha - columns + kMargin;
      for (index_t s = 0; s < columns - kMargin; s += Vec<T>::lanes)
        store(to + s, log_add_exp(load(from + s), load(from + s - 1), load(from + s - 2) + load(skip + s)) + load(emitted + s));
    }
    const T *last = alpha - columns + kMargin + states - 1;
    V none = splat(kNever);
    return -(states == 1 ? last[0] : log_add_exp(splat(last[0]), splat(last[-1]), none)[0]);
  }

  /// Writes factor · (e^x − how probable the class is at that step, given the labels) to out, strided as x. later and now
  /// are rows of the backward variables, and work space.
  void backward(const T *alpha, T loss, T factor, index_t classes, T *later, T *now, T *out) const {
    index_t width = columns - kMargin;
    for (index_t s = 0; s < columns; s++) later[s] = now[s] = kNever;
    for (index_t t = steps - 1; t >= 0; t--) {
      emit(t);
      if (t == steps - 1) {
        for (index_t s = states < 2 ? 0 : states - 2; s < states; s++) now[s] = emitted[s];
      } else {
        for (index_t s = 0; s < width; s += Vec<T>::lanes)
          store(now + s, log_add_exp(load(later + s), load(later + s + 1), load(later + s + 2) + load(skip + s + 2)) + load(emitted + s));
      }
      const T *p = row(t), *forward = alpha + t * columns + kMargin;
      T *to = out + t * rowStride;
      for (index_t c = 0; c < classes; c++) to[c] = p[c];
      exponentials(to, classes);
      for (index_t s = 0; s < width; s += Vec<T>::lanes) {
        V path = load(forward + s) + load(now + s);
        store(later + s, path == splat(kNever) ? V{} : exp(path - load(emitted + s) + splat(loss)));
      }
      for (index_t s = 0; s < states; s++) to[classOf(s)] -= later[s];
      for (index_t c = 0; c < classes; c++) to[c] *= factor;
      T *swapped = later;
      later = now, now = swapped;
    }
  }

  static void exponentials(T *p, index_t n) {
    index_t i = 0;
    for (; i + Vec<T>::lanes <= n; i += Vec<T>::lanes) store(p + i, exp(load(p + i)));
    for (; i < n; i++) p[i] = exp(splat(p[i]))[0];
  }
};

template <class T>
void ctc_loss(index_t time, index_t batch, index_t classes, index_t columns, const T *x, const int32_t *labels, index_t labelStride, const int32_t *lengths, index_t blank, T *alpha, T *losses, T *scratch) {
  parallel_for(batch, [=](index_t n, int) {
    Sample<T> sample(n, batch, classes, columns, x, labels, labelStride, lengths, blank, scratch + 2 * n * columns);
    losses[n] = sample.forward(alpha + n * time * columns);
  });
}

template <class T>
void ctc_loss_backward(index_t time, index_t batch, index_t classes, index_t columns, const T *gradient, const T *x, const int32_t *labels, index_t labelStride, const int32_t *lengths, index_t blank, const T *alpha, const T *losses, bool zeroInfinity, T *gradInput, T *scratch) {
  parallel_for(batch, [=](index_t n, int) {
    T *own = scratch + 4 * n * columns, *out = gradInput + n * classes;
    Sample<T> sample(n, batch, classes, columns, x, labels, labelStride, lengths, blank, own);
    bool possible = losses[n] != (T)__builtin_inf();
    for (index_t t = 0; t < time; t++) {
      if (t < sample.steps && possible) continue;
      T value = t < sample.steps && !zeroInfinity ? (T)__builtin_nan("") : 0;
      for (index_t c = 0; c < classes; c++) out[t * sample.rowStride + c] = value;
    }
    if (possible) sample.backward(alpha + n * time * columns, losses[n], gradient[n], classes, own + 2 * columns, own + 3 * columns, out);
  });
}

} // namespace

void KERNEL(ctcLoss)(int32_t dtype, index_t time, index_t batch, index_t classes, index_t columns, void *x, void *labels, index_t labelStride, void *lengths, int32_t blank, void *alpha, void *losses, void *scratch) {
  const int32_t *l = (const int32_t *)labels, *sizes = (const int32_t *)lengths;
  if (dtype == DTYPE_FLOAT32) ctc_loss(time, batch, classes, columns, (const float *)x, l, labelStride, sizes, blank, (float *)alpha, (float *)losses, (float *)scratch);
  else ctc_loss(time, batch, classes, columns, (const double *)x, l, labelStride, sizes, blank, (double *)alpha, (double *)losses, (double *)scratch);
}

void KERNEL(ctcLossBackward)(int32_t dtype, index_t time, index_t batch, index_t classes, index_t columns, void *gradient, void *x, void *labels, index_t labelStride, void *lengths, int32_t blank, void *alpha, void *losses, int32_t zeroInfinity, void *gradInput, void *scratch) {
  const int32_t *l = (const int32_t *)labels, *sizes = (const int32_t *)lengths;
  if (dtype == DTYPE_FLOAT32) ctc_loss_backward(time, batch, classes, columns, (const float *)gradient, (const float *)x, l, labelStride, sizes, blank, (const float *)alpha, (const float *)losses, zeroInfinity, (float *)gradInput, (float *)scratch);
  else ctc_loss_backward(time, batch, classes, columns, (const double *)gradient, (const double *)x, l, labelStride, sizes, blank, (const double *)alpha, (const double *)losses, zeroInfinity, (double *)gradInput, (double *)scratch);
}
