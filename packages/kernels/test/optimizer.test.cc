// sgd and adam against torch.optim's formulas, element by element in float64, for every combination of options.
#include "check.h"
#include "kernel.h"

template <class T> struct State {
  static constexpr index_t n = 1003;
  T parameter[n], gradient[n], first[n], second[n], most[n];
  double p[n], m[n] = {}, v[n] = {}, top[n] = {};
  State() {
    for (index_t i = 0; i < n; i++) p[i] = (double)(parameter[i] = (T)check_random());
  }
  void draw() {
    for (index_t i = 0; i < n; i++) gradient[i] = (T)check_random();
  }
  void check(const char *what, int options) {
    double tolerance = sizeof(T) == 4 ? 1e-6 : 1e-14;
    for (index_t i = 0; i < n; i++) CHECK_CLOSE(parameter[i], p[i], tolerance, tolerance, "%s with options %d, element %td", what, options, i);
  }
};

template <class T> static void check_sgd(int dtype, int options) {
  bool momentum = options & 1, nesterov = options & 2, maximize = options & 4, damped = options & 8, decayed = options & 16;
  double lr = 0.1, mu = momentum ? 0.9 : 0, dampening = damped ? 0.3 : 0, decay = decayed ? 0.05 : 0;
  static State<T> s;
  s = State<T>();
  for (index_t i = 0; i < s.n; i++) s.first[i] = (T)NAN; // the first step must not read it
  for (int step = 0; step < 3; step++) {
    s.draw();
    KERNEL(sgd)(dtype, s.n, s.parameter, s.gradient, momentum ? s.first : nullptr, lr, mu, dampening, decay, (nesterov ? 1 : 0) | (maximize ? 2 : 0) | (step == 0 ? 4 : 0));
    for (index_t i = 0; i < s.n; i++) {
      double d = (maximize ? -1 : 1) * (double)s.gradient[i] + decay * s.p[i];
      if (momentum) {
        s.m[i] = step == 0 ? d : mu * s.m[i] + (1 - dampening) * d;
        d = nesterov ? d + mu * s.m[i] : s.m[i];
      }
      s.p[i] -= lr * d;
    }
  }
  s.check("sgd", options);
}

template <class T> static void check_adam(int dtype, int options) {
  bool decoupled = options & 1, maximize = options & 2, amsgrad = options & 4, decayed = options & 8;
  double lr = 0.01, beta1 = 0.9, beta2 = 0.95, eps = 1e-3, decay = decayed ? 0.1 : 0;
  static State<T> s;
  s = State<T>();
  for (index_t i = 0; i < s.n; i++) s.first[i] = s.second[i] = s.most[i] = 0;
  for (int step = 1; step <= 5; step++) {
    s.draw();
    if (step > 3) // so that the largest square is an old one
      for (index_t i = 0; i < s.n; i++) s.gradient[i] *= (T)0.01;
    KERNEL(adam)(dtype, s.n, s.parameter, s.gradient, s.first, s.second, amsgrad ? s.most : nullptr, lr, beta1, beta2, eps, decay, step, (decoupled ? 1 : 0) | (maximize ? 2 : 0));
    for (index_t i = 0; i < s.n; i++) {
      double g = (maximize ? -1 : 1) * (double)s.gradient[i];
      if (decoupled) s.p[i] *= 1 - lr * decay;
      else g += decay * s.p[i];
      s.m[i] = beta1 * s.m[i] + (1 - beta1) * g, s.v[i] = beta2 * s.v[i] + (1 - beta2) * g * g;
      s.top[i] = fmax(s.top[i], s.v[i]);
      double root = sqrt(amsgrad ? s.top[i] : s.v[i]) / sqrt(1 - pow(beta2, step));
      s.p[i] -= lr / (1 - pow(beta1, step)) * s.m[i] / (root + eps);
    }
  }
  s.check("adam", options);
}

int main() {
  for (int options = 0; options < 32; options++) {
    check_sgd<float>(DTYPE_FLOAT32, options);
    check_sgd<double>(DTYPE_FLOAT64, options);
  }
  for (int options = 0; options < 16; options++) {
    check_adam<float>(DTYPE_FLOAT32, options);
    check_adam<double>(DTYPE_FLOAT64, options);
  }
  return check_result();
}
