// The caller's scratch memory, handed out piece by piece. The same planning code runs with base 0 to
// count the bytes and with the real base to get the pieces, so the two cannot disagree.
#pragma once
#include "kernel.h"

namespace {

struct Scratch {
  uintptr_t base;
  index_t used;
  explicit Scratch(void *memory) : base((uintptr_t)memory), used(0) {}

  template <class T> T *take(index_t count) {
    T *piece = (T *)(base + (uintptr_t)used);
    used += (count * (index_t)sizeof(T) + 63) / 64 * 64;
    return piece;
  }
};

inline index_t ceilDivide(index_t a, index_t b) { return (a + b - 1) / b; }
inline index_t roundUp(index_t a, index_t b) { return ceilDivide(a, b) * b; }
template <class T> inline T smaller(T a, T b) { return a < b ? a : b; }
template <class T> inline T larger(T a, T b) { return a > b ? a : b; }

/// n things in the fewest blocks of at most `most`, sizes differing by at most one (32 by 12: 11, 11, 10).
struct Blocks {
  index_t n, count;
  Blocks(index_t n, index_t most) : n(n), count(ceilDivide(n, most)) {}
  index_t begin(index_t i) const {
    index_t size = n / count, extra = n % count;
    return i * size + smaller(i, extra);
  }
  index_t size(index_t i) const { return begin(i + 1) - begin(i); }
};

} // namespace
