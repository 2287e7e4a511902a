// The pool: every chunk exactly once, from several callers, nested, with few and many threads.
#include "../src/parallel.h"
#include <pthread.h>
#include "check.h"

extern "C" void parallel_set_threads(int threads);

static void each_chunk_once(index_t chunks) {
  int *count = (int *)calloc((size_t)chunks + 1, sizeof(int));
  parallel_for(chunks, [&](index_t chunk, int worker) {
    __atomic_fetch_add(&count[chunk], 1, __ATOMIC_RELAXED);
    CHECK(worker >= 0 && worker < parallel_threads(), "worker %d of %d", worker, parallel_threads());
  });
  for (index_t i = 0; i < chunks; i++) CHECK(count[i] == 1, "chunk %ld of %ld ran %d times", (long)i, (long)chunks, count[i]);
  CHECK(count[chunks] == 0, "one too many");
  free(count);
}

/// Two tasks must never run under one worker number at the same time: scratch belongs to it.
static void workers_are_apart() {
  static int busy[kMaxThreads];
  parallel_for(200, [&](index_t, int worker) {
    CHECK(__atomic_exchange_n(&busy[worker], 1, __ATOMIC_ACQUIRE) == 0, "worker %d twice", worker);
    for (volatile int i = 0; i < 200; i = i + 1) {}
    __atomic_store_n(&busy[worker], 0, __ATOMIC_RELEASE);
  });
}

static void nested_runs_alone() {
  long sums[50] = {};
  parallel_for(50, [&](index_t outer, int worker) {
    parallel_for(20, [&](index_t inner, int own) {
      sums[outer] += (long)inner;
      CHECK(own == worker, "nested as worker %d in %d", own, worker);
    });
  });
  for (long sum : sums) CHECK(sum == 190, "got %ld", sum);
}

static void *second_caller(void *) {
  parallel_set_threads(3);
  for (int i = 0; i < 300; i++) each_chunk_once(i % 17);
  return nullptr;
}

int main() {
  CHECK(parallel_threads() == 1, "got %d", parallel_threads());
  const int counts[] = {1, 2, 3, 8, 2, 64, 1, 4};
  for (int threads : counts) {
    parallel_set_threads(threads);
    CHECK(parallel_threads() == threads, "got %d", parallel_threads());
    for (int i = 0; i < 60; i++) each_chunk_once(i);
    each_chunk_once(20000);
    nested_runs_alone();
    for (int i = 0; i < 20; i++) {
      workers_are_apart();
      if (i % 10 == 0) for (volatile int j = 0; j < 300000; j = j + 1) {} // workers fall asleep
    }
  }
  pthread_t others[3];
  for (pthread_t &other : others) pthread_create(&other, nullptr, second_caller, nullptr);
  for (int i = 0; i < 1000; i++) each_chunk_once(i % 13);
  for (pthread_t &other : others) pthread_join(other, nullptr);
  parallel_set_threads(0);
  CHECK(parallel_threads() == 1, "at least the caller");
  parallel_set_threads(1000);
  CHECK(parallel_threads() == kMaxThreads, "at most %d", kMaxThreads);
  return check_result();
}
