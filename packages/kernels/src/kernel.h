// What every kernel file includes first. A file is compiled once per instruction set; all it defines
// lives in an anonymous namespace but for the functions declared by KERNEL(...), whose names carry the
// instruction set: inline functions with external linkage would be merged across instruction sets by
// the linker and crash on older processors.
#pragma once
#include "simd.h"
#include "parallel.h"
#define KINDLING_JOIN_(a, b) a##_##b
#define KINDLING_JOIN(a, b) KINDLING_JOIN_(a, b)
/// The name of a kernel in this build, e.g. KERNEL(unary) is unary_avx2. KINDLING_ISA comes from the command line.
#define KERNEL(name) KINDLING_JOIN(name, KINDLING_ISA)
// Prototypes of all kernels (extern "C" double KERNEL(name)(int32_t, index_t, void*, double …)), the op
// enums (UNARY_NEG, BINARY_ADD, DTYPE_FLOAT32 …), all written from ts/table.ts by the build.
#include "table.h"

#define memset __builtin_memset
#define memcpy __builtin_memcpy
