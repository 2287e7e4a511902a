import {
  enableGrad,
  HookList,
  type HookOptions,
  noGrad,
  type RemovableHandle,
  Tensor,
  UsageError,
} from "@kindling/tensor";
import { checkNotNegative } from "./checks.js";
import type { OptimizerHook, OptimizerStateHook, StepPreHook } from "./hooks.js";

/** Parameters that share options, which a scheduler or the user may change between steps. */
export type ParamGroup<Options> = Options & {
  params: Tensor[];
  /** The learning rate that schedulers start from; they note it here. */
  initialLr?: number;
};

/** A group as the user gives it: one parameter or several, and the options that differ from the optimizer's. */
export type ParamGroupOptions<Options> = { params: Tensor | Iterable<Tensor> } & Partial<Options>;

/** Parameters, or groups of them with options of their own. */
export type Params<Options> = Iterable<Tensor> | Iterable<ParamGroupOptions<Options>>;

/** What an optimizer remembers of one parameter. */
export type ParameterState = Record<string, Tensor | number | null | readonly Tensor[] | readonly number[]>;

/** PyTorch's layout of an optimizer's state; see `Optimizer.stateDict`. */
export interface OptimizerState<Options> {
  state: Record<number, ParameterState>;
  paramGroups: (Options & { params: number[]; initialLr?: number })[];
}

/**
 * Base of all optimizers: parameter groups, and a state per parameter. A subclass hands its options' defaults to the
 * constructor and writes `update`, and `validate` if it has more options than `lr`.
 * @example
 * class SignSGD extends Optimizer {
 *   constructor(params: Params<{ lr: number }>, options: { lr?: number } = {}) {
 *     super(params, { lr: 0.01, ...options });
 *   }
 *   protected update(parameter: Tensor, gradient: Tensor, group: { lr: number }) {
 *     parameter.sub_(gradient.sign(), { alpha: group.lr });
 *   }
 * }
 * const weight = tensor([1, -2], { dtype: "float32", requiresGrad: true });
 * const optimizer = new SignSGD([weight], { lr: 0.25 });
 * weight.square().sum().backward();
 * optimizer.step();
 * weight; // → [0.75, -1.75]
 */
export abstract class Optimizer<Options extends { lr: number } = { lr: number }> {
  readonly paramGroups: ParamGroup<Options>[] = [];
  readonly state = new Map<Tensor, ParameterState>();
  readonly defaults: Options;
  readonly #hooks = {
    stepPre: new HookList<StepPreHook>(),
    stepPost: new HookList<OptimizerHook>(),
    stateDictPre: new HookList<OptimizerHook>(),
    stateDictPost: new HookList<OptimizerStateHook>(),
    loadStateDictPre: new HookList<OptimizerStateHook>(),
    loadStateDictPost: new HookList<OptimizerHook>(),
  };

  constructor(params: Params<Options>, defaults: Options) {
    this.defaults = defaults;
    if (params instanceof Tensor) {
      throw new UsageError(`${this.constructor.name}: expected several parameters or groups; of one, give [parameter]`);
    }
    const entries = [...params];
    if (entries.length === 0) throw new UsageError(`${this.constructor.name}: got an empty parameter list`);
    const groups = entries.filter(isGroup<Options>);
    const noOptions: Partial<Options> = {};
    if (groups.length === 0) this.addParamGroup({ ...noOptions, params: entries as Tensor[] });
    else if (groups.length < entries.length) {
      throw new UsageError(`${this.constructor.name}: give either parameters or groups of them, not both`);
    } else for (const group of groups) this.addParamGroup(group);
  }

  /** Throws a UsageError if a group's options cannot work. Runs inside the constructor, before a subclass has fields. */
  protected validate(options: Options): void {
    checkNotNegative(this.constructor.name, "lr", options.lr);
  }

  /** One step of one parameter, in place; nothing is recorded. */
  protected abstract update(parameter: Tensor, gradient: Tensor, group: ParamGroup<Options>): void;

  /** What is remembered of a parameter; what `start` makes if that is nothing yet. */
  protected stateOf(parameter: Tensor, start: () => ParameterState): ParameterState {
    const known = this.state.get(parameter);
    if (known !== undefined) return known;
    const state = start();
    this.state.set(parameter, state);
    return state;
  }

  /** A tensor of a state; throws a UsageError if it is not there. */
  protected tensorIn(state: ParameterState, name: string): Tensor {
    const value = state[name];
    if (value instanceof Tensor) return value;
    throw new UsageError(
      `${this.constructor.name}: the state of a parameter lacks ${name}; was it another optimizer's?`,
    );
  }

  /**
   * Adds parameters with options of their own; what is not given comes from the optimizer's.
   *
   * @throws UsageError for an option out of range, a parameter that is no leaf or one that is there already.
   */
  addParamGroup(group: ParamGroupOptions<Options>): void {
    const name = this.constructor.name;
    const params = group.params instanceof Tensor ? [group.params] : [...group.params];
    const complete = { ...this.defaults, ...group, params } as ParamGroup<Options>;
    this.validate(complete);
    const known = new Set(this.paramGroups.flatMap((other) => other.params));
    for (const parameter of params) {
      if (!(parameter instanceof Tensor)) {
        throw new UsageError(`${name}: a parameter must be a tensor, got ${describe(parameter)}`);
      }
      if (!parameter.isLeaf) {
        throw new UsageError(`${name}: can't optimize a non-leaf tensor; use .detach().requiresGrad_()`);
      }
      if (known.has(parameter)) throw new UsageError(`${name}: a parameter appears more than once`);
      known.add(parameter);
    }
    this.paramGroups.push(complete);
  }

  /** Forgets the gradients (`setToNone`, default true), or fills them with zeros. */
  zeroGrad(options: { setToNone?: boolean } = {}): void {
    const { setToNone = true } = options;
    for (const { params } of this.paramGroups) {
      for (const parameter of params) {
        if (setToNone) parameter.clearGrad();
        else parameter.peekGrad()?.detach().zero_();
      }
    }
  }

  /**
   * Updates every parameter that has a gradient. `closure`, if given, first computes the loss and its gradients; the
   * result is what it returns.
   */
  step<T = undefined>(closure?: () => T): T | undefined {
    let chosen = closure;
    for (const hook of this.#hooks.stepPre) chosen = (hook(this, chosen) as (() => T) | undefined) ?? chosen;
    const result = this.advance(chosen);
    for (const hook of this.#hooks.stepPost) hook(this);
    return result;
  }

  /** A step without its hooks. */
  protected advance<T>(closure?: () => T): T | undefined {
    const loss = closure === undefined ? undefined : enableGrad(closure);
    noGrad(() => {
      for (const group of this.paramGroups) {
        for (const parameter of group.params) {
          const gradient = parameter.peekGrad();
          if (gradient !== null) this.update(parameter, gradient, group);
        }
      }
    });
    return loss;
  }

  /**
   * The state in PyTorch's layout: `state` by the parameter's position, and `paramGroups` with positions instead of
   * parameters. Tensors are not copied.
   */
  stateDict(): OptimizerState<Options> {
    for (const hook of this.#hooks.stateDictPre) hook(this);
    let told = this.#tell();
    for (const hook of this.#hooks.stateDictPost)
      told = (hook(this, told) as OptimizerState<Options> | undefined) ?? told;
    return told;
  }

  #tell(): OptimizerState<Options> {
    const positions = new Map<Tensor, number>();
    const paramGroups = this.paramGroups.map((group) => {
      for (const parameter of group.params) positions.set(parameter, positions.size);
      return { ...group, params: group.params.map((parameter) => positions.get(parameter) as number) };
    });
    const state: Record<number, ParameterState> = {};
    for (const [parameter, own] of this.state) state[positions.get(parameter) as number] = { ...own };
    return { state, paramGroups };
  }

  /**
   * Takes over a state; its tensors are copied, in the dtype of their parameter.
   *
   * @throws UsageError if it has other groups, or options that cannot work; then nothing is changed.
   */
  loadStateDict(stateDict: OptimizerState<Options>): void {
    let given = stateDict;
    for (const hook of this.#hooks.loadStateDictPre)
      given = (hook(this, given) as OptimizerState<Options> | undefined) ?? given;
    this.#load(given);
    for (const hook of this.#hooks.loadStateDictPost) hook(this);
  }

  #load(stateDict: OptimizerState<Options>): void {
    const sizes = (groups: readonly { params: readonly unknown[] }[]): string =>
      groups.map(({ params }) => params.length).join(", ");
    const [given, own] = [sizes(stateDict.paramGroups), sizes(this.paramGroups)];
    if (given !== own) {
      throw new UsageError(
        `${this.constructor.name}: the loaded state has groups of ${given} parameters, this optimizer of ${own}`,
      );
    }
    const groups = this.paramGroups.map((group, i) => ({
      ...group,
      ...stateDict.paramGroups[i],
      params: group.params,
    }));
    for (const group of groups) this.validate(group);
    this.state.clear();
    for (const [i, group] of this.paramGroups.entries()) {
      Object.assign(group, groups[i]);
      for (const [j, parameter] of group.params.entries()) {
        const state = stateDict.state[stateDict.paramGroups[i]?.params[j] as number];
        if (state !== undefined) this.state.set(parameter, copyState(state, parameter));
      }
    }
  }

  /** Calls `hook` before every step. Options: `prepend` (false), before those that are there already. */
  registerStepPreHook(hook: StepPreHook, options: HookOptions = {}): RemovableHandle {
    return this.#hooks.stepPre.add(hook, options);
  }

  /** Calls `hook` after every step. Options: `prepend` (false). */
  registerStepPostHook(hook: OptimizerHook, options: HookOptions = {}): RemovableHandle {
    return this.#hooks.stepPost.add(hook, options);
  }

  /** Calls `hook` before the state is told. Options: `prepend` (false). */
  registerStateDictPreHook(hook: OptimizerHook, options: HookOptions = {}): RemovableHandle {
    return this.#hooks.stateDictPre.add(hook, options);
  }

  /** Calls `hook` with the state that is told, which it may replace. Options: `prepend` (false). */
  registerStateDictPostHook(hook: OptimizerStateHook, options: HookOptions = {}): RemovableHandle {
    return this.#hooks.stateDictPost.add(hook, options);
  }

  /** Calls `hook` with the state that is to be loaded, which it may replace. Options: `prepend` (false). */
  registerLoadStateDictPreHook(hook: OptimizerStateHook, options: HookOptions = {}): RemovableHandle {
    return this.#hooks.loadStateDictPre.add(hook, options);
  }

  /** Calls `hook` after a state has been loaded. Options: `prepend` (false). */
  registerLoadStateDictPostHook(hook: OptimizerHook, options: HookOptions = {}): RemovableHandle {
    return this.#hooks.loadStateDictPost.add(hook, options);
  }

  /** The class and the options of every parameter group, as PyTorch prints them. */
  toString(): string {
    const lines = this.paramGroups.flatMap(({ params: _, ...options }, i) => [
      `Parameter Group ${i}`,
      ...Object.entries(options)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => `    ${name}: ${Array.isArray(value) ? `[${value.join(", ")}]` : String(value)}`),
    ]);
    return `${this.constructor.name} (\n${lines.join("\n")}\n)`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function isGroup<Options>(entry: Tensor | ParamGroupOptions<Options>): entry is ParamGroupOptions<Options> {
  return !(entry instanceof Tensor) && typeof entry === "object" && entry !== null && "params" in entry;
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return "a list; of namedParameters(), give parameters()";
  return value === null ? "null" : typeof value;
}

/** What PyTorch keeps as tensors of one number, and is a number here. */
const counters: ReadonlySet<string> = new Set(["step", "eta", "mu", "muProduct"]);

type StateValue = ParameterState[string];

/** A copy in the parameter's dtype. */
function copyState(state: ParameterState, parameter: Tensor): ParameterState {
  const copy = (value: Tensor): Tensor => value.detach().clone().to(parameter.dtype);
  const copies = Object.entries(state).map(([name, value]): readonly [string, StateValue] => {
    if (Array.isArray(value)) {
      return [name, value.map((item: Tensor | number) => (item instanceof Tensor ? copy(item) : item)) as Tensor[]];
    }
    if (!(value instanceof Tensor)) return [name, value];
    return [name, counters.has(name) ? value.item() : copy(value)];
  });
  return Object.fromEntries(copies);
}
