// The fork-join pool. Chunks are claimed through one 64-bit ticket, so the caller never waits for a
// thread that has not started: it claims whatever nobody else does, and a thread that comes late finds
// nothing left. Nothing here depends on how many threads there really are.
#include "parallel.h"
#include "platform.h"

namespace {
/// What may be claimed, in one atomic word: the number of the job (32 bits), how many workers have
/// joined it (8), how many chunks nobody has claimed yet (24).
struct Ticket {
  uint32_t job;
  uint32_t joined;
  uint32_t left;
};
constexpr index_t kMaxChunks = (1 << 24) - 1;
inline uint64_t pack(Ticket t) { return (uint64_t)t.job << 32 | (uint64_t)t.joined << 24 | t.left; }
inline Ticket unpack(uint64_t word) {
  return {(uint32_t)(word >> 32), (uint32_t)(word >> 24) & 0xff, (uint32_t)word & 0xffffff};
}

typedef void (*Task)(void *context, index_t chunk, int worker);

struct Pool {
  alignas(64) uint64_t ticket;
  // The job. Written only while no chunk is left: whoever claims a chunk by compare-and-swap has read
  // the fields of the very job it claimed from, for they stay as they are until all its chunks are done.
  Task task;
  void *context;
  uint32_t chunks;
  uint32_t limit;
  alignas(64) uint32_t pending;     // chunks not finished
  uint32_t caller_sleeps;
  alignas(64) uint32_t job;         // number of the latest job: what idle workers sleep on
  uint32_t sleepers;
  alignas(64) uint32_t held;        // by the thread whose job runs
  uint32_t started;                 // workers started so far
};
Pool pool;

/// Of the running thread: its number in the job it takes part in, and how many may take part.
thread_local int this_worker = 0;
thread_local int this_limit = 1;

template <class T> inline T read(const T &x) { return __atomic_load_n(&x, __ATOMIC_RELAXED); }
template <class T> inline T acquire(const T &x) { return __atomic_load_n(&x, __ATOMIC_ACQUIRE); }
template <class T> inline T ordered(const T &x) { return __atomic_load_n(&x, __ATOMIC_SEQ_CST); }
template <class T> inline void write(T &x, T value) { __atomic_store_n(&x, value, __ATOMIC_RELAXED); }
template <class T> inline void publish(T &x, T value) { __atomic_store_n(&x, value, __ATOMIC_SEQ_CST); }

/// Claims and runs chunks of the current job until none is left. A worker joins with its first claim.
void work(bool joined) {
  uint64_t word = acquire(pool.ticket);
  uint32_t mine = 0; // the job that was joined
  if (joined) mine = unpack(word).job;
  for (;;) {
    Ticket ticket = unpack(word);
    if (ticket.left == 0) return;
    if (joined && ticket.job != mine) joined = false;
    Task task = read(pool.task);
    void *context = read(pool.context);
    uint32_t chunks = read(pool.chunks), limit = read(pool.limit);
    Ticket next = {ticket.job, ticket.joined, ticket.left - 1};
    if (!joined) {
      if (ticket.joined + 1 >= limit) return;
      next.joined++;
    }
    if (!__atomic_compare_exchange_n(&pool.ticket, &word, pack(next), false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) continue;
    if (!joined) {
      joined = true;
      mine = ticket.job;
      this_worker = (int)next.joined;
      this_limit = (int)limit;
    }
    task(context, (index_t)(chunks - ticket.left), this_worker);
    if (__atomic_sub_fetch(&pool.pending, 1, __ATOMIC_SEQ_CST) == 0 && ordered(pool.caller_sleeps)) platform_wake(&pool.pending, 1);
    word = acquire(pool.ticket);
  }
}

void start_workers(uint32_t count) {
  while (pool.started < count && platform_start_worker((int)pool.started + 1)) pool.started++;
}

void run_shared(index_t chunks, Task task, void *context) {
  uint32_t limit = (uint32_t)this_limit, helpers = limit - 1;
  if (pool.started < helpers) start_workers(helpers);
  write(pool.task, task);
  write(pool.context, context);
  write(pool.chunks, (uint32_t)chunks);
  write(pool.limit, limit);
  write(pool.pending, (uint32_t)chunks);
  uint32_t job = read(pool.job) + 1;
  publish(pool.ticket, pack({job, 0, (uint32_t)chunks}));
  publish(pool.job, job);
  uint32_t useful = chunks - 1 < (index_t)helpers ? (uint32_t)chunks - 1 : helpers;
  if (ordered(pool.sleepers)) platform_wake(&pool.job, useful);
  work(true);
  for (SpinTimer timer; acquire(pool.pending) != 0;) {
    if (timer.running()) continue;
    publish(pool.caller_sleeps, 1u);
    for (uint32_t pending; (pending = ordered(pool.pending)) != 0;) platform_wait(&pool.pending, pending);
    publish(pool.caller_sleeps, 0u);
  }
}
} // namespace

extern "C" {
int parallel_threads(void) { return this_limit; }

void parallel_set_threads(int threads) { this_limit = threads < 1 ? 1 : threads > kMaxThreads ? kMaxThreads : threads; }

void parallel_run(index_t chunks, void (*task)(void *context, index_t chunk, int worker), void *context) {
  uint32_t free = 0;
  if (this_limit == 1 || chunks < 2 || chunks > kMaxChunks ||
      !__atomic_compare_exchange_n(&pool.held, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
    for (index_t chunk = 0; chunk < chunks; chunk++) task(context, chunk, this_worker);
    return;
  }
  run_shared(chunks, task, context);
  __atomic_store_n(&pool.held, 0, __ATOMIC_RELEASE);
}

void parallel_worker(void) {
  for (;;) {
    uint32_t seen = ordered(pool.job);
    work(false);
    bool idle = true;
    for (SpinTimer timer; idle && timer.running();) idle = read(pool.job) == seen;
    if (!idle) continue;
    __atomic_fetch_add(&pool.sleepers, 1, __ATOMIC_SEQ_CST);
    if (ordered(pool.job) == seen) platform_wait(&pool.job, seen);
    __atomic_fetch_sub(&pool.sleepers, 1, __ATOMIC_SEQ_CST);
  }
}
}
