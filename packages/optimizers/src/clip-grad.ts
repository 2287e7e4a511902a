import { noGrad, stack, type Tensor } from "@kindling/tensor";

function gradients(parameters: Tensor | Iterable<Tensor>): Tensor[] {
  // A tensor is iterable too, but is one parameter here.
  const list = "peekGrad" in parameters ? [parameters] : [...parameters];
  return list.map((parameter) => parameter.peekGrad()?.detach() ?? null).filter((gradient) => gradient !== null);
}

/**
 * Scales all gradients together so that their norm is at most `maxNorm`; returns the norm before.
 *
 * Options: `normType` (default 2; Infinity for the largest element).
 * @example clipGradNorm_(model.parameters(), 1);
 */
export function clipGradNorm_(
  parameters: Tensor | Iterable<Tensor>,
  maxNorm: number,
  options: { normType?: number } = {},
): number {
  const { normType = 2 } = options;
  const all = gradients(parameters);
  if (all.length === 0) return 0;
  return noGrad(() => {
    const total = stack(all.map((gradient) => gradient.norm(normType)))
      .norm(normType)
      .item();
    const scale = Math.min(1, maxNorm / (total + 1e-6));
    for (const gradient of all) gradient.mul_(scale);
    return total;
  });
}

/** Limits every element of the gradients to ±`clipValue`. */
export function clipGradValue_(parameters: Tensor | Iterable<Tensor>, clipValue: number): void {
  noGrad(() => {
    for (const gradient of gradients(parameters)) gradient.clamp_(-clipValue, clipValue);
  });
}
