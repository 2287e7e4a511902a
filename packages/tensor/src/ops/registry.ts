import type { binaryOps, gridSampleModes, gridSamplePaddings, unaryOps } from "@kindling/kernels";
import type { DType } from "../dtype.js";

type Names<T extends readonly string[]> = T[number];

/** Elementwise operations without parameters. */
type PlainUnary = Exclude<
  Names<typeof unaryOps>,
  | ("leakyRelu" | "elu" | "softplus" | "powScalar" | "bitwiseNot")
  | ("clamp" | "hardshrink" | "softshrink" | "threshold" | "logit")
>;
type PlainBinary = Exclude<
  Names<typeof binaryOps>,
  | "axpy"
  | "bitwiseAnd"
  | "bitwiseOr"
  | "bitwiseXor"
  | "shiftLeft"
  | "shiftRight"
  | "huber"
  | `${string}${"Grad" | "Slope"}`
>;

export interface Window2d {
  readonly kernelSize: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
}

export interface Convolution2d {
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly groups: number;
}

export interface AveragePool2d extends Window2d {
  readonly countIncludePad: boolean;
  /** 0: the size of the window. */
  readonly divisorOverride: number;
}

/**
 * Which elements of a dimension make up each element of another: element j is the sum of `weight[t]` times element
 * `index[t]` over t = `start[j]` … `start[j + 1]` − 1.
 */
export interface Taps {
  /** How many elements there are to choose from. */
  readonly size: number;
  readonly start: Int32Array;
  readonly index: Int32Array;
  readonly weight: Float64Array;
}

export interface GridSample {
  readonly mode: (typeof gridSampleModes)[number];
  readonly paddingMode: (typeof gridSamplePaddings)[number];
  readonly alignCorners: boolean;
}

/** What the piecewise operations keep of their bounds, for derivatives. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

interface Reduction {
  /** Sorted, from 0; never empty unless the input is a scalar. */
  readonly dims: readonly number[];
  readonly keepdim: boolean;
}

/**
 * The primitive operations that autograd can record, with what besides tensors determines them. The
 * derivative table and the conformance samples are typed by these names, so the compiler lists the
 * places that a new operation still lacks. Composite operations are not here.
 */
export interface OpAttributes extends Record<PlainUnary | PlainBinary, undefined> {
  leakyRelu: { readonly negativeSlope: number };
  /** x > 0 ? x : alpha * expm1(scale * x) */
  elu: { readonly alpha: number; readonly scale: number };
  softplus: { readonly beta: number; readonly threshold: number };
  powScalar: { readonly exponent: number };
  clamp: Bounds;
  /** `clamp` whose bounds have no gradient */
  hardtanh: Bounds;
  hardshrink: { readonly lambda: number };
  softshrink: { readonly lambda: number };
  threshold: { readonly threshold: number; readonly value: number };
  /** of x limited to the bounds; a gradient within them */
  logit: Bounds;
  /** a + alpha * b */
  axpy: { readonly alpha: number };
  /** factor · (|a − b| <= delta ? (a − b)² / 2 : delta · (|a − b| − delta / 2)) */
  huber: { readonly delta: number; readonly factor: number };

  to: { readonly dtype: DType };
  clone: undefined;
  /** inputs: condition, a, b */
  where: undefined;

  // Views: the output shares the input's memory.
  view: { readonly shape: readonly number[] };
  permute: { readonly dims: readonly number[] };
  expand: { readonly shape: readonly number[] };
  slice: { readonly dim: number; readonly start: number; readonly length: number; readonly step: number };
  select: { readonly dim: number; readonly index: number };
  diagonal: { readonly offset: number; readonly dim1: number; readonly dim2: number };
  /** `input`: the layout of the input; contiguous from the start of the memory if absent. */
  asStrided: {
    readonly shape: readonly number[];
    readonly strides: readonly number[];
    readonly offset: number;
    readonly input?: { readonly strides: readonly number[]; readonly offset: number };
  };
  /** A constant with the input at the positions of this layout, added up where they coincide. */
  placeStrided: { readonly strides: readonly number[]; readonly offset: number };

  /** outputs: views of these lengths, one after the other */
  split: { readonly dim: number; readonly lengths: readonly number[] };
  /** outputs: a view for each position, without the dimension */
  unbind: { readonly dim: number };

  flip: { readonly dims: readonly number[] };
  cat: { readonly dim: number };
  gather: { readonly dim: number };
  /** inputs: self, index, source */
  scatter: { readonly dim: number };
  scatterAdd: { readonly dim: number };
  indexSelect: { readonly dim: number };
  /** inputs: self, index, source */
  indexAdd: { readonly dim: number; readonly alpha: number };

  sum: Reduction;
  prod: Reduction;
  /** Extremes over several dimensions; ties share the gradient. */
  amax: Reduction;
  amin: Reduction;
  cumsum: { readonly dim: number };
  cumprod: { readonly dim: number };
  logcumsumexp: { readonly dim: number };

  /** [b, m, k] · [b, k, n] */
  bmm: undefined;
  /** inputs: x [..., in], weight [out, in], bias or null */
  linear: undefined;

  /** outputs: L below the diagonal and U on and above it, in one; row exchanges */
  luFactor: undefined;
  inv: undefined;
  /** inputs: A [..., n, n], B [..., n, k]; outputs: X with A · X = B, and the LU factors of A */
  solve: undefined;
  /** outputs: the determinant, and the LU factors */
  det: undefined;
  /** outputs: sign and logarithm of the magnitude of the determinant, and the LU factors */
  slogdet: undefined;
  /** outputs: the lower triangle */
  cholesky: undefined;
  /** inputs: B [..., n, k], L [..., n, n]; outputs: X with L · Lᵀ · X = B */
  choleskySolve: undefined;
  /** inputs: A [..., n, n], of which one triangle is read, B [..., n, k]; outputs: X with A · X = B */
  triangularSolve: { readonly upper: boolean; readonly unitriangular: boolean };
  /** outputs: Q (empty for "r") and R */
  qr: { readonly mode: "reduced" | "complete" | "r" };
  /** outputs: eigenvalues in ascending order, eigenvectors as columns */
  eigh: undefined;
  /** outputs: U, S in descending order, Vᵀ */
  svd: undefined;
  /** The pseudoinverse; singular values that its tolerance drops are constants. */
  pinv: undefined;

  /** inputs: input's and state's share of the gates, c; outputs: h, c and the gates behind their functions */
  lstmStep: undefined;
  /** inputs: input's and state's share of the gates, h; outputs: the new h and the gates behind their functions */
  gruStep: undefined;

  softmax: { readonly dim: number };
  logSoftmax: { readonly dim: number };
  /** inputs: log probabilities [n, c, ...], target, weight or null; outputs: loss and weight per position */
  nllLoss: { readonly ignoreIndex: number };
  /** inputs: log probabilities [t, n, c], labels [n, s], lengths [2, n]; outputs: losses [n], forward variables */
  ctcLoss: { readonly blank: number; readonly zeroInfinity: boolean };

  conv2d: Convolution2d;
  /** inputs: gradient, weight */
  conv2dBackwardInput: Convolution2d & { readonly inputShape: readonly number[] };
  /** inputs: gradient, input; outputs: gradients of weight and bias */
  conv2dBackwardWeight: Convolution2d & { readonly weightShape: readonly number[]; readonly withBias: boolean };
  /** outputs: maxima and where in its window each one was */
  maxPool2d: Window2d;
  /** inputs: gradient, codes */
  maxPool2dBackward: Window2d & { readonly inputShape: readonly number[] };
  avgPool2d: AveragePool2d;
  avgPool2dBackward: AveragePool2d & { readonly inputShape: readonly number[] };
  adaptiveAvgPool2d: { readonly outputSize: readonly [number, number] };
  adaptiveAvgPool2dBackward: { readonly inputShape: readonly number[] };
  resample: { readonly dim: number; readonly taps: Taps };
  /** inputs: x, grid */
  gridSample: GridSample;

  /** inputs: x, weight, bias, mean, invStd (constants in evaluation); outputs: y (training: mean and invStd are of the batch) */
  batchNorm: { readonly training: boolean; readonly eps: number };
  /** inputs: x, weight, bias; outputs: y, mean, invStd */
  layerNorm: { readonly normalizedDims: number; readonly eps: number };
}

/** The name of an operation that can be recorded. */
export type OpName = keyof OpAttributes;
