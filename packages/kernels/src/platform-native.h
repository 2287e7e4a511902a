// Threads of the system: futexes on Linux, elsewhere one mutex and condition for all sleepers.
#pragma once
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/futex.h>
#include <sys/syscall.h>
#endif

extern "C" void parallel_worker(void);

#ifdef __linux__
static inline void platform_wait(uint32_t *word, uint32_t value) { syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, 0, 0, 0); }
static inline void platform_wake(uint32_t *word, uint32_t count) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, 0, 0, 0); }
#else
static pthread_mutex_t platform_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t platform_changed = PTHREAD_COND_INITIALIZER;
static inline void platform_wait(uint32_t *word, uint32_t value) {
  pthread_mutex_lock(&platform_mutex);
  while (__atomic_load_n(word, __ATOMIC_SEQ_CST) == value) pthread_cond_wait(&platform_changed, &platform_mutex);
  pthread_mutex_unlock(&platform_mutex);
}
static inline void platform_wake(uint32_t *, uint32_t) {
  pthread_mutex_lock(&platform_mutex); // a sleeper has either not looked at the word yet or is waiting
  pthread_cond_broadcast(&platform_changed);
  pthread_mutex_unlock(&platform_mutex);
}
#endif

static inline int platform_start_worker(int) {
  pthread_t thread;
  int failed = pthread_create(&thread, nullptr, [](void *) -> void * { return parallel_worker(), nullptr; }, nullptr);
  if (!failed) pthread_detach(thread);
  return !failed;
}

static inline void platform_pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// True for about half a millisecond. To wake a thread takes longer than many an operation, above all on a virtual machine
/// that gave the processor back; but after 50 microseconds others may have the processor.
struct SpinTimer {
  int turns = 0;
  int64_t start = 0;
  bool late = false;
  bool running() {
    if (late) sched_yield();
    else platform_pause();
    if (++turns & 15) return true;
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t nanoseconds = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
    if (start == 0) start = nanoseconds;
    late = nanoseconds - start > 50000;
    return nanoseconds - start < 500000;
  }
};
