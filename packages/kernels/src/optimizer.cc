// Optimizer steps: one pass over parameter, gradient and state. The constants are computed in float64.
#include "kernel.h"

namespace {

constexpr index_t kGrain = 32768;
enum { SGD_NESTEROV = 1, SGD_MAXIMIZE = 2, SGD_FIRST = 4, ADAM_DECOUPLED = 1, ADAM_MAXIMIZE = 2 };

template <class T> struct SgdStep {
  T lr, momentum, intake, decay, sign; // intake: 1 − dampening; sign: −1 to maximize

  template <bool has_buffer, bool first, bool nesterov> void run(index_t n, T *parameter, const T *gradient, T *buffer) const {
    SgdStep s = *this;
    parallel_ranges(n, kGrain, [=](index_t begin, index_t end) {
      T *__restrict p = parameter, *__restrict v = buffer;
      const T *__restrict g = gradient;
      for (index_t i = begin; i < end; i++) {
        T d = s.sign * g[i] + s.decay * p[i];
        if constexpr (has_buffer) {
          T b = first ? d : s.momentum * v[i] + s.intake * d;
          v[i] = b;
          d = nesterov ? d + s.momentum * b : b;
        }
        p[i] -= s.lr * d;
      }
    });
  }
};

template <class T>
void sgd(index_t n, T *parameter, const T *gradient, T *buffer, double lr, double momentum, double dampening, double decay, int flags) {
  SgdStep<T> step = {(T)lr, (T)momentum, (T)(1 - dampening), (T)decay, (T)(flags & SGD_MAXIMIZE ? -1 : 1)};
  bool first = flags & SGD_FIRST, nesterov = flags & SGD_NESTEROV;
  if (!buffer) step.template run<false, false, false>(n, parameter, gradient, buffer);
  else if (first && nesterov) step.template run<true, true, true>(n, parameter, gradient, buffer);
  else if (first) step.template run<true, true, false>(n, parameter, gradient, buffer);
  else if (nesterov) step.template run<true, false, true>(n, parameter, gradient, buffer);
  else step.template run<true, false, false>(n, parameter, gradient, buffer);
}

/// base ** exponent for a whole number.
double power(double base, double exponent) {
  double result = 1;
  for (uint64_t e = (uint64_t)exponent; e; e >>= 1, base *= base)
    if (e & 1) result *= base;
  return result;
}

INLINE float root(float x) { return __builtin_sqrtf(x); }
INLINE double root(double x) { return __builtin_sqrt(x); }

template <class T> struct AdamStep {
  T beta1, intake1, beta2, intake2, rate, deviation, eps, shrink, decay, sign; // intake: 1 − beta; deviation: √(1 − beta2 ** step)

  template <bool amsgrad> void run(index_t n, T *parameter, const T *gradient, T *mean, T *square, T *most) const {
    AdamStep s = *this;
    parallel_ranges(n, kGrain, [=](index_t begin, index_t end) {
      T *__restrict p = parameter, *__restrict m = mean, *__restrict v = square, *__restrict top = most;
      const T *__restrict g = gradient;
      for (index_t i = begin; i < end; i++) {
        T old = p[i] * s.shrink, d = s.sign * g[i] + s.decay * old;
        T m1 = s.beta1 * m[i] + s.intake1 * d, v1 = s.beta2 * v[i] + s.intake2 * d * d, largest = v1;
        m[i] = m1, v[i] = v1;
        if constexpr (amsgrad) top[i] = largest = (top[i] > v1) | (top[i] != top[i]) ? top[i] : v1;
        p[i] = old - s.rate * m1 / (root(largest) / s.deviation + s.eps);
      }
    });
  }
};

template <class T>
void adam(index_t n, T *parameter, const T *gradient, T *mean, T *square, T *most, double lr, double beta1, double beta2, double eps,
          double decay, double step, int flags) {
  bool decoupled = flags & ADAM_DECOUPLED;
  AdamStep<T> s = {(T)beta1, (T)(1 - beta1), (T)beta2, (T)(1 - beta2), (T)(lr / (1 - power(beta1, step))),
                   (T)__builtin_sqrt(1 - power(beta2, step)), (T)eps, (T)(decoupled ? 1 - lr * decay : 1),
                   (T)(decoupled ? 0 : decay), (T)(flags & ADAM_MAXIMIZE ? -1 : 1)};
  if (most) s.template run<true>(n, parameter, gradient, mean, square, most);
  else s.template run<false>(n, parameter, gradient, mean, square, most);
}

} // namespace

void KERNEL(sgd)(int32_t dtype, index_t n, void *parameter, void *gradient, void *buffer, double lr, double momentum, double dampening,
                 double weightDecay, int32_t flags) {
  if (dtype == DTYPE_FLOAT32) sgd(n, (float *)parameter, (const float *)gradient, (float *)buffer, lr, momentum, dampening, weightDecay, flags);
  else sgd(n, (double *)parameter, (const double *)gradient, (double *)buffer, lr, momentum, dampening, weightDecay, flags);
}

void KERNEL(adam)(int32_t dtype, index_t n, void *parameter, void *gradient, void *mean, void *square, void *maxSquares, double lr,
                  double beta1, double beta2, double eps, double weightDecay, double step, int32_t flags) {
  if (dtype == DTYPE_FLOAT32)
    adam(n, (float *)parameter, (const float *)gradient, (float *)mean, (float *)square, (float *)maxSquares, lr, beta1, beta2, eps,
         weightDecay, step, flags);
  else
    adam(n, (double *)parameter, (const double *)gradient, (double *)mean, (double *)square, (double *)maxSquares, lr, beta1, beta2, eps,
         weightDecay, step, flags);
}
