// Batch and layer normalisation. Sums run in float64 between short blocks; variances are sums of squared distances
// from the mean in a second pass, so they keep their digits when the mean is far larger than the deviation.
#include "row.h"

namespace {

constexpr index_t kGrain = 32768;
constexpr int kMaxParts = 16;
constexpr int kColumns = 64;
constexpr index_t kBlockRows = 32;

INLINE index_t grain_of(index_t work_each) {
  index_t grain = kGrain / (work_each + 1);
  return grain < 1 ? 1 : grain;
}

struct Moments {
  double count, mean, squares; // squares: of the distances from the mean
};
/// Moments of two disjoint sets (Chan, Golub, LeVeque).
INLINE Moments join(Moments a, Moments b) {
  double count = a.count + b.count, delta = b.mean - a.mean;
  return {count, a.mean + delta * b.count / count, a.squares + b.squares + delta * delta * a.count * b.count / count};
}
/// From the sums of the distances d from a shift, and of their squares.
INLINE Moments from_shifted(double count, double shift, const double *sum) {
  return {count, shift + sum[0] / count, sum[1] - sum[0] * sum[0] / count};
}
template <class T> INLINE void shifted_sums(index_t n, const T *x, T shift, double *sum) {
  sums<T, 2>(n, sum, [=](auto at, auto *s) {
    auto d = at(x) - at.all(shift);
    s[0] += d, s[1] += d * d;
  });
}

// ---- batch norm, [n, c, inner] with inner > 1: each channel is n runs

template <class T> struct Channels {
  index_t n, c, inner;
  index_t at(index_t image, index_t channel) const { return (image * c + channel) * inner; }
  double count() const { return (double)n * (double)inner; }

  /// use(channel, result) with result = join of part(channel, first image, last image): many channels side by side,
  /// few channels in parts of images; then rest(channel, result, first, last) over the images.
  template <class R, class Part, class Join, class Rest> void run(const Part &part, const Join &join, const Rest &rest) const {
    if (c >= 8 || n < 2 || c * n * inner < 2 * kGrain) {
      parallel_ranges(c, grain_of(n * inner), [&](index_t begin, index_t end) {
        for (index_t channel = begin; channel < end; channel++) rest(channel, part(channel, (index_t)0, n), (index_t)0, n);
      });
      return;
    }
    index_t each = (n + kMaxParts - 1) / kMaxParts, parts = (n + each - 1) / each;
    R results[kMaxParts];
    for (index_t channel = 0; channel < c; channel++) {
      auto last = [&](index_t p) { return (p + 1) * each < n ? (p + 1) * each : n; };
      parallel_for(parts, [&](index_t p, int) { results[p] = part(channel, p * each, last(p)); });
      R total = results[0];
      for (index_t p = 1; p < parts; p++) total = join(total, results[p]);
      parallel_for(parts, [&](index_t p, int) { rest(channel, total, p * each, last(p)); });
    }
  }
};

template <class T> void channel_statistics(Channels<T> s, const T *x, T *mean, T *variance) {
  s.template run<Moments>(
      [&](index_t channel, index_t begin, index_t end) {
        double sum[2] = {};
        for (index_t i = begin; i < end; i++) sums<T, 1>(s.inner, sum, [=, p = x + s.at(i, channel)](auto at, auto *t) { t[0] += at(p); });
        double count = (double)(end - begin) * (double)s.inner;
        T shift = (T)(sum[0] / count);
        sum[0] = 0;
        for (index_t i = begin; i < end; i++) shifted_sums(s.inner, x + s.at(i, channel), shift, sum);
        return from_shifted(count, (double)shift, sum);
      },
      join,
      [&](index_t channel, Moments m, index_t begin, index_t) {
        if (begin == 0) mean[channel] = (T)m.mean, variance[channel] = (T)(m.squares / m.count);
      });
}

template <class T>
void channel_apply(Channels<T> s, const T *x, const T *mean, const T *invStd, const T *weight, const T *bias, T *out) {
  parallel_ranges(s.n * s.c, grain_of(s.inner), [&](index_t begin, index_t end) {
    for (index_t r = begin; r < end; r++) {
      index_t channel = r % s.c;
      T m = mean[channel], scale = weight ? invStd[channel] * weight[channel] : invStd[channel], b = bias ? bias[channel] : 0;
      const T *in = x + r * s.inner;
      T *to = out + r * s.inner;
      each<T>(s.inner, [=](auto at) { at.put(to, (at(in) - at.all(m)) * at.all(scale) + at.all(b)); });
    }
  });
}

struct GradientSums {
  double gradient, product; // sums of g and of g (x − mean)
};

template <class T>
void channel_backward(Channels<T> s, bool training, const T *gradient, const T *x, const T *mean, const T *invStd, const T *weight,
                      T *gradInput, T *gradWeight, T *gradBias) {
  bool need_sums = training || gradWeight || gradBias;
  s.template run<GradientSums>(
      [&](index_t channel, index_t begin, index_t end) {
        double sum[2] = {};
        T m = mean[channel];
        for (index_t i = begin; i < end && need_sums; i++) {
          const T *g = gradient + s.at(i, channel), *p = x + s.at(i, channel);
          sums<T, 2>(s.inner, sum, [=](auto at, auto *t) {
            auto v = at(g);
            t[0] += v, t[1] += v * (at(p) - at.all(m));
          });
        }
        return GradientSums{sum[0], sum[1]};
      },
      [](GradientSums a, GradientSums b) { return GradientSums{a.gradient + b.gradient, a.product + b.product}; },
      [&](index_t channel, GradientSums sum, index_t begin, index_t end) {
        double inv = (double)invStd[channel];
        if (begin == 0) {
          if (gradWeight) gradWeight[channel] = (T)(sum.product * inv);
          if (gradBias) gradBias[channel] = (T)sum.gradient;
        }
        if (!gradInput) return;
        T scale = weight ? weight[channel] * invStd[channel] : invStd[channel], m = mean[channel];
        T shift = training ? (T)(sum.gradient / s.count()) : 0, slope = training ? (T)(sum.product * inv * inv / s.count()) : 0;
        for (index_t i = begin; i < end; i++) {
          const T *g = gradient + s.at(i, channel), *p = x + s.at(i, channel);
          T *to = gradInput + s.at(i, channel);
          if (training)
            each<T>(s.inner, [=](auto at) {
              at.put(to, at.all(scale) * (at(g) - at.all(shift) - (at(p) - at.all(m)) * at.all(slope)));
            });
          else
            each<T>(s.inner, [=](auto at) { at.put(to, at.all(scale) * at(g)); });
        }
      });
}

// ---- batch norm, [n, c]: strips of neighbouring channels

template <class F> void strips(index_t n, index_t c, const F &body) {
  parallel_ranges((c + kColumns - 1) / kColumns, grain_of(n * kColumns), [&](index_t begin, index_t end) {
    for (index_t s = begin; s < end; s++) body(s * kColumns, c - s * kColumns < kColumns ? c - s * kColumns : kColumns);
  });
}
/// Adds to the K sums of each column: body(at, row, sum) over rows of `width` columns.
template <class T, int K, class F> INLINE void column_sums(index_t n, index_t width, double (&total)[K][kColumns], const F &body) {
  for (index_t r = 0; r < n; r += kBlockRows) {
    T block[K][kColumns] = {};
    index_t end = n - r < kBlockRows ? n : r + kBlockRows;
    for (index_t i = r; i < end; i++)
      each<T>(width, [&](auto at) {
        decltype(at.all(0)) sum[K];
        for (int k = 0; k < K; k++) sum[k] = at(block[k]);
        body(at, i, sum);
        for (int k = 0; k < K; k++) at.put(block[k], sum[k]);
      });
    for (int k = 0; k < K; k++)
      for (index_t j = 0; j < width; j++) total[k][j] += (double)block[k][j];
  }
}

template <class T> void column_statistics(index_t n, index_t c, const T *x, T *mean, T *variance) {
  strips(n, c, [&](index_t first, index_t width) {
    const T *in = x + first;
    double sum[1][kColumns] = {}, shifted[2][kColumns] = {};
    T shift[kColumns];
    column_sums<T, 1>(n, width, sum, [=](auto at, index_t i, auto *s) { s[0] += at(in + i * c); });
    for (index_t j = 0; j < width; j++) shift[j] = (T)(sum[0][j] / (double)n);
    column_sums<T, 2>(n, width, shifted, [&](auto at, index_t i, auto *s) {
      auto d = at(in + i * c) - at((const T *)shift);
      s[0] += d, s[1] += d * d;
    });
    for (index_t j = 0; j < width; j++) {
      double both[2] = {shifted[0][j], shifted[1][j]};
      Moments m = from_shifted((double)n, (double)shift[j], both);
      mean[first + j] = (T)m.mean, variance[first + j] = (T)(m.squares / m.count);
    }
  });
}

template <class T>
void column_apply(index_t n, index_t c, const T *x, const T *mean, const T *invStd, const T *weight, const T *bias, T *out) {
  strips(n, c, [&](index_t first, index_t width) {
    T scale[kColumns], shift[kColumns];
    for (index_t j = 0; j < width; j++) {
      scale[j] = weight ? invStd[first + j] * weight[first + j] : invStd[first + j];
      shift[j] = bias ? bias[first + j] : 0;
    }
    for (index_t i = 0; i < n; i++) {
      const T *in = x + i * c + first, *m = mean + first;
      T *to = out + i * c + first;
      each<T>(width, [&](auto at) { at.put(to, (at(in) - at(m)) * at((const T *)scale) + at((const T *)shift)); });
    }
  });
}

template <class T>
void column_backward(index_t n, index_t c, bool training, const T *gradient, const T *x, const T *mean, const T *invStd,
                     const T *weight, T *gradInput, T *gradWeight, T *gradBias) {
  strips(n, c, [&](index_t first, index_t width) {
    double sum[2][kColumns] = {};
    const T *m = mean + first;
    if (training || gradWeight || gradBias)
      column_sums<T, 2>(n, width, sum, [=](auto at, index_t i, auto *s) {
        auto g = at(gradient + i * c + first);
        s[0] += g, s[1] += g * (at(x + i * c + first) - at(m));
      });
    T scale[kColumns], shift[kColumns], slope[kColumns];
    for (index_t j = 0; j < width; j++) {
      double inv = (double)invStd[first + j];
      if (gradWeight) gradWeight[first + j] = (T)(sum[1][j] * inv);
      if (gradBias) gradBias[first + j] = (T)sum[0][j];
      scale[j] = weight ? weight[first + j] * invStd[first + j] : invStd[first + j];
      shift[j] = training ? (T)(sum[0][j] / (double)n) : 0;
      slope[j] = training ? (T)(sum[1][j] * inv * inv / (double)n) : 0;
    }
    for (index_t i = 0; i < n && gradInput; i++) {
      const T *g = gradient + i * c + first, *in = x + i * c + first;
      T *to = gradInput + i * c + first;
      each<T>(width, [&](auto at) {
        auto v = at(g);
        if (training) v = v - at((const T *)shift) - (at(in) - at(m)) * at((const T *)slope);
        at.put(to, at((const T *)scale) * v);
      });
    }
  });
}

// ---- layer norm

template <class T>
void layer_norm(index_t rows, index_t n, const T *x, const T *weight, const T *bias, double eps, T *out, T *mean, T *invStd) {
  parallel_ranges(rows, grain_of(n), [&](index_t begin, index_t end) {
    for (index_t r = begin; r < end; r++) {
      const T *in = x + r * n;
      T *to = out + r * n;
      double sum[2] = {};
      sums<T, 1>(n, sum, [=](auto at, auto *s) { s[0] += at(in); });
      T shift = (T)(sum[0] / (double)n);
      sum[0] = 0;
      shifted_sums(n, in, shift, sum);
      Moments m = from_shifted((double)n, (double)shift, sum);
      T center = (T)m.mean, scale = (T)(1 / __builtin_sqrt(m.squares / m.count + eps));
      mean[r] = center, invStd[r] = scale;
      each<T>(n, [=](auto at) {
        auto v = (at(in) - at.all(center)) * at.all(scale);
        if (weight) v = v * at(weight);
        if (bias) v = v + at(bias);
        at.put(to, v);
      });
    }
  });
}

/// Rows go in up to 16 parts, each with its own sums for the weight and the bias.
template <class T>
void layer_norm_backward(index_t rows, index_t n, const T *gradient, const T *x, const T *mean, const T *invStd, const T *weight,
                         T *gradInput, T *gradWeight, T *gradBias, T *scratch) {
  index_t most = rows * n / kGrain + 1, parts = most < kMaxParts ? most : kMaxParts;
  if (parts > rows) parts = rows ? rows : 1;
  index_t each_part = (rows + parts - 1) / parts;
  T *weights = scratch, *biases = scratch + parts * n;
  parallel_for(parts, [&](index_t p, int) {
    T *gw = weights + p * n, *gb = biases + p * n;
    if (gradWeight) memset(gw, 0, (size_t)n * sizeof(T));
    if (gradBias) memset(gb, 0, (size_t)n * sizeof(T));
    for (index_t r = p * each_part; r < rows && r < (p + 1) * each_part; r++) {
      const T *g = gradient + r * n, *in = x + r * n;
      T m = mean[r], inv = invStd[r];
      if (gradWeight) each<T>(n, [=](auto at) { at.put(gw, at(gw) + at(g) * ((at(in) - at.all(m)) * at.all(inv))); });
      if (gradBias) each<T>(n, [=](auto at) { at.put(gb, at(gb) + at(g)); });
      if (!gradInput) continue;
      double sum[2] = {};
      sums<T, 2>(n, sum, [=](auto at, auto *s) {
        auto v = at(g);
        if (weight) v = v * at(weight);
        s[0] += v, s[1] += v * (at(in) - at.all(m));
      });
      T *to = gradInput + r * n;
      T shift = (T)(sum[0] / (double)n), slope = (T)(sum[1] * (double)inv * (double)inv / (double)n);
      each<T>(n, [=](auto at) {
        auto v = at(g);
        if (weight) v = v * at(weight);
        at.put(to, at.all(inv) * (v - at.all(shift) - (at(in) - at.all(m)) * at.all(slope)));
      });
    }
  });
  for (int which = 0; which < 2; which++) {
    T *to = which ? gradBias : gradWeight;
    const T *from = which ? biases : weights;
    if (!to) continue;
    each<T>(n, [=](auto at) {
      auto total = at(from);
      for (index_t p = 1; p < parts; p++) total += at(from + p * n);
      at.put(to, total);
    });
  }
}

/// body(T()) for the element type.
template <class F> INLINE void for_float(int dtype, const F &body) {
  if (dtype == DTYPE_FLOAT32) body(float());
  else body(double());
}

} // namespace

void KERNEL(batchNormStatistics)(int32_t dtype, index_t n, index_t c, index_t inner, void *x, void *mean, void *variance) {
  for_float(dtype, [=](auto zero) {
    using T = decltype(zero);
    if (inner == 1) column_statistics<T>(n, c, (const T *)x, (T *)mean, (T *)variance);
    else channel_statistics<T>({n, c, inner}, (const T *)x, (T *)mean, (T *)variance);
  });
}

void KERNEL(batchNormApply)(int32_t dtype, index_t n, index_t c, index_t inner, void *x, void *mean, void *invStd, void *weight, void *bias, void *out) {
  for_float(dtype, [=](auto zero) {
    using T = decltype(zero);
    const T *m = (const T *)mean, *s = (const T *)invStd, *w = (const T *)weight, *b = (const T *)bias;
    if (inner == 1) column_apply<T>(n, c, (const T *)x, m, s, w, b, (T *)out);
    else channel_apply<T>({n, c, inner}, (const T *)x, m, s, w, b, (T *)out);
  });
}

void KERNEL(batchNormBackward)(int32_t dtype, int32_t training, index_t n, index_t c, index_t inner, void *gradient, void *x, void *mean,
                               void *invStd, void *weight, void *gradInput, void *gradWeight, void *gradBias) {
  for_float(dtype, [=](auto zero) {
    using T = decltype(zero);
    const T *g = (const T *)gradient, *p = (const T *)x, *m = (const T *)mean, *s = (const T *)invStd, *w = (const T *)weight;
    T *gi = (T *)gradInput, *gw = (T *)gradWeight, *gb = (T *)gradBias;
    if (inner == 1) column_backward<T>(n, c, training != 0, g, p, m, s, w, gi, gw, gb);
    else channel_backward<T>({n, c, inner}, training != 0, g, p, m, s, w, gi, gw, gb);
  });
}

void KERNEL(layerNorm)(int32_t dtype, index_t rows, index_t n, void *x, void *weight, void *bias, double eps, void *out, void *mean, void *invStd) {
  for_float(dtype, [=](auto zero) {
    using T = decltype(zero);
    layer_norm<T>(rows, n, (const T *)x, (const T *)weight, (const T *)bias, eps, (T *)out, (T *)mean, (T *)invStd);
  });
}

void KERNEL(layerNormBackward)(int32_t dtype, index_t rows, index_t n, void *gradient, void *x, void *mean, void *invStd, void *weight,
                               void *gradInput, void *gradWeight, void *gradBias, void *scratch) {
  for_float(dtype, [=](auto zero) {
    using T = decltype(zero);
    layer_norm_backward<T>(rows, n, (const T *)gradient, (const T *)x, (const T *)mean, (const T *)invStd, (const T *)weight,
                                           (T *)gradInput, (T *)gradWeight, (T *)gradBias, (T *)scratch);
  });
}
