import {
  activationGradient,
  arange,
  cat,
  ctcLossGradient,
  eye,
  isGradEnabled,
  nllLossGradient,
  ones,
  softmaxGradient,
  type Tensor,
  UsageError,
  where,
  zeros,
} from "@kindling/tensor";
import type { Derivatives } from "../derivative.js";

/** What a reduction made, with the reduced dimensions back as ones. */
function withDims(y: Tensor, dims: readonly number[], keepdim: boolean, shape: readonly number[]): Tensor {
  if (keepdim || dims.length === 0) return y;
  return y.reshape(shape.map((size, dim) => (dims.includes(dim) ? 1 : size)));
}

/** All leading dimensions as one. */
function flatRows(x: Tensor): Tensor {
  return x.ndim === 2 ? x : x.reshape([-1, x.shape[x.ndim - 1] as number]);
}

/** Keeps the gradient of the binary cross entropy finite where a probability is 0 or 1. */
const smallestVariance = 1e-12;

/** The gradient of an extreme goes in equal parts to all elements that are equal to it. */
function extremeGradient(
  g: Tensor,
  x: Tensor,
  y: Tensor,
  { dims, keepdim }: { readonly dims: readonly number[]; readonly keepdim: boolean },
): Tensor {
  const extreme = withDims(y, dims, keepdim, x.shape);
  const chosen = x.eq(extreme).logicalOr(x.isnan().logicalAnd(extreme.isnan())).to(x.dtype);
  return withDims(g, dims, keepdim, x.shape)
    .div(chosen.sum(dims, { keepdim: true }))
    .mul(chosen);
}

const hasZero = (x: Tensor): boolean => x.numel() > 0 && x.eq(0).any().item() !== 0;

/** `yᵢ = x₀ · … · xᵢ₋₁` along the last dimension. */
function productsBefore(x: Tensor): Tensor {
  const last = x.ndim - 1;
  const size = x.shape[last] as number;
  const first = ones([...x.shape.slice(0, last), 1], { dtype: x.dtype });
  return cat([first, x.narrow(last, 0, size - 1).cumprod(last)], last);
}

/** Product of all other elements, for each element of the last dimension: right where some are 0, too. */
export function productOfOthers(x: Tensor): Tensor {
  const last = x.ndim - 1;
  return productsBefore(x).mul(productsBefore(x.flip([last])).flip([last]));
}

function prodGradient(g: Tensor, x: Tensor, y: Tensor, dims: readonly number[], keepdim: boolean): Tensor {
  const upstream = withDims(g, dims, keepdim, x.shape);
  if (x.numel() === 0) return x;
  if (!hasZero(x)) return upstream.mul(withDims(y, dims, keepdim, x.shape)).div(x);
  if (x.ndim === 0) return upstream;
  // All reduced dimensions become one, at the end, and go back afterwards.
  const kept = x.shape.map((_, dim) => dim).filter((dim) => !dims.includes(dim));
  const order = [...kept, ...dims];
  const moved = x.permute(order);
  const others = productOfOthers(moved.reshape([...kept.map((dim) => x.shape[dim] as number), -1]));
  const back = order.map((_, dim) => order.indexOf(dim));
  return upstream.mul(others.reshape(moved.shape).permute(back));
}

/** `Σⱼ≥ᵢ gⱼ` along a dimension. */
const sumFrom = (g: Tensor, dim: number): Tensor => g.flip([dim]).cumsum(dim).flip([dim]);

function cumprodGradient(g: Tensor, x: Tensor, y: Tensor, dim: number): Tensor {
  if (x.ndim === 0) return g;
  if (!hasZero(x)) return sumFrom(g.mul(y), dim).div(x);
  // dyⱼ/dxᵢ = the product of x₀ … xⱼ without xᵢ, for j ≥ i: row i of a square, with xᵢ replaced by 1.
  const last = x.ndim - 1;
  const rows = x.transpose(dim, last);
  const n = rows.shape[last] as number;
  const isOwn = eye(n, { dtype: "bool" });
  const products = where(isOwn, 1, rows.unsqueeze(last)).cumprod(last + 1);
  const terms = where(upper(n), products.mul(g.transpose(dim, last).unsqueeze(last)), 0);
  return terms.sum(last + 1).transpose(dim, last);
}

/** Whether column ≥ row, of an n × n square. */
function upper(n: number): Tensor {
  const position = arange(n);
  return position.ge(position.unsqueeze(1));
}

/** `ln` where the argument is positive, −∞ elsewhere. */
const logOfPositive = (x: Tensor): Tensor => x.clampMin(0).log();

/** `Σⱼ≥ᵢ gⱼ e^(xᵢ − yⱼ)` in logarithms, positive and negative g apart; the logarithms are −∞ where g is 0. */
function logScanGradient(g: Tensor, x: Tensor, y: Tensor, dim: number): Tensor {
  const part = (logs: Tensor): Tensor => logs.sub(y).flip([dim]).logcumsumexp(dim).flip([dim]).add(x).exp();
  return part(logOfPositive(g)).sub(part(logOfPositive(g.neg())));
}

/** The same as one square of exponents a row: it takes n² memory, but no infinity, so it can be differentiated again. */
function scanOfExponentials(g: Tensor, x: Tensor, y: Tensor, dim: number): Tensor {
  const last = x.ndim - 1;
  const toRows = (value: Tensor): Tensor => value.transpose(dim, last);
  const isLater = upper(x.shape[dim] as number);
  const exponents = toRows(x)
    .unsqueeze(last + 1)
    .sub(toRows(y).unsqueeze(last));
  const factors = where(isLater, where(isLater, exponents, 0).exp(), 0);
  return toRows(factors.mul(toRows(g).unsqueeze(last)).sum(last + 1));
}

type Name =
  | "sum"
  | "prod"
  | "amax"
  | "amin"
  | "cumsum"
  | "cumprod"
  | "logcumsumexp"
  | "bmm"
  | "linear"
  | "softmax"
  | "logSoftmax"
  | "nllLoss"
  | "ctcLoss"
  | "binaryCrossEntropy";

export const reduction: Derivatives<Name> = {
  // y = Σ x; dx = g, broadcast
  sum: {
    backward: (g, { attributes: { dims, keepdim }, shapes: [shape] }) => [
      withDims(g, dims, keepdim, shape as readonly number[]).expand(shape as readonly number[]),
    ],
  },

  // y = Π x; dxᵢ = g · Π of the others
  prod: {
    saveInputs: [0],
    saveOutputs: [0],
    backward: (g, { inputs: [x], outputs: [y], attributes: { dims, keepdim } }) => [
      prodGradient(g, x as Tensor, y as Tensor, dims, keepdim),
    ],
  },

  amax: {
    saveInputs: [0],
    saveOutputs: [0],
    backward: (g, { inputs: [x], outputs: [y], attributes }) => [
      extremeGradient(g, x as Tensor, y as Tensor, attributes),
    ],
  },
  amin: {
    saveInputs: [0],
    saveOutputs: [0],
    backward: (g, { inputs: [x], outputs: [y], attributes }) => [
      extremeGradient(g, x as Tensor, y as Tensor, attributes),
    ],
  },

  // yⱼ = Σᵢ≤ⱼ xᵢ; dxᵢ = Σⱼ≥ᵢ gⱼ
  cumsum: { backward: (g, { attributes: { dim } }) => [g.ndim === 0 ? g : sumFrom(g, dim)] },

  // yⱼ = Πᵢ≤ⱼ xᵢ; dxᵢ = Σⱼ≥ᵢ gⱼ yⱼ / xᵢ
  cumprod: {
    saveInputs: [0],
    saveOutputs: [0],
    backward: (g, { inputs: [x], outputs: [y], attributes: { dim } }) => [
      cumprodGradient(g, x as Tensor, y as Tensor, dim),
    ],
  },

  // yⱼ = ln Σᵢ≤ⱼ e^xᵢ; dxᵢ = Σⱼ≥ᵢ gⱼ e^(xᵢ − yⱼ)
  logcumsumexp: {
    saveInputs: [0],
    saveOutputs: [0],
    backward: (g, { inputs: [x], outputs: [y], attributes: { dim } }) => {
      const input = x as Tensor;
      if (input.ndim === 0) return [g];
      const output = y as Tensor;
      return [isGradEnabled() ? scanOfExponentials(g, input, output, dim) : logScanGradient(g, input, output, dim)];
    },
  },

  // y = a · b; da = g · bᵀ, db = aᵀ · g
  bmm: {
    saveInputs: ([needsA, needsB]) => [...(needsB ? [0] : []), ...(needsA ? [1] : [])],
    backward: (g, { inputs: [a, b], needs }) => [
      needs[0] && g.matmul((b as Tensor).transpose(-2, -1)),
      needs[1] && (a as Tensor).transpose(-2, -1).matmul(g),
    ],
  },

  // y = x · wᵀ + b; dx = g · w, dw = gᵀ · x, db = Σ g, over the rows of all leading dimensions
  linear: {
    saveInputs: ([needsX, needsWeight]) => [...(needsWeight ? [0] : []), ...(needsX ? [1] : [])],
    backward: (g, { inputs: [x, weight], needs }) => {
      const rows = flatRows(g);
      return [
        needs[0] && g.matmul(weight as Tensor),
        needs[1] && rows.transpose(0, 1).matmul(flatRows(x as Tensor)),
        needs[2] && rows.sum(0),
      ];
    },
  },

  // yᵢ = e^xᵢ / Σ e^xⱼ; dx = y · (g − Σ g·y)
  softmax: {
    saveOutputs: [0],
    backward: (g, { outputs: [y], attributes: { dim } }) => {
      const output = y as Tensor;
      if (!isGradEnabled()) return [softmaxGradient(false, g, output, dim)];
      return [output.mul(g.sub(g.mul(output).sum(dim, { keepdim: output.ndim > 0 })))];
    },
  },

  // y = x − ln Σ e^xⱼ; dx = g − e^y · Σ g
  logSoftmax: {
    saveOutputs: [0],
    backward: (g, { outputs: [y], attributes: { dim } }) => {
      const output = y as Tensor;
      if (!isGradEnabled()) return [softmaxGradient(true, g, output, dim)];
      return [g.sub(output.exp().mul(g.sum(dim, { keepdim: output.ndim > 0 })))];
    },
  },

  // y[n] = −w[t[n]] · x[n, t[n]]; dx = −w[t[n]] · g[n] at t[n], 0 elsewhere
  nllLoss: {
    saveInputs: [1],
    saveOutputs: [1],
    backward: (g, { inputs: [, target], outputs: [, weights], shapes: [shape], attributes: { ignoreIndex } }) => {
      const sizes = shape as readonly number[];
      const labels = target as Tensor;
      if (!isGradEnabled()) return [nllLossGradient(g, labels, weights as Tensor, sizes)];
      const index = where(labels.eq(ignoreIndex), 0, labels).unsqueeze(1);
      // An output, but a constant.
      const constant = (weights as Tensor).detach();
      const source = g.mul(constant).neg().unsqueeze(1);
      return [zeros(sizes, { dtype: g.dtype }).scatter(1, index, source)];
    },
  },

  // y = −ln p(labels); dx = g · (exp(x) − p(class at this step | labels)), which the softmax below passes unchanged
  ctcLoss: {
    saveInputs: [0, 1, 2],
    saveOutputs: [0, 1],
    backward: (g, { inputs, outputs, attributes }) => {
      if (isGradEnabled()) {
        throw new UsageError("ctcLoss: its derivative cannot be differentiated again; leave out createGraph");
      }
      return [ctcLossGradient(g, inputs as [Tensor, Tensor, Tensor], outputs as [Tensor, Tensor], attributes)];
    },
  },

  // y = −(t ln x + (1 − t) ln(1 − x)); dx = g · (x − t) / (x (1 − x)), bounded; dt = g · (ln(1 − x) − ln x)
  binaryCrossEntropy: {
    saveInputs: [0, 1],
    backward: (g, { inputs, needs }) => {
      const [x, target] = inputs as [Tensor, Tensor];
      const slope = () =>
        isGradEnabled()
          ? x.sub(target).div(x.mul(x.rsub(1)).clampMin(smallestVariance))
          : activationGradient("binaryCrossEntropySlope", x, target);
      return [needs[0] && g.mul(slope()), needs[1] && g.mul(x.neg().log1p().sub(x.log()))];
    },
  },
};
