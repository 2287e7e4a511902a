// Winograd convolution F(4x4, 5x5) and F(6x6, 3x3): a tile of m x m outputs of an r x r kernel from 8 x 8 inputs with
// 64 products a channel pair instead of m² r² (6.25 and 5.06 times fewer), for float32, stride 1.
//   Y = Aᵀ [ (G g Gᵀ) ∘ (Bᵀ d B) ] A              Lavin & Gray, Fast Algorithms for Convolutional Neural Networks (2015)
// over the points p = 0, 1, −1, 2, −2, ½, −½, ∞. With V_n the 8 x n matrix of rows (1, p, p² …) — (0 … 0, 1) for ∞ — A is V_m and
// G is S V_r, S = diag(1, −2/9, −2/9, 1/90, 1/90, 32/45, 32/45, 1). So the same two routines, V and Vᵀ, serve both
// sizes, and the gradient of the weights, which is Gᵀ [ (A dY Aᵀ) ∘ (Bᵀ d B) ] G.
// The sums over channels (or, for the weights, over tiles) are 64 matrix products, on channel-last tiles.
#pragma once
#include "weight-gradient.h"

namespace {

constexpr int kPoints = 8, kTilePoints = kPoints * kPoints;

INLINE vf times(float s, vf v) { return splat(s) * v; }
INLINE vf plusTimes(vf a, float s, vf v) { return fma(splat(s), v, a); }

/// t = Bᵀ d.
INLINE void transformInput(const vf *d, vf *t) {
  t[0] = plusTimes(d[0] - d[6], 5.25f, d[4] - d[2]);
  t[7] = plusTimes(d[7] - d[1], 5.25f, d[3] - d[5]);
  vf even = plusTimes(d[2] + d[6], -4.25f, d[4]), odd = plusTimes(d[1] + d[5], -4.25f, d[3]);
  t[1] = even + odd, t[2] = even - odd;
  even = plusTimes(plusTimes(d[6], -1.25f, d[4]), 0.25f, d[2]);
  odd = plusTimes(plusTimes(times(-2.5f, d[3]), 0.5f, d[1]), 2, d[5]);
  t[3] = even + odd, t[4] = even - odd;
  even = plusTimes(plusTimes(d[6], -5, d[4]), 4, d[2]);
  odd = plusTimes(plusTimes(times(-2.5f, d[3]), 0.5f, d[5]), 2, d[1]);
  t[5] = even + odd, t[6] = even - odd;
}

constexpr float kPower[3] = {1, 2, 0.5f};                       // the positive finite points
constexpr float kScale[3] = {-2.0f / 9, 1.0f / 90, 32.0f / 45}; // and S there
constexpr float power(float p, int n) { return n == 0 ? 1 : p * power(p, n - 1); }

/// u = V_N c, or S V_N c: the polynomial with coefficients c at the eight points.
template <int N, bool scaled> INLINE void evaluate(const vf *c, vf *u) {
  u[0] = c[0], u[7] = c[N - 1];
  UNROLL for (int q = 0; q < 3; q++) {
    float s = scaled ? kScale[q] : 1;
    vf even = times(s, c[0]), odd = times(s * kPower[q], c[1]);
    UNROLL for (int i = 2; i < N; i += 2) even = plusTimes(even, s * power(kPower[q], i), c[i]);
    UNROLL for (int i = 3; i < N; i += 2) odd = plusTimes(odd, s * power(kPower[q], i), c[i]);
    u[1 + 2 * q] = even + odd, u[2 + 2 * q] = even - odd;
  }
}

/// c = V_Nᵀ u, or V_Nᵀ S u.
template <int N, bool scaled> INLINE void accumulatePowers(const vf *u, vf *c) {
  vf sum[3], difference[3];
  UNROLL for (int q = 0; q < 3; q++) sum[q] = u[1 + 2 * q] + u[2 + 2 * q], difference[q] = u[1 + 2 * q] - u[2 + 2 * q];
  UNROLL for (int i = 0; i < N; i++) {
    const vf *term = i % 2 ? difference : sum;
    vf total = i == 0 ? u[0] : i == N - 1 ? u[7] : splat(0.0f);
    UNROLL for (int q = 0; q < 3; q++) total = plusTimes(total, (scaled ? kScale[q] : 1) * power(kPower[q], i), term[q]);
    c[i] = total;
  }
}

/// Applies a one-dimensional transform (from I to O numbers) down the columns and along the rows of a tile, for a
/// vector of channels. Rows and columns of both tiles lie at the steps given.
template <int I, int O, void (*transform)(const vf *, vf *)>
INLINE void transformTile(const float *from, index_t row, index_t column, float *to, index_t toRow, index_t toColumn) {
  vf half[O][I];
  for (int x = 0; x < I; x++) {
    vf a[I], b[O];
    UNROLL for (int y = 0; y < I; y++) a[y] = load(from + y * row + x * column);
    transform(a, b);
    UNROLL for (int y = 0; y < O; y++) half[y][x] = b[y];
  }
  for (int y = 0; y < O; y++) {
    vf b[O];
    transform(half[y], b);
    UNROLL for (int x = 0; x < O; x++) store(to + y * toRow + x * toColumn, b[x]);
  }
}

/// A stride-1 convolution with R x R taps from `channels` planes to `outChannels` planes.
struct WinogradShape {
  index_t images, channels, height, width, outChannels, outHeight, outWidth, padH, padW;
};

/// The cut into patches (some rows of tiles of one image) and blocks (some patches), and the scratch of a thread.
template <int R> struct WinogradPlan {
  static constexpr int tile = kPoints + 1 - R, lanes = Vec<float>::lanes;
  static constexpr index_t padding = 16; // keeps the 64 matrices out of one set of the cache
  WinogradShape s;
  index_t inLanes, outLanes, tilesX, tilesY, patchX, patchY, patchesX, patchesY, patchTiles, patches, together, blocks;
  index_t inWidth, inSize, outSize, inMatrix, outMatrix, weightMatrix;

  explicit WinogradPlan(const WinogradShape &shape) : s(shape) {
    inLanes = roundUp(s.channels, lanes), outLanes = roundUp(s.outChannels, lanes);
    tilesX = ceilDivide(s.outWidth, tile), tilesY = ceilDivide(s.outHeight, tile);
    // The more weights, the more tiles must share a pass over them.
    index_t wanted = smaller(larger((index_t)32, s.channels * s.outChannels / 128), (index_t)256);
    patchX = ceilDivide(tilesX, ceilDivide(tilesX, 32));
    patchY = smaller(tilesY, larger((index_t)1, 32 / patchX));
    patchY = ceilDivide(tilesY, ceilDivide(tilesY, patchY));
    patchesX = ceilDivide(tilesX, patchX), patchesY = ceilDivide(tilesY, patchY);
    patchTiles = patchX * patchY, patches = s.images * patchesX * patchesY;
    together = larger((index_t)1, smaller(wanted / patchTiles, patches / 4));
    blocks = ceilDivide(patches, together);
    inWidth = patchX * tile + R - 1;
    inSize = (patchY * tile + R - 1) * inWidth * inLanes;
    outSize = patchTiles * tile * tile * outLanes;
    inMatrix = together * patchTiles * inLanes + padding, outMatrix = together * patchTiles * outLanes + padding;
    weightMatrix = s.channels * outLanes + padding;
  }
  index_t workerElements() const { return inSize + outSize + kTilePoints * (inMatrix + outMatrix) + R * R * outLanes * 2; }

  struct Worker {
    float *in, *out, *inTiles, *outTiles;
  };
  Worker worker(float *memory) const {
    float *inTiles = memory + inSize + outSize;
    return {memory, memory + inSize, inTiles, inTiles + kTilePoints * inMatrix};
  }

  /// Channel-last copy of rows [y0, y0 + rows) x [x0, x0 + columns) of planes, zero outside the image.
  static void copyChannelLast(const float *planes, index_t channels, index_t channelLanes, index_t height, index_t width, index_t y0,
                              index_t x0, index_t rows, index_t columns, float *to) {
    index_t begin = smaller(columns, larger(-x0, (index_t)0)), end = larger(begin, smaller(columns, width - x0));
    for (index_t y = y0; y < y0 + rows; y++, to += columns * channelLanes) {
      bool inside = y >= 0 && y < height && begin < end;
      if (!inside || channels < channelLanes) memset(to, 0, columns * channelLanes * sizeof(float));
      if (!inside) continue;
      memset(to, 0, begin * channelLanes * sizeof(float));
      memset(to + end * channelLanes, 0, (columns - end) * channelLanes * sizeof(float));
      transpose(channels, end - begin, planes + y * width + x0 + begin, height * width, to + begin * channelLanes, channelLanes);
    }
  }

  struct Patch {
    index_t image, y, x; // first tile
  };
  Patch patch(index_t i) const {
    return {i / (patchesX * patchesY), i / patchesX % patchesY * patchY, i % patchesX * patchX};
  }

  /// Bᵀ d B of the tiles of a patch.
  void transformPatch(const Patch &p, const float *x, const Worker &w, index_t firstTile) const {
    copyChannelLast(x + p.image * s.channels * s.height * s.width, s.channels, inLanes, s.height, s.width, p.y * tile - s.padH,
                    p.x * tile - s.padW, patchY * tile + R - 1, inWidth, w.in);
    for (index_t ty = 0; ty < patchY; ty++)
      for (index_t tx = 0; tx < patchX; tx++)
        for (index_t c = 0; c < inLanes; c += lanes)
          transformTile<kPoints, kPoints, transformInput>(
              w.in + (ty * tile * inWidth + tx * tile) * inLanes + c, inWidth * inLanes, inLanes,
              w.inTiles + (firstTile + ty * patchX + tx) * inLanes + c, kPoints * inMatrix, inMatrix);
  }

  // ---- forward, and the gradient of the input

  /// out (tiles x outputs) = in (tiles x channels) · weights (channels x outputs), for each of the 64 points.
  void multiplyTiles(const Worker &w, const float *weights, index_t tiles) const {
    Blocks blocks(tiles, kBlockRows);
    int32_t offsets[kBlockRows];
    for (int r = 0; r < kBlockRows; r++) offsets[r] = (int32_t)(r * inLanes);
    Points points{1, 0, 1, 0, s.channels, 1};
    for (int q = 0; q < kTilePoints; q++)
      for (index_t o = 0; o < outLanes; o += kBlockVectors * lanes) {
        auto *table = innerTable<float>.at[smaller((index_t)kBlockVectors, (outLanes - o) / lanes)];
        for (index_t b = 0; b < blocks.count; b++) {
          index_t t = blocks.begin(b);
          table[blocks.size(b)](w.inTiles + q * inMatrix + t * inLanes, offsets, points, weights + q * weightMatrix + o, outLanes,
                                w.outTiles + q * outMatrix + t * outLanes + o, outLanes, false);
        }
      }
  }

  /// Aᵀ M A of the tiles of a patch, written to the planes of out, plus bias.
  void writePatch(const Patch &p, const Worker &w, index_t firstTile, float *out, const float *bias) const {
    index_t width = patchX * tile, plane = s.outHeight * s.outWidth;
    for (index_t ty = 0; ty < patchY; ty++)
      for (index_t tx = 0; tx < patchX; tx++)
        for (index_t o = 0; o < outLanes; o += lanes)
          transformTile<kPoints, tile, accumulatePowers<tile, false>>(
              w.outTiles + (firstTile + ty * patchX + tx) * outLanes + o, kPoints * outMatrix, outMatrix,
              w.out + (ty * tile * width + tx * tile) * outLanes + o, width * outLanes, outLanes);
    index_t y0 = p.y * tile, x0 = p.x * tile, rows = smaller(patchY * tile, s.outHeight - y0);
    index_t columns = smaller(width, s.outWidth - x0);
    if (bias)
      for (index_t i = 0; i < rows * width; i++)
        for (index_t o = 0; o < s.outChannels; o++) w.out[i * outLanes + o] += bias[o];
    float *to = out + p.image * s.outChannels * plane + y0 * s.outWidth + x0;
    if (columns == width && width == s.outWidth) columns *= rows, rows = 1;
    for (index_t y = 0; y < rows; y++) transpose(columns, s.outChannels, w.out + y * width * outLanes, outLanes, to + y * s.outWidth, plane);
  }

  /// G g Gᵀ of all weights: [point][channel][output]. The input's gradient takes them transposed and turned round.
  void transformWeights(const float *weight, bool backward, float *transformed, float *memory) const {
    index_t workerSize = workerElements();
    parallel_for(ceilDivide(s.channels, 8), [&](index_t chunk, int index) {
      float *taps = memory + index * workerSize, *turned = taps + R * R * outLanes;
      memset(taps, 0, 2 * R * R * outLanes * sizeof(float));
      for (index_t c = chunk * 8; c < smaller(s.channels, chunk * 8 + 8); c++) {
        if (!backward) transpose(s.outChannels, R * R, weight + c * R * R, s.channels * R * R, taps, outLanes);
        else {
          transpose(s.outChannels, R * R, weight + c * s.outChannels * R * R, R * R, turned, outLanes);
          for (int t = 0; t < R * R; t++) memcpy(taps + t * outLanes, turned + (R * R - 1 - t) * outLanes, outLanes * sizeof(float));
        }
        for (index_t o = 0; o < outLanes; o += lanes)
          transformTile<R, kPoints, evaluate<R, true>>(taps + o, R * outLanes, outLanes, transformed + c * outLanes + o,
                                                       kPoints * weightMatrix, weightMatrix);
      }
    });
  }

  // ---- gradient of the weights

  /// A dY Aᵀ of the tiles of a patch.
  void transformGradient(const Patch &p, const float *gradient, const Worker &w, index_t firstTile) const {
    index_t width = patchX * tile;
    copyChannelLast(gradient + p.image * s.outChannels * s.outHeight * s.outWidth, s.outChannels, outLanes, s.outHeight, s.outWidth,
                    p.y * tile, p.x * tile, patchY * tile, width, w.out);
    for (index_t ty = 0; ty < patchY; ty++)
      for (index_t tx = 0; tx < patchX; tx++)
        for (index_t o = 0; o < outLanes; o += lanes)
          transformTile<tile, kPoints, evaluate<tile, false>>(
              w.out + (ty * tile * width + tx * tile) * outLanes + o, width * outLanes, outLanes,
              w.outTiles + (firstTile + ty * patchX + tx) * outLanes + o, kPoints * outMatrix, outMatrix);
  }

  /// sums (channels x outputs) (+)= inᵀ (channels x tiles) · out (tiles x outputs), for each of the 64 points.
  void addProducts(const Worker &w, index_t tiles, float *sums, bool accumulate) const {
    Blocks blocks(s.channels, kBlockRows);
    for (int q = 0; q < kTilePoints; q++)
      for (index_t o = 0; o < outLanes; o += kBlockVectors * lanes) {
        auto *table = outerTable<float, StridedRows<float>>.at[smaller((index_t)kBlockVectors, (outLanes - o) / lanes)];
        for (index_t b = 0; b < blocks.count; b++) {
          index_t c = blocks.begin(b);
          table[blocks.size(b)](tiles, w.inTiles + q * inMatrix + c, inLanes, StridedRows<float>{w.outTiles + q * outMatrix + o, outLanes},
                                lanes, sums + q * weightMatrix + c * outLanes + o, outLanes, lanes, nullptr, accumulate);
        }
      }
  }

  /// gradWeight = Gᵀ sums G.
  void writeWeights(const float *sums, float *gradWeight, float *memory) const {
    index_t workerSize = workerElements();
    parallel_for(ceilDivide(s.channels, 8), [&](index_t chunk, int index) {
      float *taps = memory + index * workerSize;
      for (index_t c = chunk * 8; c < smaller(s.channels, chunk * 8 + 8); c++) {
        for (index_t o = 0; o < outLanes; o += lanes)
          transformTile<kPoints, R, accumulatePowers<R, true>>(sums + c * outLanes + o, kPoints * weightMatrix, weightMatrix, taps + o,
                                                               R * outLanes, outLanes);
        transpose(R * R, s.outChannels, taps, outLanes, gradWeight + c * R * R, s.channels * R * R);
      }
    });
  }
};

template <int R>
void winogradForward(const WinogradShape &shape, const float *x, const float *weight, bool backward, const float *bias, float *out,
                     Scratch &scratch, bool run) {
  WinogradPlan<R> plan(shape);
  float *weights = scratch.take<float>(kTilePoints * plan.weightMatrix);
  float *memory = scratch.take<float>(plan.workerElements() * parallel_threads());
  if (!run) return;
  plan.transformWeights(weight, backward, weights, memory);
  parallel_for(plan.blocks, [&](index_t block, int index) {
    auto worker = plan.worker(memory + index * plan.workerElements());
    index_t first = block * plan.together, count = smaller(plan.together, plan.patches - first);
    for (index_t i = 0; i < count; i++) plan.transformPatch(plan.patch(first + i), x, worker, i * plan.patchTiles);
    plan.multiplyTiles(worker, weights, count * plan.patchTiles);
    for (index_t i = 0; i < count; i++) plan.writePatch(plan.patch(first + i), worker, i * plan.patchTiles, out, bias);
  });
}

template <int R>
void winogradWeightGradient(const WinogradShape &shape, const float *gradient, const float *x, float *gradWeight, float *gradBias,
                            Scratch &scratch, bool run) {
  WinogradPlan<R> plan(shape);
  const index_t size = kTilePoints * plan.weightMatrix, m = shape.outChannels, pixels = shape.outHeight * shape.outWidth;
  const index_t chunks = weightChunks(plan.blocks, (double)size * sizeof(float));
  float *sums = scratch.take<float>(chunks * size), *biases = scratch.take<float>(chunks * m);
  float *memory = scratch.take<float>(plan.workerElements() * parallel_threads());
  if (!run) return;
  parallel_for(chunks, [&](index_t chunk, int index) {
    auto worker = plan.worker(memory + index * plan.workerElements());
    index_t begin = plan.blocks * chunk / chunks, end = plan.blocks * (chunk + 1) / chunks;
    memset(biases + chunk * m, 0, m * sizeof(float));
    for (int q = 0; q < kTilePoints; q++) memset(sums + chunk * size + (q + 1) * plan.weightMatrix - plan.padding, 0, plan.padding * sizeof(float));
    for (index_t block = begin; block < end; block++) {
      index_t first = block * plan.together, count = smaller(plan.together, plan.patches - first);
      for (index_t i = 0; i < count; i++) {
        auto patch = plan.patch(first + i);
        plan.transformPatch(patch, x, worker, i * plan.patchTiles);
        plan.transformGradient(patch, gradient, worker, i * plan.patchTiles);
        if (!gradBias || patch.x > 0) continue; // the first patch of a strip sums its whole rows
        index_t y0 = patch.y * plan.tile, rows = smaller(plan.patchY * plan.tile, shape.outHeight - y0);
        for (index_t o = 0; o < m; o++)
          biases[chunk * m + o] += sumOf(gradient + (patch.image * m + o) * pixels + y0 * shape.outWidth, rows * shape.outWidth);
      }
      plan.addProducts(worker, count * plan.patchTiles, sums + chunk * size, block > begin);
    }
  });
  addPartials(sums, size, chunks);
  plan.writeWeights(sums, gradWeight, memory);
  if (!gradBias) return;
  addPartials(biases, m, chunks);
  memcpy(gradBias, biases, m * sizeof(float));
}

/// Whether Winograd pays: enough channels to outweigh the transforms, weights that fit, tiles that are mostly used.
inline bool winogradPays(const ConvolutionShape &s, int32_t pass) {
  constexpr int lanes = Vec<float>::lanes;
  if (s.strideH != 1 || s.strideW != 1 || s.dilationH != 1 || s.dilationW != 1 || s.groups != 1 || s.images == 0) return false;
  if (s.kernelH != s.kernelW || (s.kernelH != 3 && s.kernelH != 5)) return false;
  if ((double)s.channels * (double)s.outChannels > 512.0 * 512) return false;
  // Few input channels (colour images): only 5x5, for the weights, or everywhere where vectors are short.
  bool few = s.channels < 8;
  if (few && (s.kernelH != 5 || lanes == 16 || s.channels < 3 || s.outChannels < 16)) return false;
  if (few && lanes == 8 && pass != CONV2D_BACKWARD_WEIGHT) return false;
  if (few && pass == CONV2D_BACKWARD_INPUT) return false;
  if (s.outChannels < 8) return false;
  index_t tile = kPoints + 1 - s.kernelH;
  bool input = pass == CONV2D_BACKWARD_INPUT;
  index_t h = input ? s.height : s.outHeight, w = input ? s.width : s.outWidth;
  double used = (double)(h * w) / (double)(roundUp(h, tile) * roundUp(w, tile));
  return used * (double)(tile * tile * s.taps()) / kTilePoints >= (s.channels < 16 || s.outChannels < 16 ? 3 : 1.5);
}

template <int R>
void winograd(int32_t pass, const ConvolutionShape &s, const float *a, const float *b, float *bias, float *out, Scratch &scratch, bool run) {
  WinogradShape forward{s.images, s.channels, s.height, s.width, s.outChannels, s.outHeight, s.outWidth, s.padH, s.padW};
  WinogradShape backward{s.images, s.outChannels, s.outHeight, s.outWidth, s.channels, s.height, s.width, R - 1 - s.padH, R - 1 - s.padW};
  if (pass == CONV2D_FORWARD) winogradForward<R>(forward, a, b, false, bias, out, scratch, run);
  else if (pass == CONV2D_BACKWARD_INPUT) winogradForward<R>(backward, a, b, true, nullptr, out, scratch, run);
  else winogradWeightGradient<R>(forward, a, b, out, bias, scratch, run);
}

} // namespace
