// Direct convolution, forward and towards the input: both are correlations of an image with weights.
//   out[m][y][x] = bias[m] + sum over c, i, j of
//                  weight[m][c][i][j] · in[c][y · strideH + i · stepH + originH][x · strideW + j · stepW + originW]
// with zeros outside the image. A band of output rows is computed at a time. What it reads is first copied
// to scratch, in one of two layouts, so that the pixels of each (c, i, j) are rows of consecutive numbers:
//   padded   [c][row][column]: stride 1, output rows a whole number of vectors (or long)
//   shifted  [c][j][row modulo strideH][row / strideH][x]: one copy per tap column, already strided; the rows of a band
//            join into one run, whatever their length, stride and dilation
// A table then says where row (c, i, j) starts, and the micro-kernel multiplies from there.
#pragma once
#include "convolution-shape.h"
#include "micro-kernel.h"

namespace {

struct Correlation {
  index_t channels, height, width, outChannels, outHeight, outWidth, tapsH, tapsW, strideH, strideW, stepH, stepW,
      originH, originW;
  index_t taps() const { return tapsH * tapsW; }
};

/// weight[m][c][i][j] = data[m · out + c · in + i · row + j · column]; groups lie `group` apart.
template <class T> struct WeightView {
  const T *data;
  index_t group, out, in, row, column;
};

/// Where the results go: pixel (y, x) of plane m is data[m · plane + y · row + x · column].
template <class T> struct OutputView {
  T *data;
  index_t plane, row, column;
};

/// Layout of the scratch copy and the cut into bands and channel blocks: all fixed by the shape.
template <class T> struct CorrelationPlan {
  static constexpr index_t lanes = Vec<T>::lanes;
  static constexpr index_t cacheBytes = 256 << 10, maxDepth = 256;
  Correlation shape;
  bool shifted;
  index_t channelBlock, bandRows, bands;
  index_t copies, phases, rowLength, rowsPerPhase, phaseStride, copyStride, channelStride;

  /// `planes` is how many such correlations there are (images x groups): few get cut into more bands.
  CorrelationPlan(const Correlation &c, index_t planes, bool forceShifted = false) : shape(c) {
    shifted = forceShifted || c.strideW != 1 || c.tapsW == 1 || (c.outWidth % lanes != 0 && c.outWidth < 8 * lanes);
    copies = shifted ? c.tapsW : 1;
    phases = smaller(c.strideH, (c.tapsH - 1) * c.stepH + 1);
    rowLength = shifted ? c.outWidth : c.outWidth + (c.tapsW - 1) * c.stepW;
    channelBlock = larger((index_t)1, maxDepth / c.taps());
    channelBlock = ceilDivide(c.channels, larger((index_t)1, ceilDivide(c.channels, channelBlock)));
    index_t rowBytes = channelBlock * copies * phases * rowLength * (index_t)sizeof(T);
    index_t halo = (c.tapsH - 1) * c.stepH / c.strideH;
    index_t most = larger(cacheBytes / larger(rowBytes, (index_t)1) - halo, halo + 1);
    double work = (double)c.outChannels * (double)c.channels * (double)(c.taps() * c.outHeight * c.outWidth);
    index_t wanted = smaller(ceilDivide(8, larger(planes, (index_t)1)), (index_t)(work / (1 << 19)) + 1);
    bands = smaller(c.outHeight, larger(ceilDivide(c.outHeight, most), wanted));
    bandRows = ceilDivide(c.outHeight, bands);
    bands = ceilDivide(c.outHeight, bandRows);
    rowsPerPhase = bandRows + halo;
    phaseStride = rowsPerPhase * rowLength;
    copyStride = oddLines(phases * phaseStride);
    channelStride = oddLines(copies * copyStride);
  }
  /// An odd number of cache lines, lest the rows of a sum all fall into one set of the cache.
  static index_t oddLines(index_t elements) {
    constexpr index_t line = 64 / (index_t)sizeof(T);
    return (ceilDivide(elements, line) | 1) * line;
  }
  index_t depth() const { return channelBlock * shape.taps(); }
  index_t bufferElements() const { return channelBlock * channelStride + lanes; }
  index_t weightElements() const { return shape.outChannels * shape.channels * shape.taps(); }

  void writeOffsets(int32_t *offsets) const {
    for (index_t c = 0; c < channelBlock; c++)
      for (index_t i = 0; i < shape.tapsH; i++)
        for (index_t j = 0; j < shape.tapsW; j++) {
          index_t row = i * shape.stepH;
          *offsets++ = (int32_t)(c * channelStride + row % shape.strideH * phaseStride + row / shape.strideH * rowLength +
                                 (shifted ? j * copyStride : j * shape.stepW));
        }
  }

  /// Copies what output rows y0 … of `count` channels need; `in` is the first of these channels.
  void gather(const T *in, index_t count, index_t y0, T *buffer) const {
    for (index_t c = 0; c < count; c++)
      for (index_t j = 0; j < copies; j++)
        for (index_t f = 0; f < phases; f++) {
          T *to = buffer + c * channelStride + j * copyStride + f * phaseStride;
          index_t column = shape.originW + j * shape.stepW;
          for (index_t q = 0; q < rowsPerPhase; q++, to += rowLength) {
            index_t y = (y0 + q) * shape.strideH + f + shape.originH;
            if (y < 0 || y >= shape.height) memset(to, 0, rowLength * sizeof(T));
            else copyClipped(in + (c * shape.height + y) * shape.width, shape.width, column, shape.strideW, rowLength, to);
          }
        }
  }

  /// Weights of one group as the micro-kernel reads them: by channel block, then block of outputs, then [c, i, j][m].
  void packWeights(const WeightView<T> &w, T *packed) const {
    Blocks blocks(shape.outChannels, kBlockRows);
    for (index_t c0 = 0; c0 < shape.channels; c0 += channelBlock)
      for (index_t b = 0; b < blocks.count; b++) {
        const T *from = w.data + blocks.begin(b) * w.out;
        index_t size = blocks.size(b);
        for (index_t c = c0; c < smaller(shape.channels, c0 + channelBlock); c++)
          for (index_t i = 0; i < shape.tapsH; i++)
            for (index_t j = 0; j < shape.tapsW; j++)
              for (index_t m = 0; m < size; m++) *packed++ = from[m * w.out + c * w.in + i * w.row + j * w.column];
      }
  }

  /// out (+)= weights · buffer over `rows` rows of pixels, for one channel block of `depth` table rows.
  void multiply(index_t depth, const int32_t *offsets, const T *weights, const T *buffer, index_t rows, T *out,
                index_t plane, const T *bias, bool accumulate) const {
    index_t length = shape.outWidth, rowStep = rowLength, outStep = shape.outWidth;
    if (shifted) length *= rows, rows = 1;
    Blocks blocks(shape.outChannels, kBlockRows);
    index_t full = length / lanes, rest = length % lanes, vectors = rows * full;
    index_t together = larger((index_t)1, (128 << 10) / (depth * kBlockRows * (index_t)sizeof(T)));
    for (index_t b0 = 0; b0 < blocks.count; b0 += together) {
      index_t b1 = smaller(blocks.count, b0 + together);
      auto each = [&](auto &&kernel) {
        for (index_t b = b0; b < b1; b++) kernel(blocks.begin(b), blocks.size(b));
      };
      // Vectors go two by two, across the ends of rows.
      index_t y = 0, x = 0;
      for (index_t v = 0; v < vectors; v += kBlockVectors) {
        index_t from = y * rowStep + x * lanes, to = y * outStep + x * lanes;
        if (++x == full) x = 0, y++;
        index_t nextFrom = y * rowStep + x * lanes, nextTo = y * outStep + x * lanes;
        if (++x == full) x = 0, y++;
        auto *table = outerTable<T, TableRows<T>>.at[smaller(vectors - v, (index_t)kBlockVectors)];
        TableRows<T> table_rows{buffer + from, offsets};
        each([&](index_t m, index_t size) {
          table[size](depth, weights + m * depth, size, table_rows, nextFrom - from, out + m * plane + to, plane,
                      nextTo - to, bias ? bias + m : nullptr, accumulate);
        });
      }
      // What is left of each row goes through a small block of its own.
      for (index_t row = 0; rest && row < rows; row++) {
        TableRows<T> table_rows{buffer + row * rowStep + full * lanes, offsets};
        each([&](index_t m, index_t size) {
          T edge[kBlockRows * lanes];
          outerTable<T, TableRows<T>>.at[1][size](depth, weights + m * depth, size, table_rows, 0, edge, lanes, 0,
                                                  bias ? bias + m : nullptr, false);
          for (index_t i = 0; i < size; i++)
            for (index_t l = 0; l < rest; l++) {
              T &o = out[(m + i) * plane + row * outStep + full * lanes + l];
              o = accumulate ? o + edge[i * lanes + l] : edge[i * lanes + l];
            }
        });
      }
    }
  }
};

/// Correlates `images` images of `groups` groups. Without `run` it only counts the scratch.
template <class T>
void correlate(const Correlation &shape, index_t images, index_t groups, const WeightView<T> &weights, const T *in,
               const OutputView<T> &out, const T *bias, Scratch &scratch, bool run) {
  CorrelationPlan<T> plan(shape, images * groups);
  index_t taps = shape.taps(), inPlane = shape.height * shape.width;
  bool dense = out.column == 1 && out.row == shape.outWidth;
  index_t bufferSize = plan.bufferElements(), resultPlane = plan.bandRows * shape.outWidth;
  index_t resultSize = dense ? 0 : shape.outChannels * resultPlane;
  int32_t *offsets = scratch.take<int32_t>(plan.depth());
  T *packed = scratch.take<T>(groups * plan.weightElements());
  T *workers = scratch.take<T>((bufferSize + resultSize) * parallel_threads());
  if (!run) return;

  plan.writeOffsets(offsets);
  parallel_for(groups, [&](index_t g, int) {
    WeightView<T> group = weights;
    group.data += g * weights.group;
    plan.packWeights(group, packed + g * plan.weightElements());
  });
  auto band = [&](index_t index, int worker) {
    index_t y0 = index % plan.bands * plan.bandRows, g = index / plan.bands % groups, n = index / plan.bands / groups;
    index_t rows = smaller(plan.bandRows, shape.outHeight - y0);
    T *buffer = workers + worker * (bufferSize + resultSize), *result = buffer + bufferSize;
    T *to = out.data + (n * groups + g) * shape.outChannels * out.plane + y0 * out.row;
    const T *planes = in + (n * groups + g) * shape.channels * inPlane;
    const T *w = packed + g * plan.weightElements();
    for (index_t c = 0; c < shape.channels; c += plan.channelBlock) {
      index_t count = smaller(plan.channelBlock, shape.channels - c);
      plan.gather(planes + c * inPlane, count, y0, buffer);
      plan.multiply(count * taps, offsets, w + c * taps * shape.outChannels, buffer, rows, dense ? to : result,
                    dense ? out.plane : resultPlane, bias && c == 0 ? bias + g * shape.outChannels : nullptr, c > 0);
    }
    if (dense) return;
    for (index_t m = 0; m < shape.outChannels; m++)
      for (index_t y = 0; y < rows; y++)
        for (index_t x = 0; x < shape.outWidth; x++)
          to[m * out.plane + y * out.row + x * out.column] = result[m * resultPlane + y * shape.outWidth + x];
  };
  double work = (double)(plan.bandRows * shape.outWidth) * (double)(shape.outChannels * shape.channels * taps);
  index_t total = images * groups * plan.bands, grain = work > 262144 ? 1 : (index_t)(262144 / (work + 1)) + 1;
  grain = larger((index_t)1, smaller(grain, total / 8));
  parallel_for(ceilDivide(total, grain), [&](index_t chunk, int worker) {
    for (index_t i = chunk * grain; i < smaller(total, (chunk + 1) * grain); i++) band(i, worker);
  });
}

} // namespace
