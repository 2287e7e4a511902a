// Direct gradient of the weights: gradWeight[o][c, i, j] = sum over images n and output pixels p of
//   gradient[n][o][p] · x[n][c][p · stride + (i, j) · dilation − padding]
// Images (or bands of their rows) are dealt to at most eight chunks fixed by the shape. Each chunk adds up its
// own partial sums; these are added in the order of the chunks, so threads do not change the bits.
#pragma once
#include "correlation.h"
#include "transpose.h"

namespace {

constexpr index_t kWeightChunks = 8;
constexpr index_t kPartialBytes = (index_t)64 << 20;

/// How many chunks: as many as there are units of work, and as memory for the partial sums allows.
inline index_t weightChunks(index_t units, double partialBytes) {
  index_t fit = larger((index_t)1, (index_t)((double)kPartialBytes / (partialBytes + 1)));
  return larger((index_t)1, smaller(smaller(units, kWeightChunks), fit));
}

/// Adds partial sums 1 … chunks−1 onto partial 0, in order.
template <class T> void addPartials(T *partials, index_t size, index_t chunks) {
  if (chunks == 1) return;
  constexpr index_t lanes = Vec<T>::lanes;
  parallel_ranges(size, 16384, [&](index_t begin, index_t end) {
    for (index_t chunk = 1; chunk < chunks; chunk++) {
      const T *from = partials + chunk * size;
      index_t i = begin;
      for (; i + lanes <= end; i += lanes) store(partials + i, load(partials + i) + load(from + i));
      for (; i < end; i++) partials[i] += from[i];
    }
  });
}

template <class T> T sumOf(const T *x, index_t n) {
  constexpr index_t lanes = Vec<T>::lanes;
  typename Vec<T>::type a = splat((T)0), b = a;
  index_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) a += load(x + i), b += load(x + i + lanes);
  a += b;
  T sum = 0;
  for (int l = 0; l < lanes; l++) sum += a[l];
  for (; i < n; i++) sum += x[i];
  return sum;
}

/// Many output channels a group: the gradient is transposed to [pixel][output channel] and its vectors are
/// multiplied by single pixels of x, for a few taps at a time. Strides and dilation cost nothing.
template <class T>
void weightGradientByChannels(const ConvolutionShape &s, const T *gradient, const T *x, T *gradWeight, T *gradBias,
                              Scratch &scratch, bool run) {
  constexpr index_t lanes = Vec<T>::lanes, cacheBytes = 128 << 10;
  const index_t m = s.groupOutChannels(), channels = s.groupChannels(), taps = s.taps(), depth = channels * taps;
  const index_t ld = roundUp(m, lanes), pixels = s.outPlane();
  // A unit of work: several small images, or a band of rows of one large image.
  index_t together = smaller(larger(s.images, (index_t)1), ceilDivide(256, pixels));
  index_t bandRows = larger((index_t)1, cacheBytes / (s.outWidth * smaller(ld, (index_t)64) * (index_t)sizeof(T)));
  bandRows = together > 1 ? s.outHeight : ceilDivide(s.outHeight, ceilDivide(s.outHeight, bandRows));
  const index_t bands = ceilDivide(s.outHeight, bandRows), units = ceilDivide(s.images, together) * bands;
  const index_t chunks = weightChunks(units, (double)(s.groups * depth * ld) * sizeof(T));
  index_t split = smaller(ceilDivide(kWeightChunks, chunks * s.groups), ceilDivide(ld, 2 * lanes));
  const index_t columns = roundUp(ceilDivide(ld, split), 2 * lanes), splits = ceilDivide(ld, columns);
  // The copy of x: [image][c][row][column]; a 1-wide kernel needs no pixels between the strides.
  const index_t takeH = s.kernelH == 1 ? s.strideH : 1, takeW = s.kernelW == 1 ? s.strideW : 1;
  const index_t stepH = s.strideH / takeH, stepW = s.strideW / takeW;
  const index_t rows = (bandRows - 1) * stepH + (s.kernelH - 1) * s.dilationH + 1;
  const index_t rowLength = (s.outWidth - 1) * stepW + (s.kernelW - 1) * s.dilationW + 1;
  const index_t channelStride = CorrelationPlan<T>::oddLines(rows * rowLength);
  index_t channelBlock = larger((index_t)1, cacheBytes / (together * channelStride * (index_t)sizeof(T)));
  channelBlock = ceilDivide(channels, ceilDivide(channels, smaller(channelBlock, channels)));
  const index_t bufferSize = together * channelBlock * channelStride;
  const index_t transposedSize = together * bandRows * s.outWidth * columns;

  int32_t *offsets = scratch.take<int32_t>(channelBlock * taps);
  const index_t partialSize = s.groups * depth * ld;
  T *partials = scratch.take<T>(chunks * partialSize), *biases = scratch.take<T>(chunks * s.outChannels);
  T *workers = scratch.take<T>((bufferSize + transposedSize) * parallel_threads());
  if (!run) return;

  for (index_t c = 0, k = 0; c < channelBlock; c++)
    for (index_t i = 0; i < s.kernelH; i++)
      for (index_t j = 0; j < s.kernelW; j++)
        offsets[k++] = (int32_t)(c * channelStride + i * s.dilationH * rowLength + j * s.dilationW);

  auto gather = [&](index_t n0, index_t count, index_t y0, index_t c0, index_t c1, T *to) {
    for (index_t n = n0; n < n0 + count; n++)
      for (index_t c = c0; c < c1; c++)
        for (index_t r = 0; r < rows; r++) {
          T *row = to + ((n - n0) * channelBlock + c - c0) * channelStride + r * rowLength;
          index_t y = y0 * s.strideH - s.padH + r * takeH;
          if (y < 0 || y >= s.height) memset(row, 0, rowLength * sizeof(T));
          else copyClipped(x + ((n * s.channels + c) * s.height + y) * s.width, s.width, -s.padW, takeW, rowLength, row);
        }
  };
  parallel_for(chunks * s.groups * splits, [&](index_t index, int worker) {
    index_t chunk = index / (s.groups * splits), g = index / splits % s.groups, o0 = index % splits * columns;
    index_t used = smaller(m, o0 + columns) - o0, width = roundUp(used, lanes);
    T *buffer = workers + worker * (bufferSize + transposedSize), *transposed = buffer + bufferSize;
    T *partial = partials + chunk * partialSize + g * depth * ld + o0;
    T *bias = biases + chunk * s.outChannels + g * m + o0;
    for (index_t o = 0; o < used; o++) bias[o] = 0;
    index_t first = units * chunk / chunks, last = units * (chunk + 1) / chunks;
    for (index_t unit = first; unit < last; unit++) {
      index_t n0 = unit / bands * together, count = smaller(together, s.images - n0);
      index_t y0 = unit % bands * bandRows, outRows = smaller(bandRows, s.outHeight - y0), span = outRows * s.outWidth;
      for (index_t n = 0; n < count; n++) {
        const T *from = gradient + ((n0 + n) * s.outChannels + g * m + o0) * pixels + y0 * s.outWidth;
        T *to = transposed + n * span * width;
        transpose(used, span, from, pixels, to, width);
        for (index_t p = 0; used < width && p < span; p++)
          for (index_t o = used; o < width; o++) to[p * width + o] = 0;
        for (index_t o = 0; gradBias && o < used; o++) bias[o] += sumOf(from + o * pixels, span);
      }
      Points points{count, channelBlock * channelStride, outRows, stepH * rowLength, s.outWidth, stepW};
      if (points.rowStep == points.columns * points.columnStep) points.columns *= points.rows, points.rows = 1;
      for (index_t c = 0; c < channels; c += channelBlock) {
        index_t c1 = smaller(channels, c + channelBlock);
        gather(n0, count, y0, g * channels + c, g * channels + c1, buffer);
        Blocks blocks((c1 - c) * taps, kTapRows);
        for (index_t o = 0; o < width; o += kBlockVectors * lanes) {
          auto *table = innerTable<T>.at[smaller((index_t)kBlockVectors, (width - o) / lanes)];
          for (index_t b = 0; b < blocks.count; b++) {
            index_t k = blocks.begin(b);
            table[blocks.size(b)](buffer, offsets + k, points, transposed + o, width, partial + (c * taps + k) * ld + o,
                                  ld, unit > first);
          }
        }
      }
    }
  });
  addPartials(partials, partialSize, chunks);
  const index_t strip = 64, strips = ceilDivide(depth, strip);
  parallel_for(s.groups * strips, [&](index_t index, int) {
    index_t g = index / strips, k = index % strips * strip;
    transpose(smaller(strip, depth - k), m, partials + (g * depth + k) * ld, ld, gradWeight + g * m * depth + k, depth);
  });
  if (!gradBias) return;
  addPartials(biases, s.outChannels, chunks);
  memcpy(gradBias, biases, s.outChannels * sizeof(T));
}

/// Few output channels a group (depthwise): dot products of gradient rows with the shifted rows of x.
template <class T>
void weightGradientByDots(const ConvolutionShape &s, const Correlation &forward, const T *gradient, const T *x,
                          T *gradWeight, T *gradBias, Scratch &scratch, bool run) {
  CorrelationPlan<T> plan(forward, s.images * s.groups, true);
  const index_t m = s.groupOutChannels(), channels = s.groupChannels(), taps = s.taps(), depth = channels * taps;
  const index_t pixels = s.outPlane(), units = s.images * plan.bands, partialSize = s.outChannels * depth;
  const index_t chunks = weightChunks(units, (double)partialSize * sizeof(T));
  int32_t *offsets = scratch.take<int32_t>(plan.depth());
  T *partials = scratch.take<T>(chunks * partialSize), *biases = scratch.take<T>(chunks * s.outChannels);
  T *workers = scratch.take<T>(plan.bufferElements() * parallel_threads());
  if (!run) return;

  plan.writeOffsets(offsets);
  const index_t together = ceilDivide(s.groups, 8); // groups one task takes
  const index_t tasks = ceilDivide(s.groups, together);
  parallel_for(chunks * tasks, [&](index_t index, int worker) {
    index_t chunk = index / tasks, g0 = index % tasks * together, g1 = smaller(s.groups, g0 + together);
    T *buffer = workers + worker * plan.bufferElements();
    T *partial = partials + chunk * partialSize, *bias = biases + chunk * s.outChannels;
    memset(partial + g0 * m * depth, 0, (g1 - g0) * m * depth * sizeof(T));
    memset(bias + g0 * m, 0, (g1 - g0) * m * sizeof(T));
    for (index_t unit = units * chunk / chunks; unit < units * (chunk + 1) / chunks; unit++)
      for (index_t g = g0; g < g1; g++) {
        index_t n = unit / plan.bands, y0 = unit % plan.bands * plan.bandRows;
        index_t span = smaller(plan.bandRows, s.outHeight - y0) * s.outWidth;
        const T *rows = gradient + (n * s.outChannels + g * m) * pixels + y0 * s.outWidth;
        for (index_t o = 0; gradBias && o < m; o++) bias[g * m + o] += sumOf(rows + o * pixels, span);
        for (index_t c = 0; c < channels; c += plan.channelBlock) {
          index_t count = smaller(plan.channelBlock, channels - c);
          plan.gather(x + (n * s.channels + g * channels + c) * s.plane(), count, y0, buffer);
          for (index_t o = 0; o < m; o += kDotRows)
            for (index_t k = 0; k < count * taps; k += kDotColumns) {
              index_t r = smaller((index_t)kDotRows, m - o), t = smaller((index_t)kDotColumns, count * taps - k);
              const T *a[kDotRows], *b[kDotColumns];
              T sums[kDotRows * kDotColumns];
              for (index_t i = 0; i < r; i++) a[i] = rows + (o + i) * pixels;
              for (index_t j = 0; j < t; j++) b[j] = buffer + offsets[k + j];
              dotTable<T>.at[r][t](span, a, b, sums);
              for (index_t i = 0; i < r; i++)
                for (index_t j = 0; j < t; j++)
                  partial[(g * m + o + i) * depth + c * taps + k + j] += sums[i * t + j];
            }
        }
      }
  });
  addPartials(partials, partialSize, chunks);
  memcpy(gradWeight, partials, partialSize * sizeof(T));
  if (!gradBias) return;
  addPartials(biases, s.outChannels, chunks);
  memcpy(gradBias, biases, s.outChannels * sizeof(T));
}

} // namespace
