// nllLoss with and without weights, ignored and impossible targets, its derivative; imagesToFloat.
#include "check.h"
#include "kernel.h"

template <class T> static void check_nll(int dtype, index_t n, index_t c, index_t inner, bool weighted) {
  index_t pixels = n * inner, count = pixels * c;
  T *x = (T *)malloc((size_t)(count + 1) * sizeof(T)), *back = (T *)malloc((size_t)(count + 1) * sizeof(T));
  T *out = (T *)malloc((size_t)(pixels + 1) * sizeof(T)), *used = (T *)malloc((size_t)(pixels + 1) * sizeof(T)), *g = (T *)malloc((size_t)(pixels + 1) * sizeof(T));
  T *weight = (T *)malloc((size_t)c * sizeof(T));
  int32_t *target = (int32_t *)malloc((size_t)(pixels + 1) * sizeof(int32_t));
  for (index_t i = 0; i < count; i++) x[i] = (T)check_random(), back[i] = 99;
  for (index_t i = 0; i < c; i++) weight[i] = (T)(1.5 + check_random());
  for (index_t i = 0; i < pixels; i++) target[i] = i % 5 == 2 ? -100 : (int32_t)((1 + check_random()) / 2 * (double)c), g[i] = (T)check_random();
  double bad = KERNEL(nllLoss)(dtype, n, c, inner, x, target, weighted ? weight : nullptr, -100, out, used);
  CHECK(bad == -1, "all targets are in range: %g", bad);
  KERNEL(nllLossBackward)(dtype, n, c, inner, g, target, used, back);
  for (index_t i = 0; i < n; i++)
    for (index_t j = 0; j < inner; j++) {
      index_t at = i * inner + j;
      int32_t t = target[at];
      T w = t == -100 ? 0 : weighted ? weight[t] : 1;
      CHECK(used[at] == w, "weight at %td", at);
      CHECK(out[at] == (t == -100 ? 0 : -w * x[(i * c + t) * inner + j]), "loss at %td", at);
      for (index_t k = 0; k < c; k++) {
        T expected = k == t ? -w * g[at] : 0;
        CHECK(back[(i * c + k) * inner + j] == expected, "gradient at %td, class %td", at, k);
      }
    }
  if (pixels > 3) {
    target[3] = (int32_t)c;
    CHECK(KERNEL(nllLoss)(dtype, n, c, inner, x, target, nullptr, -100, out, used) == 3, "a target past the last class is found");
    target[1] = -1;
    CHECK(KERNEL(nllLoss)(dtype, n, c, inner, x, target, nullptr, -100, out, used) == 1, "a negative target is found first");
  }
  free(x), free(back), free(out), free(used), free(g), free(weight), free(target);
}

static void check_images() {
  constexpr int images = 6, c = 5, inner = 300, picked = 4;
  static uint8_t bytes[images * c * inner];
  static float out[picked * c * inner];
  float mean[c], std[c];
  int32_t index[picked] = {5, 0, 3, 3};
  for (int i = 0; i < images * c * inner; i++) bytes[i] = (uint8_t)(i * 7 + i / 256);
  for (int k = 0; k < c; k++) mean[k] = 0.1f * (float)k, std[k] = 0.2f + 0.05f * (float)k;
  for (int normalised = 0; normalised < 2; normalised++) {
    KERNEL(imagesToFloat)(picked, c, inner, bytes, index, normalised ? mean : nullptr, normalised ? std : nullptr, out);
    for (int i = 0; i < picked * c * inner; i++) {
      int k = i / inner % c;
      volatile float x = (float)bytes[(index[i / (c * inner)] * c) * inner + i % (c * inner)] / 255.f;
      if (normalised) x = x - mean[k], x = x / std[k];
      CHECK(out[i] == x, "pixel %d, normalised %d", i, normalised);
    }
  }
}

int main() {
  static const index_t shapes[][3] = {{0, 3, 1}, {1, 1, 1}, {64, 10, 1}, {3, 4, 30}, {2000, 30, 1}};
  for (auto &s : shapes)
    for (int weighted = 0; weighted < 2; weighted++) {
      check_nll<float>(DTYPE_FLOAT32, s[0], s[1], s[2], weighted);
      check_nll<double>(DTYPE_FLOAT64, s[0], s[1], s[2], weighted);
    }
  check_images();
  return check_result();
}
