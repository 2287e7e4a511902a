// The steps of LSTM and GRU and their derivatives against long double, for sizes of every remainder.
#include "check.h"
#include "kernel.h"

static long double sigmoidl(long double x) { return 1 / (1 + expl(-x)); }

template <class T> static T *numbers(index_t count, double scale) {
  T *x = (T *)malloc((size_t)(count + 1) * sizeof(T));
  for (index_t i = 0; i < count; i++) x[i] = (T)(check_random() * scale);
  return x;
}

template <class T> static void check_lstm(int dtype, index_t rows, index_t size) {
  index_t units = rows * size;
  double tolerance = sizeof(T) == 4 ? 4e-6 : 1e-14;
  T *a = numbers<T>(4 * units, 3), *b = numbers<T>(4 * units, 3), *cell = numbers<T>(units, 2);
  T *gates = numbers<T>(4 * units, 0), *h = numbers<T>(units, 0), *next = numbers<T>(units, 0);
  T *gh = numbers<T>(units, 1), *gc = numbers<T>(units, 1), *gradGates = numbers<T>(4 * units, 0), *gradCell = numbers<T>(units, 0);
  for (int which = 0; which < 4; which++) {  // which of the gradients there are
    T *own = which ? gates : nullptr;
    KERNEL(lstmStep)(dtype, rows, size, a, b, cell, own, h, next);
    if (own) KERNEL(lstmStepBackward)(dtype, rows, size, which & 1 ? gh : nullptr, which & 2 ? gc : nullptr, gates, cell, next, gradGates, gradCell);
    for (index_t u = 0; u < units; u++) {
      index_t at = u / size * 4 * size + u % size;
      long double x[4];
      for (int k = 0; k < 4; k++) x[k] = (long double)a[at + k * size] + (long double)b[at + k * size];
      long double i = sigmoidl(x[0]), f = sigmoidl(x[1]), g = tanhl(x[2]), o = sigmoidl(x[3]), old = cell[u];
      long double c = f * old + i * g, t = tanhl(c);
      CHECK_CLOSE(next[u], c, tolerance, tolerance, "c' of [%td, %td] at %td", rows, size, u);
      CHECK_CLOSE(h[u], o * t, tolerance, tolerance, "h of [%td, %td] at %td", rows, size, u);
      if (!own) continue;
      long double dh = which & 1 ? (long double)gh[u] : 0, dc = (which & 2 ? (long double)gc[u] : 0) + dh * o * (1 - t * t);
      long double want[4] = {dc * g * i * (1 - i), dc * old * f * (1 - f), dc * i * (1 - g * g), dh * t * o * (1 - o)};
      for (int k = 0; k < 4; k++)
        CHECK_CLOSE(gradGates[at + k * size], want[k], 2 * tolerance, 2 * tolerance, "gate %d of [%td, %td] at %td, gradients %d", k, rows, size, u, which);
      CHECK_CLOSE(gradCell[u], dc * f, 2 * tolerance, 2 * tolerance, "c of [%td, %td] at %td, gradients %d", rows, size, u, which);
    }
  }
  free(a), free(b), free(cell), free(gates), free(h), free(next), free(gh), free(gc), free(gradGates), free(gradCell);
}

template <class T> static void check_gru(int dtype, index_t rows, index_t size) {
  index_t units = rows * size;
  double tolerance = sizeof(T) == 4 ? 4e-6 : 1e-14;
  T *a = numbers<T>(3 * units, 3), *b = numbers<T>(3 * units, 3), *h = numbers<T>(units, 2), *gradient = numbers<T>(units, 1);
  T *gates = numbers<T>(3 * units, 0), *next = numbers<T>(units, 0), *again = numbers<T>(units, 0);
  T *gradInputs = numbers<T>(3 * units, 0), *gradHidden = numbers<T>(3 * units, 0), *gradState = numbers<T>(units, 0);
  KERNEL(gruStep)(dtype, rows, size, a, b, h, nullptr, again);
  KERNEL(gruStep)(dtype, rows, size, a, b, h, gates, next);
  KERNEL(gruStepBackward)(dtype, rows, size, gradient, gates, b, h, gradInputs, gradHidden, gradState);
  for (index_t u = 0; u < units; u++) {
    index_t at = u / size * 3 * size + u % size;
    long double hn = b[at + 2 * size], old = h[u], g = gradient[u];
    long double r = sigmoidl((long double)a[at] + b[at]), z = sigmoidl((long double)a[at + size] + b[at + size]), n = tanhl(a[at + 2 * size] + r * hn);
    CHECK_CLOSE(next[u], n + z * (old - n), tolerance, tolerance, "h of [%td, %td] at %td", rows, size, u);
    CHECK(again[u] == next[u], "without gates, [%td, %td] at %td", rows, size, u);
    long double dn = g * (1 - z) * (1 - n * n), want[3] = {dn * hn * r * (1 - r), g * (old - n) * z * (1 - z), dn};
    for (int k = 0; k < 3; k++) {
      CHECK_CLOSE(gradInputs[at + k * size], want[k], 4 * tolerance, 4 * tolerance, "gate %d of [%td, %td] at %td", k, rows, size, u);
      CHECK_CLOSE(gradHidden[at + k * size], k == 2 ? dn * r : want[k], 4 * tolerance, 4 * tolerance, "gate %d of [%td, %td] at %td", k, rows, size, u);
    }
    CHECK_CLOSE(gradState[u], g * z, tolerance, tolerance, "old state of [%td, %td] at %td", rows, size, u);
  }
  free(a), free(b), free(h), free(gradient), free(gates), free(next), free(again), free(gradInputs), free(gradHidden), free(gradState);
}

int main() {
  static const index_t shapes[][2] = {{1, 1}, {3, 2}, {2, 7}, {5, 16}, {2, 33}, {64, 100}};
  for (auto &s : shapes) {
    check_lstm<float>(DTYPE_FLOAT32, s[0], s[1]);
    check_lstm<double>(DTYPE_FLOAT64, s[0], s[1]);
    check_gru<float>(DTYPE_FLOAT32, s[0], s[1]);
    check_gru<double>(DTYPE_FLOAT64, s[0], s[1]);
  }
  return check_result();
}
