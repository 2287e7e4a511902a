import { noGrad, type Tensor, UsageError } from "@kindling/tensor";
import { requireTensor, requireTensorField } from "./field-name.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";
import { registerParametrization } from "./parametrize.js";

/** A dimension counted from the front; null for all of them together, which −1 means too, as in PyTorch. */
function checkDim(what: string, x: Tensor, dim: number | null): number | null {
  if (dim === null || dim === -1) return null;
  if (Number.isInteger(dim) && dim >= -x.ndim && dim < x.ndim) return dim < 0 ? dim + x.ndim : dim;
  throw new UsageError(`${what}: dim must be from ${-x.ndim} to ${x.ndim - 1}, got ${dim}`);
}

/** Euclidean norms of the slices along a dimension, which stays, as the others do with size 1; null: of everything. */
function normExcept(x: Tensor, dim: number | null): Tensor {
  if (dim === null) return x.norm();
  const sizes = x.shape.map((size, i) => (i === dim ? size : 1));
  return x.movedim(dim, 0).flatten(1).norm(2, 1).reshape(sizes);
}

/** w = g · v / ‖v‖. */
function weightOf(g: Tensor, v: Tensor, dim: number | null): Tensor {
  return v.mul(g.div(normExcept(v, dim)));
}

class WeightNorm extends Module {
  readonly dim: number | null;

  constructor(dim: number | null) {
    super();
    this.dim = dim;
  }

  forward(g: Tensor, v: Tensor): Tensor {
    return weightOf(g, v, this.dim);
  }

  rightInverse(weight: Tensor): [Tensor, Tensor] {
    return [normExcept(weight, this.dim), weight];
  }
}

/**
 * Splits a weight into its length and its direction: `weight = original0 · original1 / ‖original1‖`, with one length for
 * every slice along `dim` (null: one in all). It takes states that `utils.weightNorm` gave.
 *
 * @returns the module.
 * @throws UsageError if there is no such tensor or dimension.
 * @example
 * const layer = utils.parametrizations.weightNorm(new Linear(4, 2));
 * layer.getParameter("parametrizations.weight.original0").shape; // → [2, 1]
 * layer.getParameter("parametrizations.weight.original1").shape; // → [2, 4]
 * @source Salimans & Kingma 2016; https://pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.weight_norm.html
 */
export function weightNorm<T extends Module>(module: T, name = "weight", dim: number | null = 0): T {
  const along = checkDim("weightNorm", requireTensor("weightNorm", module, name), dim);
  registerParametrization(module, name, new WeightNorm(along), { unsafe: true });
  module.registerLoadStateDictPreHook((_, state, prefix) => {
    for (const [i, part] of ["g", "v"].entries()) {
      const value = state[`${prefix}${name}_${part}`];
      if (value === undefined) continue;
      delete state[`${prefix}${name}_${part}`];
      state[`${prefix}parametrizations.${name}.original${i}`] = value;
    }
  });
  return module;
}

/**
 * `parametrizations.weightNorm` as older PyTorch programs have it: the length is the parameter `weight_g`, the
 * direction `weight_v`. The weight is computed whenever it is read.
 *
 * @returns the module.
 * @throws UsageError if there is no such tensor or dimension.
 * @example utils.weightNorm(new Linear(4, 2)).getParameter("weight_g").shape; // → [2, 1]
 */
export function oldWeightNorm<T extends Module>(module: T, name = "weight", dim: number | null = 0): T {
  const field = requireTensorField("weightNorm", module, name);
  const weight = Reflect.get(module, field) as Tensor;
  const along = checkDim("weightNorm", weight, dim);
  const [gField, vField] = [`${field}G`, `${field}V`];
  const parts = (owner: Module): [Tensor, Tensor] => [Reflect.get(owner, gField), Reflect.get(owner, vField)];
  module.computeField(field, {
    get: (owner) => weightOf(...parts(owner), along),
    set: (owner, value) =>
      noGrad(() => {
        const [g, v] = parts(owner);
        g.copy_(normExcept(value, along));
        v.copy_(value);
      }),
  });
  module.registerParameter(gField, new Parameter(noGrad(() => normExcept(weight, along))));
  module.registerParameter(vField, new Parameter(weight.detach()));
  return module;
}

/**
 * Undoes `utils.weightNorm`: the weight is a parameter again, with the value that it had.
 *
 * @returns the module.
 * @throws UsageError if there is none.
 * @example
 * const layer = utils.removeWeightNorm(utils.weightNorm(new Linear(4, 2)));
 * Object.keys(layer.stateDict()); // → ["bias", "weight"]
 */
export function removeWeightNorm<T extends Module>(module: T, name = "weight"): T {
  const gField = requireTensorField("removeWeightNorm", module, `${name}_g`);
  const field = gField.slice(0, -1);
  const weight = Reflect.get(module, field) as Tensor;
  module.computeField(field, null);
  Reflect.deleteProperty(module, gField);
  Reflect.deleteProperty(module, `${field}V`);
  Reflect.set(module, field, new Parameter(weight.detach()));
  return module;
}
