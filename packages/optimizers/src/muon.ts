import { Tensor, UsageError, zerosLike } from "@kindling/tensor";
import { checkNotNegative } from "./checks.js";
import { Optimizer, type ParamGroup, type ParamGroupOptions, type Params } from "./optimizer.js";

/** Options of {@link Muon}. */
export interface MuonOptions {
  /** Learning rate. Default 0.001. */
  lr: number;
  /** How much the parameter itself shrinks with each step, times lr. Default 0.1. */
  weightDecay: number;
  /** How much of the last direction is kept. Default 0.95. */
  momentum: number;
  /** Whether the step looks ahead along the momentum. Default true. */
  nesterov: boolean;
  /** Coefficients of the Newton–Schulz iteration. Default [3.4445, −4.775, 2.0315]. */
  nsCoefficients: readonly [number, number, number];
  /** The smallest norm that is divided by. Default 1e-7. */
  eps: number;
  /** How many Newton–Schulz iterations. Default 5. */
  nsSteps: number;
  /**
   * How the rate is adjusted to a matrix [A, B]: "original" (the default, also null) times `√max(1, A / B)`;
   * "matchRmsAdamw" times `0.2 · √max(A, B)`, which goes with rates tuned for `AdamW`.
   */
  adjustLrFn: "original" | "matchRmsAdamw" | null;
}

/**
 * Momentum made orthogonal, for the matrices of hidden layers; give biases, embeddings and the rest to another optimizer.
 * With `b ← momentum · b + (1 − momentum) · g` and u = b, or with `nesterov` `(1 − momentum) · g + momentum · b`:
 * `p ← (1 − lr · weightDecay) · p − lr · adjusted · O(u)`, where O brings all singular values near 1 by iterating
 * `X ← a·X + (b·XXᵀ + c·(XXᵀ)²)·X`. That runs in the parameter's dtype; PyTorch rounds to bfloat16 there.
 *
 * Options and defaults: `lr` 0.001, `weightDecay` 0.1, `momentum` 0.95, `nesterov` true, `nsCoefficients`
 * [3.4445, −4.775, 2.0315], `eps` 1e-7, `nsSteps` 5, `adjustLrFn` null ("original").
 * Sources: Jordan et al. 2024; Liu et al. 2025 ("matchRmsAdamw").
 * @throws UsageError for a parameter that is no matrix, or an option out of range.
 * @example
 * const weight = tensor([[3, 0], [0, 4]], { dtype: "float32", requiresGrad: true });
 * const optimizer = new Muon([weight], { lr: 0.1, weightDecay: 0 });
 * weight.square().sum().backward();
 * optimizer.step();
 * weight; // → [[2.9277, 0], [0, 3.8881]]
 */
export class Muon extends Optimizer<MuonOptions> {
  constructor(params: Params<MuonOptions>, options: Partial<MuonOptions> = {}) {
    super(params, {
      lr: 0.001,
      weightDecay: 0.1,
      momentum: 0.95,
      nesterov: true,
      nsCoefficients: [3.4445, -4.775, 2.0315],
      eps: 1e-7,
      nsSteps: 5,
      adjustLrFn: null,
      ...options,
    });
  }

  override addParamGroup(group: ParamGroupOptions<MuonOptions>): void {
    const params = group.params instanceof Tensor ? [group.params] : [...group.params];
    const other = params.find((parameter) => parameter instanceof Tensor && parameter.ndim !== 2);
    if (other !== undefined) {
      throw new UsageError(
        `Muon: takes matrices only, got a parameter of ${other.ndim} dimensions; give it to another optimizer`,
      );
    }
    super.addParamGroup({ ...group, params });
  }

  protected override validate(options: MuonOptions): void {
    super.validate(options);
    for (const name of ["weightDecay", "momentum", "eps"] as const) checkNotNegative("Muon", name, options[name]);
    const { nsCoefficients, nsSteps, adjustLrFn } = options;
    if (!(Number.isInteger(nsSteps) && nsSteps >= 0 && nsSteps < 100)) {
      throw new UsageError(`Muon: nsSteps must be a whole number from 0 to 99, got ${nsSteps}`);
    }
    if (nsCoefficients.length !== 3) {
      throw new UsageError(`Muon: nsCoefficients must be three numbers, got ${nsCoefficients.join(", ")}`);
    }
    if (adjustLrFn !== null && adjustLrFn !== "original" && adjustLrFn !== "matchRmsAdamw") {
      throw new UsageError(`Muon: adjustLrFn must be "original", "matchRmsAdamw" or null, got ${adjustLrFn}`);
    }
  }

  protected update(parameter: Tensor, gradient: Tensor, group: ParamGroup<MuonOptions>): void {
    const { lr, momentum, weightDecay } = group;
    const state = this.stateOf(parameter, () => ({ momentumBuffer: zerosLike(parameter.detach()) }));
    const buffer = this.tensorIn(state, "momentumBuffer");
    buffer.mul_(momentum).add_(gradient, { alpha: 1 - momentum });
    const direction = group.nesterov ? gradient.mul(1 - momentum).add(buffer, { alpha: momentum }) : buffer;
    const [rows, columns] = parameter.shape as [number, number];
    const ratio =
      group.adjustLrFn === "matchRmsAdamw"
        ? 0.2 * Math.sqrt(Math.max(rows, columns))
        : Math.sqrt(Math.max(1, rows / columns));
    parameter.mul_(1 - lr * weightDecay).sub_(orthogonalized(direction, group), { alpha: lr * ratio });
  }
}

/** A matrix with the same singular vectors, and singular values near 1. */
function orthogonalized(matrix: Tensor, { nsCoefficients, nsSteps, eps }: MuonOptions): Tensor {
  const [a, b, c] = nsCoefficients;
  const isTall = (matrix.shape[0] as number) > (matrix.shape[1] as number);
  const wide = isTall ? matrix.t() : matrix;
  let x = wide.div(wide.norm().clampMin(eps));
  for (let i = 0; i < nsSteps; i++) {
    const gram = x.matmul(x.t());
    const factor = gram.mul(b).add(gram.matmul(gram), { alpha: c });
    x = factor.matmul(x).add(x, { alpha: a });
  }
  return isTall ? x.t() : x;
}
