import { empty, noGrad, normalize, type Tensor, UsageError } from "@kindling/tensor";
import { requireTensor, requireTensorField } from "./field-name.js";
import { normal_ } from "./init.js";
import { ConvTranspose1d } from "./layers/conv-transpose1d.js";
import { ConvTranspose2d } from "./layers/conv-transpose2d.js";
import { ConvTranspose3d } from "./layers/conv-transpose3d.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";
import { registerParametrization } from "./parametrize.js";

/** How the largest singular value is estimated. */
export interface SpectralNormOptions {
  /** Steps of the power method whenever the weight is computed in training. Default 1. */
  nPowerIterations?: number;
  /** What norms are at least. Default 1e-12. */
  eps?: number;
  /** The dimension of the outputs. Default 0; for transposed convolutions 1. */
  dim?: number | null;
}

/** What both forms share: the weight as a matrix, and its largest singular value by the power method. */
class PowerMethod {
  readonly nPowerIterations: number;
  readonly eps: number;
  readonly dim: number;

  constructor(module: Module, weight: Tensor, options: SpectralNormOptions) {
    const { nPowerIterations = 1, eps = 1e-12 } = options;
    const isTransposed =
      module instanceof ConvTranspose1d || module instanceof ConvTranspose2d || module instanceof ConvTranspose3d;
    const dim = options.dim ?? (isTransposed ? 1 : 0);
    if (!(Number.isInteger(dim) && dim >= -weight.ndim && dim < weight.ndim)) {
      throw new UsageError(`spectralNorm: dim must be from ${-weight.ndim} to ${weight.ndim - 1}, got ${dim}`);
    }
    if (!(Number.isInteger(nPowerIterations) && nPowerIterations > 0)) {
      throw new UsageError(`spectralNorm: nPowerIterations must be positive, got ${nPowerIterations}`);
    }
    this.nPowerIterations = nPowerIterations;
    this.eps = eps;
    this.dim = dim < 0 ? dim + weight.ndim : dim;
  }

  matrix(weight: Tensor): Tensor {
    return weight.movedim(this.dim, 0).flatten(1);
  }

  /** Draws the first singular vectors. */
  draw(weight: Tensor): [u: Tensor, v: Tensor] {
    return noGrad(() => {
      const [u, v] = this.matrix(weight).shape.map((size) =>
        normalize(normal_(empty([size], { dtype: weight.dtype })), { dim: 0, eps: this.eps }),
      );
      return [u as Tensor, v as Tensor];
    });
  }

  nextU(matrix: Tensor, u: Tensor, v: Tensor): void {
    u.copy_(normalize(matrix.mv(v), { dim: 0, eps: this.eps }));
  }

  nextV(matrix: Tensor, u: Tensor, v: Tensor): void {
    v.copy_(normalize(matrix.t().mv(u), { dim: 0, eps: this.eps }));
  }

  /** The weight divided by uᵀ · W · v. The vectors are copied: later steps change them, and backward needs these. */
  normalized(weight: Tensor, u: Tensor, v: Tensor): Tensor {
    return weight.div(u.clone().dot(this.matrix(weight).mv(v.clone())));
  }
}

class SpectralNorm extends Module {
  readonly method: PowerMethod;
  // PyTorch's names of the buffers.
  readonly _u!: Tensor;
  readonly _v!: Tensor;

  constructor(module: Module, weight: Tensor, options: SpectralNormOptions) {
    super();
    this.method = new PowerMethod(module, weight, options);
    if (weight.ndim === 1) return;
    [this._u, this._v] = this.method.draw(weight);
    this.iterate(weight, 15);
  }

  private iterate(weight: Tensor, steps: number): void {
    noGrad(() => {
      const matrix = this.method.matrix(weight);
      for (let i = 0; i < steps; i++) {
        this.method.nextU(matrix, this._u, this._v);
        this.method.nextV(matrix, this._u, this._v);
      }
    });
  }

  forward(weight: Tensor): Tensor {
    if (weight.ndim === 1) return normalize(weight, { dim: 0, eps: this.method.eps });
    if (this.training) this.iterate(weight, this.method.nPowerIterations);
    return this.method.normalized(weight, this._u, this._v);
  }

  rightInverse(value: Tensor): Tensor {
    return value;
  }
}

/**
 * Divides a weight by its largest singular value σ: `weight = original / σ(original)`. σ is estimated by the power method,
 * one step whenever the weight is read in training. A vector is divided by its norm.
 *
 * Options: `nPowerIterations` (1), `eps` (1e-12), `dim` (0; for transposed convolutions 1).
 * @returns the module.
 * @throws UsageError if there is no such tensor, or for a bad option.
 * @example
 * const layer = utils.parametrizations.spectralNorm(new Linear(4, 2));
 * [...layer.buffers()].map(({ shape }) => shape); // → [[2], [4]]
 * layer.getParameter("parametrizations.weight.original").shape; // → [2, 4]
 * @source Miyato et al. 2018; https://pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.spectral_norm.html
 */
export function spectralNorm<T extends Module>(module: T, name = "weight", options: SpectralNormOptions = {}): T {
  const weight = requireTensor("spectralNorm", module, name);
  return registerParametrization(module, name, new SpectralNorm(module, weight, options));
}

/**
 * `parametrizations.spectralNorm` as older PyTorch programs have it: the parameter is `weight_orig`, and the singular
 * vectors are the buffers `weight_u` and `weight_v`, which begin as they are drawn. The power method takes its steps
 * before every `forward` in training.
 *
 * Options: `nPowerIterations` (1), `eps` (1e-12), `dim` (0; for transposed convolutions 1).
 * @returns the module.
 * @throws UsageError if there is no such tensor, or for a bad option.
 * @example Object.keys(utils.spectralNorm(new Linear(4, 2)).stateDict()); // → ["bias", "weight_orig", "weight_u", "weight_v"]
 */
export function oldSpectralNorm<T extends Module>(module: T, name = "weight", options: SpectralNormOptions = {}): T {
  const field = requireTensorField("spectralNorm", module, name);
  const weight = Reflect.get(module, field) as Tensor;
  const method = new PowerMethod(module, weight, options);
  const [u, v] = method.draw(weight);
  const parts = (owner: Module): [Tensor, Tensor, Tensor] => [
    Reflect.get(owner, `${field}Orig`),
    Reflect.get(owner, `${field}U`),
    Reflect.get(owner, `${field}V`),
  ];
  module.computeField(field, {
    get: (owner) => method.normalized(...parts(owner)),
    set: (owner, value) => void noGrad(() => parts(owner)[0].copy_(value)),
  });
  Reflect.set(module, `${field}Orig`, weight);
  module.registerBuffer(`${field}U`, u);
  module.registerBuffer(`${field}V`, v);
  module.registerForwardPreHook((owner) => {
    const [original, left, right] = parts(owner);
    if (!owner.training || original === undefined) return;
    noGrad(() => {
      const matrix = method.matrix(original);
      for (let i = 0; i < method.nPowerIterations; i++) {
        method.nextV(matrix, left, right);
        method.nextU(matrix, left, right);
      }
    });
  });
  return module;
}

/**
 * Undoes `utils.spectralNorm`: the weight is a parameter again, with the value that it had.
 *
 * @returns the module.
 * @throws UsageError if there is none.
 * @example
 * const layer = utils.removeSpectralNorm(utils.spectralNorm(new Linear(4, 2)));
 * Object.keys(layer.stateDict()); // → ["bias", "weight"]
 */
export function removeSpectralNorm<T extends Module>(module: T, name = "weight"): T {
  const original = requireTensorField("removeSpectralNorm", module, `${name}_orig`);
  const field = original.slice(0, -"Orig".length);
  const weight = Reflect.get(module, field) as Tensor;
  module.computeField(field, null);
  for (const end of ["Orig", "U", "V"]) Reflect.deleteProperty(module, `${field}${end}`);
  Reflect.set(module, field, new Parameter(weight.detach()));
  return module;
}
