// Weighted sums along one dimension: every element of the result is made of a few elements of the input, which a table
// of positions and weights names. Interpolation is one such table, its gradient is the transposed one.
#include "scratch.h"
#include "transpose.h"

namespace {

constexpr index_t kTileRows = 16, kTileOutputs = 64, kTileInputs = 128;

/// Row j of the table are the taps start[j] … start[j + 1] − 1.
template <class T> struct Taps {
  const int32_t *start, *index;
  const T *weight;
};

/// out[i] = Σ weight · x[index][i] over one row of taps; elements of x are rows of `inner`.
template <class T> INLINE void weightedRows(const Taps<T> &taps, index_t j, index_t inner, const T *x, T *out) {
  constexpr index_t lanes = Vec<T>::lanes;
  index_t i = 0, first = taps.start[j], end = taps.start[j + 1];
  for (; i + lanes <= inner; i += lanes) {
    auto sum = splat((T)0);
    for (index_t t = first; t < end; t++) sum = fma(splat(taps.weight[t]), load(x + taps.index[t] * inner + i), sum);
    store(out + i, sum);
  }
  for (; i < inner; i++) {
    T sum = 0;
    for (index_t t = first; t < end; t++) sum += taps.weight[t] * x[taps.index[t] * inner + i];
    out[i] = sum;
  }
}

/// Sums within kTileRows rows of n numbers at a time: what a stretch of outputs reads is transposed, so that the numbers
/// that share their taps lie side by side. Stretches that read too much for the tile go number by number.
template <class T> void resampleRows(index_t n, index_t count, const Taps<T> &taps, const T *x, T *out) {
  alignas(64) T in[kTileInputs * kTileRows], sums[kTileOutputs * kTileRows];
  for (index_t j = 0, end; j < count; j = end) {
    index_t low = n, high = 0;
    for (end = j; end < count && end < j + kTileOutputs; end++) {
      index_t lowest = low, highest = high;
      for (index_t t = taps.start[end]; t < taps.start[end + 1]; t++) {
        lowest = smaller(lowest, (index_t)taps.index[t]);
        highest = larger(highest, (index_t)taps.index[t] + 1);
      }
      if (highest > lowest + kTileInputs) break;
      low = lowest, high = highest;
    }
    if (end == j) {
      for (index_t row = 0; row < kTileRows; row++) weightedRows(taps, j, 1, x + row * n, out + row * count + j);
      end++;
      continue;
    }
    if (low < high) transpose(kTileRows, high - low, x + low, n, in, kTileRows);
    for (index_t k = j; k < end; k++) weightedRows(taps, k, kTileRows, in - low * kTileRows, sums + (k - j) * kTileRows);
    transpose(end - j, kTileRows, sums, kTileRows, out + j, count);
  }
}

template <class T>
void resample(index_t outer, index_t n, index_t inner, index_t count, const Taps<T> &taps, const T *x, T *out) {
  double perOutput = (double)taps.start[count] / (double)count + 1;
  auto grain = [&](index_t elements) { return (index_t)(32768 / (perOutput * (double)elements)) + 1; };
  index_t tiles = inner == 1 ? outer / kTileRows : 0;
  parallel_ranges(tiles, grain(kTileRows * count), [&](index_t begin, index_t end) {
    for (index_t i = begin * kTileRows; i < end * kTileRows; i += kTileRows) resampleRows(n, count, taps, x + i * n, out + i * count);
  });
  index_t done = tiles * kTileRows;
  parallel_ranges((outer - done) * count, grain(inner), [&](index_t begin, index_t end) {
    index_t o = done + begin / count, j = begin % count;
    for (index_t row = done * count + begin; row < done * count + end; row++) {
      weightedRows(taps, j, inner, x + o * n * inner, out + row * inner);
      if (++j == count) j = 0, o++;
    }
  });
}

} // namespace

extern "C" void KERNEL(resample)(int32_t dtype, index_t outer, index_t n, index_t inner, index_t count, void *start,
                                 void *index, void *weight, void *x, void *out) {
  const int32_t *starts = (const int32_t *)start, *positions = (const int32_t *)index;
  if (count == 0) return;
  if (dtype == DTYPE_FLOAT32)
    resample<float>(outer, n, inner, count, {starts, positions, (const float *)weight}, (const float *)x, (float *)out);
  else
    resample<double>(outer, n, inner, count, {starts, positions, (const double *)weight}, (const double *)x, (double *)out);
}
