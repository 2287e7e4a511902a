import { formatShape, noGrad, sameShape, Tensor, UsageError } from "@kindling/tensor";
import { requireTensorField, snakeCase } from "./field-name.js";
import { ModuleDict } from "./layers/module-dict.js";
import { ModuleList } from "./layers/module-list.js";
import type { Module } from "./module.js";
import { Parameter } from "./parameter.js";

/**
 * A module that computes a tensor from one or several others. `rightInverse`, if there is one, finds for a value those
 * that give it.
 */
export interface Parametrization extends Module {
  forward(...originals: Tensor[]): Tensor;
  readonly rightInverse?: ((value: Tensor) => Tensor | readonly Tensor[]) | undefined;
}

/** What `registerParametrization` allows. */
export interface ParametrizationOptions {
  /** Whether dtype and shape may change, and nothing is checked. Default false. */
  unsafe?: boolean;
}

let cacheDepth = 0;
const cache = new Map<ParametrizationList, Tensor>();

/**
 * Runs `body`, in which every parametrized tensor is computed once, when it is first read. For modules that read their
 * weight often, such as recurrent cells.
 *
 * @example
 * manualSeed(0);
 * const layer = utils.parametrizations.spectralNorm(new Linear(64, 64));
 * // In training every reading takes another step of the power method.
 * layer.weight.equal(layer.weight); // → false
 * utils.parametrize.cached(() => layer.weight.equal(layer.weight)); // → true
 */
export function cached<T>(body: () => T): T {
  cacheDepth++;
  try {
    return body();
  } finally {
    cacheDepth--;
    if (cacheDepth === 0) cache.clear();
  }
}

function checkLike(what: string, got: unknown, like: Tensor): asserts got is Tensor {
  if (!(got instanceof Tensor)) throw new UsageError(`${what} must return a tensor, got ${typeof got}`);
  if (got.dtype === like.dtype && sameShape(got.shape, like.shape)) return;
  throw new UsageError(
    `${what} must keep dtype and shape, ${like.dtype} ${formatShape(like.shape)}, got ${got.dtype} ${formatShape(got.shape)}; pass { unsafe: true } if this is meant`,
  );
}

/**
 * The parametrizations of one tensor, and `original`, or `original0`, `original1` …, which it is computed from.
 *
 * @example
 * const layer = utils.parametrize.registerParametrization(new Linear(2, 1), "bias", new Softplus());
 * const list = layer.getSubmodule("parametrizations.bias") as utils.parametrize.ParametrizationList;
 * list.originals.map(({ shape }) => shape); // → [[1]]
 */
export class ParametrizationList extends ModuleList<Parametrization> {
  /** How many originals there are if `rightInverse` gives a list; null for one alone. */
  readonly count: number | null;
  unsafe: boolean;

  constructor(first: Parametrization, value: Tensor, unsafe: boolean) {
    super([first]);
    this.unsafe = unsafe;
    const inverse = noGrad(() => first.rightInverse?.(value) ?? value);
    const isParameter = value instanceof Parameter;
    if (inverse instanceof Tensor) {
      this.count = null;
      if (inverse.dtype !== value.dtype) {
        throw new UsageError(
          `registerParametrization: rightInverse must not change the dtype ${value.dtype}, got ${inverse.dtype}`,
        );
      }
      Reflect.set(this, "original", assigned(value, inverse));
    } else {
      this.count = inverse.length;
      for (const [i, part] of inverse.entries()) {
        const tensor = part === value ? part.detach() : part;
        const { requiresGrad } = value;
        const original = isParameter ? new Parameter(tensor, { requiresGrad }) : tensor.requiresGrad_(requiresGrad);
        Reflect.set(this, `original${i}`, original);
      }
    }
    if (!unsafe) checkLike("registerParametrization: the parametrization", this.forward(), value);
  }

  protected override fields(): Iterable<readonly [string, unknown]> {
    const originals = this.names().map((name) => [name, Reflect.get(this, name) as unknown] as const);
    return [...originals, ...super.fields()];
  }

  protected override setField(name: string, value: unknown): void {
    if (this.names().includes(name)) Reflect.set(this, name, value);
    else super.setField(name, value);
  }

  private names(): string[] {
    return this.count === null ? ["original"] : Array.from({ length: this.count }, (_, i) => `original${i}`);
  }

  /** What the value is computed from. */
  get originals(): Tensor[] {
    return this.names().map((name) => Reflect.get(this, name) as Tensor);
  }

  /** The value, from the cache if there is one. */
  get value(): Tensor {
    if (cacheDepth === 0) return this.forward();
    const known = cache.get(this);
    if (known !== undefined) return known;
    const value = this.forward();
    cache.set(this, value);
    return value;
  }

  /** Computes the value. */
  override forward(): Tensor {
    const [first, ...others] = this;
    let value = (first as Parametrization).forward(...this.originals);
    for (const parametrization of others) value = parametrization.forward(value);
    return value;
  }

  /**
   * Changes the originals so that the value becomes this one.
   *
   * @throws UsageError if a parametrization has no `rightInverse`, or it gives what the originals cannot take.
   */
  rightInverse(value: Tensor): void {
    noGrad(() => {
      let inverse: Tensor | readonly Tensor[] = value;
      for (const parametrization of [...this].reverse()) {
        if (parametrization.rightInverse === undefined) {
          throw new UsageError(
            `parametrize: ${parametrization.constructor.name} has no rightInverse, so that nothing can be assigned`,
          );
        }
        inverse = parametrization.rightInverse(inverse as Tensor);
      }
      const parts: readonly Tensor[] = inverse instanceof Tensor ? [inverse] : inverse;
      const names = this.names();
      if (parts.length !== names.length) {
        throw new UsageError(`parametrize: rightInverse must give ${names.length} tensors, got ${parts.length}`);
      }
      for (const [i, name] of names.entries()) {
        const part = parts[i] as Tensor;
        const original = Reflect.get(this, name) as Tensor;
        if (part.dtype !== original.dtype) {
          throw new UsageError(`parametrize: ${name} is ${original.dtype}, and rightInverse gave ${part.dtype}`);
        }
        Reflect.set(this, name, assigned(original, part));
      }
    });
  }
}

/** The tensor itself with another value, so that optimizers go on with it; a new one if the shape is another. */
function assigned(target: Tensor, value: Tensor): Tensor {
  if (value === target) return target;
  if (sameShape(target.shape, value.shape)) return noGrad(() => target.copy_(value));
  const { requiresGrad } = target;
  const data = value.detach().clone();
  return target instanceof Parameter ? new Parameter(data, { requiresGrad }) : data.requiresGrad_(requiresGrad);
}

function parametrizationsOf(module: Module): ModuleDict<ParametrizationList> | null {
  const known: unknown = Reflect.get(module, "parametrizations");
  return known instanceof ModuleDict ? known : null;
}

function listOf(module: Module, name: string): ParametrizationList | null {
  const dictionary = parametrizationsOf(module);
  const key = snakeCase(name);
  return dictionary?.has(key) ? dictionary.get(key) : null;
}

function checkAnother(list: ParametrizationList, parametrization: Parametrization): void {
  const value = list.forward();
  const result: unknown = parametrization.forward(value);
  checkLike("registerParametrization: the parametrization", result, value);
  const inverse = noGrad(() => parametrization.rightInverse?.(result));
  if (inverse !== undefined) checkLike("registerParametrization: rightInverse", inverse, value);
}

/**
 * Makes a parameter or buffer of a module computed: `module[name]` becomes `parametrization.forward(original)`, whenever
 * it is read. The original is `module.parametrizations.weight.original`, or `original0`, `original1` … where
 * `rightInverse` gives several tensors; it keeps being what optimizers know unless there are several. Assigning
 * `module[name]` goes through `rightInverse`. Registering another one composes them.
 *
 * Options: `unsafe` (false): the parametrization may change dtype and shape, and is not tried out.
 * @returns the module.
 * @throws UsageError if there is no such tensor, or the parametrization changes its dtype or shape.
 * @example
 * class Symmetric extends Module {
 *   forward(x: Tensor) { return x.triu().add(x.triu(1).t()); }
 *   rightInverse(x: Tensor) { return x.triu(); }
 * }
 * const layer = utils.parametrize.registerParametrization(new Linear(3, 3), "weight", new Symmetric());
 * layer.weight.equal(layer.weight.t()); // → true
 * @source https://pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.register_parametrization.html
 */
export function registerParametrization<T extends Module>(
  module: T,
  name: string,
  parametrization: Parametrization,
  options: ParametrizationOptions = {},
): T {
  const unsafe = options.unsafe ?? false;
  parametrization.train(module.training);
  const known = listOf(module, name);
  if (known !== null) {
    if (!unsafe) checkAnother(known, parametrization);
    known.append(parametrization);
    known.unsafe ||= unsafe;
    return module;
  }
  const field = requireTensorField("registerParametrization", module, name);
  const list = new ParametrizationList(parametrization, Reflect.get(module, field) as Tensor, unsafe);
  const key = snakeCase(name);
  const read = (owner: Module): ParametrizationList => listOf(owner, key) as ParametrizationList;
  module.computeField(field, {
    get: (owner) => read(owner).value,
    set: (owner, value) => read(owner).rightInverse(value),
  });
  if (parametrizationsOf(module) === null) module.addModule("parametrizations", new ModuleDict<ParametrizationList>());
  parametrizationsOf(module)?.set(key, list);
  return module;
}

/**
 * Whether a tensor of a module, or without a name any of them, is parametrized.
 *
 * @example
 * const layer = utils.parametrizations.weightNorm(new Linear(4, 2));
 * utils.parametrize.isParametrized(layer, "weight"); // → true
 * utils.parametrize.isParametrized(layer, "bias"); // → false
 */
export function isParametrized(module: Module, name?: string): boolean {
  return name === undefined ? (parametrizationsOf(module)?.length ?? 0) > 0 : listOf(module, name) !== null;
}

/**
 * Makes a parametrized tensor a plain one again.
 *
 * Options: `leaveParametrized` (true): whether it has the computed value; else that of the original, of which there must
 * be only one.
 * @returns the module.
 * @throws UsageError if the tensor is not parametrized, or was to become one of several originals.
 * @example
 * const layer = utils.parametrizations.weightNorm(new Linear(4, 2));
 * utils.parametrize.removeParametrizations(layer, "weight");
 * Object.keys(layer.stateDict()); // → ["bias", "weight"]
 */
export function removeParametrizations<T extends Module>(
  module: T,
  name: string,
  options: { leaveParametrized?: boolean } = {},
): T {
  const list = listOf(module, name);
  const dictionary = parametrizationsOf(module);
  if (list === null || dictionary === null) {
    throw new UsageError(`removeParametrizations: "${name}" of ${module.constructor.name} is not parametrized`);
  }
  const leaveParametrized = options.leaveParametrized ?? true;
  if (!leaveParametrized && list.count !== null) {
    throw new UsageError(
      `removeParametrizations: "${name}" is computed from ${list.count} tensors; it can only become its computed value`,
    );
  }
  const [original] = list.originals as [Tensor];
  let plain = original;
  if (leaveParametrized) {
    const value = list.value;
    if (list.count === null) plain = assigned(original, value);
    else plain = value.requiresGrad ? new Parameter(value.detach()) : value;
  }
  const field = Object.getOwnPropertyNames(module).find((key) => key === name || snakeCase(key) === name) as string;
  module.computeField(field, null);
  dictionary.pop(snakeCase(name));
  if (dictionary.length === 0) Reflect.deleteProperty(module, "parametrizations");
  Reflect.set(module, field, plain);
  return module;
}
