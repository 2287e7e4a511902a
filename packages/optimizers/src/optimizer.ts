import { type Tensor, UsageError } from "@kindling/tensor";

/** Parameters that share options, which a scheduler or the user may change between steps. */
export type ParamGroup<Options> = Options & { params: Tensor[]; initialLr?: number };

/** Parameters, or groups of them with options of their own. */
export type Params<Options> = Iterable<Tensor> | Iterable<{ params: Iterable<Tensor> } & Partial<Options>>;

export type ParameterState = Record<string, Tensor | number | null>;

export interface OptimizerState<Options> {
  state: Record<number, ParameterState>;
  paramGroups: (Options & { params: number[]; initialLr?: number })[];
}

/** Base of all optimizers: parameter groups and a state per parameter. A subclass writes `update`. */
export abstract class Optimizer<Options extends { lr: number } = { lr: number }> {
  readonly paramGroups: ParamGroup<Options>[] = [];
  readonly state = new Map<Tensor, ParameterState>();
  readonly defaults: Options;

  constructor(params: Params<Options>, defaults: Options) {
    this.defaults = defaults;
    const entries = [...params] as (Tensor | ({ params: Iterable<Tensor> } & Partial<Options>))[];
    if (entries.length === 0) throw new UsageError("optimizer got an empty parameter list");
    const tensors = entries.filter((entry): entry is Tensor => !("params" in entry));
    if (tensors.length === entries.length)
      this.addParamGroup({ params: tensors } as { params: Tensor[] } & Partial<Options>);
    else if (tensors.length > 0) throw new UsageError("optimizer: give either parameters or groups, not both");
    else for (const entry of entries) this.addParamGroup(entry as { params: Iterable<Tensor> } & Partial<Options>);
  }

  /** Throws a UsageError if a group's options cannot work. */
  protected abstract validate(options: Options): void;

  /** One step of one parameter, in place. */
  protected abstract update(parameter: Tensor, gradient: Tensor, group: ParamGroup<Options>): void;

  /** Adds parameters with options of their own; what is not given comes from the defaults. */
  addParamGroup(group: { params: Iterable<Tensor> } & Partial<Options>): void {
    const params = [...group.params];
    const complete = { ...this.defaults, ...group, params } as ParamGroup<Options>;
    this.validate(complete);
    const known = new Set(this.paramGroups.flatMap((other) => other.params));
    for (const parameter of params) {
      if (!parameter.isLeaf)
        throw new UsageError("optimizer: can't optimize a non-leaf tensor; use .detach().requiresGrad_()");
      if (known.has(parameter)) throw new UsageError("optimizer: a parameter appears more than once");
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

  /** Updates every parameter that has a gradient; `closure`, if given, computes the loss first. */
  step<T = undefined>(closure?: () => T): T | undefined {
    const loss = closure?.();
    for (const group of this.paramGroups) {
      for (const parameter of group.params) {
        const gradient = parameter.peekGrad();
        if (gradient !== null) this.update(parameter, gradient, group);
      }
    }
    return loss;
  }

  /** PyTorch's layout: state by the parameter's position, groups with positions instead of parameters. */
  stateDict(): OptimizerState<Options> {
    const positions = new Map<Tensor, number>();
    const paramGroups = this.paramGroups.map((group) => {
      for (const parameter of group.params) positions.set(parameter, positions.size);
      return { ...group, params: group.params.map((parameter) => positions.get(parameter) as number) };
    });
    const state: Record<number, ParameterState> = {};
    for (const [parameter, own] of this.state) state[positions.get(parameter) as number] = { ...own };
    return { state, paramGroups };
  }

  /** Takes over a state; its tensors are copied. */
  loadStateDict(stateDict: OptimizerState<Options>): void {
    const sizes = (groups: readonly { params: readonly unknown[] }[]): string =>
      groups.map((g) => g.params.length).join();
    if (sizes(stateDict.paramGroups) !== sizes(this.paramGroups)) {
      throw new UsageError("optimizer: loaded state dict has other parameter groups than this optimizer");
    }
    this.state.clear();
    stateDict.paramGroups.forEach(({ params, ...options }, i) => {
      const group = this.paramGroups[i] as ParamGroup<Options>;
      Object.assign(group, options);
      params.forEach((position, j) => {
        const own = stateDict.state[position];
        if (own === undefined) return;
        const copies = Object.entries(own).map(([name, value]) => {
          return [name, typeof value === "object" && value !== null ? value.detach().clone() : value] as const;
        });
        this.state.set(group.params[j] as Tensor, Object.fromEntries(copies));
      });
    });
  }
}

/** Throws unless `value` is a number of at least 0. */
export function checkNotNegative(optimizer: string, name: string, value: number): void {
  if (!(value >= 0)) throw new UsageError(`${optimizer}: ${name} must be at least 0, got ${value}`);
}
