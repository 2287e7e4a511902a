import {
  type DType,
  type HookOptions,
  isFloatingPoint,
  type RemovableHandle,
  Tensor,
  UsageError,
} from "@kindling/tensor";
import { BackwardWatch } from "./backward-hooks.js";
import { snakeCase } from "./field-name.js";
import {
  type ForwardHook,
  type ForwardHookOptions,
  type ForwardPreHook,
  type FullBackwardHook,
  type FullBackwardPreHook,
  globalHooks,
  type LoadStateDictPostHook,
  type LoadStateDictPreHook,
  ModuleHooks,
  type StateDictHook,
  type StateDictPreHook,
} from "./hooks.js";
import { join, locate } from "./location.js";
import { convertTensor, copyTensor, Parameter } from "./parameter.js";
import { showTree } from "./repr.js";
import { copyStateDict, type IncompatibleKeys, type StateDict } from "./state-dict.js";

/** The option of walks through a module's tree. */
export interface RecurseOptions {
  /** Whether the modules below count too. Default true. */
  recurse?: boolean;
}

/** How a field that is computed is read and assigned. */
export interface ComputedField {
  get(module: Module): Tensor;
  set(module: Module, value: Tensor): void;
}

type Forward = (...inputs: readonly unknown[]) => unknown;

/** Where a module keeps what `getExtraState` gives. */
const extraState = "_extra_state";

/** A path as hooks are given it, ready to be followed by a name: "" or "body.0.". */
function dotted(path: string): string {
  return path === "" ? "" : `${path}.`;
}

/** A copy of what a field holds, the same one for the same value. */
function copyField(value: unknown, copies: Map<unknown, unknown>): unknown {
  const known = copies.get(value);
  if (known !== undefined) return known;
  if (value instanceof Module) return value.clone(copies);
  let copy = value;
  if (value instanceof Tensor) copy = copyTensor(value);
  else if (Array.isArray(value)) copy = value.map((item) => copyField(item, copies));
  else if (value instanceof Map) copy = new Map([...value].map(([key, item]) => [key, copyField(item, copies)]));
  copies.set(value, copy);
  return copy;
}

/**
 * Base of everything that has parameters. A module is its tree of fields: fields that hold a `Parameter` are
 * parameters, other tensors are buffers, modules are children, in the order of declaration. Names are PyTorch's: the
 * field `runningMean` is `running_mean`. Not searched are arrays (use `ModuleList`) and `#private` fields, where a
 * tensor that is no buffer belongs.
 *
 * A subclass writes `forward`. Whoever calls `forward` on a module gets its hooks too, and errors that name the path of
 * the module that threw them (`model.3 (Linear): …`).
 * @example
 * class Classifier extends Module {
 *   layer = new Linear(4, 2);
 *   forward(x: Tensor) { return this.layer.forward(x).relu(); }
 * }
 * new Classifier().forward(randn([8, 4])).shape; // → [8, 2]
 */
export abstract class Module {
  /** Whether layers such as dropout and batch norm behave as in training. */
  training = true;
  readonly #hooks = new ModuleHooks();
  readonly #computed = new Map<string, ComputedField>();
  /** Names of the buffers that the state dict leaves out. */
  readonly #transient = new Set<string>();
  readonly #entry: Forward;

  constructor() {
    const forward = this.forward as Forward;
    this.#entry = (...inputs) => this.#run(forward, inputs);
    // Before the class's own; not enumerable, so that it is no field.
    Object.defineProperty(this, "forward", { value: this.#entry, writable: true, configurable: true });
  }

  /**
   * What the module computes. Subclasses write it, with inputs and results of their own; see the class for the shapes.
   */
  abstract forward(...inputs: never[]): unknown;

  /** `forward` for callers that do not know its types. */
  call(...inputs: readonly unknown[]): unknown {
    return (this.forward as Forward)(...inputs);
  }

  #run(forward: Forward, inputs: readonly unknown[]): unknown {
    try {
      if (!this.#hooks.areWatching && !globalHooks.areWatching) return forward.apply(this, inputs as unknown[]);
      return this.#runWithHooks(forward, inputs);
    } catch (error) {
      locate(error, this);
      throw error;
    }
  }

  #runWithHooks(forward: Forward, inputs: readonly unknown[]): unknown {
    let actual = inputs;
    let output: unknown;
    const waiting = [...globalHooks.forward.entries, ...this.#hooks.forward.entries];
    try {
      for (const hook of [...globalHooks.forwardPre, ...this.#hooks.forwardPre]) {
        const replaced = hook(this, actual);
        if (replaced !== undefined) actual = Array.isArray(replaced) ? replaced : [replaced];
      }
      const watch = BackwardWatch.isNeeded(this.#hooks) ? new BackwardWatch(this, this.#hooks) : null;
      if (watch !== null) actual = watch.passInputs(actual);
      output = forward.apply(this, actual as unknown[]);
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        output = next.hook(this, actual, output) ?? output;
      }
      return watch === null ? output : watch.passOutput(output);
    } catch (error) {
      for (const { hook, alwaysCall } of waiting) if (alwaysCall) hook(this, actual, undefined);
      throw error;
    }
  }

  /**
   * Whether hooks, a `forward` put on this very object or computed fields see, and so may keep, what passes through it.
   */
  get isWatched(): boolean {
    if (this.#hooks.areWatching || globalHooks.areWatching) return true;
    return this.#computed.size > 0 || this.forward !== this.#entry;
  }

  /**
   * Calls `hook(module, inputs, output)` after `forward`; what it returns replaces the output.
   *
   * Options: `prepend` (false), `alwaysCall` (false): also when `forward` throws, with output undefined.
   */
  registerForwardHook(hook: ForwardHook, options: ForwardHookOptions = {}): RemovableHandle {
    return this.#hooks.forward.add(hook, options);
  }

  /** Calls `hook(module, inputs)` before `forward`; what it returns replaces the inputs. Options: `prepend` (false). */
  registerForwardPreHook(hook: ForwardPreHook, options: HookOptions = {}): RemovableHandle {
    return this.#hooks.forwardPre.add(hook, options);
  }

  /**
   * Calls `hook(module, gradInputs, gradOutputs)` when backward has the gradients of the inputs of a call of `forward`;
   * what it returns replaces them. Counted are inputs and outputs that are tensors themselves or in an array of outputs.
   * If no input needs a gradient, it is called with nulls for them.
   *
   * Options: `prepend` (false).
   * @example layer.registerFullBackwardHook((_, [gradient]) => { console.log(gradient?.norm().item()); });
   */
  registerFullBackwardHook(hook: FullBackwardHook, options: HookOptions = {}): RemovableHandle {
    return this.#hooks.backward.add(hook, options);
  }

  /**
   * Calls `hook(module, gradOutputs)` when backward has the gradients of the outputs of a call of `forward`; what it
   * returns replaces them. Options: `prepend` (false).
   */
  registerFullBackwardPreHook(hook: FullBackwardPreHook, options: HookOptions = {}): RemovableHandle {
    return this.#hooks.backwardPre.add(hook, options);
  }

  /** Calls `hook(module, prefix)` before `stateDict` writes the module's part. */
  registerStateDictPreHook(hook: StateDictPreHook): RemovableHandle {
    return this.#hooks.stateDictPre.add(hook);
  }

  /** Calls `hook(module, stateDict, prefix)`, which may change the state, once the module's part is written. */
  registerStateDictPostHook(hook: StateDictHook): RemovableHandle {
    return this.#hooks.stateDict.add(hook);
  }

  /** Calls `hook(module, stateDict, prefix)` before a state is loaded; it may change it, for example rename its keys. */
  registerLoadStateDictPreHook(hook: LoadStateDictPreHook): RemovableHandle {
    return this.#hooks.loadStateDictPre.add(hook);
  }

  /** Calls `hook(module, incompatibleKeys)` once a state is loaded; what it takes out of the lists is no error. */
  registerLoadStateDictPostHook(hook: LoadStateDictPostHook): RemovableHandle {
    return this.#hooks.loadStateDictPost.add(hook);
  }

  // ---- the tree

  /** The named fields that make up the module. Containers list their entries. */
  protected fields(): Iterable<readonly [string, unknown]> {
    return Object.entries(this).map(([name, value]) => [snakeCase(name), value] as const);
  }

  #field(name: string): unknown {
    for (const [own, value] of this.fields()) if (own === name) return value;
    return undefined;
  }

  /** Puts a value where `fields` lists this name. Containers put it among their entries. */
  protected setField(name: string, value: unknown): void {
    Reflect.set(this, Object.keys(this).find((key) => snakeCase(key) === name) ?? name, value);
  }

  /** @throws UsageError if something else than what `isFree` accepts has the name, or it has a dot in it. */
  #checkName(what: string, name: string, isFree: (known: unknown) => boolean): void {
    const known: unknown = this.#field(snakeCase(name)) ?? Reflect.get(this, name);
    const isTaken = (known !== undefined && known !== null && !isFree(known)) || this.#computed.has(name);
    if (name !== "" && !name.includes(".") && !isTaken) return;
    const why = isTaken ? "that is another field" : 'no "." there';
    throw new UsageError(`${what}: "${name}" cannot be a field of ${this.constructor.name}: ${why}`);
  }

  /**
   * Adds a child under a name; assigning a field does the same.
   *
   * @throws UsageError for a name that is taken or has a dot in it, or what is no module.
   * @example new Sequential().addModule("first", new Linear(4, 2));
   */
  addModule(name: string, module: Module | null): this {
    this.#checkName("addModule", name, (known) => known instanceof Module);
    if (module !== null && !(module instanceof Module)) throw new UsageError(`addModule: "${name}" is no module`);
    this.setField(name, module);
    return this;
  }

  /** `addModule` under its other name. */
  registerModule(name: string, module: Module | null): this {
    return this.addModule(name, module);
  }

  /**
   * Adds a parameter under a name; assigning a field does the same.
   *
   * @throws UsageError for a name that is taken or has a dot in it, or what is no Parameter.
   */
  registerParameter(name: string, parameter: Parameter | null): void {
    this.#checkName("registerParameter", name, (known) => known instanceof Parameter);
    if (parameter !== null && !(parameter instanceof Parameter)) {
      throw new UsageError(`registerParameter: "${name}" must be a Parameter; make one with new Parameter(tensor)`);
    }
    this.setField(name, parameter);
  }

  /**
   * Makes a field a buffer: a tensor that belongs to the module but is not learned. Assigning a tensor to a field does
   * the same, but for the option.
   *
   * Options: `persistent` (default true): whether `stateDict` has it.
   * @throws UsageError for a name that is taken or has a dot in it, or a Parameter.
   * @example
   * class Masked extends Module {
   *   mask!: Tensor;
   *   constructor(size: number) {
   *     super();
   *     this.registerBuffer("mask", ones([size, size]).tril(), { persistent: false });
   *   }
   *   forward(x: Tensor) { return x.mul(this.mask); }
   * }
   */
  registerBuffer(name: string, value: Tensor | null, options: { persistent?: boolean } = {}): void {
    if (value instanceof Parameter) {
      throw new UsageError(
        `registerBuffer: "${name}" cannot be a buffer of ${this.constructor.name}: a Parameter is none`,
      );
    }
    this.#checkName("registerBuffer", name, (known) => known instanceof Tensor);
    this.setField(name, value);
    if (options.persistent ?? true) this.#transient.delete(snakeCase(name));
    else this.#transient.add(snakeCase(name));
  }

  /**
   * Makes a field computed, or with null takes it away: reading it calls `get`, assigning it calls `set`. It is no
   * parameter and no buffer any more; what it is computed from is. `utils.parametrize` is built on this.
   *
   * @example
   * layer.computeField("weight", {
   *   get: (module) => module.getParameter("scale").mul(module.getBuffer("direction")),
   *   set: () => { throw new Error("the weight is computed"); },
   * });
   */
  computeField(name: string, field: ComputedField | null): void {
    // Away with it first: a field that comes back is the last one.
    Reflect.deleteProperty(this, name);
    this.#computed.delete(name);
    if (field === null) return;
    this.#computed.set(name, field);
    // Not enumerable, so that walking the fields passes it over.
    Object.defineProperty(this, name, {
      get: () => field.get(this),
      set: (value: Tensor) => field.set(this, value),
      configurable: true,
    });
  }

  /** The modules in this one's fields, with the fields' names, each once. */
  *namedChildren(): Generator<[string, Module]> {
    const seen = new Set<Module>();
    for (const [name, value] of this.fields()) {
      if (!(value instanceof Module) || seen.has(value)) continue;
      seen.add(value);
      yield [name, value];
    }
  }

  /** The modules in this one's fields, each once. */
  *children(): Generator<Module> {
    for (const [, child] of this.namedChildren()) yield child;
  }

  /** This module and everything below it, each once, with dotted paths. */
  *namedModules(prefix = "", seen: Set<Module> = new Set()): Generator<[string, Module]> {
    if (seen.has(this)) return;
    seen.add(this);
    yield [prefix, this];
    for (const [name, child] of this.namedChildren()) yield* child.namedModules(join(prefix, name), seen);
  }

  /** This module and everything below it, each once. */
  *modules(): Generator<Module> {
    for (const [, module] of this.namedModules()) yield module;
  }

  *#tensors(prefix: string, { recurse = true }: RecurseOptions): Generator<[string, Tensor]> {
    const seen = new Set<Tensor>();
    const modules: Iterable<readonly [string, Module]> = recurse ? this.namedModules(prefix) : [[prefix, this]];
    for (const [path, module] of modules) {
      for (const [name, value] of module.fields()) {
        if (!(value instanceof Tensor) || seen.has(value)) continue;
        seen.add(value);
        yield [join(path, name), value];
      }
    }
  }

  /** What the module learns, each once, with dotted names. */
  *namedParameters(prefix = "", options: RecurseOptions = {}): Generator<[string, Parameter]> {
    for (const [name, value] of this.#tensors(prefix, options)) if (value instanceof Parameter) yield [name, value];
  }

  /** What the module learns, each once. For an optimizer. */
  *parameters(options: RecurseOptions = {}): Generator<Parameter> {
    for (const [, parameter] of this.namedParameters("", options)) yield parameter;
  }

  /** Tensors that belong to the module but are not learned, each once, with dotted names. */
  *namedBuffers(prefix = "", options: RecurseOptions = {}): Generator<[string, Tensor]> {
    for (const [name, value] of this.#tensors(prefix, options)) if (!(value instanceof Parameter)) yield [name, value];
  }

  /** Tensors that belong to the module but are not learned, each once. */
  *buffers(options: RecurseOptions = {}): Generator<Tensor> {
    for (const [, buffer] of this.namedBuffers("", options)) yield buffer;
  }

  /**
   * The module at a dotted path, as `namedModules` gives them; "" is this one.
   *
   * @throws UsageError if there is none.
   * @example model.getSubmodule("body.0");
   */
  getSubmodule(path: string): Module {
    let module: Module = this;
    for (const name of path === "" ? [] : path.split(".")) {
      const child = module.#field(name);
      if (!(child instanceof Module)) {
        const names = [...module.namedChildren()].map(([known]) => known).join(", ");
        throw new UsageError(
          `getSubmodule: no module "${path}" in ${this.constructor.name}: ${module.constructor.name} has ${names === "" ? "no modules" : names}`,
        );
      }
      module = child;
    }
    return module;
  }

  /**
   * Puts a module at a dotted path.
   *
   * @throws UsageError if the path is empty or leads through what is no module.
   * @example model.setSubmodule("body.0", new Linear(4, 2));
   */
  setSubmodule(path: string, module: Module): void {
    if (path === "") throw new UsageError("setSubmodule: the path is empty");
    const dot = path.lastIndexOf(".");
    this.getSubmodule(path.slice(0, Math.max(dot, 0))).addModule(path.slice(dot + 1), module);
  }

  #tensorAt(what: string, path: string): Tensor | undefined {
    const dot = path.lastIndexOf(".");
    const value = this.getSubmodule(path.slice(0, Math.max(dot, 0))).#field(path.slice(dot + 1));
    if (value instanceof Tensor && value instanceof Parameter === (what === "parameter")) return value;
    throw new UsageError(`no ${what} "${path}" in ${this.constructor.name}`);
  }

  /** The parameter with a dotted name, as `namedParameters` gives them. @throws UsageError if there is none. */
  getParameter(name: string): Parameter {
    return this.#tensorAt("parameter", name) as Parameter;
  }

  /** The buffer with a dotted name, as `namedBuffers` gives them. @throws UsageError if there is none. */
  getBuffer(name: string): Tensor {
    return this.#tensorAt("buffer", name) as Tensor;
  }

  /**
   * A copy whose parameters, buffers and modules are its own, with the same mode and hooks, as Python's
   * `copy.deepcopy(module)`. Arrays and maps in fields are copied too, all else is shared; what is in several places
   * stays one. No constructor runs and nothing is drawn, so a class with `#private` members of its own must override it.
   *
   * `copies` holds what was copied already, for those that override it.
   * @example const teacher = model.clone().eval().requiresGrad_(false);
   */
  clone(copies: Map<unknown, unknown> = new Map()): this {
    const copy: this = Reflect.construct(Module, [], this.constructor);
    copies.set(this, copy);
    for (const [name, value] of Object.entries(this)) Reflect.set(copy, name, copyField(value, copies));
    for (const name of this.#transient) copy.#transient.add(name);
    for (const [name, field] of this.#computed) copy.computeField(name, field);
    copy.#hooks.copyFrom(this.#hooks);
    return copy;
  }

  /** Calls `visit` with every module of the tree, children first. */
  apply(visit: (module: Module) => void): this {
    for (const child of this.children()) child.apply(visit);
    visit(this);
    return this;
  }

  // ---- state

  /**
   * What else than parameters and buffers the state dict keeps, under `_extra_state`. Classes that have it also have
   * `setExtraState`.
   */
  getExtraState?(): Tensor;

  /** Takes what `getExtraState` gave. */
  setExtraState?(state: Tensor): void;

  /** Parameters and buffers by PyTorch's names, sharing the module's memory; shared ones appear under every name. */
  stateDict(prefix = ""): Record<string, Tensor> {
    for (const hook of this.#hooks.stateDictPre) hook(this, dotted(prefix));
    const result: Record<string, Tensor> = {};
    const fields = [...this.fields()].filter(([name]) => !this.#transient.has(name));
    for (const wanted of [true, false]) {
      for (const [name, value] of fields) {
        const isWanted = value instanceof Tensor && value instanceof Parameter === wanted;
        if (isWanted) result[join(prefix, name)] = value.detach();
      }
    }
    const extra = this.getExtraState?.();
    if (extra !== undefined) result[join(prefix, extraState)] = extra;
    for (const [name, value] of fields) {
      if (value instanceof Module) Object.assign(result, value.stateDict(join(prefix, name)));
    }
    for (const hook of this.#hooks.stateDict) hook(this, result, dotted(prefix));
    return result;
  }

  /**
   * Copies the tensors of `stateDict` into this module's parameters and buffers. Nothing is copied if anything does not
   * fit (with hooks of `registerLoadStateDictPostHook`: if a size differs).
   *
   * Options: `strict` (default true): missing and unexpected names are errors, else they are only returned.
   * @throws UsageError that lists missing and unexpected names and sizes that differ.
   */
  loadStateDict(stateDict: StateDict, options: { strict?: boolean } = {}): IncompatibleKeys {
    const modules = [...this.namedModules()];
    // A copy, which hooks may change.
    const given: Record<string, Tensor> = Object.fromEntries(
      stateDict instanceof Map ? stateDict : Object.entries(stateDict),
    );
    for (const [path, module] of modules) {
      for (const hook of module.#hooks.loadStateDictPre) hook(module, given, dotted(path));
    }
    const own = this.stateDict();
    const extras: (() => void)[] = [];
    for (const [path, module] of modules) {
      const name = join(path, extraState);
      const state = given[name];
      if (module.setExtraState === undefined || state === undefined) continue;
      extras.push(() => module.setExtraState?.(state));
      delete own[name];
      delete given[name];
    }
    const postHooks = modules.flatMap(([, module]) =>
      [...module.#hooks.loadStateDictPost].map((hook) => (keys: IncompatibleKeys) => hook(module, keys)),
    );
    return copyStateDict(this.constructor.name, own, given, options.strict ?? true, {
      copied: () => {
        for (const set of extras) set();
      },
      postHooks,
    });
  }

  /** Puts this module and all below it in training mode, or out of it. */
  train(mode = true): this {
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  /** Puts this module and all below it in evaluation mode. */
  eval(): this {
    return this.train(false);
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.clearGrad();
  }

  /** Asks for gradients of all parameters, or freezes them. */
  requiresGrad_(value = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad_(value);
    return this;
  }

  /**
   * Converts floating point parameters and buffers, and gradients with them. Parameters become new tensors, so make
   * optimizers afterwards.
   *
   * @throws UsageError for a dtype that is not floating point.
   * @example model.to("float64");
   */
  to(dtype: DType): this {
    if (!isFloatingPoint(dtype)) throw new UsageError(`to: a module takes floating point dtypes only, got ${dtype}`);
    const converted = new Map<Tensor, Tensor>();
    for (const module of this.modules()) {
      for (const [name, value] of [...module.fields()]) {
        if (!(value instanceof Tensor) || !value.isFloatingPoint() || value.dtype === dtype) continue;
        const result = converted.get(value) ?? convertTensor(value, dtype);
        converted.set(value, result);
        module.setField(name, result);
      }
    }
    return this;
  }

  /** `to("float32")`. */
  float(): this {
    return this.to("float32");
  }

  /** `to("float64")`. */
  double(): this {
    return this.to("float64");
  }

  // ---- showing

  /** What of the module is shown between the parentheses of its `toString()`. */
  extraRepr(): string {
    return "";
  }

  /** The tree as PyTorch prints it. */
  toString(): string {
    const children = [...this.fields()].filter((field): field is [string, Module] => field[1] instanceof Module);
    const { name } = this.constructor;
    return showTree(
      Object.hasOwn(this, "parametrizations") ? `Parametrized${name}` : name,
      this.extraRepr(),
      children.map(([name, child]) => [name, child.toString()]),
    );
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
