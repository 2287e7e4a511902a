// Fork-join over a pool of threads that all backends share. Which thread runs which chunk is not
// fixed, so results may depend on the chunk only: partial sums belong to chunks, never to threads,
// and are added in the order of the chunks. That is what makes the bits the same at any thread count.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef ptrdiff_t index_t;
constexpr int kMaxThreads = 64;

extern "C" {
/// Runs task(context, chunk, worker) for every chunk of [0, chunks) and returns when all are done.
/// `worker` < kMaxThreads names the thread: for scratch space only. A call from inside a task, or while
/// another thread holds the pool, runs alone.
void parallel_run(index_t chunks, void (*task)(void *context, index_t chunk, int worker), void *context);
/// Threads that may take part (including the caller); scratch per worker is sized by it.
int parallel_threads(void);
}

/// body(chunk, worker) for each chunk.
template <class F> static inline void parallel_for(index_t chunks, const F &body) {
  if (chunks <= 0) return;
  if (chunks == 1) return body((index_t)0, 0);
  parallel_run(chunks, [](void *f, index_t chunk, int worker) { (*(const F *)f)(chunk, worker); }, (void *)&body);
}

/// Splits [0, n) into pieces of `grain` elements (fixed by n and grain alone): body(begin, end).
template <class F> static inline void parallel_ranges(index_t n, index_t grain, const F &body) {
  parallel_for((n + grain - 1) / grain, [&](index_t chunk, int) {
    index_t begin = chunk * grain, end = begin + grain < n ? begin + grain : n;
    body(begin, end);
  });
}
