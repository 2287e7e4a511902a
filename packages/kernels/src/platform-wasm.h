// Atomics of WebAssembly; the host starts workers, each with its own instance of the module (see ts/wasm-threads.ts).
#pragma once
#include <stdint.h>

extern "C" __attribute__((import_module("env"), import_name("startWorker"))) int platform_start_worker(int worker);

static inline void platform_wait(uint32_t *word, uint32_t value) {
  __builtin_wasm_memory_atomic_wait32((int *)word, (int)value, -1);
}
static inline void platform_wake(uint32_t *word, uint32_t count) { __builtin_wasm_memory_atomic_notify((int *)word, count); }

/// True for some tens of microseconds: there is no clock here, a turn takes a few nanoseconds.
struct SpinTimer {
  int turns = 0;
  bool running() { return ++turns < 10000; }
};
