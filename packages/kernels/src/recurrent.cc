// Steps of LSTMs and GRUs and their derivatives, over rows of `size` hidden units. The gates of a row lie one after the
// other: [i | f | g | o], [r | z | n].
#include "activation.h"
#include "row.h"

namespace {

constexpr index_t kGrain = 4096;  // hidden units worth a thread's attention

/// body(row) for every row.
template <class F> INLINE void each_row(index_t rows, index_t size, const F &body) {
  parallel_ranges(rows, kGrain / (size + 1) + 1, [&](index_t begin, index_t end) {
    for (index_t row = begin; row < end; row++) body(row);
  });
}

/// c' = σ(f) c + σ(i) tanh(g), h = σ(o) tanh(c'); the gates behind their functions go into `gates` unless that is null.
template <class T>
void lstm_forward(index_t rows, index_t size, const T *inputs, const T *hidden, const T *cell, T *gates, T *h, T *next) {
  each_row(rows, size, [=](index_t row) {
    const T *a = inputs + row * 4 * size, *b = hidden + row * 4 * size, *before = cell + row * size;
    T *own = gates ? gates + row * 4 * size : nullptr, *after = next + row * size, *out = h + row * size;
    each_vector<T>(size, 0, [=](auto at) {
      auto i = sigmoid(at(a) + at(b)), f = sigmoid(at(a + size) + at(b + size));
      auto g = tanh(at(a + 2 * size) + at(b + 2 * size)), o = sigmoid(at(a + 3 * size) + at(b + 3 * size));
      auto c = f * at(before) + i * g;
      at.put(after, c);
      at.put(out, o * tanh(c));
      if (own) at.put(own, i), at.put(own + size, f), at.put(own + 2 * size, g), at.put(own + 3 * size, o);
    });
  });
}

/// From the gradients of h and c' (null: none) those of the gates before their functions and of c.
template <class T>
void lstm_backward(index_t rows, index_t size, const T *gradH, const T *gradNext, const T *gates, const T *cell, const T *next, T *gradGates,
              T *gradCell) {
  each_row(rows, size, [=](index_t row) {
    const T *own = gates + row * 4 * size, *before = cell + row * size, *after = next + row * size;
    const T *gh = gradH ? gradH + row * size : nullptr, *gc = gradNext ? gradNext + row * size : nullptr;
    T *to = gradGates + row * 4 * size, *toCell = gradCell + row * size;
    each_vector<T>(size, 0, [=](auto at) {
      auto i = at(own), f = at(own + size), g = at(own + 2 * size), o = at(own + 3 * size), t = tanh(at(after));
      auto dh = gh ? at(gh) : splat((T)0), dc = gc ? at(gc) : splat((T)0);
      dc += dh * o * (1 - t * t);
      at.put(to, dc * g * i * (1 - i));
      at.put(to + size, dc * at(before) * f * (1 - f));
      at.put(to + 2 * size, dc * i * (1 - g * g));
      at.put(to + 3 * size, dh * t * o * (1 - o));
      at.put(toCell, dc * f);
    });
  });
}

/// r, z = σ(inputs + hidden), n = tanh(inputs + r · hidden), out = n + z (h − n); the gates behind their functions go into
/// `gates` unless that is null.
template <class T> void gru_forward(index_t rows, index_t size, const T *inputs, const T *hidden, const T *h, T *gates, T *next) {
  each_row(rows, size, [=](index_t row) {
    const T *a = inputs + row * 3 * size, *b = hidden + row * 3 * size, *before = h + row * size;
    T *own = gates ? gates + row * 3 * size : nullptr, *after = next + row * size;
    each_vector<T>(size, 0, [=](auto at) {
      auto r = sigmoid(at(a) + at(b)), z = sigmoid(at(a + size) + at(b + size)), n = tanh(at(a + 2 * size) + r * at(b + 2 * size));
      at.put(after, n + z * (at(before) - n));
      if (own) at.put(own, r), at.put(own + size, z), at.put(own + 2 * size, n);
    });
  });
}

/// From the gradient of the new state those of both shares of the gates and of the old state.
template <class T>
void gru_backward(index_t rows, index_t size, const T *gradient, const T *gates, const T *hidden, const T *h, T *gradInputs, T *gradHidden,
                  T *gradState) {
  each_row(rows, size, [=](index_t row) {
    const T *g = gradient + row * size, *own = gates + row * 3 * size, *b = hidden + row * 3 * size, *before = h + row * size;
    T *toInputs = gradInputs + row * 3 * size, *toHidden = gradHidden + row * 3 * size, *toState = gradState + row * size;
    each_vector<T>(size, 0, [=](auto at) {
      auto dh = at(g), r = at(own), z = at(own + size), n = at(own + 2 * size);
      auto dn = dh * (1 - z) * (1 - n * n), dz = dh * (at(before) - n) * z * (1 - z), dr = dn * at(b + 2 * size) * r * (1 - r);
      at.put(toInputs, dr), at.put(toInputs + size, dz), at.put(toInputs + 2 * size, dn);
      at.put(toHidden, dr), at.put(toHidden + size, dz), at.put(toHidden + 2 * size, dn * r);
      at.put(toState, dh * z);
    });
  });
}

} // namespace

void KERNEL(lstmStep)(int32_t dtype, index_t rows, index_t size, void *inputGates, void *hiddenGates, void *cell, void *gates, void *h,
                      void *next) {
  if (dtype == DTYPE_FLOAT32)
    lstm_forward(rows, size, (const float *)inputGates, (const float *)hiddenGates, (const float *)cell, (float *)gates, (float *)h, (float *)next);
  else
    lstm_forward(rows, size, (const double *)inputGates, (const double *)hiddenGates, (const double *)cell, (double *)gates, (double *)h,
            (double *)next);
}

void KERNEL(lstmStepBackward)(int32_t dtype, index_t rows, index_t size, void *gradH, void *gradNext, void *gates, void *cell, void *next,
                              void *gradGates, void *gradCell) {
  if (dtype == DTYPE_FLOAT32)
    lstm_backward(rows, size, (const float *)gradH, (const float *)gradNext, (const float *)gates, (const float *)cell, (const float *)next,
             (float *)gradGates, (float *)gradCell);
  else
    lstm_backward(rows, size, (const double *)gradH, (const double *)gradNext, (const double *)gates, (const double *)cell,
             (const double *)next, (double *)gradGates, (double *)gradCell);
}

void KERNEL(gruStep)(int32_t dtype, index_t rows, index_t size, void *inputGates, void *hiddenGates, void *h, void *gates, void *next) {
  if (dtype == DTYPE_FLOAT32)
    gru_forward(rows, size, (const float *)inputGates, (const float *)hiddenGates, (const float *)h, (float *)gates, (float *)next);
  else
    gru_forward(rows, size, (const double *)inputGates, (const double *)hiddenGates, (const double *)h, (double *)gates, (double *)next);
}

void KERNEL(gruStepBackward)(int32_t dtype, index_t rows, index_t size, void *gradient, void *gates, void *hiddenGates, void *h,
                             void *gradInputGates, void *gradHiddenGates, void *gradState) {
  if (dtype == DTYPE_FLOAT32)
    gru_backward(rows, size, (const float *)gradient, (const float *)gates, (const float *)hiddenGates, (const float *)h,
                 (float *)gradInputGates, (float *)gradHiddenGates, (float *)gradState);
  else
    gru_backward(rows, size, (const double *)gradient, (const double *)gates, (const double *)hiddenGates, (const double *)h,
                 (double *)gradInputGates, (double *)gradHiddenGates, (double *)gradState);
}
