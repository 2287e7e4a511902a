import { noGrad, Tensor, tensor, UsageError, zerosLike } from "@kindling/tensor";
import { grad } from "./backward.js";

/** Options of {@link gradcheck} and {@link gradgradcheck}. */
export interface GradcheckOptions {
  /** Step of the central difference. Default 1e-6. */
  eps?: number;
  /** How far a derivative may be from the difference, in absolute terms. Default 1e-5. */
  atol?: number;
  /** How far a derivative may be from the difference, relative to it. Default 1e-3. */
  rtol?: number;
  /** How far two runs of the same backward may be apart. Default 0. */
  nondetTol?: number;
  /** Whether only one combination of all derivatives of an output by an input is compared. Default false. */
  fastMode?: boolean;
  /** Whether a difference is an error, instead of the result false. Default true. */
  raiseException?: boolean;
}

type Checked = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

/**
 * Compares all derivatives of `fn` with central differences, in float64.
 *
 * Options: `eps` (1e-6): step of the difference; `atol` (1e-5), `rtol` (1e-3): what is near enough; `nondetTol` (0): how far
 * two runs of the same backward may be apart; `fastMode` (false): compares one combination of the derivatives of each
 * output by each input; `raiseException` (true): whether a difference is an error.
 * @returns whether all agree.
 * @throws UsageError naming output, input, elements and both numbers if one does not, or if an input is not float64.
 * @example
 * const x = tensor([0.5, 2], { dtype: "float64", requiresGrad: true });
 * gradcheck((x) => x.log().sin(), [x]); // → true
 * gradcheck((x) => x.mul(x.detach()), [x]); // → throws UsageError
 * @source `torch.autograd.gradcheck`.
 */
export function gradcheck(fn: Checked, inputs: readonly Tensor[], options: GradcheckOptions = {}): boolean {
  const { fastMode = false, raiseException = true } = options;
  const checked = inputs.filter((input) => input.requiresGrad);
  if (checked.length === 0) throw new UsageError("gradcheck: at least one input must require grad");
  for (const input of checked) {
    if (input.dtype !== "float64") throw new UsageError(`gradcheck: inputs must be float64, got ${input.dtype}`);
  }
  const found = fastMode ? compareDirections(fn, inputs, checked, options) : compareAll(fn, inputs, checked, options);
  if (found !== null && raiseException) throw new UsageError(`gradcheck: ${found}`);
  return found === null;
}

/**
 * {@link gradcheck} of the gradients of `fn`: compares its second derivatives with central differences.
 *
 * `gradOutputs` are where gradients start, of the shapes of the outputs of `fn`; derivatives by those that require grad are
 * compared too. By default they are made up. Options and errors: those of {@link gradcheck}.
 * @example
 * const x = tensor([0.5, 2], { dtype: "float64", requiresGrad: true });
 * gradgradcheck((x) => x.log().sin(), [x]); // → true
 * @source `torch.autograd.gradgradcheck`.
 */
export function gradgradcheck(
  fn: Checked,
  inputs: readonly Tensor[],
  gradOutputs: readonly Tensor[] | null = null,
  options: GradcheckOptions = {},
): boolean {
  const starts = gradOutputs ?? differentiable(fn(...inputs)).map((output) => weights(output).requiresGrad_());
  const gradients = (...all: Tensor[]): Tensor[] => {
    const own = all.slice(0, inputs.length);
    const wanted = own.filter((input) => input.requiresGrad);
    const outputs = differentiable(fn(...own));
    const depending = outputs.flatMap((output, i) => (output.requiresGrad ? [i] : []));
    const results = grad(
      depending.map((i) => outputs[i] as Tensor),
      wanted,
      {
        gradOutputs: depending.map((i) => all[inputs.length + i] as Tensor),
        createGraph: true,
        materializeGrads: true,
      },
    );
    return [...results];
  };
  return gradcheck(gradients, [...inputs, ...starts], options);
}

function differentiable(result: Tensor | readonly Tensor[]): Tensor[] {
  return (result instanceof Tensor ? [result] : result).filter((output) => output.isFloatingPoint());
}

/** Numbers of both signs that no symmetry cancels. */
function weights(like: Tensor): Tensor {
  return tensor(Float64Array.from({ length: like.numel() }, (_, i) => Math.cos(i + 1)))
    .to(like.dtype)
    .reshape(like.shape);
}

/** Calls `body` while `input` holds `values`. */
function holding<T>(input: Tensor, values: Float64Array, body: () => T): T {
  const original = input.toTypedArray() as Float64Array;
  const write = (numbers: Float64Array): void => noGrad(() => input.overwrite(tensor(numbers).reshape(input.shape)));
  write(values);
  try {
    return body(); // recorded, since fn may ask for gradients itself
  } finally {
    write(original);
  }
}

/** Slopes of all elements of all outputs where `input` moves along `direction`. */
function differences(
  fn: Checked,
  inputs: readonly Tensor[],
  input: Tensor,
  direction: ArrayLike<number>,
  eps: number,
): number[][] {
  const original = input.toTypedArray() as Float64Array;
  const at = (step: number): number[][] => {
    const moved = original.map((value, i) => value + step * (direction[i] as number));
    return holding(input, moved, () =>
      differentiable(fn(...inputs)).map((output) => Array.from(output.toTypedArray())),
    );
  };
  const [above, below] = [at(eps), at(-eps)];
  return above.map((values, i) => values.map((value, j) => (value - (below[i]?.[j] ?? Number.NaN)) / (2 * eps)));
}

/** The gradients of one output, and whether a second run gives them again. */
function gradientsOf(
  output: Tensor,
  checked: readonly Tensor[],
  start: Tensor,
  nondetTol: number,
): { gradients: Float64Array[]; isReproducible: boolean } {
  const run = (): Float64Array[] => {
    if (!output.requiresGrad) return checked.map((input) => zerosLike(input).toTypedArray() as Float64Array);
    const options = { gradOutputs: [start], retainGraph: true, materializeGrads: true };
    return grad(output, checked, options).map((gradient) => gradient.toTypedArray() as Float64Array);
  };
  const [gradients, again] = [run(), run()];
  const isReproducible = gradients.every((gradient, i) =>
    gradient.every(
      (value, j) => Object.is(value, again[i]?.[j]) || Math.abs(value - (again[i]?.[j] ?? 0)) <= nondetTol,
    ),
  );
  return { gradients, isReproducible };
}

const notReproducible = "backward is not reproducible: two runs differ by more than nondetTol";

const isNear = (got: number, want: number, { atol = 1e-5, rtol = 1e-3 }: GradcheckOptions): boolean =>
  Math.abs(got - want) <= atol + rtol * Math.abs(want);

/** What is wrong with the first derivative that differs; null if none does. */
function compareAll(
  fn: Checked,
  inputs: readonly Tensor[],
  checked: readonly Tensor[],
  options: GradcheckOptions,
): string | null {
  const { eps = 1e-6, nondetTol = 0 } = options;
  const rows = differentiable(fn(...inputs)).map((output) =>
    Array.from({ length: output.numel() }, (_, position) => {
      const start = Float64Array.from({ length: output.numel() }, (_, i) => (i === position ? 1 : 0));
      return gradientsOf(output, checked, tensor(start).to(output.dtype).reshape(output.shape), nondetTol);
    }),
  );
  if (rows.some((row) => row.some(({ isReproducible }) => !isReproducible))) return notReproducible;
  for (const [k, input] of checked.entries()) {
    for (let element = 0; element < input.numel(); element++) {
      const direction = Array.from({ length: input.numel() }, (_, i) => (i === element ? 1 : 0));
      const slopes = differences(fn, inputs, input, direction, eps);
      for (const [i, row] of rows.entries()) {
        for (const [j, { gradients }] of row.entries()) {
          const [got, want] = [gradients[k]?.[element] as number, slopes[i]?.[j] as number];
          if (isNear(got, want, options)) continue;
          return `output ${i}, element ${j}, by input ${inputs.indexOf(input)}, element ${element}: derivative says ${got}, central difference ${want}`;
        }
      }
    }
  }
  return null;
}

/** As `compareAll`, for one direction of each input and one combination of each output. */
function compareDirections(
  fn: Checked,
  inputs: readonly Tensor[],
  checked: readonly Tensor[],
  options: GradcheckOptions,
): string | null {
  const { eps = 1e-6, nondetTol = 0 } = options;
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
    Array.from(a).reduce((sum, value, i) => sum + value * (b[i] as number), 0);
  const outputs = differentiable(fn(...inputs));
  const starts = outputs.map(weights);
  const rows = outputs.map((output, i) => gradientsOf(output, checked, starts[i] as Tensor, nondetTol));
  if (rows.some(({ isReproducible }) => !isReproducible)) return notReproducible;
  for (const [k, input] of checked.entries()) {
    const direction = weights(input).toTypedArray();
    const slopes = differences(fn, inputs, input, direction, eps);
    for (const [i, { gradients }] of rows.entries()) {
      const got = dot(gradients[k] as Float64Array, direction);
      const want = dot(slopes[i] ?? [], (starts[i] as Tensor).toTypedArray());
      if (isNear(got, want, options)) continue;
      return `output ${i} by input ${inputs.indexOf(input)}, all elements together: derivative says ${got}, central difference ${want}`;
    }
  }
  return null;
}
