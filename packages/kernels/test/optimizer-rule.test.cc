// optimizerRule against torch.optim's formulas, element by element in float64: every rule, with and without the states that
// may be left out, over several steps.
#include "check.h"
#include "kernel.h"

static double sign_of(double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

/// One element's step: p, d the gradient with sign and decay, and the states.
static void expected(int rule, double &p, double d, double (&s)[3], bool centered, bool momentum, const double *c) {
  auto mean = [&](double &m, double beta) { m = beta * m + (1 - beta) * d; };
  auto square = [&](double &v, double beta) { v = beta * v + (1 - beta) * d * d; };
  switch (rule) {
    case OPTIMIZER_RMSPROP: {
      square(s[0], c[0]);
      if (centered) mean(s[1], c[0]);
      double x = d / (sqrt(s[0] - (centered ? s[1] * s[1] : 0)) + c[1]);
      if (momentum) x = s[2] = c[3] * s[2] + x;
      p -= c[2] * x;
      return;
    }
    case OPTIMIZER_ADAGRAD: s[0] += d * d, p -= c[0] * d / (sqrt(s[0]) + c[1]); return;
    case OPTIMIZER_ADADELTA: {
      square(s[0], c[0]);
      double x = sqrt((s[1] + c[1]) / (s[0] + c[1])) * d;
      s[1] = c[0] * s[1] + (1 - c[0]) * x * x, p -= c[2] * x;
      return;
    }
    case OPTIMIZER_ADAMAX: mean(s[0], c[0]), s[1] = fmax(c[1] * s[1], fabs(d) + c[2]), p -= c[3] * s[0] / s[1]; return;
    case OPTIMIZER_NADAM: mean(s[0], c[0]), square(s[1], c[1]), p -= (c[4] * d + c[5] * s[0]) / (sqrt(s[1]) / c[3] + c[2]); return;
    case OPTIMIZER_RADAM: mean(s[0], c[0]), square(s[1], c[1]), p -= c[3] * s[0]; return;
    case OPTIMIZER_RADAM_RECTIFIED: mean(s[0], c[0]), square(s[1], c[1]), p -= c[3] * s[0] / (sqrt(s[1]) + c[2]); return;
    case OPTIMIZER_ASGD: p -= c[0] * d, s[0] += c[1] * (p - s[0]); return;
    default: {
      double agreement = d * s[0];
      s[1] = fmin(fmax(s[1] * (agreement > 0 ? c[1] : agreement < 0 ? c[0] : 1), c[2]), c[3]);
      s[0] = agreement < 0 ? 0 : d, p -= sign_of(s[0]) * s[1];
    }
  }
}

static const double kConstants[OPTIMIZER_COUNT][6] = {
    {0.9, 1e-2, 0.01, 0.7}, {0.1, 1e-2}, {0.9, 1e-2, 0.5}, {0.9, 0.95, 1e-2, 0.02}, {0.9, 0.95, 1e-2, 0.8, 0.01, 0.02},
    {0.9, 0.95, 1e-2, 0.02}, {0.9, 0.95, 1e-2, 0.02}, {0.1, 0.25}, {0.5, 1.2, 1e-2, 0.2}};

template <class T> static void check_rule(int dtype, int rule, int options) {
  constexpr index_t n = 1003;
  static T parameter[n], gradient[n], states[3][n];
  static double p[n], s[n][3];
  bool centered = options & 1, momentum = options & 2, maximize = options & 4, decayed = options & 8;
  double constants[9] = {maximize ? -1.0 : 1.0, decayed ? 0.1 : 0, decayed ? 0.99 : 1};
  for (int i = 0; i < 6; i++) constants[3 + i] = kConstants[rule][i];
  for (index_t i = 0; i < n; i++) {
    p[i] = (double)(parameter[i] = (T)check_random());
    for (int k = 0; k < 3; k++) s[i][k] = (double)(states[k][i] = (T)(rule == OPTIMIZER_RPROP && k == 1 ? 0.1 : 0));
  }
  bool second = rule == OPTIMIZER_RMSPROP ? centered : rule != OPTIMIZER_ADAGRAD && rule != OPTIMIZER_ASGD;
  for (int step = 0; step < 4; step++) {
    for (index_t i = 0; i < n; i++) gradient[i] = i % 17 == 5 ? 0 : (T)check_random();
    KERNEL(optimizerRule)(rule, dtype, n, parameter, gradient, states[0], second ? states[1] : nullptr, rule == OPTIMIZER_RMSPROP && momentum ? states[2] : nullptr, constants);
    for (index_t i = 0; i < n; i++) {
      double d = constants[0] * (double)gradient[i] + constants[1] * p[i];
      p[i] *= constants[2];
      expected(rule, p[i], d, s[i], centered, momentum, constants + 3);
    }
  }
  // A root of what is nearly 0 makes more of the rounding.
  double tolerance = sizeof(T) == 4 ? 2e-5 : 1e-12;
  for (index_t i = 0; i < n; i++) {
    CHECK_CLOSE(parameter[i], p[i], tolerance, tolerance, "rule %d with options %d, element %td", rule, options, i);
    CHECK_CLOSE(states[0][i], s[i][0], tolerance, tolerance, "first state of rule %d with options %d, element %td", rule, options, i);
  }
}

int main() {
  for (int rule = 0; rule < OPTIMIZER_COUNT; rule++)
    for (int options = 0; options < 16; options++) {
      check_rule<float>(DTYPE_FLOAT32, rule, options);
      check_rule<double>(DTYPE_FLOAT64, rule, options);
    }
  return check_result();
}
