// Optimizers that are a short rule for each element: one pass over parameter, gradient and up to three states.
#include "kernel.h"

namespace {

constexpr index_t kGrain = 32768;

INLINE float root(float x) { return __builtin_sqrtf(x); }
INLINE double root(double x) { return __builtin_sqrt(x); }
template <class T> INLINE T magnitude(T x) { return x < 0 ? -x : x; }
template <class T> INLINE T sign_of(T x) { return (T)((x > 0) - (x < 0)); }
/// NaN if either is.
template <class T> INLINE T larger(T a, T b) { return (a > b) | (a != a) ? a : b; }

template <class T> struct Rule {
  index_t n;
  T *parameter;
  const T *gradient;
  T *first, *second, *third;
  const double *constants;

  T constant(int i) const { return (T)constants[3 + i]; }
  /// The rest of a constant to 1, subtracted before it is rounded.
  T rest(int i) const { return (T)(1 - constants[3 + i]); }

  /// For every element: step(p, d, a, b, c) with p the parameter, already shrunk, d the gradient with sign and weight
  /// decay, and the states; it changes p and the states that it has.
  template <bool a, bool b, bool c, class F> void run(const F &step) const {
    T sign = (T)constants[0], decay = (T)constants[1], shrink = (T)constants[2];
    T *parameters = parameter, *as = first, *bs = second, *cs = third;
    const T *gradients = gradient;
    parallel_ranges(n, kGrain, [=](index_t begin, index_t end) {
      T *__restrict p = parameters, *__restrict firsts = as, *__restrict seconds = bs, *__restrict thirds = cs;
      const T *__restrict g = gradients;
      for (index_t i = begin; i < end; i++) {
        T d = sign * g[i] + decay * p[i], x = shrink * p[i], s = 0, t = 0, u = 0;
        if constexpr (a) s = firsts[i];
        if constexpr (b) t = seconds[i];
        if constexpr (c) u = thirds[i];
        step(x, d, s, t, u);
        p[i] = x;
        if constexpr (a) firsts[i] = s;
        if constexpr (b) seconds[i] = t;
        if constexpr (c) thirds[i] = u;
      }
    });
  }

  template <bool centered, bool momentum> void rmsprop() const {
    T alpha = constant(0), intake = rest(0), eps = constant(1), lr = constant(2), keep = constant(3);
    run<true, centered, momentum>([=](T &p, T d, T &square, T &mean, T &buffer) {
      square = alpha * square + intake * d * d;
      if (centered) mean += intake * (d - mean);
      T x = d / (root(centered ? square - mean * mean : square) + eps);
      if (momentum) x = buffer = keep * buffer + x;
      p -= lr * x;
    });
  }
  void rmsprop() const {
    if (second && third) rmsprop<true, true>();
    else if (second) rmsprop<true, false>();
    else if (third) rmsprop<false, true>();
    else rmsprop<false, false>();
  }
  void adagrad() const {
    T rate = constant(0), eps = constant(1);
    run<true, false, false>([=](T &p, T d, T &sum, T &, T &) {
      sum += d * d;
      p -= rate * (d / (root(sum) + eps));
    });
  }
  void adadelta() const {
    T rho = constant(0), intake = rest(0), eps = constant(1), lr = constant(2);
    run<true, true, false>([=](T &p, T d, T &square, T &delta, T &) {
      square = rho * square + intake * d * d;
      T x = root(delta + eps) / root(square + eps) * d;
      delta = rho * delta + intake * x * x;
      p -= lr * x;
    });
  }
  void adamax() const {
    T intake = rest(0), beta2 = constant(1), eps = constant(2), rate = constant(3);
    run<true, true, false>([=](T &p, T d, T &mean, T &largest, T &) {
      mean += intake * (d - mean);
      largest = larger(beta2 * largest, magnitude(d) + eps);
      p -= rate * (mean / largest);
    });
  }
  void nadam() const {
    T intake1 = rest(0), beta2 = constant(1), intake2 = rest(1), eps = constant(2), deviation = constant(3), now = constant(4), ahead = constant(5);
    run<true, true, false>([=](T &p, T d, T &mean, T &square, T &) {
      mean += intake1 * (d - mean);
      square = beta2 * square + intake2 * d * d;
      T denominator = root(square) / deviation + eps;
      p -= now * (d / denominator) + ahead * (mean / denominator);
    });
  }
  template <bool rectified> void radam() const {
    T intake1 = rest(0), beta2 = constant(1), intake2 = rest(1), eps = constant(2), rate = constant(3);
    run<true, true, false>([=](T &p, T d, T &mean, T &square, T &) {
      mean += intake1 * (d - mean);
      square = beta2 * square + intake2 * d * d;
      p -= rectified ? rate * mean / (root(square) + eps) : rate * mean;
    });
  }
  void asgd() const {
    T eta = constant(0), mu = constant(1);
    run<true, false, false>([=](T &p, T d, T &average, T &, T &) {
      p -= eta * d;
      average = mu == 1 ? p : average + mu * (p - average);
    });
  }
  void rprop() const {
    T down = constant(0), up = constant(1), least = constant(2), most = constant(3);
    run<true, true, false>([=](T &p, T d, T &before, T &size, T &) {
      T agreement = d * before;
      T x = size * (agreement > 0 ? up : agreement < 0 ? down : 1);
      x = x < least ? least : x > most ? most : x;
      T used = agreement < 0 ? 0 : d;
      size = x, before = used;
      p -= sign_of(used) * x;
    });
  }

  void apply(int rule) const {
    switch (rule) {
      case OPTIMIZER_RMSPROP: return rmsprop();
      case OPTIMIZER_ADAGRAD: return adagrad();
      case OPTIMIZER_ADADELTA: return adadelta();
      case OPTIMIZER_ADAMAX: return adamax();
      case OPTIMIZER_NADAM: return nadam();
      case OPTIMIZER_RADAM: return radam<false>();
      case OPTIMIZER_RADAM_RECTIFIED: return radam<true>();
      case OPTIMIZER_ASGD: return asgd();
      default: return rprop();
    }
  }
};

} // namespace

void KERNEL(optimizerRule)(int32_t rule, int32_t dtype, index_t n, void *parameter, void *gradient, void *first, void *second, void *third, void *meta) {
  const double *constants = (const double *)meta;
  if (dtype == DTYPE_FLOAT32) Rule<float>{n, (float *)parameter, (const float *)gradient, (float *)first, (float *)second, (float *)third, constants}.apply(rule);
  else Rule<double>{n, (double *)parameter, (const double *)gradient, (double *)first, (double *)second, (double *)third, constants}.apply(rule);
}
