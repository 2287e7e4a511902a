import { Linear, Module, ModuleList, Sequential } from "@kindling/nn";
import { cat, formatShape, logSoftmax, ShapeError, type Tensor, UsageError, zeros } from "@kindling/tensor";

/** Options of `AdaptiveLogSoftmaxWithLoss`. */
export interface AdaptiveLogSoftmaxOptions {
  /** How many times smaller the projection of each cluster is than that of the one before. Default 4. */
  divValue?: number;
  /** Whether the head adds a bias. Default false. */
  headBias?: boolean;
}

/** Log probabilities of the targets, and their negative mean. */
export interface AdaptiveLogSoftmaxResult {
  readonly output: Tensor;
  readonly loss: Tensor;
}

/**
 * Log softmax over very many classes, in time that follows how often they occur: frequent classes are in the head, rare
 * ones in clusters, each of which the head knows as one more class, and which are only computed where they occur.
 *
 * Classes are numbered by falling frequency; `cutoffs` are the first classes of the clusters.
 *
 * **Shapes** input: [N, inFeatures] or [inFeatures]; target: labels (integers) [N] or []; result: `output` like target,
 * `loss` a scalar. Parameters: `head.weight`, `tail.0.0.weight` … Options: `divValue` (4), `headBias` (false).
 * @throws UsageError for bad cutoffs, or labels out of range; ShapeError if input and target do not fit.
 * @example
 * const loss = new AdaptiveLogSoftmaxWithLoss(8, 100, [10, 50]);
 * const x = randn([4, 8]);
 * loss.forward(x, tensor([3, 12, 99, 0])).output.shape; // → [4]
 * loss.logProb(x).exp().sum(1).allclose(ones([4])); // → true
 * loss.predict(x).shape; // → [4]
 * @source Grave et al. 2017, "Efficient softmax approximation for GPUs"
 */
export class AdaptiveLogSoftmaxWithLoss extends Module {
  readonly inFeatures: number;
  readonly nClasses: number;
  /** Where the clusters begin, and `nClasses`. */
  readonly cutoffs: readonly number[];
  readonly divValue: number;
  readonly headBias: boolean;
  readonly head: Linear;
  readonly tail: ModuleList<Sequential>;

  constructor(
    inFeatures: number,
    nClasses: number,
    cutoffs: readonly number[],
    options: AdaptiveLogSoftmaxOptions = {},
  ) {
    super();
    const { divValue = 4, headBias = false } = options;
    const isRising = cutoffs.every((cutoff, i) => Number.isInteger(cutoff) && cutoff > (cutoffs[i - 1] ?? 0));
    if (cutoffs.length === 0 || !isRising || (cutoffs.at(-1) as number) > nClasses - 1) {
      throw new UsageError(
        `AdaptiveLogSoftmaxWithLoss: cutoffs must be rising whole numbers from 1 to ${nClasses - 1}, got [${cutoffs.join(", ")}]`,
      );
    }
    this.inFeatures = inFeatures;
    this.nClasses = nClasses;
    this.cutoffs = [...cutoffs, nClasses];
    this.divValue = divValue;
    this.headBias = headBias;
    this.head = new Linear(inFeatures, this.shortlistSize + cutoffs.length, { bias: headBias });
    this.tail = new ModuleList(
      cutoffs.map((cutoff, i) => {
        const hidden = Math.floor(inFeatures / divValue ** (i + 1));
        const classes = (this.cutoffs[i + 1] as number) - cutoff;
        return new Sequential(
          new Linear(inFeatures, hidden, { bias: false }),
          new Linear(hidden, classes, { bias: false }),
        );
      }),
    );
  }

  /** How many classes are in the head. */
  get shortlistSize(): number {
    return this.cutoffs[0] as number;
  }

  /** Draws all parameters anew. */
  resetParameters(): void {
    this.head.resetParameters();
    for (const projection of this.tail) for (const layer of projection) (layer as Linear).resetParameters();
  }

  /** The log probability of every target, and their negative mean. */
  forward(input: Tensor, target: Tensor): AdaptiveLogSoftmaxResult {
    if (
      input.ndim !== target.ndim + 1 ||
      target.ndim > 1 ||
      (target.ndim === 1 && input.shape[0] !== target.shape[0])
    ) {
      throw new ShapeError(
        `AdaptiveLogSoftmaxWithLoss: expected an input [N, ${this.inFeatures}] and a target [N], or [${this.inFeatures}] and [], got ${formatShape(input.shape)} and ${formatShape(target.shape)}`,
      );
    }
    if (target.ndim === 0) {
      const { output, loss } = this.forward(input.unsqueeze(0), target.unsqueeze(0));
      return { output: output.squeeze(0), loss };
    }
    const labels = Array.from(target.toTypedArray());
    const wrong = labels.find((label) => !(label >= 0 && label < this.nClasses));
    if (wrong !== undefined) {
      throw new UsageError(`AdaptiveLogSoftmaxWithLoss: targets must be from 0 to ${this.nClasses - 1}, got ${wrong}`);
    }
    const head = logSoftmax(this.head.forward(input), 1);
    // A target in a cluster is the cluster's own class of the head, and a class within the cluster.
    let classes = target;
    let output: Tensor | null = null;
    for (const [i, projection] of [...this.tail].entries()) {
      const [low, high] = [this.cutoffs[i] as number, this.cutoffs[i + 1] as number];
      const rows = target.ge(low).logicalAnd(target.lt(high)).nonzero().squeeze(1);
      if (rows.numel() === 0) continue;
      const inside = target.indexSelect(0, rows).sub(low).unsqueeze(1);
      const logProb = logSoftmax(projection.forward(input.indexSelect(0, rows)), 1)
        .gather(1, inside)
        .squeeze(1);
      output = (output ?? zeros([labels.length], { dtype: head.dtype })).indexAdd(0, rows, logProb);
      classes = classes.indexFill(0, rows, this.shortlistSize + i);
    }
    const own = head.gather(1, classes.unsqueeze(1)).squeeze(1);
    const total = output === null ? own : own.add(output);
    return { output: total, loss: total.mean().neg() };
  }

  /**
   * Log probabilities of all classes.
   *
   * **Shapes** input: [N, inFeatures]; result: [N, nClasses].
   */
  logProb(input: Tensor): Tensor {
    return this.#logProbOf(input, this.head.forward(input));
  }

  #logProbOf(input: Tensor, headOutput: Tensor): Tensor {
    const head = logSoftmax(headOutput, 1);
    const clusters = Array.from(this.tail, (projection, i) =>
      logSoftmax(projection.forward(input), 1).add(head.narrow(1, this.shortlistSize + i, 1)),
    );
    return cat([head.narrow(1, 0, this.shortlistSize), ...clusters], 1);
  }

  /**
   * The class of the highest probability; as in PyTorch it is that of the head where the head's own is the highest.
   *
   * **Shapes** input: [N, inFeatures]; result: [N].
   */
  predict(input: Tensor): Tensor {
    const headOutput = this.head.forward(input);
    const best = headOutput.argmax(1);
    const rows = best.ge(this.shortlistSize).nonzero().squeeze(1);
    if (rows.numel() === 0) return best;
    const logProb = this.#logProbOf(input.indexSelect(0, rows), headOutput.indexSelect(0, rows));
    return best.indexCopy(0, rows, logProb.argmax(1));
  }
}
