import { noGrad, Tensor, UsageError, zeros } from "@kindling/tensor";
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from "./layers/batch-norm.js";
import { Module } from "./module.js";

/** The new average of one tensor, from the one before it and the model's present value. */
export type AverageFunction = (averaged: Tensor, current: Tensor, numAveraged: number) => Tensor;

/** Puts the new averages of all tensors into the old ones. */
export type MultiAverageFunction = (
  averaged: readonly Tensor[],
  current: readonly Tensor[],
  numAveraged: number,
) => void;

/** How an `AveragedModel` averages. */
export interface AveragedModelOptions {
  /** Averages one tensor at a time. Default: none. */
  avgFn?: AverageFunction;
  /** Averages all of them. Default: the mean of all updates, `getSwaMultiAvgFn()`. */
  multiAvgFn?: MultiAverageFunction;
  /** Whether buffers are averaged like parameters; else they are those of the model. Default false. */
  useBuffers?: boolean;
}

function checkDecay(decay: number): void {
  if (!(decay >= 0 && decay <= 1)) throw new UsageError(`ema: decay must be between 0 and 1, got ${decay}`);
}

/**
 * Exponential moving average of one tensor: `decay · averaged + (1 − decay) · current`.
 *
 * @throws UsageError for a decay outside 0 … 1.
 * @example getEmaAvgFn(0.75)(tensor([4]), tensor([8]), 1); // → [5]
 */
export function getEmaAvgFn(decay = 0.999): AverageFunction {
  checkDecay(decay);
  return (averaged, current) => averaged.mul(decay).add(current.mul(1 - decay));
}

/**
 * Equal-weight average of one tensor: `averaged + (current − averaged) / (numAveraged + 1)`.
 *
 * @example getSwaAvgFn()(tensor([4]), tensor([7]), 2); // → [5]
 */
export function getSwaAvgFn(): AverageFunction {
  return (averaged, current, numAveraged) => averaged.add(current.sub(averaged).div(numAveraged + 1));
}

function forEach(average: AverageFunction): MultiAverageFunction {
  return (averaged, current, numAveraged) => {
    for (const [i, tensor] of averaged.entries()) tensor.copy_(average(tensor, current[i] as Tensor, numAveraged));
  };
}

/**
 * `getEmaAvgFn` for an `AveragedModel`'s `multiAvgFn`.
 *
 * @throws UsageError for a decay outside 0 … 1.
 * @example
 * const averages = [tensor([4, 4.5])];
 * getEmaMultiAvgFn(0.75)(averages, [tensor([8, 8.5])], 1);
 * averages; // → [[5, 5.5]]
 */
export function getEmaMultiAvgFn(decay = 0.999): MultiAverageFunction {
  return forEach(getEmaAvgFn(decay));
}

/**
 * `getSwaAvgFn` for an `AveragedModel`'s `multiAvgFn`.
 *
 * @example
 * const averages = [tensor([4, 4.5])];
 * getSwaMultiAvgFn()(averages, [tensor([7, 7.5])], 2);
 * averages; // → [[5, 5.5]]
 */
export function getSwaMultiAvgFn(): MultiAverageFunction {
  return forEach(getSwaAvgFn());
}

/**
 * A copy of a model whose parameters are averages of the model's over the course of training: of all updates alike
 * (stochastic weight averaging) or weighted towards the late ones (exponential moving average).
 *
 * It lives here and not among the optimizers, where PyTorch has it, because it is a module: a copy of one, with a state
 * dict (`n_averaged`, `module.…`). No optimizer knows it.
 *
 * Options: `multiAvgFn` (`getSwaMultiAvgFn()`), `avgFn` (none), `useBuffers` (false).
 * @throws UsageError for two functions at once; what `forward` of the model throws.
 * @example
 * const model = new Linear(4, 2);
 * const ema = new AveragedModel(model, { multiAvgFn: getEmaMultiAvgFn(0.999) });
 * // after every step of the optimizer:
 * ema.updateParameters(model);
 * ema.nAveraged?.item(); // → 1
 * ema.forward(ones([3, 4])).shape; // → [3, 2]
 * @source Izmailov et al. 2018; https://pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema
 */
export class AveragedModel<M extends Module = Module> extends Module {
  readonly module: M;
  nAveraged = zeros([], { dtype: "int32" });
  readonly useBuffers: boolean;
  readonly multiAvgFn: MultiAverageFunction;

  constructor(model: M, options: AveragedModelOptions = {}) {
    super();
    const { avgFn, multiAvgFn, useBuffers = false } = options;
    if (avgFn !== undefined && multiAvgFn !== undefined) {
      throw new UsageError("AveragedModel: give either avgFn or multiAvgFn, not both");
    }
    this.module = model.clone();
    this.useBuffers = useBuffers;
    this.multiAvgFn = multiAvgFn ?? (avgFn === undefined ? getSwaMultiAvgFn() : forEach(avgFn));
  }

  /** Runs the averaged model. */
  forward(...inputs: Parameters<M["forward"]>): ReturnType<M["forward"]> {
    return this.module.call(...inputs) as ReturnType<M["forward"]>;
  }

  /**
   * Takes the model's present parameters into the averages. The first time they are copied.
   *
   * @throws UsageError for a model of another structure.
   */
  updateParameters(model: Module): void {
    const [own, given] = [this.#averaged(this.module), this.#averaged(model)];
    const [buffers, givenBuffers] = this.useBuffers ? [[], []] : [[...this.module.buffers()], [...model.buffers()]];
    if (own.length !== given.length || buffers.length !== givenBuffers.length) {
      throw new UsageError(
        `AveragedModel: the model has ${given.length + givenBuffers.length} tensors, expected ${own.length + buffers.length} as at first`,
      );
    }
    noGrad(() => {
      const numAveraged = this.nAveraged.item();
      if (numAveraged > 0) this.multiAvgFn(own, given, numAveraged);
      else for (const [i, tensor] of own.entries()) tensor.copy_(given[i] as Tensor);
      for (const [i, buffer] of buffers.entries()) buffer.copy_(givenBuffers[i] as Tensor);
      this.nAveraged.add_(1);
    });
  }

  /** What is averaged, out of reach of autograd. */
  #averaged(model: Module): Tensor[] {
    const tensors: Tensor[] = [...model.parameters()];
    if (this.useBuffers) tensors.push(...model.buffers());
    return tensors.map((tensor) => tensor.detach());
  }
}

/**
 * Computes the running statistics of a model's batch norms anew: the plain averages over the batches of `loader`. For
 * averaged models, whose activations no training step has seen. A batch is a tensor, or a list that begins with one.
 *
 * @throws what `forward` of the model throws.
 * @example
 * const model = new BatchNorm1d(1);
 * updateBn([tensor([[1], [3]], { dtype: "float32" })], model);
 * model.runningMean; // → [2]
 * @source https://pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema
 */
export function updateBn(loader: Iterable<Tensor | readonly unknown[]>, model: Module): void {
  const norms = [...model.modules()].filter(
    (module) => module instanceof BatchNorm1d || module instanceof BatchNorm2d || module instanceof BatchNorm3d,
  );
  if (norms.length === 0) return;
  const momenta = norms.map(({ momentum }) => momentum);
  const wasTraining = model.training;
  model.train();
  for (const norm of norms) {
    norm.resetRunningStats();
    norm.momentum = null;
  }
  try {
    noGrad(() => {
      for (const batch of loader) model.call(batch instanceof Tensor ? batch : batch[0]);
    });
  } finally {
    for (const [i, norm] of norms.entries()) norm.momentum = momenta[i] as number | null;
    model.train(wasTraining);
  }
}
