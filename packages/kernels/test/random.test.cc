// The random streams against numbers that PyTorch 1.13 drew with the same seeds.
#include "check.h"
#include "kernel.h"

static int32_t state[632];

static void check_floats(const char *what, const float *got, const float *expected, int n, int ulps) {
  for (int i = 0; i < n; i++) {
    float error = fabsf(got[i] - expected[i]);
    CHECK(error <= (float)ulps * 1.2e-7f * fabsf(expected[i]), "%s, element %d: %a, expected %a", what, i, (double)got[i], (double)expected[i]);
  }
}

static void check_uniform() {
  static float out[5000];
  KERNEL(randomSeed)(state, 0);
  KERNEL(random)(RANDOM_UNIFORM, DTYPE_FLOAT32, 5000, state, out, 0, 1);
  const float first[] = {0x1.fc2abp-2f, 0x1.89545ep-1f, 0x1.6a675p-4f, 0x1.0e66p-3f};
  const float last[] = {0x1.2685bcp-2f, 0x1.08807ap-1f, 0x1.cf927p-4f};
  check_floats("rand", out, first, 4, 0);
  check_floats("rand, past several refills", out + 4997, last, 3, 0);
  KERNEL(randomSeed)(state, 0);
  KERNEL(random)(RANDOM_UNIFORM, DTYPE_FLOAT32, 4, state, out, -0.3, 1.7);
  const float range[] = {0x1.629116p-1f, 0x1.3c879p+0f, -0x1.f7fe3p-4f, -0x1.2669ap-5f};
  check_floats("uniform(-0.3, 1.7)", out, range, 4, 0);
  double wide[3];
  KERNEL(randomSeed)(state, 0);
  KERNEL(random)(RANDOM_UNIFORM, DTYPE_FLOAT64, 3, state, wide, 0, 1);
  CHECK(wide[0] == 0x1.f0aac97c4aa2fp-1 && wide[1] == 0x1.6a675d821cccp-1 && wide[2] == 0x1.d6687b744a5f6p-2, "rand in float64");
}

static void check_seeds() {
  float out;
  KERNEL(randomSeed)(state, -1);
  KERNEL(random)(RANDOM_UNIFORM, DTYPE_FLOAT32, 1, state, &out, 0, 1);
  CHECK(out == 0x1.fcd346p-1f, "seed -1");
  KERNEL(randomSeed)(state, 0x1p40 + 5);
  KERNEL(random)(RANDOM_UNIFORM, DTYPE_FLOAT32, 1, state, &out, 0, 1);
  CHECK(out == 0x1.a916c6p-1f, "only the low 32 bits of a seed count");
  KERNEL(randomSeed)(state, 5489); // the reference implementation's own seed
  CHECK(KERNEL(randomNext)(state) == 3499211612.0 && KERNEL(randomNext)(state) == 581869302.0, "raw stream");
}

static void check_normal() {
  float out[19];
  KERNEL(randomSeed)(state, 0);
  KERNEL(random)(RANDOM_NORMAL, DTYPE_FLOAT32, 5, state, out, 0, 1);
  const float few[] = {0x1.8a7eb8p+0f, -0x1.2c78ap-2f, -0x1.16e292p+1f, 0x1.23096cp-1f, -0x1.15a342p+0f};
  check_floats("randn(5)", out, few, 5, 0);
  KERNEL(random)(RANDOM_NORMAL, DTYPE_FLOAT32, 3, state, out, 0, 1);
  const float kept[] = {-0x1.660a5ap+0f, 0x1.9d06f4p-2f, 0x1.ad11cap-1f};
  check_floats("randn(3) after it, from the number kept", out, kept, 3, 0);
  KERNEL(randomSeed)(state, 0);
  KERNEL(random)(RANDOM_NORMAL, DTYPE_FLOAT32, 19, state, out, 0, 1);
  const float blocks[] = {-0x1.20370ap+0f, -0x1.270114p+0f, -0x1.0097acp-2f, 0x1.9646bap-1f, 0x1.329b16p-1f, -0x1.8e1ab6p+0f, -0x1.5d8d94p-2f,
                          0x1.da5e9cp+0f,  0x1.df54aap-2f,  -0x1.42febep-3f, 0x1.7193b6p+0f, 0x1.77c348p-3f, 0x1.63ad8p+0f,   0x1.961ap+0f,
                          0x1.e48138p-1f,  -0x1.aff666p-1f, 0x1.dd186p-1f,   0x1.424e6ep+0f, 0x1.00a334p+1f};
  check_floats("randn(19)", out, blocks, 19, 4);
  double wide[17];
  KERNEL(randomSeed)(state, 0);
  KERNEL(random)(RANDOM_NORMAL, DTYPE_FLOAT64, 17, state, wide, 0, 1);
  CHECK_CLOSE(wide[0], -0x1.27bb92e9262dcp+1, 1e-15, 0, "randn(17) in float64");
  CHECK_CLOSE(wide[8], 0x1.e8e503666016dp-3, 2e-15, 0, "randn(17) in float64");
  CHECK_CLOSE(wide[16], 0x1.5986ed8e63e98p-1, 1e-15, 0, "randn(17) in float64");
  static float many[100000];
  KERNEL(random)(RANDOM_NORMAL, DTYPE_FLOAT32, 100000, state, many, 3, 2);
  double sum = 0, squares = 0;
  for (float v : many) sum += (double)v, squares += (double)v * (double)v;
  double mean = sum / 100000;
  CHECK(fabs(mean - 3) < 0.03 && fabs(sqrt(squares / 100000 - mean * mean) - 2) < 0.03, "mean and deviation: %g", mean);
}

template <class T> static void check_integers(int dtype) {
  T out[12];
  KERNEL(randomSeed)(state, 0);
  int32_t order[8];
  KERNEL(random)(RANDOM_RANDINT, dtype, 6, state, out, -5, 100);
  KERNEL(randomSeed)(state, 0);
  for (int i = 0; i < 6; i++) {
    double draw = KERNEL(randomNext)(state);
    CHECK((double)out[i] == fmod(draw, 105) - 5, "randint into dtype %d", dtype);
  }
  KERNEL(randomSeed)(state, 0);
  KERNEL(random)(RANDOM_RANDINT, DTYPE_INT32, 6, state, order, -5, 1000);
  const int32_t drawn[] = {999, 334, 768, 490, 113, 799}, shuffled[] = {3, 4, 0, 6, 5, 7, 2, 1};
  for (int i = 0; i < 6; i++) CHECK(order[i] == drawn[i], "randint %d", i);
  KERNEL(random)(RANDOM_PERMUTATION, DTYPE_INT32, 8, state, order, 0, 0);
  for (int i = 0; i < 8; i++) CHECK(order[i] == shuffled[i], "randperm %d", i);
  KERNEL(random)(RANDOM_BERNOULLI, dtype, 12, state, out, 0.3, 0);
  const int kept[] = {0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 1, 1};
  for (int i = 0; i < 12; i++) CHECK((int)out[i] == kept[i], "bernoulli %d into dtype %d", i, dtype);
}

int main() {
  check_uniform();
  check_seeds();
  check_normal();
  check_integers<int32_t>(DTYPE_INT32);
  check_integers<int8_t>(DTYPE_INT8);
  check_integers<int16_t>(DTYPE_INT16);
  check_integers<float>(DTYPE_FLOAT32);
  check_integers<double>(DTYPE_FLOAT64);
  // Nothing drawn, nothing written, no draw spent.
  KERNEL(randomSeed)(state, 5489);
  for (int op = 0; op < RANDOM_COUNT; op++) KERNEL(random)(op, DTYPE_FLOAT32, 0, state, state, 0, 1);
  CHECK(KERNEL(randomNext)(state) == 3499211612.0, "empty fills spend no draws");
  return check_result();
}
