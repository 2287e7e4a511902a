import { noGrad, type Tensor, tensor, UsageError } from "@kindling/tensor";
import { grad } from "./backward.js";

export interface GradcheckOptions {
  /** Step of the central difference. Default 1e-6. */
  eps?: number;
  /** Default 1e-5. */
  atol?: number;
  /** Default 1e-3. */
  rtol?: number;
}

/**
 * Compares the gradients of `fn` with central differences, element by element, in float64.
 *
 * @returns true if all agree.
 * @throws UsageError naming input, element and both numbers if one does not, or if an input is not float64.
 */
export function gradcheck(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): true {
  const { eps = 1e-6, atol = 1e-5, rtol = 1e-3 } = options;
  const checked = inputs.filter((input) => input.requiresGrad);
  if (checked.length === 0) throw new UsageError("gradcheck: at least one input must require grad");
  for (const input of checked) {
    if (input.dtype !== "float64") throw new UsageError(`gradcheck: inputs must be float64, got ${input.dtype}`);
  }
  const output = fn(...inputs);
  const weights = Float64Array.from({ length: output.numel() }, (_, i) => Math.cos(i + 1));
  const direction = tensor(weights).to(output.dtype).reshape(output.shape);
  const analytic = grad(output, checked, { gradOutputs: [direction], allowUnused: true });
  const value = (): number =>
    Array.from(fn(...inputs).toTypedArray()).reduce((sum, element, i) => sum + element * (weights[i] as number), 0);
  for (const [position, input] of checked.entries()) {
    const exact = analytic[position]?.toTypedArray();
    const original = input.toTypedArray();
    for (let i = 0; i < original.length; i++) {
      const shifted = (delta: number): number => {
        const moved = original.slice();
        moved[i] = (original[i] as number) + delta;
        noGrad(() => input.overwrite(tensor(moved).reshape(input.shape)));
        return value();
      };
      const numeric = (shifted(eps) - shifted(-eps)) / (2 * eps);
      noGrad(() => input.overwrite(tensor(original).reshape(input.shape)));
      const got = exact?.[i] ?? 0;
      if (!(Math.abs(got - numeric) <= atol + rtol * Math.abs(numeric))) {
        throw new UsageError(
          `gradcheck: input ${inputs.indexOf(input)}, element ${i}: derivative says ${got}, central difference ${numeric}`,
        );
      }
    }
  }
  return true;
}
