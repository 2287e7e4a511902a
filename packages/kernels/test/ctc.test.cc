// ctcLoss and its derivative against the sum over all paths, one by one; impossible labels; samples that do not mix.
#include "check.h"
#include "kernel.h"

constexpr int kClasses = 3, kTime = 5, kBatch = 4, kMost = 3, kColumns = 2 + 16;

/// Whether a path says these labels: repeats count once, blanks not.
static bool says(const int *path, int steps, const int32_t *labels, int count, int blank) {
  int found = 0, before = blank;
  for (int t = 0; t < steps; t++) {
    if (path[t] != blank && path[t] != before && (found == count || labels[found++] != path[t])) return false;
    before = path[t];
  }
  return found == count;
}

template <class T> static void check_ctc(int dtype, int blank, bool zeroInfinity) {
  static T x[kTime * kBatch * kClasses], alpha[kBatch * kTime * kColumns], scratch[4 * kBatch * kColumns], back[kTime * kBatch * kClasses];
  T losses[kBatch], gradient[kBatch];
  int a = (blank + 1) % kClasses, b = (blank + 2) % kClasses;
  // a repeat, which needs a blank between; two labels; none; more than the steps can say
  int32_t labels[kBatch * kMost] = {a, a, b, b, a, 99, 99, 99, 99, a, a, 99};
  int32_t lengths[2 * kBatch] = {5, 4, 3, 2, 3, 2, 0, 2};
  for (T &value : x) value = (T)(-1.2 + check_random());
  for (T &value : gradient) value = (T)check_random();
  for (T &value : back) value = 99;
  KERNEL(ctcLoss)(dtype, kTime, kBatch, kClasses, kColumns, x, labels, kMost, lengths, blank, alpha, losses, scratch);
  KERNEL(ctcLossBackward)(dtype, kTime, kBatch, kClasses, kColumns, gradient, x, labels, kMost, lengths, blank, alpha, losses, zeroInfinity, back, scratch);
  double tolerance = sizeof(T) == 4 ? 1e-5 : 1e-13;
  for (int n = 0; n < kBatch; n++) {
    int steps = lengths[n], paths = 1;
    double total = 0, share[kTime][kClasses] = {};
    for (int t = 0; t < steps; t++) paths *= kClasses;
    for (int code = 0; code < paths; code++) {
      int path[kTime];
      double p = 1;
      for (int t = 0, rest = code; t < steps; t++, rest /= kClasses) path[t] = rest % kClasses, p *= exp((double)x[(t * kBatch + n) * kClasses + path[t]]);
      if (!says(path, steps, labels + n * kMost, lengths[kBatch + n], blank)) continue;
      total += p;
      for (int t = 0; t < steps; t++) share[t][path[t]] += p;
    }
    CHECK_CLOSE(losses[n], -log(total), tolerance, tolerance, "loss of sample %d, blank %d", n, blank);
    for (int t = 0; t < kTime; t++)
      for (int c = 0; c < kClasses; c++) {
        int at = (t * kBatch + n) * kClasses + c;
        double expected = t >= steps ? 0 : total == 0 ? (zeroInfinity ? 0 : NAN) : gradient[n] * (exp((double)x[at]) - share[t][c] / total);
        CHECK_CLOSE(back[at], expected, tolerance, tolerance, "gradient of sample %d, step %d, class %d", n, t, c);
      }
  }
}

int main() {
  for (int blank = 0; blank < kClasses; blank++)
    for (int zeroInfinity = 0; zeroInfinity < 2; zeroInfinity++) {
      check_ctc<float>(DTYPE_FLOAT32, blank, zeroInfinity);
      check_ctc<double>(DTYPE_FLOAT64, blank, zeroInfinity);
    }
  return check_result();
}
