import { noGrad, stack, Tensor, tensor, UsageError } from "@kindling/tensor";

/** Options of {@link clipGradNorm_} and {@link getTotalNorm}. */
export interface ClipNormOptions {
  /** Which norm; Infinity is the largest element. Default 2. */
  normType?: number;
  /** Whether a norm that is infinite or NaN is an error; else all gradients become NaN or 0. Default false. */
  errorIfNonfinite?: boolean;
}

function gradients(parameters: Tensor | Iterable<Tensor>): Tensor[] {
  // A tensor is iterable too, but is one parameter here.
  const list = parameters instanceof Tensor ? [parameters] : [...parameters];
  return list.map((parameter) => parameter.peekGrad()?.detach() ?? null).filter((gradient) => gradient !== null);
}

/**
 * Scales all gradients together, in place, so that their norm is at most `maxNorm`; returns the norm before, a scalar.
 *
 * Options and defaults: `normType` 2, `errorIfNonfinite` false. Parameters without a gradient are passed over.
 * @throws UsageError if the norm is not finite and `errorIfNonfinite` is set; then no gradient is changed.
 * @example
 * const weight = tensor([3, -4], { dtype: "float32", requiresGrad: true });
 * weight.square().sum().div(2).backward();
 * clipGradNorm_([weight], 1); // → 5
 * weight.grad; // → [0.6, -0.8]
 */
export function clipGradNorm_(
  parameters: Tensor | Iterable<Tensor>,
  maxNorm: number,
  options: ClipNormOptions = {},
): Tensor {
  const all = gradients(parameters);
  const total = totalNorm("clipGradNorm_", all, options);
  scaleDown(all, maxNorm, total);
  return total;
}

function totalNorm(op: string, tensors: readonly Tensor[], options: ClipNormOptions): Tensor {
  const { normType = 2, errorIfNonfinite = false } = options;
  if (tensors.length === 0) return tensor(0, { dtype: "float32" });
  return noGrad(() => {
    const total = stack(tensors.map((one) => one.norm(normType))).norm(normType);
    if (errorIfNonfinite && !Number.isFinite(total.item())) {
      throw new UsageError(
        `${op}: the norm of the gradients is ${total.item()}, so they cannot be clipped by it; look for the step that made it so, or set errorIfNonfinite: false`,
      );
    }
    return total;
  });
}

function scaleDown(all: readonly Tensor[], maxNorm: number, total: Tensor): void {
  noGrad(() => {
    const scale = total.add(1e-6).reciprocal().mul(maxNorm).clampMax(1);
    for (const gradient of all) gradient.mul_(scale);
  });
}

/**
 * The norm of several tensors as if they were one, a scalar. Options: `normType` (2), `errorIfNonfinite` (false).
 *
 * @throws UsageError if the norm is not finite and `errorIfNonfinite` is set.
 * @example getTotalNorm([tensor([3, 0.5]), tensor([4, 1.5])], { normType: Infinity }); // → 4
 */
export function getTotalNorm(tensors: Tensor | Iterable<Tensor>, options: ClipNormOptions = {}): Tensor {
  return totalNorm("getTotalNorm", tensors instanceof Tensor ? [tensors] : [...tensors], options);
}

/**
 * Scales all gradients together, in place, as if their norm were `totalNorm`, so that it is at most `maxNorm`: the second
 * half of {@link clipGradNorm_}, for a norm of more gradients than these.
 * @example
 * const weight = tensor([3, -4], { dtype: "float32", requiresGrad: true });
 * weight.square().sum().div(2).backward();
 * clipGradsWithNorm_([weight], 1, tensor(10.5));
 * weight.grad; // → [0.2857, -0.3810]
 */
export function clipGradsWithNorm_(parameters: Tensor | Iterable<Tensor>, maxNorm: number, totalNorm: Tensor): void {
  scaleDown(gradients(parameters), maxNorm, totalNorm);
}

/**
 * Limits every element of the gradients to ±`clipValue`, in place.
 * @example
 * const weight = tensor([3, -4], { dtype: "float32", requiresGrad: true });
 * weight.square().sum().div(2).backward();
 * clipGradValue_([weight], 3.5);
 * weight.grad; // → [3, -3.5]
 */
export function clipGradValue_(parameters: Tensor | Iterable<Tensor>, clipValue: number): void {
  noGrad(() => {
    for (const gradient of gradients(parameters)) gradient.clamp_(-clipValue, clipValue);
  });
}
