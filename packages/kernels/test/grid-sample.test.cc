// gridSample against loops in double: modes, paddings, corners, two and three dimensions, points far outside, NaN; its
// gradients against differences.
#include "check.h"
#include "kernel.h"

struct Case {
  int mode, padding, flags, dimensions;
  index_t images, channels, size[3], points; // sizes: width, height, depth
};

static double reflected(double x, double size, bool corners) {
  double low = corners ? 0 : -0.5, span = corners ? size - 1 : size;
  if (span <= 0) return 0;
  double distance = fabs(x - low), flips = floor(distance / span), extra = distance - flips * span;
  return fmod(flips, 2) == 0 ? low + extra : low + span - extra;
}

static double padded(const Case &c, double x, double size) {
  bool corners = c.flags & 1;
  if (c.padding == GRID_PADDING_REFLECTION) x = reflected(x, size, corners);
  if (c.padding != GRID_PADDING_ZEROS) x = x <= 0 ? 0 : x >= size - 1 ? size - 1 : x;
  return fabs(x) < 1e9 ? x : -100;
}

static double weight(int mode, double distance) {
  double x = fabs(distance), a = -0.75;
  if (mode == GRID_SAMPLE_BILINEAR) return x < 1 ? 1 - x : 0;
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/// The value of one volume at a point, by a loop over all elements that could count.
template <class T> static double at(const Case &c, const T *volume, const double *point) {
  double p[3] = {0, 0, 0};
  for (int d = 0; d < c.dimensions; d++) {
    double size = (double)c.size[d];
    p[d] = c.flags & 1 ? (point[d] + 1) / 2 * (size - 1) : ((point[d] + 1) * size - 1) / 2;
    if (c.mode != GRID_SAMPLE_BICUBIC) p[d] = padded(c, p[d], size);
    else if (!(fabs(p[d]) < 1e9)) p[d] = -100;
    if (c.mode == GRID_SAMPLE_NEAREST) p[d] = nearbyint(p[d]);
  }
  int reach = c.mode == GRID_SAMPLE_NEAREST ? 0 : c.mode == GRID_SAMPLE_BILINEAR ? 1 : 2;
  double sum = 0;
  int deep = c.dimensions == 3 ? reach : 0;
  for (int k = -deep; k <= deep; k++)
    for (int j = -reach; j <= reach; j++)
      for (int i = -reach; i <= reach; i++) {
        double w = 1;
        int offset[3] = {i, j, k};
        index_t index = 0, step = 1;
        bool inside = true;
        for (int d = 0; d < c.dimensions; d++) {
          double element = floor(p[d]) + offset[d], size = (double)c.size[d];
          if (reach) w *= weight(c.mode, p[d] - element);
          if (c.mode == GRID_SAMPLE_BICUBIC) element = padded(c, element, size);
          if (element < 0 || element >= size) inside = false;
          else index += (index_t)element * step;
          step *= c.size[d];
        }
        if (inside && w != 0) sum += w * volume[index];
      }
  return sum;
}

template <class T> static T *array(index_t n) { return (T *)calloc((size_t)n + 1, sizeof(T)); }

template <class T> static void check_case(const Case &c) {
  int dtype = sizeof(T) == 4 ? DTYPE_FLOAT32 : DTYPE_FLOAT64, d = c.dimensions;
  index_t volume = c.size[0] * c.size[1] * c.size[2], planes = c.images * c.channels;
  T *x = array<T>(planes * volume), *grid = array<T>(c.images * c.points * d), *out = array<T>(planes * c.points);
  for (index_t i = 0; i < planes * volume; i++) x[i] = (T)check_random();
  for (index_t i = 0; i < c.images * c.points * d; i++) grid[i] = (T)(check_random() * (i % 5 == 0 ? 6 : 1.2));
  if (c.images > 0 && c.points > 3) grid[0] = (T)NAN, grid[d] = (T)INFINITY, grid[2 * d] = (T)-1e30;
  double meta[] = {(double)c.images, (double)c.channels, (double)c.size[2], (double)c.size[1], (double)c.size[0], (double)c.points};
  KERNEL(gridSample)(c.mode, c.padding, c.flags, d, dtype, meta, x, grid, out);
  double error = sizeof(T) == 4 ? 1e-4 : 1e-12;
  auto point = [&](index_t n, index_t i, double *p) {
    for (int k = 0; k < d; k++) p[k] = (double)grid[(n * c.points + i) * d + k];
  };
  for (index_t n = 0; n < c.images; n++)
    for (index_t i = 0; i < c.points; i++) {
      double p[3];
      point(n, i, p);
      if (sizeof(T) == 4 && (c.mode == GRID_SAMPLE_NEAREST || fabs(p[0]) > 100)) continue; // float32 may round to another element
      for (index_t k = 0; k < c.channels; k++)
        CHECK_CLOSE(out[(n * c.channels + k) * c.points + i], at(c, x + (n * c.channels + k) * volume, p), error, error,
                    "mode %d padding %d flags %d of %d dimensions at %g, %g", c.mode, c.padding, c.flags, d, p[0], p[1]);
    }
  if (sizeof(T) == 4) return free(x), free(grid), free(out);
  T *g = array<T>(planes * c.points), *dx = array<T>(planes * volume), *dgrid = array<T>(c.images * c.points * d), *twin = array<T>(c.images * c.points * d);
  for (index_t i = 0; i < planes * c.points; i++) g[i] = (T)check_random();
  memset(dx, 0xff, (size_t)(planes * volume) * sizeof(T));
  KERNEL(gridSampleBackward)(c.mode, c.padding, c.flags, d, dtype, meta, g, x, grid, dx, dgrid);
  KERNEL(gridSampleBackward)(c.mode, c.padding, c.flags, d, dtype, meta, g, x, grid, nullptr, twin);
  CHECK(!memcmp(dgrid, twin, (size_t)(c.images * c.points * d) * sizeof(T)), "the grid's gradient alone differs");
  // Sampling is linear in x: <g, sample(x)> is <gradient, x>.
  double left = 0, right = 0;
  for (index_t i = 0; i < planes * c.points; i++) left += (double)g[i] * out[i];
  for (index_t i = 0; i < planes * volume; i++) right += (double)dx[i] * x[i];
  CHECK_CLOSE(right, left, 1e-10, 1e-10, "gradient by x, mode %d padding %d", c.mode, c.padding);
  for (index_t i = 3; i < c.images * c.points; i++)
    for (int k = 0; k < d; k++) {
      double p[3], difference = 0, step = 1e-7;
      index_t n = i / c.points;
      for (int side = -1; side <= 1; side += 2) {
        point(n, i % c.points, p);
        p[k] += side * step;
        for (index_t q = 0; q < c.channels; q++)
          difference += side * (double)g[(n * c.channels + q) * c.points + i % c.points] * at(c, x + (n * c.channels + q) * volume, p);
      }
      double expected = difference / (2 * step);
      if (c.mode == GRID_SAMPLE_NEAREST) expected = 0;
      if (isfinite(p[0]) && isfinite(p[d - 1]) && fabs(p[0]) < 100)
        CHECK_CLOSE(dgrid[i * d + k], expected, 1e-5, 1e-5, "gradient by coordinate %d of point %td, mode %d padding %d flags %d of %d", k, i, c.mode, c.padding, c.flags, d);
    }
  free(x), free(grid), free(out), free(g), free(dx), free(dgrid), free(twin);
}

int main() {
  for (int dimensions = 2; dimensions <= 3; dimensions++)
    for (int mode = 0; mode < (dimensions == 2 ? 3 : 2); mode++)
      for (int padding = 0; padding < 3; padding++)
        for (int flags = 0; flags < 2; flags++) {
          index_t deep = dimensions == 3 ? 4 : 1;
          check_case<float>({mode, padding, flags, dimensions, 2, 3, {7, 5, deep}, 50});
          check_case<double>({mode, padding, flags, dimensions, 2, 5, {7, 5, deep}, 50});
          check_case<double>({mode, padding, flags, dimensions, 1, 1, {1, 1, 1}, 10});
          check_case<double>({mode, padding, flags, dimensions, 0, 2, {3, 3, deep}, 4});
          check_case<double>({mode, padding, flags, dimensions, 2, 0, {3, 3, deep}, 4});
        }
  return check_result();
}
