// How the matrix kernels see their operands: anywhere in memory, at any distances.
#pragma once
#include "kernel.h"

namespace {

/// Element (i, j) is data[i · row + j · column].
template <class T> struct Matrix {
  const T *data;
  index_t row, column;
  Matrix transposed() const { return {data, column, row}; }
  Matrix at(index_t i, index_t j) const { return {data + i * row + j * column, row, column}; }
  T operator()(index_t i, index_t j) const { return data[i * row + j * column]; }
};

} // namespace
