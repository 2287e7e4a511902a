// Negative log likelihood of class indices.
#include "kernel.h"

namespace {

template <class T>
double nll_loss(index_t n, index_t c, index_t inner, const T *x, const int32_t *target, const T *weight, int32_t ignore, T *out, T *weights) {
  for (index_t i = 0; i < n; i++)
    for (index_t j = 0; j < inner; j++) {
      index_t at = i * inner + j;
      int32_t t = target[at];
      if (t == ignore) {
        out[at] = 0, weights[at] = 0;
        continue;
      }
      if (t < 0 || t >= c) return (double)at;
      T w = weight ? weight[t] : 1;
      out[at] = -w * x[(i * c + t) * inner + j];
      weights[at] = w;
    }
  return -1;
}

template <class T>
void nll_loss_backward(index_t n, index_t c, index_t inner, const T *gradient, const int32_t *target, const T *weights, T *gradInput) {
  index_t grain = 32768 / (c * inner + 1) + 1;
  parallel_ranges(n, grain, [=](index_t begin, index_t end) {
    memset(gradInput + begin * c * inner, 0, (size_t)((end - begin) * c * inner) * sizeof(T));
    for (index_t i = begin; i < end; i++)
      for (index_t j = 0; j < inner; j++) {
        index_t at = i * inner + j;
        int32_t t = target[at];
        // An ignored target may be any number; its weight is 0.
        if (t >= 0 && t < c && weights[at] != 0) gradInput[(i * c + t) * inner + j] = -weights[at] * gradient[at];
      }
  });
}

} // namespace

double KERNEL(nllLoss)(int32_t dtype, index_t n, index_t c, index_t inner, void *x, void *target, void *weight, int32_t ignoreIndex, void *out, void *weights) {
  const int32_t *t = (const int32_t *)target;
  if (dtype == DTYPE_FLOAT32) return nll_loss(n, c, inner, (const float *)x, t, (const float *)weight, ignoreIndex, (float *)out, (float *)weights);
  return nll_loss(n, c, inner, (const double *)x, t, (const double *)weight, ignoreIndex, (double *)out, (double *)weights);
}

void KERNEL(nllLossBackward)(int32_t dtype, index_t n, index_t c, index_t inner, void *gradient, void *target, void *weights, void *gradInput) {
  const int32_t *t = (const int32_t *)target;
  if (dtype == DTYPE_FLOAT32) nll_loss_backward(n, c, inner, (const float *)gradient, t, (const float *)weights, (float *)gradInput);
  else nll_loss_backward(n, c, inner, (const double *)gradient, t, (const double *)weights, (double *)gradInput);
}
