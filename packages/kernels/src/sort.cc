// Stable sort of rows. Elements become unsigned keys of the same order (all NaN equal and largest, −0 equal to 0,
// complemented to descend), so one sort serves every type: insertion for short rows, radix by bytes for long ones.
#include "kernel.h"

namespace {

constexpr index_t kShort = 48;

template <class T> INLINE uint32_t key_of(T x) { return (uint32_t)(int32_t)x ^ 0x80000000u; }
INLINE uint32_t key_of(float x) {
  uint32_t bits;
  x = x == 0 ? 0 : x;
  memcpy(&bits, &x, 4);
  return x != x ? ~0u : bits ^ (bits >> 31 ? ~0u : 0x80000000u);
}
INLINE uint64_t key_of(double x) {
  uint64_t bits;
  x = x == 0 ? 0 : x;
  memcpy(&bits, &x, 8);
  return x != x ? ~(uint64_t)0 : bits ^ (bits >> 63 ? ~(uint64_t)0 : (uint64_t)1 << 63);
}

template <class Key> void insertion_sort(index_t n, Key *key, int32_t *index) {
  for (index_t i = 1; i < n; i++) {
    Key k = key[i];
    int32_t at = index[i];
    index_t j = i;
    for (; j > 0 && key[j - 1] > k; j--) key[j] = key[j - 1], index[j] = index[j - 1];
    key[j] = k, index[j] = at;
  }
}

/// Sorts by the bytes of the keys, least significant first; a byte that all keys share costs nothing.
template <class Key> void radix_sort(index_t n, Key *key, int32_t *index, Key *other_key, int32_t *other_index) {
  int32_t *result = index;
  int32_t counts[sizeof(Key)][256] = {};
  for (index_t i = 0; i < n; i++)
    for (int b = 0; b < (int)sizeof(Key); b++) counts[b][(key[i] >> (8 * b)) & 255]++;
  for (int b = 0; b < (int)sizeof(Key); b++) {
    int32_t *start = counts[b], sum = 0;
    if (start[(key[0] >> (8 * b)) & 255] == n) continue;
    for (int d = 0; d < 256; d++) {
      int32_t count = start[d];
      start[d] = sum, sum += count;
    }
    for (index_t i = 0; i < n; i++) {
      int32_t to = start[(key[i] >> (8 * b)) & 255]++;
      other_key[to] = key[i], other_index[to] = index[i];
    }
    Key *k = key;
    key = other_key, other_key = k;
    int32_t *p = index;
    index = other_index, other_index = p;
  }
  if (index != result) memcpy(result, index, (size_t)n * sizeof(int32_t));
}

template <class T> void sort_rows(bool descending, index_t rows, index_t n, const T *x, T *values, int32_t *indices, char *scratch) {
  typedef decltype(key_of(T())) Key;
  auto keys = [=](index_t row, Key *key) {
    for (index_t i = 0; i < n; i++) {
      Key k = key_of(x[row * n + i]);
      key[i] = descending ? ~k : k, indices[row * n + i] = (int32_t)i;
    }
  };
  auto pick = [=](index_t row) {
    for (index_t i = 0; i < n; i++) values[row * n + i] = x[row * n + indices[row * n + i]];
  };
  if (n <= kShort) {
    parallel_ranges(rows, 4096 / (n + 1) + 1, [=](index_t begin, index_t end) {
      Key key[kShort];
      for (index_t row = begin; row < end; row++) {
        keys(row, key);
        insertion_sort(n, key, indices + row * n);
        pick(row);
      }
    });
    return;
  }
  // The scratch holds one row; keys of 8 bytes wait where the values will be.
  Key *other = (Key *)scratch;
  int32_t *other_index = (int32_t *)(other + n);
  for (index_t row = 0; row < rows; row++) {
    Key *key = sizeof(Key) == 8 ? (Key *)(values + row * n) : (Key *)(other_index + n);
    keys(row, key);
    radix_sort(n, key, indices + row * n, other, other_index);
    pick(row);
  }
}

// ---- the first few of each row

constexpr index_t kMost = 256;

/// Elements that may belong to the first k are looked for in blocks: after a while there are next to none.
template <class T> void first_of_row(bool descending, index_t n, index_t k, const T *x, T *values, int32_t *indices) {
  typedef decltype(key_of(T())) Key;
  constexpr index_t block = 64;
  Key best[kMost];
  index_t found = 0;
  auto consider = [&](index_t i) {
    Key key = key_of(x[i]);
    if (descending) key = ~key;
    if (found == k && key >= best[k - 1]) return;
    index_t at = found < k ? found++ : k - 1;
    for (; at > 0 && best[at - 1] > key; at--) best[at] = best[at - 1], indices[at] = indices[at - 1];
    best[at] = key, indices[at] = (int32_t)i;
  };
  index_t i = 0;
  for (; i < k; i++) consider(i);
  for (; i + block <= n; i += block) {
    T last = x[indices[k - 1]];
    int any = 0;
    // NaN compares to nothing and so is considered.
    if (descending) for (index_t j = 0; j < block; j++) any |= !(x[i + j] <= last);
    else for (index_t j = 0; j < block; j++) any |= !(x[i + j] >= last);
    if (any) for (index_t j = i; j < i + block; j++) consider(j);
  }
  for (; i < n; i++) consider(i);
  for (i = 0; i < k; i++) values[i] = x[indices[i]];
}

template <class T> void first_of_rows(bool descending, index_t rows, index_t n, index_t k, const T *x, T *values, int32_t *indices) {
  if (k == 0) return;
  parallel_ranges(rows, 32768 / (n + 1) + 1, [=](index_t begin, index_t end) {
    for (index_t row = begin; row < end; row++) first_of_row(descending, n, k, x + row * n, values + row * k, indices + row * k);
  });
}

} // namespace

void KERNEL(topk)(int32_t dtype, int32_t descending, index_t rows, index_t n, index_t k, void *x, void *values, void *indices) {
  bool down = descending != 0;
  int32_t *at = (int32_t *)indices;
  switch (dtype) {
    case DTYPE_INT8: return first_of_rows(down, rows, n, k, (const int8_t *)x, (int8_t *)values, at);
    case DTYPE_INT16: return first_of_rows(down, rows, n, k, (const int16_t *)x, (int16_t *)values, at);
    case DTYPE_INT32: return first_of_rows(down, rows, n, k, (const int32_t *)x, (int32_t *)values, at);
    case DTYPE_FLOAT32: return first_of_rows(down, rows, n, k, (const float *)x, (float *)values, at);
    case DTYPE_FLOAT64: return first_of_rows(down, rows, n, k, (const double *)x, (double *)values, at);
    default: return first_of_rows(down, rows, n, k, (const uint8_t *)x, (uint8_t *)values, at);
  }
}

void KERNEL(sort)(int32_t dtype, int32_t descending, index_t rows, index_t n, void *x, void *values, void *indices, void *scratch) {
  bool down = descending != 0;
  int32_t *at = (int32_t *)indices;
  char *space = (char *)scratch;
  switch (dtype) {
    case DTYPE_INT8: return sort_rows(down, rows, n, (const int8_t *)x, (int8_t *)values, at, space);
    case DTYPE_INT16: return sort_rows(down, rows, n, (const int16_t *)x, (int16_t *)values, at, space);
    case DTYPE_INT32: return sort_rows(down, rows, n, (const int32_t *)x, (int32_t *)values, at, space);
    case DTYPE_FLOAT32: return sort_rows(down, rows, n, (const float *)x, (float *)values, at, space);
    case DTYPE_FLOAT64: return sort_rows(down, rows, n, (const double *)x, (double *)values, at, space);
    default: return sort_rows(down, rows, n, (const uint8_t *)x, (uint8_t *)values, at, space);
  }
}
