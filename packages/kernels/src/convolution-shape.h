// What the two ways to convolve (direct, Winograd) share: the shape, and copying a part of an image.
#pragma once
#include "scratch.h"

namespace {

/// The shape block of ts/table.ts.
struct ConvolutionShape {
  index_t images, channels, height, width, outChannels, kernelH, kernelW, strideH, strideW, padH, padW, dilationH,
      dilationW, groups, outHeight, outWidth;

  explicit ConvolutionShape(const double *meta) {
    index_t *fields[] = {&images,  &channels, &height, &width, &outChannels, &kernelH,   &kernelW, &strideH,
                         &strideW, &padH,     &padW,   &dilationH, &dilationW, &groups, &outHeight, &outWidth};
    for (int i = 0; i < 16; i++) *fields[i] = (index_t)meta[i];
  }
  index_t groupChannels() const { return channels / groups; }
  index_t groupOutChannels() const { return outChannels / groups; }
  index_t taps() const { return kernelH * kernelW; }
  index_t plane() const { return height * width; }
  index_t outPlane() const { return outHeight * outWidth; }
};

/// to[i] = row[first + i · step] for i < count, 0 where that lies outside [0, width).
template <class T>
inline void copyClipped(const T *row, index_t width, index_t first, index_t step, index_t count, T *to) {
  index_t begin = first < 0 ? smaller(count, ceilDivide(-first, step)) : 0;
  index_t end = first >= width ? begin : larger(begin, smaller(count, ceilDivide(width - first, step)));
  for (index_t i = 0; i < begin; i++) to[i] = 0;
  const T *from = row + first;
  index_t i = begin;
  if (step == 1) {
    for (; i + Vec<T>::lanes <= end; i += Vec<T>::lanes) store(to + i, load(from + i));
    for (; i < end; i++) to[i] = from[i];
  } else
    for (; i < end; i++) to[i] = from[i * step];
  for (; i < count; i++) to[i] = 0;
}

} // namespace
