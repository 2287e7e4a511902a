import { collectStorages, type Storage, type Tensor, UsageError } from "@kindling/tensor";
import { Module } from "../module.js";

/** A module from a tensor to a tensor. */
export interface Layer extends Module {
  forward(x: Tensor): Tensor;
}

function numbered(layer: Layer, position: number): readonly [string, Layer] {
  return [String(position), layer];
}

function check(name: string, layer: unknown): void {
  if (!(layer instanceof Module)) throw new UsageError(`Sequential: entry ${name} is no module`);
}

/**
 * Layers applied one after another. Their names are their positions, or the keys of an object.
 *
 * **Shapes** input: what the first layer takes; result: what the last one gives.
 * @throws UsageError for an entry that is no module, or a position out of range; what a layer throws, with its place.
 * @example
 * const model = new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 2));
 * model.forward(randn([16, 4])).shape; // → [16, 2]
 * const named = new Sequential({ hidden: new Linear(4, 8), out: new Linear(8, 2) });
 * [...named.namedParameters()].map(([name]) => name); // → ["hidden.weight", "hidden.bias", "out.weight", "out.bias"]
 */
export class Sequential extends Module {
  static readonly keepsNoTensors = true;
  private readonly layers: (readonly [string, Layer])[];

  constructor(...layers: readonly Layer[] | readonly [Readonly<Record<string, Layer>>]) {
    super();
    const [first] = layers;
    const isNamed = layers.length === 1 && first !== undefined && !(first instanceof Module);
    const entries = isNamed ? Object.entries(first) : (layers as readonly Layer[]).map(numbered);
    for (const [name, layer] of entries) check(name, layer);
    this.layers = entries;
  }

  protected override fields(): Iterable<readonly [string, unknown]> {
    return this.layers;
  }

  protected override setField(name: string, value: unknown): void {
    check(name, value);
    const known = this.layers.findIndex(([own]) => own === name);
    this.layers.splice(known < 0 ? this.length : known, 1, [name, value as Layer]);
  }

  /** How many layers there are. */
  get length(): number {
    return this.layers.length;
  }

  private position(index: number, end = this.length): number {
    const position = index < 0 ? index + this.length : index;
    if (Number.isInteger(position) && position >= 0 && position < end) return position;
    throw new UsageError(`Sequential: index ${index} is out of range for ${this.length} layers`);
  }

  /** The layer at `index`; negative ones count from the end. */
  at(index: number): Layer {
    return (this.layers[this.position(index)] as readonly [string, Layer])[1];
  }

  /** The layers from `start` to before `end`, with their names; negative ones count from the end. */
  slice(start?: number, end?: number): Sequential {
    const part = new Sequential();
    part.layers.push(...this.layers.slice(start, end));
    return part;
  }

  /** Puts a layer in the place of the one at `index`. */
  set(index: number, layer: Layer): this {
    const position = this.position(index);
    const [name] = this.layers[position] as readonly [string, Layer];
    check(name, layer);
    this.layers[position] = [name, layer];
    return this;
  }

  /** Adds a layer at the end. */
  append(layer: Layer): this {
    check(String(this.length), layer);
    this.layers.push([String(this.length), layer]);
    return this;
  }

  /** Adds several layers at the end. */
  extend(layers: Iterable<Layer>): this {
    for (const layer of layers) this.append(layer);
    return this;
  }

  /** Adds a layer before the one at `index`; all are numbered anew. */
  insert(index: number, layer: Layer): this {
    check(String(index), layer);
    this.layers.splice(this.position(index, this.length + 1), 0, ["", layer]);
    this.layers.splice(0, this.length, ...Array.from(this, numbered));
    return this;
  }

  /** Takes the layer at `index` out (default: the last) and returns it; the others are numbered anew. */
  pop(index = -1): Layer {
    const [[, layer]] = this.layers.splice(this.position(index), 1) as [readonly [string, Layer]];
    this.layers.splice(0, this.length, ...Array.from(this, numbered));
    return layer;
  }

  *[Symbol.iterator](): Iterator<Layer> {
    for (const [, layer] of this.layers) yield layer;
  }

  forward(x: Tensor): Tensor {
    let value = x;
    // The memory of `value`, while only layers that keep nothing have seen it.
    let own: Storage | null = null;
    for (const [, layer] of this.layers) {
      if (!Sequential.#keepsNothing(layer)) {
        value = layer.forward(value);
        own = null;
        continue;
      }
      const { result, storages } = collectStorages(() => layer.forward(value));
      if (own !== null && own !== result.storage) own.disown();
      for (const storage of storages) if (storage !== result.storage) storage.disown();
      const isOwn: boolean = own === result.storage || storages.includes(result.storage);
      own = isOwn ? result.storage : null;
      value = result;
    }
    return value;
  }

  /** Whether no user code sees or keeps a tensor that `layer` is given or makes. */
  static #keepsNothing(layer: Module): boolean {
    if (!Object.hasOwn(layer.constructor, "keepsNoTensors") || layer.isWatched) return false;
    return !(layer instanceof Sequential) || layer.layers.every(([, inner]) => Sequential.#keepsNothing(inner));
  }
}
