import { batchNormGradient, isGradEnabled, layerNormGradient, type Tensor } from "@kindling/tensor";
import type { Derivatives } from "../derivative.js";

/**
 * Gradient of `y = (x − mean) · invStd` by x, where mean and invStd are made from x over `dims`:
 * `invStd · (g − mean(g) − y · mean(g · y))`.
 */
function normalizedGradient(g: Tensor, y: Tensor, invStd: Tensor, dims: readonly number[]): Tensor {
  const average = (value: Tensor): Tensor => value.mean(dims, { keepdim: true });
  return g
    .sub(average(g))
    .sub(y.mul(average(g.mul(y))))
    .mul(invStd);
}

/** `(x − mean) · invStd` and invStd over `dims`, written with operations so that they can be differentiated again. */
function normalizedOver(x: Tensor, dims: readonly number[], eps: number): { y: Tensor; invStd: Tensor } {
  const centered = x.sub(x.mean(dims, { keepdim: true }));
  const invStd = centered.square().mean(dims, { keepdim: true }).add(eps).rsqrt();
  return { y: centered.mul(invStd), invStd };
}

type Name = "batchNorm" | "layerNorm";

export const normalization: Derivatives<Name> = {
  // y = (x − mean) · invStd · w + b per channel; dw = Σ g · (x − mean) · invStd, db = Σ g
  batchNorm: {
    saveInputs: ([needsX, needsWeight]) => (needsX || needsWeight ? [0, 1, 3, 4] : []),
    backward: (g, { inputs: [x, weight, , mean, invStd], attributes: { training, eps }, needs }) => {
      const [needsX = false, needsWeight = false, needsBias = false] = needs;
      const dims = g.shape.map((_, dim) => dim).filter((dim) => dim !== 1);
      if (!needsX && !needsWeight) return [null, null, needsBias && g.sum(dims)];
      const input = x as Tensor;
      if (!isGradEnabled()) {
        const wanted = { input: needsX, weight: needsWeight, bias: needsBias };
        const statistics = [mean as Tensor, invStd as Tensor] as const;
        const gradients = batchNormGradient(training, g, input, ...statistics, weight ?? null, wanted);
        return [gradients.input, gradients.weight, gradients.bias];
      }
      const perChannel = (value: Tensor): Tensor => value.reshape([-1, ...Array<number>(input.ndim - 2).fill(1)]);
      const normalized = training
        ? normalizedOver(input, dims, eps)
        : {
            y: input.sub(perChannel(mean as Tensor)).mul(perChannel(invStd as Tensor)),
            invStd: perChannel(invStd as Tensor),
          };
      const upstream = weight ? g.mul(perChannel(weight)) : g;
      const dx = training
        ? normalizedGradient(upstream, normalized.y, normalized.invStd, dims)
        : upstream.mul(normalized.invStd);
      return [needsX && dx, needsWeight && g.mul(normalized.y).sum(dims), needsBias && g.sum(dims)];
    },
  },

  // y = (x − mean) · invStd · w + b per row; dw = Σ g · (x − mean) · invStd, db = Σ g
  layerNorm: {
    saveInputs: ([needsX, needsWeight]) => (needsX || needsWeight ? [0, 1] : []),
    saveOutputs: [1, 2],
    backward: (g, { inputs: [x, weight], outputs: [, mean, invStd], attributes, needs }) => {
      const { normalizedDims, eps } = attributes;
      const [needsX = false, needsWeight = false, needsBias = false] = needs;
      const rows = g.shape.map((_, dim) => dim).slice(0, g.ndim - normalizedDims);
      const sumRows = (value: Tensor): Tensor => (rows.length === 0 ? value : value.sum(rows));
      if (!needsX && !needsWeight) return [null, null, needsBias && sumRows(g)];
      const input = x as Tensor;
      if (!isGradEnabled()) {
        const wanted = { input: needsX, weight: needsWeight, bias: needsBias };
        const statistics = [mean as Tensor, invStd as Tensor] as const;
        const gradients = layerNormGradient(g, input, ...statistics, weight ?? null, normalizedDims, wanted);
        return [gradients.input, gradients.weight, gradients.bias];
      }
      const dims = g.shape.map((_, dim) => dim).slice(g.ndim - normalizedDims);
      const { y, invStd: deviation } = normalizedOver(input, dims, eps);
      const upstream = weight ? g.mul(weight) : g;
      return [
        needsX && normalizedGradient(upstream, y, deviation, dims),
        needsWeight && sumRows(g.mul(y)),
        needsBias && sumRows(g),
      ];
    },
  },
};
