import { type DType, isFloatingPoint, type RemovableHandle, Tensor, UsageError } from "@kindling/tensor";
import { join, locate } from "./location.js";
import { convertTensor, copyTensor, Parameter } from "./parameter.js";
import { showTree } from "./repr.js";
import { copyStateDict, type IncompatibleKeys, type StateDict } from "./state-dict.js";

/** Sees what goes into `forward` and comes out of it; what it returns, unless undefined, replaces the output. */
export type ForwardHook = (module: Module, inputs: readonly unknown[], output: unknown) => unknown;

/** Sees what goes into `forward`; a list that it returns replaces the inputs, anything else but undefined the only one. */
export type ForwardPreHook = (module: Module, inputs: readonly unknown[]) => unknown;

export interface RecurseOptions {
  /** Whether the modules below count too. Default true. */
  recurse?: boolean;
}

type Forward = (...inputs: readonly unknown[]) => unknown;

/** A field's name as PyTorch writes it: `runningMean` is `running_mean`. */
function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}

function addHook<T>(hooks: Set<{ readonly hook: T }>, hook: T): RemovableHandle {
  // An entry of its own, so that a hook registered twice is called twice.
  const entry = { hook };
  hooks.add(entry);
  return { remove: () => void hooks.delete(entry) };
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
 *
 * @example
 * class Classifier extends Module {
 *   layer = new Linear(4, 2);
 *   forward(x: Tensor) { return this.layer.forward(x).relu(); }
 * }
 * const logits = new Classifier().forward(randn([8, 4]));
 */
export abstract class Module {
  /** Whether layers such as dropout and batch norm behave as in training. */
  training = true;
  readonly #hooks = new Set<{ readonly hook: ForwardHook }>();
  readonly #preHooks = new Set<{ readonly hook: ForwardPreHook }>();
  /** Names of the buffers that the state dict leaves out. */
  readonly #transient = new Set<string>();
  readonly #entry: Forward;

  constructor() {
    const forward = this.forward as Forward;
    this.#entry = (...inputs) => this.#run(forward, inputs);
    // Before the class's own; not enumerable, so that it is no field.
    Object.defineProperty(this, "forward", { value: this.#entry, writable: true, configurable: true });
  }

  abstract forward(...inputs: never[]): unknown;

  /** `forward` for callers that do not know its types. */
  call(...inputs: readonly unknown[]): unknown {
    return (this.forward as Forward)(...inputs);
  }

  #run(forward: Forward, inputs: readonly unknown[]): unknown {
    try {
      let actual = inputs;
      for (const { hook } of this.#preHooks) {
        const replaced = hook(this, actual);
        if (replaced !== undefined) actual = Array.isArray(replaced) ? replaced : [replaced];
      }
      let output = forward.apply(this, actual as unknown[]);
      for (const { hook } of this.#hooks) output = hook(this, actual, output) ?? output;
      return output;
    } catch (error) {
      locate(error, this);
      throw error;
    }
  }

  /** Whether hooks, or a `forward` put on this very object, see what passes through it. */
  get isWatched(): boolean {
    return this.#hooks.size + this.#preHooks.size > 0 || this.forward !== this.#entry;
  }

  /** Calls `hook(module, inputs, output)` after `forward`; what it returns replaces the output. */
  registerForwardHook(hook: ForwardHook): RemovableHandle {
    return addHook(this.#hooks, hook);
  }

  /** Calls `hook(module, inputs)` before `forward`; what it returns replaces the inputs. */
  registerForwardPreHook(hook: ForwardPreHook): RemovableHandle {
    return addHook(this.#preHooks, hook);
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
    const known: unknown = Reflect.get(this, name);
    const isTaken = known !== undefined && known !== null && !(known instanceof Tensor);
    if (name === "" || name.includes(".") || isTaken || value instanceof Parameter) {
      const why =
        value instanceof Parameter ? "a Parameter is none" : isTaken ? "that is another field" : 'no "." there';
      throw new UsageError(`registerBuffer: "${name}" cannot be a buffer of ${this.constructor.name}: ${why}`);
    }
    Reflect.set(this, name, value);
    if (options.persistent ?? true) this.#transient.delete(snakeCase(name));
    else this.#transient.add(snakeCase(name));
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
    for (const hook of this.#hooks) copy.#hooks.add(hook);
    for (const hook of this.#preHooks) copy.#preHooks.add(hook);
    return copy;
  }

  /** Calls `visit` with every module of the tree, children first. */
  apply(visit: (module: Module) => void): this {
    for (const child of this.children()) child.apply(visit);
    visit(this);
    return this;
  }

  // ---- state

  /** Parameters and buffers by PyTorch's names, sharing the module's memory; shared ones appear under every name. */
  stateDict(prefix = ""): Record<string, Tensor> {
    const result: Record<string, Tensor> = {};
    const fields = [...this.fields()].filter(([name]) => !this.#transient.has(name));
    for (const wanted of [true, false]) {
      for (const [name, value] of fields) {
        const isWanted = value instanceof Tensor && value instanceof Parameter === wanted;
        if (isWanted) result[join(prefix, name)] = value.detach();
      }
    }
    for (const [name, value] of fields) {
      if (value instanceof Module) Object.assign(result, value.stateDict(join(prefix, name)));
    }
    return result;
  }

  /**
   * Copies the tensors of `stateDict` into this module's parameters and buffers. Nothing is copied if anything does not fit.
   *
   * Options: `strict` (default true): missing and unexpected names are errors, else they are only returned.
   * @throws UsageError that lists missing and unexpected names and sizes that differ.
   */
  loadStateDict(stateDict: StateDict, options: { strict?: boolean } = {}): IncompatibleKeys {
    return copyStateDict(this.constructor.name, this.stateDict(), stateDict, options.strict ?? true);
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
      for (const [key, value] of Object.entries(module)) {
        if (!(value instanceof Tensor) || !value.isFloatingPoint() || value.dtype === dtype) continue;
        const result = converted.get(value) ?? convertTensor(value, dtype);
        converted.set(value, result);
        Reflect.set(module, key, result);
      }
    }
    return this;
  }

  // ---- showing

  /** What of the module is shown between the parentheses of its `toString()`. */
  extraRepr(): string {
    return "";
  }

  /** The tree as PyTorch prints it. */
  toString(): string {
    const children = [...this.fields()].filter((field): field is [string, Module] => field[1] instanceof Module);
    return showTree(
      this.constructor.name,
      this.extraRepr(),
      children.map(([name, child]) => [name, child.toString()]),
    );
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
