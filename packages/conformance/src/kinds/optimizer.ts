import type { Optimizer } from "@kindling/optimizers";
import { type Tensor, zeros } from "@kindling/tensor";
import { optimizers, type Parameters } from "../adapters/optimizers.js";
import { expectThrows, lookUp } from "../call.js";
import { expectAllSame, expectEqual } from "../compare.js";
import { decodeAll, decodeTensor, type Values } from "../decode.js";
import type { Blob, Case, Golden, Group } from "../folder.js";

type Goldens = { readonly [name: string]: Golden };

interface OptimizerCase extends Case {
  readonly options: Goldens;
  readonly n_params?: number;
  readonly steps: number;
  readonly params: readonly Blob[];
  readonly grads: readonly Blob[];
  readonly after: readonly Blob[];
  readonly param_groups?: readonly (Goldens & { readonly params: readonly number[] })[];
  readonly no_grad_at?: readonly (readonly [step: number, parameter: number])[];
  readonly set_lr?: { readonly [step: string]: number };
}

export function buildOptimizer(op: string, params: Parameters, options: Values): Optimizer {
  return lookUp(optimizers, op)(op, params, options);
}

/** The part of a blob of shape [steps, …] that belongs to one step. */
export function atStep(group: Group, blob: Blob, step: number): Blob {
  const shape = blob.shape.slice(1);
  const count = shape.reduce((product, size) => product * size, 1);
  const bytes = group.data(blob).BYTES_PER_ELEMENT;
  return { ...blob, shape, at: blob.at + step * count * bytes };
}

export function runOptimizer(group: Group, golden: Case): void {
  const {
    op,
    options: given,
    error,
    n_params = 0,
    steps,
    params = [],
    grads,
    after,
    ...rest
  } = golden as OptimizerCase;
  const options = decodeAll(group, given);
  if (error) {
    const parameters = Array.from({ length: n_params }, () => zeros([2], { requiresGrad: true }));
    expectThrows(error, () => buildOptimizer(op, parameters, options));
    return;
  }
  const parameters = params.map((blob) => decodeTensor(group, blob, { requiresGrad: true }));
  const groups = rest.param_groups?.map(({ params: positions, ...own }) => ({
    params: positions.map((position) => parameters[position] as Tensor),
    options: decodeAll(group, own as Goldens),
  }));
  const optimizer = buildOptimizer(op, groups ?? parameters, options);
  for (let step = 0; step < steps; step++) {
    const lr = rest.set_lr?.[step];
    if (lr !== undefined) for (const each of optimizer.paramGroups) each.lr = lr;
    parameters.forEach((parameter, i) => {
      const isLeftOut = rest.no_grad_at?.some(([at, which]) => at === step && which === i);
      parameter.grad = isLeftOut ? null : decodeTensor(group, atStep(group, grads[i] as Blob, step));
    });
    optimizer.step();
    const want = after.map((blob) => atStep(group, blob, step));
    expectAllSame(group, `after step ${step}, parameter`, parameters, want);
  }
  expectEqual(
    "steps",
    after.map(({ shape }) => shape[0]),
    after.map(() => steps),
  );
}
