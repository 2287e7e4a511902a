import { type DType, formatShape, noGrad, type RemovableHandle, sameShape, Tensor, UsageError } from "@kindling/tensor";
import { Parameter } from "./parameter.js";

/** Tensors by their dotted names, as PyTorch's `state_dict`. */
export type StateDict = Map<string, Tensor> | Readonly<Record<string, Tensor>>;

export type ForwardHook = (module: Module, inputs: readonly unknown[], output: unknown) => unknown;
export type ForwardPreHook = (module: Module, inputs: readonly unknown[]) => readonly unknown[] | undefined;

/** A field's name as PyTorch writes it: `runningMean` is `running_mean`. */
function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}

function indent(text: string): string {
  return text.replaceAll("\n", "\n  ");
}

/**
 * Base of everything that has parameters. A module is its tree of fields: fields that hold a `Parameter` are
 * parameters, other tensors are buffers, modules are children, in the order of declaration. Arrays are
 * not searched: use `ModuleList`.
 *
 * @example
 * class Classifier extends Module {
 *   layer = new Linear(4, 2);
 *   forward(x: Tensor) { return this.layer.forward(x).relu(); }
 * }
 */
export abstract class Module {
  /** Whether layers such as dropout and batch norm behave as in training. */
  training = true;
  readonly #hooks = new Set<ForwardHook>();
  readonly #preHooks = new Set<ForwardPreHook>();

  abstract forward(...inputs: never[]): unknown;

  /** What of the module is shown between the parentheses of its `toString()`. */
  extraRepr(): string {
    return "";
  }

  /** The named fields that make up the module. Containers list their entries. */
  protected fields(): Iterable<readonly [string, unknown]> {
    return Object.entries(this).map(([name, value]) => [snakeCase(name), value] as const);
  }

  /** `forward` with the hooks around it. */
  call(...inputs: readonly unknown[]): unknown {
    let actual = inputs;
    for (const hook of this.#preHooks) actual = hook(this, actual) ?? actual;
    let output = (this.forward as (...inputs: readonly unknown[]) => unknown)(...actual);
    for (const hook of this.#hooks) output = hook(this, actual, output) ?? output;
    return output;
  }

  /** Whether hooks, or a `forward` put on this very object, see what passes through it. */
  get isWatched(): boolean {
    return this.#hooks.size + this.#preHooks.size > 0 || Object.hasOwn(this, "forward");
  }

  /** Calls `hook(module, inputs, output)` after `call`; what it returns replaces the output. */
  registerForwardHook(hook: ForwardHook): RemovableHandle {
    const entry: ForwardHook = (...values) => hook(...values);
    this.#hooks.add(entry);
    return { remove: () => void this.#hooks.delete(entry) };
  }

  /** Calls `hook(module, inputs)` before `call`; an array that it returns replaces the inputs. */
  registerForwardPreHook(hook: ForwardPreHook): RemovableHandle {
    const entry: ForwardPreHook = (...values) => hook(...values);
    this.#preHooks.add(entry);
    return { remove: () => void this.#preHooks.delete(entry) };
  }

  // ---- the tree

  *namedChildren(): Generator<[string, Module]> {
    const seen = new Set<Module>();
    for (const [name, value] of this.fields()) {
      if (!(value instanceof Module) || seen.has(value)) continue;
      seen.add(value);
      yield [name, value];
    }
  }

  *children(): Generator<Module> {
    for (const [, child] of this.namedChildren()) yield child;
  }

  /** This module and everything below it, each once. */
  *namedModules(prefix = "", seen: Set<Module> = new Set()): Generator<[string, Module]> {
    if (seen.has(this)) return;
    seen.add(this);
    yield [prefix, this];
    for (const [name, child] of this.namedChildren()) yield* child.namedModules(join(prefix, name), seen);
  }

  *modules(): Generator<Module> {
    for (const [, module] of this.namedModules()) yield module;
  }

  *#tensors(prefix: string): Generator<[string, Tensor]> {
    const seen = new Set<Tensor>();
    for (const [path, module] of this.namedModules(prefix)) {
      for (const [name, value] of module.fields()) {
        if (!(value instanceof Tensor) || seen.has(value)) continue;
        seen.add(value);
        yield [join(path, name), value];
      }
    }
  }

  *namedParameters(prefix = ""): Generator<[string, Parameter]> {
    for (const [name, value] of this.#tensors(prefix)) if (value instanceof Parameter) yield [name, value];
  }

  *parameters(): Generator<Parameter> {
    for (const [, parameter] of this.namedParameters()) yield parameter;
  }

  *namedBuffers(prefix = ""): Generator<[string, Tensor]> {
    for (const [name, value] of this.#tensors(prefix)) if (!(value instanceof Parameter)) yield [name, value];
  }

  *buffers(): Generator<Tensor> {
    for (const [, buffer] of this.namedBuffers()) yield buffer;
  }

  // ---- state

  /** Parameters and buffers by PyTorch's names, sharing the module's memory; shared modules appear under every name. */
  stateDict(prefix = ""): Record<string, Tensor> {
    const result: Record<string, Tensor> = {};
    const fields = [...this.fields()];
    for (const [name, value] of fields) {
      if (value instanceof Tensor && value instanceof Parameter) result[join(prefix, name)] = value.detach();
    }
    for (const [name, value] of fields) {
      if (value instanceof Tensor && !(value instanceof Parameter)) result[join(prefix, name)] = value.detach();
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
  loadStateDict(
    stateDict: StateDict,
    options: { strict?: boolean } = {},
  ): { missingKeys: string[]; unexpectedKeys: string[] } {
    const { strict = true } = options;
    const given = stateDict instanceof Map ? stateDict : new Map(Object.entries(stateDict));
    const own = this.stateDict();
    const missingKeys = Object.keys(own).filter((name) => !given.has(name));
    const unexpectedKeys = [...given.keys()].filter((name) => !Object.hasOwn(own, name));
    const problems: string[] = [];
    const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");
    if (strict && unexpectedKeys.length > 0)
      problems.push(`Unexpected key(s) in state_dict: ${quoted(unexpectedKeys)}.`);
    if (strict && missingKeys.length > 0) problems.unshift(`Missing key(s) in state_dict: ${quoted(missingKeys)}.`);
    for (const [name, target] of Object.entries(own)) {
      const source = given.get(name);
      if (source !== undefined && !sameShape(source.shape, target.shape)) {
        problems.push(
          `size mismatch for ${name}: copying a param with shape ${formatShape(source.shape)} from checkpoint, the shape in current model is ${formatShape(target.shape)}.`,
        );
      }
    }
    if (problems.length > 0) {
      throw new UsageError(`Error(s) in loading state_dict for ${this.constructor.name}:\n\t${problems.join("\n\t")}`);
    }
    for (const [name, target] of Object.entries(own)) {
      const source = given.get(name);
      if (source !== undefined) noGrad(() => target.copy_(source));
    }
    return { missingKeys, unexpectedKeys };
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

  /** Calls `visit` with every module of the tree, children first. */
  apply(visit: (module: Module) => void): this {
    for (const child of this.children()) child.apply(visit);
    visit(this);
    return this;
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

  /** Converts floating point parameters and buffers. Do so before an optimizer takes the parameters. */
  to(dtype: DType): this {
    for (const module of this.modules()) {
      for (const [key, value] of Object.entries(module)) {
        if (!(value instanceof Tensor) || !value.isFloatingPoint() || value.dtype === dtype) continue;
        const converted = noGrad(() => value.to(dtype));
        const { requiresGrad } = value;
        Reflect.set(module, key, value instanceof Parameter ? new Parameter(converted, { requiresGrad }) : converted);
      }
    }
    return this;
  }

  toString(): string {
    const extra = this.extraRepr();
    const lines = [...this.fields()]
      .filter((field): field is readonly [string, Module] => field[1] instanceof Module)
      .map(([name, child]) => `(${name}): ${indent(child.toString())}`);
    const name = this.constructor.name;
    if (lines.length === 0) return `${name}(${extra})`;
    return `${name}(\n  ${extra === "" ? "" : `${extra}\n  `}${lines.join("\n  ")}\n)`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function join(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}
