// PyTorch's CPU random numbers, bit for bit: MT19937 (Matsumoto & Nishimura 1998) and the same recipes on top of it.
#include "trigonometric.h"
#include "vector-math.h"

namespace {

constexpr int kWords = 624, kShift = 397, kPosition = 624, kCached = 625, kNormal = 628;

INLINE uint32_t temper(uint32_t y) {
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680u;
  y ^= (y << 15) & 0xefc60000u;
  return y ^ (y >> 18);
}

struct Generator {
  uint32_t *state;

  int32_t &position() const { return (int32_t &)state[kPosition]; }
  void refill() const {
    auto mix = [this](int i, int next, int far) {
      uint32_t y = (state[i] & 0x80000000u) | (state[next] & 0x7fffffffu);
      state[i] = state[far] ^ (y >> 1) ^ (-(y & 1) & 0x9908b0dfu);
    };
    auto mix_vector = [this](int i, int far) {
      vu y = (load(state + i) & 0x80000000u) | (load(state + i + 1) & 0x7fffffffu);
      store(state + i, load(state + far) ^ (y >> 1) ^ (-(y & 1) & 0x9908b0dfu));
    };
    constexpr int lanes = Vec<uint32_t>::lanes;
    int i = 0;
    for (; i + lanes <= kWords - kShift; i += lanes) mix_vector(i, i + kShift);
    for (; i < kWords - kShift; i++) mix(i, i + 1, i + kShift);
    for (; i + lanes <= kWords - 1; i += lanes) mix_vector(i, i + kShift - kWords);
    for (; i < kWords - 1; i++) mix(i, i + 1, i + kShift - kWords);
    mix(kWords - 1, 0, kShift - 1);
    position() = 0;
  }
  uint32_t next() const {
    if (position() >= kWords) refill();
    return temper(state[position()++]);
  }
  /// The next n numbers of the stream.
  void fill(uint32_t *out, index_t n) const {
    while (n > 0) {
      if (position() >= kWords) refill();
      index_t take = kWords - position() < n ? kWords - position() : n;
      const uint32_t *from = state + position();
      for (index_t i = 0; i < take; i++) out[i] = temper(from[i]);
      position() += (int32_t)take, out += take, n -= take;
    }
  }
};

INLINE float to_u24(uint32_t a) { return (float)(int32_t)(a & 0xffffff) * 0x1p-24f; }
/// The first of two draws is the high half.
INLINE double to_u53(const uint32_t *two) {
  uint64_t bits = ((uint64_t)two[0] << 32 | two[1]) & 0x1fffffffffffff;
  return (double)(int64_t)bits * 0x1p-53;
}

constexpr index_t kBuffer = 512;
/// out[i] = convert(draws of element i), `draws` of them an element.
template <int draws, class T, class F> INLINE void generate(Generator generator, index_t count, T *out, const F &convert) {
  uint32_t buffer[kBuffer];
  constexpr index_t step = kBuffer / draws;
  for (index_t i = 0; i < count; i += step) {
    index_t n = count - i < step ? count - i : step;
    generator.fill(buffer, n * draws);
    for (index_t j = 0; j < n; j++) out[i + j] = convert(buffer + j * draws);
  }
}

void uniform(Generator generator, index_t count, float *out, double low, double high) {
  float from = (float)low, range = (float)high - (float)low;
  double a = from, width = range;
  if (a == 0 && width == 1) generate<1>(generator, count, out, [](const uint32_t *u) { return to_u24(*u); });
  else generate<1>(generator, count, out, [=](const uint32_t *u) { return (float)((double)to_u24(*u) * width + a); });
}
void uniform(Generator generator, index_t count, double *out, double low, double high) {
  double width = high - low;
  generate<2>(generator, count, out, [=](const uint32_t *u) { return to_u53(u) * width + low; });
}

constexpr double kTwoPi = 6.283185307179586;

/// Box–Muller on 16 uniform numbers: the first eight give radii, the others angles.
void normal_block(float *x, float mean, float deviation) {
  for (int j = 0; j < 8; j += Vec<float>::lanes < 8 ? Vec<float>::lanes : 8) {
    constexpr int lanes = Vec<float>::lanes < 8 ? Vec<float>::lanes : 8;
    vf u = all<vf>(0.5), cosine = {}, sine = {};
    double angle[Vec<float>::lanes] = {};
    for (int k = 0; k < lanes; k++) u[k] = 1 - x[j + k], angle[k] = (double)((float)kTwoPi * x[j + 8 + k]);
    for (int k = 0; k < lanes; k += Vec<double>::lanes) {
      vd c = cos<true>(load(angle + k)), s = sin<true>(load(angle + k));
      for (int l = 0; l < Vec<double>::lanes; l++) cosine[k + l] = (float)c[l], sine[k + l] = (float)s[l];
    }
    vf radius = squareRoot(-2 * log(u));
    for (int k = 0; k < lanes; k++) {
      x[j + k] = radius[k] * cosine[k] * deviation + mean;
      x[j + 8 + k] = radius[k] * sine[k] * deviation + mean;
    }
  }
}
void normal_block(double *x, double mean, double deviation) {
  for (int j = 0; j < 8; j += Vec<double>::lanes) {
    vd radius = squareRoot(-2 * log(1 - load(x + j))), angle = kTwoPi * load(x + j + 8);
    store(x + j, radius * cos<false>(angle) * deviation + mean);
    store(x + j + 8, radius * sin<false>(angle) * deviation + mean);
  }
}

/// Fewer than 16: one by one in float64; the second number of a pair waits in the state for the next call.
double next_normal(Generator generator) {
  double normal;
  int32_t &cached = (int32_t &)generator.state[kCached];
  if (cached) {
    memcpy(&normal, generator.state + kNormal, sizeof(double));
    cached = 0;
    return normal;
  }
  uint32_t u[4];
  generator.fill(u, 4);
  vd radius = squareRoot(-2 * log1p(splat(-to_u53(u + 2)))), angle = splat(kTwoPi * to_u53(u));
  normal = (radius * sin<false>(angle))[0];
  memcpy(generator.state + kNormal, &normal, sizeof(double));
  cached = 1;
  return (radius * cos<false>(angle))[0];
}
template <class T> void normal(Generator generator, index_t count, T *out, double mean, double deviation) {
  if (count < 16) {
    for (index_t i = 0; i < count; i++) out[i] = (T)(next_normal(generator) * deviation + mean);
    return;
  }
  uniform(generator, count, out, 0, 1);
  index_t blocks = count / 16;
  parallel_ranges(blocks, 1024, [=](index_t begin, index_t end) {
    for (index_t b = begin; b < end; b++) normal_block(out + b * 16, (T)mean, (T)deviation);
  });
  if (count % 16) {
    uniform(generator, 16, out + count - 16, 0, 1);
    normal_block(out + count - 16, (T)mean, (T)deviation);
  }
}

template <class T> void integers(Generator generator, index_t count, T *out, double low, double high) {
  uint64_t range = (uint64_t)(high - low);
  int64_t base = (int64_t)low;
  if (range < (uint64_t)1 << 28) {
    uint32_t small = (uint32_t)range;
    generate<1>(generator, count, out, [=](const uint32_t *u) { return (T)((int64_t)(*u % small) + base); });
  } else {
    generate<2>(generator, count, out, [=](const uint32_t *u) { return (T)((int64_t)(((uint64_t)u[0] << 32 | u[1]) % range) + base); });
  }
}

template <class T> void fill_with(int op, Generator generator, index_t count, T *out, double p0, double p1) {
  if (op == RANDOM_BERNOULLI) generate<2>(generator, count, out, [=](const uint32_t *u) { return (T)(to_u53(u) < p0); });
  else integers(generator, count, out, p0, p1);
}

void permutation(Generator generator, index_t count, int32_t *out) {
  for (index_t i = 0; i < count; i++) out[i] = (int32_t)i;
  for (index_t i = 0; i + 1 < count; i++) {
    index_t other = i + (index_t)(generator.next() % (uint32_t)(count - i));
    int32_t kept = out[i];
    out[i] = out[other], out[other] = kept;
  }
}

} // namespace

void KERNEL(randomSeed)(void *state, double seed) {
  uint32_t *words = (uint32_t *)state;
  memset(words, 0, 632 * sizeof(uint32_t));
  words[0] = (uint32_t)(seed < 0x1p63 ? (uint64_t)(int64_t)seed : (uint64_t)seed);
  for (int i = 1; i < kWords; i++) words[i] = 1812433253u * (words[i - 1] ^ (words[i - 1] >> 30)) + (uint32_t)i;
  words[kPosition] = kWords;
}

void KERNEL(random)(int32_t op, int32_t dtype, index_t count, void *state, void *out, double p0, double p1) {
  Generator generator = {(uint32_t *)state};
  if (op == RANDOM_PERMUTATION) return permutation(generator, count, (int32_t *)out);
  if (op == RANDOM_UNIFORM || op == RANDOM_NORMAL) {
    if (op == RANDOM_UNIFORM && dtype == DTYPE_FLOAT32) uniform(generator, count, (float *)out, p0, p1);
    else if (op == RANDOM_UNIFORM) uniform(generator, count, (double *)out, p0, p1);
    else if (dtype == DTYPE_FLOAT32) normal(generator, count, (float *)out, p0, p1);
    else normal(generator, count, (double *)out, p0, p1);
    return;
  }
  switch (dtype) {
    case DTYPE_BOOL: return fill_with(op, generator, count, (bool *)out, p0, p1);
    case DTYPE_UINT8: return fill_with(op, generator, count, (uint8_t *)out, p0, p1);
    case DTYPE_INT8: return fill_with(op, generator, count, (int8_t *)out, p0, p1);
    case DTYPE_INT16: return fill_with(op, generator, count, (int16_t *)out, p0, p1);
    case DTYPE_INT32: return fill_with(op, generator, count, (int32_t *)out, p0, p1);
    case DTYPE_FLOAT32: return fill_with(op, generator, count, (float *)out, p0, p1);
    default: return fill_with(op, generator, count, (double *)out, p0, p1);
  }
}

double KERNEL(randomNext)(void *state) { return (double)Generator{(uint32_t *)state}.next(); }
