// Two-dimensional convolution: forward, and the gradients of the input and of the weights, for any stride,
// dilation and groups. correlation.h and weight-gradient.h compute directly, winograd.h with fewer products
// where that pays and is allowed.
#include "winograd.h"

namespace {

/// Forward: the correlation with the weights as they are.
Correlation forwardCorrelation(const ConvolutionShape &s) {
  return {s.groupChannels(), s.height,   s.width,   s.groupOutChannels(), s.outHeight, s.outWidth, s.kernelH,
          s.kernelW,         s.strideH,  s.strideW, s.dilationH,          s.dilationW, -s.padH,    -s.padW};
}

/// One dimension of the input's gradient, for the input positions first, first + stride … alone. Position
/// y = u · stride + residue − padding gets gradient row (y + padding − k · dilation) / stride from each tap k for which
/// this is whole: taps k = firstTap, firstTap + tapStep …. So within such a phase the gradient of the input
/// is a correlation of stride 1, whose taps run backwards.
struct Phase {
  index_t first, count, taps, firstTap, tapStep, origin, step;

  Phase(index_t residue, index_t size, index_t kernel, index_t stride, index_t padding, index_t dilation) {
    index_t u = ceilDivide(larger(padding - residue, (index_t)0), stride);
    first = u * stride + residue - padding;
    count = first < size ? ceilDivide(size - first, stride) : 0;
    index_t a = stride, b = dilation; // their greatest common divisor
    while (b) {
      index_t t = a % b;
      a = b, b = t;
    }
    tapStep = stride / a, step = dilation / a;
    for (firstTap = 0; firstTap < kernel && firstTap * dilation % stride != residue;) firstTap++;
    taps = firstTap < kernel ? ceilDivide(kernel - firstTap, tapStep) : 0;
    origin = u - (firstTap * dilation - residue) / stride - (taps - 1) * step;
  }
};

template <class T>
void inputGradient(const ConvolutionShape &s, const T *gradient, const T *weight, T *gradInput, Scratch &scratch, bool run) {
  const index_t taps = s.taps(), m = s.groupOutChannels(), channels = s.groupChannels();
  index_t most = 0;
  for (index_t a = 0; a < s.strideH; a++)
    for (index_t b = 0; b < s.strideW; b++) {
      Phase h(a, s.height, s.kernelH, s.strideH, s.padH, s.dilationH);
      Phase w(b, s.width, s.kernelW, s.strideW, s.padW, s.dilationW);
      if (h.count == 0 || w.count == 0) continue;
      T *to = gradInput + h.first * s.width + w.first;
      if (h.taps == 0 || w.taps == 0) {
        for (index_t plane = 0; run && plane < s.images * s.channels; plane++)
          for (index_t y = 0; y < h.count; y++)
            for (index_t x = 0; x < w.count; x++) to[plane * s.plane() + y * s.strideH * s.width + x * s.strideW] = 0;
        continue;
      }
      Correlation phase{m,      s.outHeight, s.outWidth, channels, h.count,  w.count,  h.taps,
                        w.taps, 1,           1,          h.step,   w.step,   h.origin, w.origin};
      index_t last = (h.firstTap + (h.taps - 1) * h.tapStep) * s.kernelW + w.firstTap + (w.taps - 1) * w.tapStep;
      WeightView<T> view{weight + last, m * channels * taps, taps, channels * taps, -h.tapStep * s.kernelW, -w.tapStep};
      OutputView<T> out{to, s.plane(), s.strideH * s.width, s.strideW};
      Scratch piece = scratch; // the phases use the same memory one after another
      correlate<T>(phase, s.images, s.groups, view, gradient, out, nullptr, piece, run);
      most = larger(most, piece.used);
    }
  scratch.used = most;
}

/// Runs a pass, or without `run` counts its scratch.
template <class T>
void convolve(int32_t pass, int32_t algorithm, const ConvolutionShape &s, const T *a, const T *b, T *bias, T *out,
              Scratch &scratch, bool run) {
  if constexpr (sizeof(T) == sizeof(float))
    if (algorithm == ALGORITHM_AUTO && winogradPays(s, pass))
      return s.kernelH == 3 ? winograd<3>(pass, s, a, b, bias, out, scratch, run) : winograd<5>(pass, s, a, b, bias, out, scratch, run);
  const index_t weightSize = s.outChannels * s.groupChannels() * s.taps();
  switch (pass) {
  case CONV2D_FORWARD: {
    WeightView<T> view{b, s.groupOutChannels() * s.groupChannels() * s.taps(), s.groupChannels() * s.taps(), s.taps(), s.kernelW, 1};
    OutputView<T> to{out, s.outPlane(), s.outWidth, 1};
    return correlate<T>(forwardCorrelation(s), s.images, s.groups, view, a, to, bias, scratch, run);
  }
  case CONV2D_BACKWARD_INPUT: return inputGradient<T>(s, a, b, out, scratch, run);
  case CONV2D_BACKWARD_WEIGHT:
    if (s.images == 0 && run) {
      memset(out, 0, weightSize * sizeof(T));
      if (bias) memset(bias, 0, s.outChannels * sizeof(T));
    }
    if (s.images == 0) return;
    if (s.groupOutChannels() * 2 < Vec<T>::lanes)
      return weightGradientByDots<T>(s, forwardCorrelation(s), a, b, out, bias, scratch, run);
    return weightGradientByChannels<T>(s, a, b, out, bias, scratch, run);
  }
}

} // namespace

extern "C" double KERNEL(conv2dScratch)(int32_t pass, int32_t algorithm, int32_t dtype, void *meta) {
  ConvolutionShape shape((const double *)meta);
  Scratch scratch(nullptr);
  if (dtype == DTYPE_FLOAT32) convolve<float>(pass, algorithm, shape, nullptr, nullptr, nullptr, nullptr, scratch, false);
  else convolve<double>(pass, algorithm, shape, nullptr, nullptr, nullptr, nullptr, scratch, false);
  return (double)scratch.used;
}

extern "C" void KERNEL(conv2d)(int32_t pass, int32_t algorithm, int32_t dtype, void *meta, void *a, void *b, void *bias,
                               void *out, void *memory) {
  ConvolutionShape shape((const double *)meta);
  Scratch scratch(memory);
  if (dtype == DTYPE_FLOAT32)
    convolve<float>(pass, algorithm, shape, (const float *)a, (const float *)b, (float *)bias, (float *)out, scratch, true);
  else
    convolve<double>(pass, algorithm, shape, (const double *)a, (const double *)b, (double *)bias, (double *)out, scratch, true);
}
