// Checks for the native tests. A test is a program: main runs its cases and returns check_result().
#pragma once
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int check_failures = 0;

/// Fails, with the text of the condition and a printf-style note, unless `condition` holds.
#define CHECK(condition, ...)                                                    \
  do {                                                                           \
    if (!(condition) && check_failures++ < 20) {                                 \
      printf("%s:%d: %s failed: ", __FILE__, __LINE__, #condition);              \
      printf("" __VA_ARGS__);                                                    \
      printf("\n");                                                              \
    }                                                                            \
  } while (0)

/// Whether two numbers agree to `relative` (of the larger) or `absolute`; NaN equals NaN, an infinity only itself.
static inline bool check_close(double actual, double expected, double relative, double absolute) {
  if (isnan(expected) || isnan(actual)) return isnan(expected) && isnan(actual);
  if (actual == expected) return true;
  if (isinf(expected) || isinf(actual)) return false;
  return fabs(actual - expected) <= absolute + relative * fmax(fabs(actual), fabs(expected));
}

/// Fails unless `actual` is near `expected`; the note says which case and element it was.
#define CHECK_CLOSE(actual, expected, relative, absolute, ...)                                         \
  do {                                                                                                 \
    double check_actual = (double)(actual), check_expected = (double)(expected);                       \
    if (!check_close(check_actual, check_expected, relative, absolute) && check_failures++ < 20) {     \
      printf("%s:%d: got %.17g, expected %.17g: ", __FILE__, __LINE__, check_actual, check_expected);  \
      printf("" __VA_ARGS__);                                                                          \
      printf("\n");                                                                                    \
    }                                                                                                  \
  } while (0)

/// Numbers in [-1, 1) from a fixed stream, the same on every machine.
static inline double check_random(void) {
  static unsigned long long state = 88172645463325252ull;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (double)(long long)(state >> 11) / 4503599627370496.0 - 1;
}

/// The exit code of the program; says how many checks failed.
static inline int check_result(void) {
  if (check_failures) printf("%d checks failed\n", check_failures);
  return check_failures ? 1 : 0;
}
