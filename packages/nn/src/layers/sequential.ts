import { collectStorages, KindlingError, type Storage, type Tensor, UsageError } from "@kindling/tensor";
import { Module } from "../module.js";

/** A module from a tensor to a tensor. */
export interface Layer extends Module {
  forward(x: Tensor): Tensor;
}

const located = new WeakMap<KindlingError, string>();

/** Puts the path of a failing child before the message, the whole path once however deep it lies. */
function locate(error: unknown, name: string, layer: Module): void {
  if (!(error instanceof KindlingError)) return;
  const path = located.get(error);
  if (path === undefined) error.message = `${name} (${layer.constructor.name}): ${error.message}`;
  else error.message = `${name}.${error.message}`;
  located.set(error, path === undefined ? name : `${name}.${path}`);
}

/**
 * Layers applied one after another.
 *
 * **Shapes** input: what the first layer takes; result: what the last one gives.
 * @throws what a layer throws, with the layer's place before the message.
 * @example new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 2)).forward(x);
 * @example new Sequential({ hidden: new Linear(4, 8), out: new Linear(8, 2) });
 */
export class Sequential extends Module {
  static readonly keepsNoTensors = true;
  private readonly layers: (readonly [string, Layer])[];

  constructor(...layers: readonly Layer[] | readonly [Readonly<Record<string, Layer>>]) {
    super();
    const [first] = layers;
    const isNamed = layers.length === 1 && first !== undefined && !(first instanceof Module);
    const entries = isNamed
      ? Object.entries(first as Record<string, Layer>)
      : layers.map((layer, i) => [String(i), layer]);
    this.layers = entries as [string, Layer][];
    for (const [name, layer] of this.layers) {
      if (!(layer instanceof Module)) throw new UsageError(`Sequential: entry ${name} is no module`);
    }
  }

  protected override fields(): Iterable<readonly [string, unknown]> {
    return this.layers;
  }

  get length(): number {
    return this.layers.length;
  }

  /** The layer at `index`; negative ones count from the end. */
  at(index: number): Layer {
    const entry = this.layers.at(index);
    if (entry === undefined)
      throw new UsageError(`Sequential: index ${index} is out of range for ${this.length} layers`);
    return entry[1];
  }

  append(layer: Layer): this {
    this.layers.push([String(this.length), layer]);
    return this;
  }

  *[Symbol.iterator](): Iterator<Layer> {
    for (const [, layer] of this.layers) yield layer;
  }

  forward(x: Tensor): Tensor {
    let value = x;
    // The memory of `value`, while only layers that keep nothing have seen it.
    let own: Storage | null = null;
    for (const [name, layer] of this.layers) {
      try {
        if (!Sequential.#keepsNothing(layer)) {
          value = layer.call(value) as Tensor;
          own = null;
          continue;
        }
        const { result, storages } = collectStorages(() => layer.call(value) as Tensor);
        const made = storages.includes(result.storage);
        if (own !== null && own !== result.storage) own.disown();
        for (const storage of storages) if (storage !== result.storage) storage.disown();
        if (made) own = result.storage;
        else if (own !== result.storage) own = null;
        value = result;
      } catch (error) {
        locate(error, name, layer);
        throw error;
      }
    }
    return value;
  }

  /** Whether no user code sees or keeps a tensor that `layer` is given or makes. */
  static #keepsNothing(layer: Module): boolean {
    if (!Object.hasOwn(layer.constructor, "keepsNoTensors") || layer.isWatched) return false;
    return !(layer instanceof Sequential) || layer.layers.every(([, inner]) => Sequential.#keepsNothing(inner));
  }
}
