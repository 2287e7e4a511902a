/**
 * The one table of kernels. From it come the C++ prototypes and export lists (`scripts/` writes
 * `build/table.h` from it), the Node-API table, the WASM exports and the TypeScript names below.
 * A kernel checks nothing: the op definition that calls it has checked everything before.
 *
 * Argument types: `i` int32, `n` a size or stride in elements, `p` a pointer, `d` float64.
 * Pointers are plain numbers on both targets. Unless said otherwise tensors are contiguous.
 * `meta` points to float64 numbers (shapes and strides, in elements), see `metaBlock`.
 */

/** Codes of the element types, in promotion order. */
export const dtypeCodes = { bool: 0, uint8: 1, int8: 2, int16: 3, int32: 4, float32: 5, float64: 6 } as const;

/** `out = f(x)`, element type kept. `p0`, `p1` are the parameters of the ops that have some. */
export const unaryOps = [
  "neg",
  "abs",
  "sign",
  "ceil",
  "floor",
  "round",
  "trunc",
  "frac",
  "bitwiseNot",
  "reciprocal",
  "sqrt",
  "rsqrt",
  "square",
  "exp",
  "exp2",
  "expm1",
  "log",
  "log2",
  "log10",
  "log1p",
  "sin",
  "cos",
  "tan",
  "asin",
  "acos",
  "atan",
  "sinh",
  "cosh",
  "tanh",
  "asinh",
  "acosh",
  "atanh",
  "erf",
  "erfc",
  "erfinv",
  "lgamma",
  "digamma",
  "trigamma",
  "sigmoid",
  "logSigmoid",
  "relu",
  "silu",
  "mish",
  "gelu",
  "geluTanh", // exact (erf) and tanh form
  "leakyRelu", // p0: negative slope
  "elu", // p0: alpha, p1: input scale of the negative part: x > 0 ? x : p0 * expm1(p1 * x)
  "softplus", // p0: beta, p1: threshold
  "powScalar", // x ** p0, exact repeated multiplication for small integers
  // Floating point only from here on.
  "clamp", // to p0 … p1; p1 where p0 > p1
  "hardsigmoid",
  "hardswish",
  "hardshrink", // p0: lambda, of softshrink too
  "softshrink",
  "softsign",
  "threshold", // x > p0 ? x : p1
  "logit", // of x limited to p0 … p1
] as const;

/** `out = f(x)`, out is bool. */
export const predicateOps = ["logicalNot", "isnan", "isinf", "isfinite", "signbit"] as const;

/** `out = f(a, b)`, one element type for all three. `p0`, `p1` are the parameters of the ops that have some. */
export const binaryOps = [
  "add",
  "sub",
  "mul",
  "div",
  "divTrunc",
  "divFloor",
  "remainder",
  "fmod",
  "pow",
  "atan2",
  "hypot",
  "copysign",
  "maximum",
  "minimum", // NaN if either is NaN
  "fmax",
  "fmin", // the number if one is NaN
  "bitwiseAnd",
  "bitwiseOr",
  "bitwiseXor",
  "shiftLeft",
  "shiftRight",
  "xlogy",
  "logaddexp",
  "axpy", // a + p0 * b
  // Derivatives that would otherwise cost several passes; a is the incoming gradient.
  "reluGrad", // b > 0 ? a : 0, b is the output
  "sigmoidGrad", // a * b * (1 - b), b is the output
  "tanhGrad", // a * (1 - b * b), b is the output
  "leakyReluGrad", // b > 0 ? a : p0 * a, b is the input
  "siluGrad",
  "geluGrad",
  "geluTanhGrad", // b is the input, from here on
  "absGrad",
  "mishGrad",
  "logSigmoidGrad",
  "eluGrad",
  "softplusGrad", // both with the parameters of their op
  "clampGrad", // p0 <= b <= p1 ? a : 0
  "hardtanhGrad", // p0 < b < p1 ? a : 0
  "hardsigmoidGrad",
  "hardswishGrad",
  "shrinkGrad", // −p0 <= b <= p0 ? 0 : a
  "softsignGrad",
  "thresholdGrad", // b <= p0 ? 0 : a
  "logitGrad", // 0 for b outside p0 … p1
  // Losses of the distance d = a − b, and their slopes by a.
  "huber", // p1 · (|d| <= p0 ? d² / 2 : p0 · (|d| − p0 / 2))
  "huberSlope",
  "binaryCrossEntropy", // of probabilities a for targets b, with logarithms from −100 on
  "binaryCrossEntropySlope",
] as const;

/** `out = f(a, b)`, a and b of one element type, out is bool. */
export const compareOps = ["eq", "ne", "lt", "le", "gt", "ge", "logicalAnd", "logicalOr", "logicalXor"] as const;

/** Reductions; `sumSquares` is `sum(x * x)`, `norm1` is `sum(|x|)`, `nonzeroCount` counts into int32. */
export const reduceOps = [
  "sum",
  "prod",
  "max",
  "min", // max, min: NaN wins
  "any",
  "all", // out is bool
  "argmax",
  "argmin", // out is int32, the first of equals; NaN wins; the position counts over the reduced dimensions
  "sumSquares",
  "norm1",
  "nonzeroCount",
] as const;

export const scanOps = ["cumsum", "cumprod", "cummax", "cummin", "logcumsumexp"] as const;
export const scatterOps = ["set", "add", "mul", "max", "min"] as const;

/** Rules of `optimizerRule`: their states, and their constants after [sign of the gradient, weight decay, factor of the parameter]. */
export const optimizerRules = [
  "rmsprop", // square, mean or 0, momentum buffer or 0; alpha, eps, lr, momentum
  "adagrad", // sum of squares; rate, eps
  "adadelta", // square, square of the steps; rho, eps, lr
  "adamax", // mean, largest; beta1, beta2, eps, rate
  "nadam", // mean, square; beta1, beta2, eps, √(1 − beta2 ** step), rate of the gradient, rate of the mean
  "radam", // mean, square; beta1, beta2, eps, rate: p −= rate · mean
  "radamRectified", // the same, divided by √square + eps
  "asgd", // average; eta, mu
  "rprop", // gradient before, size of the step; factors down and up, least and most size
] as const;
/** How `gridSample` mixes what lies around a point, and what it takes for what lies outside. */
export const gridSampleModes = ["bilinear", "nearest", "bicubic"] as const;
export const gridSamplePaddings = ["zeros", "border", "reflection"] as const;

/** Random fills from PyTorch's MT19937 stream (see `docs/numerics.md`). */
export const randomOps = [
  "uniform", // p0 + u * (p1 - p0): float32 from u24, float64 from u53
  "normal", // mean p0, deviation p1; Box–Muller in blocks of 16 from 16 elements on, one by one below
  "bernoulli", // 1 where u53 < p0, into any element type
  "randint", // integers of [p0, p1) into any element type
  "permutation", // 0 … n−1 shuffled, into int32
] as const;

export const conv2dPasses = ["forward", "backwardInput", "backwardWeight"] as const;
export const convolutionAlgorithms = ["auto", "direct"] as const;

/**
 * Shape block of the two-dimensional window kernels, 18 numbers in `meta`:
 * `[N, C, H, W, outC, KH, KW, strideH, strideW, padH, padW, dilationH, dilationW, groups, OH, OW, flag, divisor]`.
 * C, H, W belong to the (un-convolved) input side, outC, OH, OW to the output side, in every pass.
 * Pooling ignores outC and groups. Average pooling: `flag` counts the padding, `divisor` 0 means the window's size.
 */
export const table = {
  // ---- elementwise; meta = [shape(ndim), strides of out(ndim), strides of the inputs in order (ndim each)]; ndim 0 is one element.
  // Shapes come coalesced: the last dimension is the innermost, a stride 0 broadcasts. out may be one of the inputs.
  unary: ["op:i", "dtype:i", "ndim:i", "meta:p", "x:p", "out:p", "p0:d", "p1:d"],
  predicate: ["op:i", "dtype:i", "ndim:i", "meta:p", "x:p", "out:p"],
  binary: ["op:i", "dtype:i", "ndim:i", "meta:p", "a:p", "b:p", "out:p", "p0:d", "p1:d"],
  compare: ["op:i", "dtype:i", "ndim:i", "meta:p", "a:p", "b:p", "out:p"],
  /** out = condition ? a : b; condition is bool (its strides come first), the element type only matters by size. */
  where: ["dtype:i", "ndim:i", "meta:p", "condition:p", "a:p", "b:p", "out:p"],
  /** Copy with conversion (C++ rules as PyTorch: float to integer truncates, to bool is != 0). */
  cast: ["from:i", "to:i", "ndim:i", "meta:p", "x:p", "out:p"],
  fill: ["dtype:i", "ndim:i", "meta:p", "out:p", "value:d"],
  /** out[i] = start + i * step, computed in float64 (int arithmetic for integers), contiguous. */
  arange: ["dtype:i", "count:n", "start:d", "step:d", "out:p"],

  // ---- reductions; meta = [kept shape, reduced shape, strides of x over kept, over reduced]; out is contiguous over kept.
  reduce: ["op:i", "dtype:i", "kept:i", "reduced:i", "meta:p", "x:p", "out:p"],
  /** x as [outer, n, inner]; cummax and cummin also write int32 indices (pointer 0: none). */
  scan: ["op:i", "dtype:i", "outer:n", "n:n", "inner:n", "x:p", "out:p", "indices:p"],
  /** Stable sort of each row of [rows, n], NaN last (first if descending); writes values and int32 indices. scratch: n * 16 bytes. */
  sort: ["dtype:i", "descending:i", "rows:n", "n:n", "x:p", "values:p", "indices:p", "scratch:p"],
  /** The first k <= 256 of each row in the order of `sort`. */
  topk: ["dtype:i", "descending:i", "rows:n", "n:n", "k:n", "x:p", "values:p", "indices:p"],
  /** How many of a sorted row of n are below each value (right: or equal); NaN is above all numbers. count values a row, int32. */
  searchsorted: ["dtype:i", "right:i", "rows:n", "n:n", "count:n", "sorted:p", "values:p", "out:p"],
  /** softmax or log-softmax over n of [outer, n, inner]. */
  softmax: ["log:i", "dtype:i", "outer:n", "n:n", "inner:n", "x:p", "out:p"],
  softmaxBackward: ["log:i", "dtype:i", "outer:n", "n:n", "inner:n", "gradient:p", "out:p", "gradInput:p"],

  // ---- matrix product: out[b] = op(a[b]) · op(b[b]) + bias (one value a column; pointer 0: none); leading dimensions lda … in elements.
  // transA: a is stored [k, m]; transB: b is stored [n, k]. Batch strides may be 0. accumulate: out += (then no bias).
  matmul: [
    "dtype:i",
    "transA:i",
    "transB:i",
    "m:n",
    "n:n",
    "k:n",
    "a:p",
    "lda:n",
    "b:p",
    "ldb:n",
    "out:p",
    "ldc:n",
    "batch:n",
    "strideA:n",
    "strideB:n",
    "strideC:n",
    "bias:p",
    "accumulate:i",
    "scratch:p",
  ],
  /** Bytes of scratch that `matmul` needs with these arguments. */
  matmulScratch: ["dtype:i", "transA:i", "transB:i", "m:n", "n:n", "k:n", "batch:n"],

  // ---- linear algebra, float32 and float64, over batches of matrices; info: one int32 for each, 0 where all went well
  /** In place, a [batch, rows, columns]; pivots (int32) count rows from 1. info: the first pivot that is 0, from 1. */
  luFactor: ["dtype:i", "batch:n", "rows:n", "columns:n", "a:p", "pivots:p", "info:p"],
  /** The lower triangle, in place; reads only that one. info: order of the first leading minor that is not positive. */
  cholesky: ["dtype:i", "batch:n", "n:n", "a:p", "info:p"],
  /** Solves a · x = b, b [batch, n, columns], in place of b. flags: 1 a is upper, 2 transpose a, 4 its diagonal is 1. */
  triangularSolve: ["dtype:i", "flags:i", "batch:n", "n:n", "columns:n", "a:p", "b:p"],
  /** In place, by columns: a [batch, columns, rows] gets R and below it the reflectors, tau [batch, min] their factors. */
  qrFactor: ["dtype:i", "batch:n", "rows:n", "columns:n", "a:p", "tau:p"],
  /** The first columns of the product of the reflectors, [batch, columns, rows]. */
  householderProduct: [
    "dtype:i",
    "batch:n",
    "rows:n",
    "columns:n",
    "reflectors:n",
    "a:p",
    "strideA:n",
    "tau:p",
    "out:p",
  ],
  /** Reads the lower triangles; values ascending, vectors as rows (pointer 0: none). info: −1 not finite, 1 not found. scratch: 2n² + 35n float64 a thread. */
  eigh: ["dtype:i", "batch:n", "n:n", "a:p", "values:p", "vectors:p", "info:p", "scratch:p"],
  /**
   * Of tall matrices by columns: a [batch, columns, rows], rows ≥ columns. values descending; singular vectors as rows, left
   * [batch, leftCount, rows], right [batch, columns, columns] (pointers 0: none). info as `eigh`.
   * scratch: columns · rows + 2 columns² + 4 columns + rows float64 a thread.
   */
  svd: [
    "dtype:i",
    "batch:n",
    "rows:n",
    "columns:n",
    "leftCount:n",
    "a:p",
    "values:p",
    "left:p",
    "right:p",
    "info:p",
    "scratch:p",
  ],

  // ---- windows; shape in meta as above
  /** a, b, out by pass: forward x, weight → out (+ bias, pointer 0: none); backwardInput gradient, weight → gradInput; backwardWeight gradient, x → gradWeight (bias: gradient of the bias, written, pointer 0: none). */
  conv2d: ["pass:i", "algorithm:i", "dtype:i", "meta:p", "a:p", "b:p", "bias:p", "out:p", "scratch:p"],
  conv2dScratch: ["pass:i", "algorithm:i", "dtype:i", "meta:p"],
  /** codes: where in its window each maximum was, kh * KW + kw, as uint8 if KH * KW <= 256, else int32. NaN wins, else the first of equals. Pointer 0: none. */
  maxPool2d: ["dtype:i", "meta:p", "x:p", "out:p", "codes:p"],
  maxPool2dBackward: ["dtype:i", "meta:p", "gradient:p", "codes:p", "gradInput:p"],
  /** indices (int32) into the H * W plane from the codes. */
  maxPool2dIndices: ["meta:p", "codes:p", "indices:p"],
  avgPool2d: ["dtype:i", "meta:p", "x:p", "out:p"],
  avgPool2dBackward: ["dtype:i", "meta:p", "gradient:p", "gradInput:p"],
  adaptiveAvgPool2d: ["dtype:i", "meta:p", "x:p", "out:p"],
  adaptiveAvgPool2dBackward: ["dtype:i", "meta:p", "gradient:p", "gradInput:p"],
  /** Positions (int32) of the maxima in the H * W plane; NaN wins, else the first of equals. */
  adaptiveMaxPool2dIndices: ["dtype:i", "meta:p", "x:p", "indices:p"],

  /** out[o, j, i] = Σ weight[t] · x[o, index[t], i] over t = start[j] … start[j + 1] − 1: x as [outer, n, inner], out as [outer, count, inner]; start, index int32. */
  resample: ["dtype:i", "outer:n", "n:n", "inner:n", "count:n", "start:p", "index:p", "weight:p", "x:p", "out:p"],

  /**
   * x [N, C, D, H, W] at the points of grid [N, points, 2 or 3] (x, y, z from −1 to 1), out [N, C, points]; `dimensions` 2: D is 1.
   * meta = [N, C, D, H, W, points]. flags: 1 the corners are the middles of the corner elements.
   */
  gridSample: ["mode:i", "padding:i", "flags:i", "dimensions:i", "dtype:i", "meta:p", "x:p", "grid:p", "out:p"],
  /** Gradients by x and by the grid, each written; pointer 0: not wanted. */
  gridSampleBackward: [
    "mode:i",
    "padding:i",
    "flags:i",
    "dimensions:i",
    "dtype:i",
    "meta:p",
    "gradient:p",
    "x:p",
    "grid:p",
    "gradInput:p",
    "gradGrid:p",
  ],

  // ---- normalisation over [n, c, inner]; mean, invStd per channel (batch norm) or per row (layer norm).
  /** Batch statistics: mean and biased variance per channel over n and inner. */
  batchNormStatistics: ["dtype:i", "n:n", "c:n", "inner:n", "x:p", "mean:p", "variance:p"],
  /** out = (x − mean) · invStd · weight + bias per channel; weight, bias 0: none. */
  batchNormApply: ["dtype:i", "n:n", "c:n", "inner:n", "x:p", "mean:p", "invStd:p", "weight:p", "bias:p", "out:p"],
  /** training 0: the statistics are constants. gradInput, gradWeight, gradBias may be 0. */
  batchNormBackward: [
    "dtype:i",
    "training:i",
    "n:n",
    "c:n",
    "inner:n",
    "gradient:p",
    "x:p",
    "mean:p",
    "invStd:p",
    "weight:p",
    "gradInput:p",
    "gradWeight:p",
    "gradBias:p",
  ],
  /** Rows of n; writes mean and invStd (biased, with eps) per row. weight, bias of n values may be 0. */
  layerNorm: ["dtype:i", "rows:n", "n:n", "x:p", "weight:p", "bias:p", "eps:d", "out:p", "mean:p", "invStd:p"],
  /** gradWeight, gradBias (n values) may be 0. scratch: 2 · 16 · n elements. */
  layerNormBackward: [
    "dtype:i",
    "rows:n",
    "n:n",
    "gradient:p",
    "x:p",
    "mean:p",
    "invStd:p",
    "weight:p",
    "gradInput:p",
    "gradWeight:p",
    "gradBias:p",
    "scratch:p",
  ],

  // ---- recurrent steps over rows of `size` hidden units; the gates of a row lie one after the other: i, f, g, o and r, z, n
  /** c' and h of an LSTM from the two shares of its gates; `gates` gets them behind their functions (pointer 0: not wanted). */
  lstmStep: ["dtype:i", "rows:n", "size:n", "inputGates:p", "hiddenGates:p", "cell:p", "gates:p", "h:p", "next:p"],
  /** gradH, gradNext may be 0. gradGates is the gradient of both shares. */
  lstmStepBackward: [
    "dtype:i",
    "rows:n",
    "size:n",
    "gradH:p",
    "gradNext:p",
    "gates:p",
    "cell:p",
    "next:p",
    "gradGates:p",
    "gradCell:p",
  ],
  /** The new state of a GRU, as `lstmStep`. */
  gruStep: ["dtype:i", "rows:n", "size:n", "inputGates:p", "hiddenGates:p", "h:p", "gates:p", "next:p"],
  gruStepBackward: [
    "dtype:i",
    "rows:n",
    "size:n",
    "gradient:p",
    "gates:p",
    "hiddenGates:p",
    "h:p",
    "gradInputGates:p",
    "gradHiddenGates:p",
    "gradState:p",
  ],

  // ---- indexing; indices are int32, already wrapped and checked
  /** out[o, j, i] = x[o, index[j], i], x as [outer, n, inner], out as [outer, count, inner]. */
  indexSelect: ["dtype:i", "outer:n", "n:n", "inner:n", "count:n", "x:p", "index:p", "out:p"],
  /** out[o, index[j], i] += alpha · source[o, j, i], in order of j. */
  indexAdd: ["dtype:i", "outer:n", "n:n", "inner:n", "count:n", "index:p", "source:p", "out:p", "alpha:d"],
  /** out[i, j, k] = x[i, index[i, j, k], k]: meta = [shape of index(ndim), strides of x(ndim), strides of index(ndim)]; out contiguous. */
  gather: ["dtype:i", "ndim:i", "dim:i", "meta:p", "x:p", "index:p", "out:p"],
  /** out[…index…] op= source: meta = [shape of index, strides of out, strides of index, strides of source]; sequential in index order. */
  scatter: ["op:i", "dtype:i", "ndim:i", "dim:i", "meta:p", "out:p", "index:p", "source:p"],
  /** Smallest and largest of count int32 values into range[0], range[1] (int32): how indices are checked. */
  indexRange: ["count:n", "index:p", "range:p"],
  /** Flat positions (int32) of the non-zero elements of a contiguous tensor; returns how many. out 0: only counts. */
  nonzero: ["dtype:i", "count:n", "x:p", "out:p"],
  /** Negative log likelihood of [n, c, inner] by int32 target [n, inner]: out[n, inner] = −weight[t] · x[n, t, inner], 0 where t = ignoreIndex; weight 0: ones. weights[n, inner] gets the weight used. Returns −1, or the flat position of the first target out of range. */
  nllLoss: ["dtype:i", "n:n", "c:n", "inner:n", "x:p", "target:p", "weight:p", "ignoreIndex:i", "out:p", "weights:p"],
  /** gradInput[n, t, inner] = −weights[n, inner] · gradient[n, inner], 0 elsewhere. */
  nllLossBackward: ["dtype:i", "n:n", "c:n", "inner:n", "gradient:p", "target:p", "weights:p", "gradInput:p"],
  /**
   * Connectionist temporal classification of log probabilities x [time, batch, classes] by int32 labels [batch, labelStride];
   * lengths: int32 [2, batch], of the inputs, then of the labels. columns: 2 + 2 · labelStride + 1, the latter rounded up to a multiple
   * of 16. alpha: [batch, time, columns], kept for the derivative. scratch: 2 · batch · columns elements.
   */
  ctcLoss: [
    "dtype:i",
    "time:n",
    "batch:n",
    "classes:n",
    "columns:n",
    "x:p",
    "labels:p",
    "labelStride:n",
    "lengths:p",
    "blank:i",
    "alpha:p",
    "losses:p",
    "scratch:p",
  ],
  /** gradient [batch]; an infinite loss has the gradient 0 if zeroInfinity, else NaN. scratch: 4 · batch · columns elements. */
  ctcLossBackward: [
    "dtype:i",
    "time:n",
    "batch:n",
    "classes:n",
    "columns:n",
    "gradient:p",
    "x:p",
    "labels:p",
    "labelStride:n",
    "lengths:p",
    "blank:i",
    "alpha:p",
    "losses:p",
    "zeroInfinity:i",
    "gradInput:p",
    "scratch:p",
  ],
  /** uint8 images [count, C, H·W] picked by index from a data set, to float32: out = (byte / 255 − mean[c]) / std[c]; mean, std 0: none. */
  imagesToFloat: ["count:n", "c:n", "inner:n", "images:p", "index:p", "mean:p", "std:p", "out:p"],

  // ---- optimizers, in place over n elements
  /** flags: 1 nesterov, 2 maximize, 4 first step of the momentum buffer; buffer 0: no momentum. */
  sgd: [
    "dtype:i",
    "n:n",
    "parameter:p",
    "gradient:p",
    "buffer:p",
    "lr:d",
    "momentum:d",
    "dampening:d",
    "weightDecay:d",
    "flags:i",
  ],
  /** flags: 1 decoupled weight decay (AdamW), 2 maximize; maxSquares 0: no amsgrad. step counts from 1. */
  adam: [
    "dtype:i",
    "n:n",
    "parameter:p",
    "gradient:p",
    "mean:p",
    "square:p",
    "maxSquares:p",
    "lr:d",
    "beta1:d",
    "beta2:d",
    "eps:d",
    "weightDecay:d",
    "step:d",
    "flags:i",
  ],

  /** One step of a rule; see `optimizerRules` for states (0: none) and constants (float64). */
  optimizerRule: [
    "rule:i",
    "dtype:i",
    "n:n",
    "parameter:p",
    "gradient:p",
    "first:p",
    "second:p",
    "third:p",
    "constants:p",
  ],

  // ---- random numbers; state: 624 words of MT19937, then position, then (cached flag, pad, cached normal as float64): 632 int32 in all
  randomSeed: ["state:p", "seed:d"],
  random: ["op:i", "dtype:i", "count:n", "state:p", "out:p", "p0:d", "p1:d"],
  /** Next 32 bits of the stream. */
  randomNext: ["state:p"],

  /** `hashOfTables` of this file when the kernels were built. */
  tableHash: [],
} as const;

/** The kernels that return a number (float64); the others return nothing. */
export const returnsNumber = [
  "matmulScratch",
  "conv2dScratch",
  "nonzero",
  "nllLoss",
  "randomNext",
  "tableHash",
] as const satisfies (keyof typeof table)[];

export type KernelName = keyof typeof table;
type Numbers<T extends readonly unknown[]> = { [K in keyof T]: number };
/** The kernels of one backend, as plain functions of numbers. */
export type Kernels = { readonly [K in KernelName]: (...args: Numbers<(typeof table)[K]>) => number };
