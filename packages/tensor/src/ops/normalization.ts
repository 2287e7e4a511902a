import { allocate, filled } from "../allocate.js";
import { isFloatingPoint } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { code, kernels } from "../launch.js";
import { noGrad, record, recordAll } from "../recorder.js";
import { formatShape, numberOfElements, sameShape } from "../shape.js";
import { composite } from "../storage.js";
import type { Tensor } from "../tensor.js";
import { dense, splitAround } from "./reduce.js";
import { vectorNorm } from "./reduction.js";

/** Options of {@link batchNorm}. */
export interface BatchNormOptions {
  /** Normalises with the batch's own statistics and updates the running ones. Default false. */
  training?: boolean;
  /** Share of the new statistics in the running ones. Default 0.1. */
  momentum?: number;
  /** Added to the variance. Default 1e-5. */
  eps?: number;
}

/** Options of {@link instanceNorm}. */
export interface InstanceNormOptions {
  /** Normalises with each instance's own statistics (default), or with the running ones. */
  useInputStats?: boolean;
  /** Share of the new statistics in the running ones. Default 0.1. */
  momentum?: number;
  /** Added to the variance. Default 1e-5. */
  eps?: number;
}

function checkFloat(op: string, x: Tensor): void {
  if (!isFloatingPoint(x.dtype)) {
    throw new DTypeError(`${op}: expected a floating point tensor, got ${x.dtype}; convert with .to("float32")`);
  }
}

function checkPerChannel(op: string, what: string, value: Tensor | null, channels: number, x: Tensor): void {
  if (value === null) return;
  if (value.ndim !== 1 || value.shape[0] !== channels) {
    throw new ShapeError(
      `${op}: expected ${what} [${channels}] for input ${formatShape(x.shape)}, got ${formatShape(value.shape)}`,
    );
  }
  if (value.dtype !== x.dtype) throw new DTypeError(`${op}: expected ${what} of dtype ${x.dtype}, got ${value.dtype}`);
}

/** Mean and biased variance of every channel. */
function batchStatistics(
  x: Tensor,
  outer: number,
  channels: number,
  inner: number,
): { mean: Tensor; variance: Tensor } {
  const mean = allocate([channels], x.dtype);
  const variance = allocate([channels], x.dtype);
  kernels.batchNormStatistics(code(x.dtype), outer, channels, inner, x.address, mean.address, variance.address);
  return { mean, variance };
}

/** Moves running statistics towards those of the batch, whose unbiased variance is counted. */
function updateRunning(
  running: Tensor | null,
  runningVar: Tensor | null,
  statistics: { readonly mean: Tensor; readonly variance: Tensor },
  count: number,
  momentum: number,
): void {
  noGrad(() => {
    running?.mul_(1 - momentum).add_(statistics.mean, { alpha: momentum });
    runningVar?.mul_(1 - momentum).add_(statistics.variance, { alpha: (momentum * count) / (count - 1) });
  });
}

/**
 * Normalises every channel over the batch: `(x − mean) / √(variance + eps) · weight + bias`. While training
 * (or without running statistics) mean and biased variance are the batch's, and the running statistics are
 * updated in place: `running ← (1 − momentum) · running + momentum · statistic`, with the unbiased variance.
 *
 * **Shapes** x: [N, C, ...]; running statistics, weight, bias: [C], or null; result: that of x.
 * Options: `training` (false), `momentum` (0.1), `eps` (1e-5). Source: Ioffe & Szegedy 2015.
 * @throws ShapeError if sizes do not fit or there is one value per channel to train on; DTypeError for integers.
 * @example
 * const x = tensor([[1], [3]], { dtype: "float32" });
 * const [runningMean, runningVar] = [zeros(1), ones(1)];
 * batchNorm(x, runningMean, runningVar, null, null, { training: true }); // → [[-1.0000], [1.0000]]
 * runningMean; // → [0.2]
 */
export function batchNorm(
  x: Tensor,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  weight: Tensor | null = null,
  bias: Tensor | null = null,
  options: BatchNormOptions = {},
): Tensor {
  const op = "batchNorm";
  const { training = false, momentum = 0.1, eps = 1e-5 } = options;
  checkFloat(op, x);
  if (x.ndim < 2) throw new ShapeError(`${op}: expected an input [N, C, ...], got ${formatShape(x.shape)}`);
  const { outer, n: channels, inner } = splitAround(x.shape, 1);
  checkPerChannel(op, "a running mean", runningMean, channels, x);
  checkPerChannel(op, "a running variance", runningVar, channels, x);
  checkPerChannel(op, "a weight", weight, channels, x);
  checkPerChannel(op, "a bias", bias, channels, x);
  const count = outer * inner;
  const ownStatistics = training || runningMean === null || runningVar === null;
  if (training && count === 1) {
    throw new ShapeError(
      `${op}: expected more than 1 value per channel when training, got input ${formatShape(x.shape)}; use a larger batch or .eval()`,
    );
  }
  const out = allocate(x.shape, x.dtype);
  if (numberOfElements(x.shape) === 0) {
    const nothing = filled([channels], x.dtype, 0);
    return record("batchNorm", [x, weight, bias, nothing, nothing], out, { training: ownStatistics, eps });
  }
  const source = dense(x);
  const scale = weight === null ? null : dense(weight);
  const shift = bias === null ? null : dense(bias);
  let mean: Tensor;
  let invStd: Tensor;
  if (ownStatistics) {
    const statistics = batchStatistics(source, outer, channels, inner);
    mean = statistics.mean;
    invStd = statistics.variance.add(eps).rsqrt();
    if (training) updateRunning(runningMean, runningVar, statistics, count, momentum);
  } else {
    // Copies: the running statistics may change before backward reads them.
    mean = runningMean.detach().clone();
    invStd = runningVar.detach().add(eps).rsqrt();
  }
  kernels.batchNormApply(
    code(x.dtype),
    outer,
    channels,
    inner,
    source.address,
    mean.address,
    invStd.address,
    scale === null ? 0 : scale.address,
    shift === null ? 0 : shift.address,
    out.address,
  );
  return record("batchNorm", [x, weight, bias, mean, invStd], out, { training: ownStatistics, eps });
}

/**
 * Normalises over the last dimensions: `(x − mean) / √(variance + eps) · weight + bias`, with the biased variance.
 *
 * **Shapes** x: [..., *normalizedShape]; weight, bias: normalizedShape, or null; result: that of x.
 * Options: `eps` (1e-5). Source: Ba et al. 2016.
 * @throws ShapeError if the sizes do not fit; DTypeError for integers.
 * @example layerNorm(tensor([[1, 3], [10, 30]], { dtype: "float32" }), 2); // → [[-1.0000, 1.0000], [-1, 1]]
 */
export function layerNorm(
  x: Tensor,
  normalizedShape: number | readonly number[],
  weight: Tensor | null = null,
  bias: Tensor | null = null,
  options: { eps?: number } = {},
): Tensor {
  const op = "layerNorm";
  checkFloat(op, x);
  const { eps = 1e-5 } = options;
  const normalized = typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape;
  const lead = x.ndim - normalized.length;
  if (normalized.length === 0 || lead < 0 || !sameShape(x.shape.slice(lead), normalized)) {
    throw new ShapeError(
      `${op}: expected an input whose last sizes are ${formatShape(normalized)}, got ${formatShape(x.shape)}`,
    );
  }
  for (const [what, value] of [
    ["weight", weight],
    ["bias", bias],
  ] as const) {
    if (value === null) continue;
    if (!sameShape(value.shape, normalized)) {
      throw new ShapeError(`${op}: expected a ${what} ${formatShape(normalized)}, got ${formatShape(value.shape)}`);
    }
    if (value.dtype !== x.dtype)
      throw new DTypeError(`${op}: expected a ${what} of dtype ${x.dtype}, got ${value.dtype}`);
  }
  const rowShape = x.shape.slice(0, lead);
  const rows = numberOfElements(rowShape);
  const n = numberOfElements(normalized);
  const out = allocate(x.shape, x.dtype);
  const mean = allocate(rowShape, x.dtype);
  const invStd = allocate(rowShape, x.dtype);
  if (rows * n > 0) {
    const source = dense(x);
    const scale = weight === null ? null : dense(weight);
    const shift = bias === null ? null : dense(bias);
    kernels.layerNorm(
      code(x.dtype),
      rows,
      n,
      source.address,
      scale === null ? 0 : scale.address,
      shift === null ? 0 : shift.address,
      eps,
      out.address,
      mean.address,
      invStd.address,
    );
  }
  recordAll("layerNorm", [x, weight, bias], [out, mean, invStd], { normalizedDims: normalized.length, eps });
  return out;
}

/** `y · weight + bias` with one value per channel. */
function scaleChannels(y: Tensor, weight: Tensor | null, bias: Tensor | null): Tensor {
  const perChannel = [-1, ...Array<number>(y.ndim - 2).fill(1)];
  const scaled = weight === null ? y : y.mul(weight.reshape(perChannel));
  return bias === null ? scaled : scaled.add(bias.reshape(perChannel));
}

/**
 * Normalises every group of channels of every sample: `(x − mean) / √(variance + eps) · weight + bias`.
 *
 * **Shapes** x: [N, C, ...]; weight, bias: [C], or null; result: that of x. Options: `eps` (1e-5). Source: Wu & He 2018.
 * @throws ShapeError if the channels do not divide into the groups.
 * @example groupNorm(tensor([[1, 3, 10, 30]], { dtype: "float32" }), 2); // → [[-1.0000, 1.0000, -1, 1]]
 */
export function groupNorm(
  x: Tensor,
  numGroups: number,
  weight: Tensor | null = null,
  bias: Tensor | null = null,
  options: { eps?: number } = {},
): Tensor {
  const op = "groupNorm";
  if (x.ndim < 2) throw new ShapeError(`${op}: expected an input [N, C, ...], got ${formatShape(x.shape)}`);
  const [batch, channels] = x.shape as [number, number];
  if (!Number.isInteger(numGroups) || numGroups < 1) {
    throw new UsageError(`${op}: numGroups must be a whole number of at least 1, got ${numGroups}`);
  }
  if (channels % numGroups !== 0) {
    throw new ShapeError(
      `${op}: the ${channels} channels of ${formatShape(x.shape)} do not divide into ${numGroups} groups`,
    );
  }
  checkPerChannel(op, "a weight", weight, channels, x);
  checkPerChannel(op, "a bias", bias, channels, x);
  const n = numberOfElements(x.shape.slice(1)) / numGroups;
  return composite(() => {
    const normalized = layerNorm(x.reshape([batch * numGroups, n]), n, null, null, options).reshape(x.shape);
    return scaleChannels(normalized, weight, bias);
  });
}

/**
 * Normalises every channel of every sample: `(x − mean) / √(variance + eps) · weight + bias`. Running
 * statistics, if given, are updated in place by the mean over the batch, or used with `useInputStats: false`.
 *
 * **Shapes** x: [N, C, ...]; running statistics, weight, bias: [C], or null; result: that of x.
 * Options: `useInputStats` (true), `momentum` (0.1), `eps` (1e-5). Source: Ulyanov et al. 2016.
 * @throws ShapeError if sizes do not fit or there is one value per channel.
 * @example instanceNorm(tensor([[[1, 3], [10, 30]]], { dtype: "float32" })); // → [[[-1.0000, 1.0000], [-1, 1]]]
 */
export function instanceNorm(
  x: Tensor,
  runningMean: Tensor | null = null,
  runningVar: Tensor | null = null,
  weight: Tensor | null = null,
  bias: Tensor | null = null,
  options: InstanceNormOptions = {},
): Tensor {
  const op = "instanceNorm";
  const { useInputStats = true, momentum = 0.1, eps = 1e-5 } = options;
  checkFloat(op, x);
  if (x.ndim < 3) throw new ShapeError(`${op}: expected an input [N, C, ...], got ${formatShape(x.shape)}`);
  if (!useInputStats) {
    if (runningMean === null || runningVar === null) {
      throw new UsageError(`${op}: useInputStats: false needs running statistics`);
    }
    return batchNorm(x, runningMean, runningVar, weight, bias, { eps });
  }
  const [batch, channels] = x.shape as [number, number];
  const n = numberOfElements(x.shape.slice(2));
  if (n === 1) {
    throw new ShapeError(
      `${op}: expected more than 1 value per channel when training, got input ${formatShape(x.shape)}; normalise over something`,
    );
  }
  checkPerChannel(op, "a running mean", runningMean, channels, x);
  checkPerChannel(op, "a running variance", runningVar, channels, x);
  checkPerChannel(op, "a weight", weight, channels, x);
  checkPerChannel(op, "a bias", bias, channels, x);
  const rows = x.reshape([batch * channels, n]);
  if ((runningMean !== null || runningVar !== null) && numberOfElements(x.shape) > 0) {
    const { mean, variance } = batchStatistics(dense(rows.detach()), 1, batch * channels, n);
    const perChannel = (statistic: Tensor): Tensor => statistic.reshape([batch, channels]).mean(0);
    updateRunning(runningMean, runningVar, { mean: perChannel(mean), variance: perChannel(variance) }, n, momentum);
  }
  return composite(() => scaleChannels(layerNorm(rows, n, null, null, { eps }).reshape(x.shape), weight, bias));
}

/**
 * Divides by the root of the mean square over the last dimensions: `x / √(mean(x²) + eps) · weight`.
 * Options: `eps` (default: the machine epsilon of the dtype). Source: Zhang & Sennrich 2019.
 *
 * **Shapes** x: [..., *normalizedShape]; weight: normalizedShape, or null; result: that of x.
 * @example rmsNorm(tensor([[3, 4]], { dtype: "float32" }), 2); // → [[0.8485, 1.1314]]
 */
export function rmsNorm(
  x: Tensor,
  normalizedShape: number | readonly number[],
  weight: Tensor | null = null,
  options: { eps?: number } = {},
): Tensor {
  const op = "rmsNorm";
  checkFloat(op, x);
  const normalized = typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape;
  const lead = x.ndim - normalized.length;
  if (normalized.length === 0 || lead < 0 || !sameShape(x.shape.slice(lead), normalized)) {
    throw new ShapeError(
      `${op}: expected an input whose last sizes are ${formatShape(normalized)}, got ${formatShape(x.shape)}`,
    );
  }
  if (weight !== null && !sameShape(weight.shape, normalized)) {
    throw new ShapeError(`${op}: expected a weight ${formatShape(normalized)}, got ${formatShape(weight.shape)}`);
  }
  const { eps = x.dtype === "float64" ? Number.EPSILON : 2 ** -23 } = options;
  const dims = normalized.map((_, i) => lead + i);
  return composite(() => {
    const scaled = x.mul(x.square().mean(dims, { keepdim: true }).add(eps).rsqrt());
    return weight === null ? scaled : scaled.mul(weight);
  });
}

/** Options of {@link normalize}. */
export interface NormalizeOptions {
  /** Exponent of the norm. Default 2. */
  p?: number;
  /** Dimension or dimensions of the norm. Default 1. */
  dim?: number | readonly number[];
  /** Norms smaller than this count as this. Default 1e-12. */
  eps?: number;
}

/**
 * Scales vectors along a dimension to norm 1: `x / max(‖x‖ₚ, eps)`.
 *
 * **Shapes** x: any; result: the same. Options: `p` (2), `dim` (1), `eps` (1e-12).
 * @example normalize(tensor([[3, 4]], { dtype: "float32" })); // → [[0.6, 0.8]]
 */
export function normalize(x: Tensor, options: NormalizeOptions = {}): Tensor {
  const { p = 2, dim = 1, eps = 1e-12 } = options;
  return x.div(vectorNorm(x, p, dim, { keepdim: true }).clampMin(eps));
}
