// What fused multiply-adds alone would need for the product of two matrices of 1024 rows and columns, in milliseconds:
// chains of them on registers, with nothing to load or store. Argument: the number of threads. It prints one line of
// JSON about itself, then one with a sample for every line that it reads.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#if defined(__AVX512F__)
constexpr int vectorBytes = 64;
#elif defined(__AVX__)
constexpr int vectorBytes = 32;
#else
constexpr int vectorBytes = 16;
#endif
typedef float Vector __attribute__((vector_size(vectorBytes)));

// Enough chains to hide the latency of two units, and few enough for the registers of every instruction set.
constexpr int chains = 12;
constexpr long rounds = 4'000'000;
constexpr double multiplyAdds = double(chains) * rounds * (vectorBytes / sizeof(float));  // of one thread

static float multiplyAdd(float factor) {
  Vector sums[chains];
  for (int chain = 0; chain < chains; chain++) sums[chain] = Vector{} + factor * chain;
  const Vector a = Vector{} + factor;
  const Vector b = Vector{} + 1.0f;
  for (long round = 0; round < rounds; round++) {
#pragma GCC unroll 12
    for (int chain = 0; chain < chains; chain++) sums[chain] = sums[chain] * a + b;
  }
  float total = 0;
  for (const Vector& sum : sums) total += sum[0];
  return total;
}

int main(int, char** arguments) {
  const int threads = atoi(arguments[1]);
  const float factor = 0.5f / threads;  // not known to the compiler, which would see that chains are alike
  printf("{\"vectorBytes\":%d}\n", vectorBytes);
  fflush(stdout);
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    const auto start = std::chrono::steady_clock::now();
    std::vector<float> results(threads);
    std::vector<std::thread> pool;
    for (float& result : results) pool.emplace_back([&result, factor] { result = multiplyAdd(factor); });
    for (std::thread& thread : pool) thread.join();
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
    if (results[0] == 0) return 1;  // the results are used, or the compiler would drop them
    printf("[{\"matmul\":%g}]\n", time.count() * 1024 * 1024 * 1024 / (multiplyAdds * threads));
    fflush(stdout);
  }
}
