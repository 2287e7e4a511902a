// Images from a data set of bytes to normalised float32, one table look-up a byte.
#include "kernel.h"

void KERNEL(imagesToFloat)(index_t count, index_t c, index_t inner, void *images, void *index, void *mean, void *std, void *out) {
  const int32_t *pick = (const int32_t *)index;
  const float *center = (const float *)mean, *scale = (const float *)std;
  index_t grain = 32768 / (c * inner + 1) + 1;
  // Tables of a few channels at a time stay on the stack; each step is rounded to float32 as a chain of transforms would.
  constexpr index_t tables = 4;
  for (index_t first = 0; first < c; first += tables) {
    index_t channels = c - first < tables ? c - first : tables;
    float value[tables][256];
    for (index_t k = 0; k < channels; k++)
      for (int byte = 0; byte < 256; byte++) {
        float x = (float)byte / 255.0f;
        if (center) x = x - center[first + k];
        if (scale) x = x / scale[first + k];
        value[k][byte] = x;
      }
    parallel_ranges(count, grain, [&](index_t begin, index_t end) {
      for (index_t i = begin; i < end; i++)
        for (index_t k = 0; k < channels; k++) {
          const uint8_t *from = (const uint8_t *)images + ((index_t)pick[i] * c + first + k) * inner;
          float *to = (float *)out + (i * c + first + k) * inner;
          const float *row = value[k];
          for (index_t j = 0; j < inner; j++) to[j] = row[from[j]];
        }
    });
  }
}
