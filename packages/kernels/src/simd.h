// The one file that knows instruction sets. Everything else is written over vectors of
// KINDLING_VECTOR_BYTES bytes, with the vector extensions that GCC and Clang share.
#pragma once
#include <stddef.h>
#include <stdint.h>

#if defined(__AVX512F__)
#define KINDLING_VECTOR_BYTES 64
#elif defined(__AVX2__) && defined(__FMA__)
#define KINDLING_VECTOR_BYTES 32
#else
#define KINDLING_VECTOR_BYTES 16
#endif

#define INLINE static inline __attribute__((always_inline))
#define NOINLINE static __attribute__((noinline))
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif

#ifdef __wasm__
#include <wasm_simd128.h>
#endif

typedef float vf __attribute__((vector_size(KINDLING_VECTOR_BYTES)));
typedef double vd __attribute__((vector_size(KINDLING_VECTOR_BYTES)));
typedef int32_t vi __attribute__((vector_size(KINDLING_VECTOR_BYTES)));
typedef int64_t vl __attribute__((vector_size(KINDLING_VECTOR_BYTES)));

/// Vec<T>: the vector of T, its lane count and the unaligned, aliasing form that loads and stores use.
template <class T> struct Vec {
  typedef T type __attribute__((vector_size(KINDLING_VECTOR_BYTES)));
  typedef T unaligned __attribute__((vector_size(KINDLING_VECTOR_BYTES), aligned(sizeof(T)), may_alias));
  static constexpr int lanes = KINDLING_VECTOR_BYTES / (int)sizeof(T);
};

template <class T> INLINE typename Vec<T>::type load(const T *p) {
  return (typename Vec<T>::type) * (const typename Vec<T>::unaligned *)p;
}
template <class T> INLINE void store(T *p, typename Vec<T>::type v) { *(typename Vec<T>::unaligned *)p = v; }
template <class T> INLINE typename Vec<T>::type splat(T x) { return x - (typename Vec<T>::type){0}; }

/// a * b + c: fused where the target has it (the compiler contracts, see -ffp-contract=fast).
INLINE vf fma(vf a, vf b, vf c) {
#if defined(__wasm_relaxed_simd__)
  return (vf)__builtin_wasm_relaxed_madd_f32x4(a, b, c);
#else
  return a * b + c;
#endif
}
INLINE vd fma(vd a, vd b, vd c) {
#if defined(__wasm_relaxed_simd__)
  return (vd)__builtin_wasm_relaxed_madd_f64x2(a, b, c);
#else
  return a * b + c;
#endif
}

/// Vector registers of the target: what bounds the register blocks of the matrix kernels.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int kVectorRegisters = 32;
#else
constexpr int kVectorRegisters = 16;
#endif

// ---- shuffles of float vectors, for transposes and 2-to-1 pooling. A quad is four floats: every target
// shuffles cheaply within quads. evenLanes, oddLanes split a pair of vectors, interleaveLow, interleaveHigh join one.
typedef float quad __attribute__((vector_size(16)));
typedef float quadUnaligned __attribute__((vector_size(16), aligned(4), may_alias));
INLINE quad loadQuad(const float *p) { return *(const quadUnaligned *)p; }
INLINE void storeQuad(float *p, quad v) { *(quadUnaligned *)p = v; }
INLINE quad evenLanes(quad a, quad b) { return __builtin_shufflevector(a, b, 0, 2, 4, 6); }
INLINE quad oddLanes(quad a, quad b) { return __builtin_shufflevector(a, b, 1, 3, 5, 7); }
INLINE quad interleaveLow(quad a, quad b) { return __builtin_shufflevector(a, b, 0, 4, 1, 5); }
INLINE quad interleaveHigh(quad a, quad b) { return __builtin_shufflevector(a, b, 2, 6, 3, 7); }
/// Transposes the 4x4 matrix in each quad of the four vectors.
INLINE void transposeQuads(quad r[4]) {
  quad a = interleaveLow(r[0], r[1]), b = interleaveHigh(r[0], r[1]);
  quad c = interleaveLow(r[2], r[3]), d = interleaveHigh(r[2], r[3]);
  r[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5), r[1] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
  r[2] = __builtin_shufflevector(b, d, 0, 1, 4, 5), r[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}
/// The quads at p, p + step, p + 2 step … side by side.
#if KINDLING_VECTOR_BYTES == 16
INLINE vf gatherQuads(const float *p, ptrdiff_t) { return loadQuad(p); }
#elif KINDLING_VECTOR_BYTES == 32
INLINE vf gatherQuads(const float *p, ptrdiff_t step) {
  return __builtin_shufflevector(loadQuad(p), loadQuad(p + step), 0, 1, 2, 3, 4, 5, 6, 7);
}
INLINE vf evenLanes(vf a, vf b) { return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14); }
INLINE vf oddLanes(vf a, vf b) { return __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15); }
INLINE vf interleaveLow(vf a, vf b) { return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11); }
INLINE vf interleaveHigh(vf a, vf b) { return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15); }
INLINE void transposeQuads(vf r[4]) {
  vf a = __builtin_shufflevector(r[0], r[1], 0, 8, 1, 9, 4, 12, 5, 13);
  vf b = __builtin_shufflevector(r[0], r[1], 2, 10, 3, 11, 6, 14, 7, 15);
  vf c = __builtin_shufflevector(r[2], r[3], 0, 8, 1, 9, 4, 12, 5, 13);
  vf d = __builtin_shufflevector(r[2], r[3], 2, 10, 3, 11, 6, 14, 7, 15);
  r[0] = __builtin_shufflevector(a, c, 0, 1, 8, 9, 4, 5, 12, 13);
  r[1] = __builtin_shufflevector(a, c, 2, 3, 10, 11, 6, 7, 14, 15);
  r[2] = __builtin_shufflevector(b, d, 0, 1, 8, 9, 4, 5, 12, 13);
  r[3] = __builtin_shufflevector(b, d, 2, 3, 10, 11, 6, 7, 14, 15);
}
#else
INLINE vf gatherQuads(const float *p, ptrdiff_t step) {
  typedef float pair __attribute__((vector_size(32)));
  pair a = __builtin_shufflevector(loadQuad(p), loadQuad(p + step), 0, 1, 2, 3, 4, 5, 6, 7);
  pair b = __builtin_shufflevector(loadQuad(p + 2 * step), loadQuad(p + 3 * step), 0, 1, 2, 3, 4, 5, 6, 7);
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
INLINE vf evenLanes(vf a, vf b) {
  return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}
INLINE vf oddLanes(vf a, vf b) {
  return __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
}
INLINE vf interleaveLow(vf a, vf b) {
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
INLINE vf interleaveHigh(vf a, vf b) {
  return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
INLINE void transposeQuads(vf r[4]) {
  vf a = __builtin_shufflevector(r[0], r[1], 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
  vf b = __builtin_shufflevector(r[0], r[1], 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
  vf c = __builtin_shufflevector(r[2], r[3], 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
  vf d = __builtin_shufflevector(r[2], r[3], 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
  r[0] = __builtin_shufflevector(a, c, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
  r[1] = __builtin_shufflevector(a, c, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
  r[2] = __builtin_shufflevector(b, d, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
  r[3] = __builtin_shufflevector(b, d, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
}
#endif
