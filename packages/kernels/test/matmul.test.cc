// matmul against a plain triple loop: all transposes, leading dimensions, batches, bias, accumulate and element
// types, over shapes that reach each of the ways to multiply; and the same bits with one thread and with two.
#include "check.h"
#include "kernel.h"

extern "C" void parallel_set_threads(int count);

static int dtype_of(float) { return DTYPE_FLOAT32; }
static int dtype_of(double) { return DTYPE_FLOAT64; }
static int dtype_of(uint8_t) { return DTYPE_UINT8; }
static int dtype_of(int8_t) { return DTYPE_INT8; }
static int dtype_of(int16_t) { return DTYPE_INT16; }
static int dtype_of(int32_t) { return DTYPE_INT32; }

template <class T> static T *random_array(index_t n) {
  T *p = (T *)malloc((size_t)(n + 1) * sizeof(T));
  for (index_t i = 0; i < n; i++) p[i] = (T)(check_random() * ((T)0.5 != 0 ? 1 : 7));
  return p;
}

struct Case {
  index_t m, n, k, batch;
  bool transA, transB, bias, accumulate;
  index_t gap; // added to every leading dimension
  bool shareB; // batch stride 0 of b
};

template <class T> static void run(const Case &c) {
  index_t lda = (c.transA ? c.m : c.k) + c.gap, ldb = (c.transB ? c.k : c.n) + c.gap, ldc = c.n + c.gap;
  index_t sizeA = (c.transA ? c.k : c.m) * lda, sizeB = (c.transB ? c.n : c.k) * ldb, sizeC = c.m * ldc;
  index_t strideB = c.shareB ? 0 : sizeB;
  T *a = random_array<T>(c.batch * sizeA), *b = random_array<T>(c.batch * sizeB), *bias = random_array<T>(c.n);
  T *before = random_array<T>(c.batch * sizeC), *out[2];
  for (int threads = 1; threads <= 2; threads++) {
    parallel_set_threads(threads);
    out[threads - 1] = (T *)malloc((size_t)(c.batch * sizeC + 1) * sizeof(T));
    memcpy(out[threads - 1], before, (size_t)(c.batch * sizeC) * sizeof(T));
    double bytes = KERNEL(matmulScratch)(dtype_of((T)0), c.transA, c.transB, c.m, c.n, c.k, c.batch);
    void *scratch = malloc((size_t)bytes + 1);
    KERNEL(matmul)(dtype_of((T)0), c.transA, c.transB, c.m, c.n, c.k, a, lda, b, ldb, out[threads - 1], ldc, c.batch,
                   sizeA, strideB, sizeC, c.bias ? bias : nullptr, c.accumulate, scratch);
    free(scratch);
  }
  CHECK(!memcmp(out[0], out[1], (size_t)(c.batch * sizeC) * sizeof(T)), "bits differ between 1 and 2 threads: %td %td %td", c.m, c.n, c.k);
  double error = sizeof(T) == 8 ? 1e-14 : (T)0.5 != 0 ? 2e-6 : 0;
  for (index_t item = 0; item < c.batch; item++)
    for (index_t i = 0; i < c.m; i++)
      for (index_t j = 0; j < ldc; j++) {
        index_t at = item * sizeC + i * ldc + j;
        double sum = before[at], scale = 1;
        if (j < c.n) {
          sum = c.accumulate ? before[at] : c.bias ? bias[j] : 0;
          for (index_t k = 0; k < c.k; k++) {
            double x = a[item * sizeA + (c.transA ? k * lda + i : i * lda + k)];
            double y = b[item * strideB + (c.transB ? j * ldb + k : k * ldb + j)];
            sum += x * y, scale += fabs(x * y);
          }
        }
        if (error == 0) sum = (double)(T)(int64_t)sum;
        CHECK_CLOSE(out[0][at], sum, 0, error * scale, "m %td n %td k %td batch %td trans %d%d bias %d accumulate %d gap %td at %td %td",
                    c.m, c.n, c.k, c.batch, c.transA, c.transB, c.bias, c.accumulate, c.gap, i, j);
      }
  free(a), free(b), free(bias), free(before), free(out[0]), free(out[1]);
}

int main() {
  index_t shapes[][4] = {{0, 3, 4, 1}, {3, 0, 4, 1},  {3, 4, 0, 1},    {2, 3, 4, 0},     {1, 1, 1, 1},    {1, 7, 33, 1},   {5, 1, 33, 1},
                         {1, 600, 9, 1}, {700, 1, 37, 1}, {2, 130, 70, 1}, {130, 3, 70, 3}, {3, 5, 2, 1},   {17, 19, 23, 1}, {64, 10, 64, 1},
                         {64, 64, 130, 1}, {40, 33, 400, 2}, {129, 65, 41, 1}, {200, 150, 500, 1}, {6, 16, 8, 9}, {75, 1040, 11, 1}, {150, 1100, 9, 1}};
  for (auto &s : shapes)
    for (int flags = 0; flags < 16; flags++) {
      Case c = {s[0], s[1], s[2], s[3], (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, flags >= 12, flags & 8 ? 3 : 0, flags == 6};
      if (c.accumulate) c.bias = false;
      run<float>(c);
      run<double>(c);
      if (s[0] * s[1] * s[2] > 30000) continue;
      run<int32_t>(c);
      run<int16_t>(c);
      run<int8_t>(c);
      run<uint8_t>(c);
    }
  return check_result();
}
