import { cat, enableGrad, noGrad, Tensor, UsageError } from "@kindling/tensor";
import { checkNotNegative } from "./checks.js";
import { Optimizer, type ParameterState, type ParamGroup, type Params } from "./optimizer.js";
import { type Point, strongWolfe } from "./strong-wolfe.js";

/** Options of {@link LBFGS}. */
export interface LBFGSOptions {
  /** Learning rate: the length of a step, or where the line search starts. Default 1. */
  lr: number;
  /** Iterations per step. Default 20. */
  maxIter: number;
  /** Calls of the closure per step; null is 5/4 of `maxIter`. Default null. */
  maxEval: number | null;
  /** Done when no element of the gradient is larger. Default 1e-7. */
  toleranceGrad: number;
  /** Done when the parameters, the loss or the expected decrease change by less. Default 1e-9. */
  toleranceChange: number;
  /** How many of the last iterations the curvature is estimated from. Default 100. */
  historySize: number;
  /** How far to go along a direction: `lr`, or as far as the strong Wolfe conditions say. Default null. */
  lineSearchFn: "strongWolfe" | null;
}

/** What the optimizer remembers between iterations, of all parameters as one vector. */
interface Memory {
  funcEvals: number;
  nIter: number;
  /** The last direction, and how far it was gone. */
  d: Tensor | null;
  t: number;
  /** Changes of the gradient and of the parameters, and the reciprocals of their products. */
  oldDirs: Tensor[];
  oldStps: Tensor[];
  ro: number[];
  /** Scale of the first estimate of the inverse curvature. */
  hDiag: number;
  prevFlatGrad: Tensor | null;
  prevLoss: number | null;
}

/**
 * Limited-memory BFGS: goes along the gradient times an estimate of the inverse curvature, made from the last
 * `historySize` iterations. `step` needs a closure that clears the gradients, computes the loss and calls `backward`; it is
 * called several times a step. All parameters are in one group, and the state is that of the first.
 *
 * Options and defaults: `lr` 1, `maxIter` 20, `maxEval` null (5/4 of `maxIter`), `toleranceGrad` 1e-7,
 * `toleranceChange` 1e-9, `historySize` 100, `lineSearchFn` null or "strongWolfe". Source: Nocedal & Wright 2006.
 * @throws UsageError for several groups, an option out of range, or a step without closure.
 * @example
 * const weight = tensor([1, -2], { dtype: "float32", requiresGrad: true });
 * const optimizer = new LBFGS([weight], { lineSearchFn: "strongWolfe" });
 * optimizer.step(() => {
 *   optimizer.zeroGrad();
 *   const loss = weight.sub(3).square().sum();
 *   loss.backward();
 *   return loss;
 * });
 * weight.allclose(tensor([3, 3], { dtype: "float32" }), { atol: 1e-4 }); // → true
 */
export class LBFGS extends Optimizer<LBFGSOptions> {
  constructor(params: Params<LBFGSOptions>, options: Partial<LBFGSOptions> = {}) {
    super(params, {
      lr: 1,
      maxIter: 20,
      maxEval: null,
      toleranceGrad: 1e-7,
      toleranceChange: 1e-9,
      historySize: 100,
      lineSearchFn: null,
      ...options,
    });
  }

  override addParamGroup(group: Parameters<Optimizer<LBFGSOptions>["addParamGroup"]>[0]): void {
    if (this.paramGroups.length > 0) {
      throw new UsageError("LBFGS: takes one group of parameters only: they all move together");
    }
    super.addParamGroup(group);
  }

  protected override validate(options: LBFGSOptions): void {
    super.validate(options);
    for (const name of ["maxIter", "toleranceGrad", "toleranceChange", "historySize"] as const) {
      checkNotNegative("LBFGS", name, options[name]);
    }
    if (options.maxEval !== null) checkNotNegative("LBFGS", "maxEval", options.maxEval);
    if (options.lineSearchFn !== null && options.lineSearchFn !== "strongWolfe") {
      throw new UsageError(`LBFGS: lineSearchFn must be "strongWolfe" or null, got ${options.lineSearchFn}`);
    }
  }

  /** Parameters do not move one by one; see `step`. */
  protected update(): void {}

  override step<T = undefined>(closure?: () => T): T {
    return super.step(closure) as T;
  }

  protected override advance<T>(closure?: () => T): T {
    if (closure === undefined) throw new UsageError("LBFGS: step needs a closure that computes the loss again");
    return noGrad(() => this.#minimize(() => enableGrad(closure)));
  }

  #minimize<T>(closure: () => T): T {
    const group = this.paramGroups[0] as ParamGroup<LBFGSOptions>;
    const { lr, maxIter, toleranceGrad, toleranceChange, historySize } = group;
    const maxEval = group.maxEval ?? Math.floor(maxIter * 1.25);
    const [first] = group.params as [Tensor];
    const memory = memoryOf(this.state.get(first));
    const result = closure();
    let loss = lossOf(result);
    let gradient = flatGradient(group.params);
    let evaluations = 1;
    memory.funcEvals++;
    const isFlat = (): boolean => gradient.abs().max().item() <= toleranceGrad;
    let isDone = isFlat();
    for (let iteration = 1; iteration <= maxIter && !isDone; iteration++) {
      memory.nIter++;
      const direction = nextDirection(memory, gradient, historySize);
      const previous = loss;
      memory.d = direction;
      memory.prevFlatGrad = gradient;
      memory.prevLoss = loss;
      memory.t = memory.nIter === 1 ? Math.min(1, 1 / gradient.abs().sum().item()) * lr : lr;
      const slope = dot(gradient, direction);
      if (slope > -toleranceChange) break;
      let calls = 0;
      if (group.lineSearchFn === null) {
        move(group.params, direction, memory.t);
        if (iteration < maxIter) {
          loss = lossOf(closure());
          gradient = flatGradient(group.params);
          calls = 1;
        }
      } else {
        const found = searchLine(group.params, direction, closure, { t: 0, loss, gradient, slope }, memory.t);
        ({ loss, gradient, t: memory.t } = found.point);
        move(group.params, direction, memory.t);
        calls = found.evaluations;
      }
      isDone = isFlat();
      evaluations += calls;
      memory.funcEvals += calls;
      if (evaluations >= maxEval) break;
      if (direction.mul(memory.t).abs().max().item() <= toleranceChange) break;
      if (Math.abs(loss - previous) < toleranceChange) break;
    }
    this.state.set(first, { ...memory });
    return result;
  }
}

/** Where the search along a line ends; PyTorch does not take `toleranceChange` for it. */
const lineTolerance = 1e-9;

/** A step along `direction` by the strong Wolfe conditions; the parameters are as before afterwards. */
function searchLine(
  params: readonly Tensor[],
  direction: Tensor,
  closure: () => unknown,
  start: Point,
  first: number,
): ReturnType<typeof strongWolfe> {
  const origin = params.map((parameter) => parameter.detach().clone());
  const evaluate = (t: number): Point => {
    move(params, direction, t);
    const loss = lossOf(closure());
    const gradient = flatGradient(params);
    for (const [i, parameter] of params.entries()) parameter.copy_(origin[i] as Tensor);
    return { t, loss, gradient, slope: dot(gradient, direction) };
  };
  return strongWolfe(evaluate, start, first, direction.abs().max().item(), lineTolerance);
}

/** Minus the gradient times the estimated inverse curvature, by the two loops of L-BFGS. */
function nextDirection(memory: Memory, gradient: Tensor, historySize: number): Tensor {
  const { d, t, oldDirs, oldStps, ro, prevFlatGrad } = memory;
  if (memory.nIter === 1 || d === null || prevFlatGrad === null) {
    memory.hDiag = 1;
    for (const list of [oldDirs, oldStps, ro]) list.length = 0;
    return gradient.neg();
  }
  const change = gradient.sub(prevFlatGrad);
  const step = d.mul(t);
  const product = dot(change, step);
  if (product > 1e-10) {
    oldDirs.push(change);
    oldStps.push(step);
    ro.push(1 / product);
    if (oldDirs.length > historySize) for (const list of [oldDirs, oldStps, ro]) list.shift();
    memory.hDiag = product / dot(change, change);
  }
  const direction = gradient.neg();
  const shares = new Array<number>(ro.length);
  for (let i = ro.length - 1; i >= 0; i--) {
    const share = dot(oldStps[i] as Tensor, direction) * (ro[i] as number);
    shares[i] = share;
    direction.sub_(oldDirs[i] as Tensor, { alpha: share });
  }
  direction.mul_(memory.hDiag);
  for (let i = 0; i < ro.length; i++) {
    const share = dot(oldDirs[i] as Tensor, direction) * (ro[i] as number);
    direction.add_(oldStps[i] as Tensor, { alpha: (shares[i] as number) - share });
  }
  return direction;
}

const dot = (a: Tensor, b: Tensor): number => a.dot(b).item();

function lossOf(result: unknown): number {
  if (result instanceof Tensor) return result.item();
  if (typeof result === "number") return result;
  throw new UsageError(`LBFGS: the closure must return the loss, got ${typeof result}`);
}

/** All gradients as one vector, 0 where there is none. */
function flatGradient(params: readonly Tensor[]): Tensor {
  return cat(params.map((parameter) => (parameter.peekGrad() ?? parameter.mul(0)).detach().reshape([-1])));
}

/** Adds `t · direction` to the parameters, in place. */
function move(params: readonly Tensor[], direction: Tensor, t: number): void {
  let start = 0;
  for (const parameter of params) {
    const count = parameter.numel();
    parameter.add_(direction.narrow(0, start, count).reshape(parameter.shape), { alpha: t });
    start += count;
  }
}

const numberIn = (value: unknown): number => (value instanceof Tensor ? value.item() : Number(value));

/** The memory of a state, also of one that PyTorch saved. */
function memoryOf(state: ParameterState | undefined): Memory {
  const { funcEvals = 0, nIter = 0, d = null, t = 0, oldDirs, oldStps, ro, hDiag = 1, ...rest } = state ?? {};
  const list = <V>(value: unknown, item: (value: unknown) => V): V[] => (Array.isArray(value) ? value.map(item) : []);
  const asTensor = (value: unknown): Tensor => value as Tensor;
  return {
    funcEvals: numberIn(funcEvals),
    nIter: numberIn(nIter),
    d: d as Tensor | null,
    t: numberIn(t),
    oldDirs: list(oldDirs, asTensor),
    oldStps: list(oldStps, asTensor),
    ro: list(ro, numberIn),
    hDiag: numberIn(hDiag),
    prevFlatGrad: (rest.prevFlatGrad ?? null) as Tensor | null,
    prevLoss: rest.prevLoss === undefined || rest.prevLoss === null ? null : numberIn(rest.prevLoss),
  };
}
