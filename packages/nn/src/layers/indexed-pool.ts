import type { PooledAndIndices, Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/** What pools share that always know where the maxima are, and tell it if asked. */
export abstract class IndexedPool<WithIndices extends boolean> extends Module {
  readonly returnIndices: boolean;

  constructor(options: { returnIndices?: WithIndices }) {
    super();
    this.returnIndices = options.returnIndices ?? false;
  }

  /** True with indices too: their memory is not that of the one tensor which containers know about. */
  override get isWatched(): boolean {
    return this.returnIndices || super.isWatched;
  }

  protected abstract pool(x: Tensor): PooledAndIndices;

  /** Pools; with `returnIndices` tells where the maxima are. */
  forward(x: Tensor): WithIndices extends true ? PooledAndIndices : Tensor;
  forward(x: Tensor): PooledAndIndices | Tensor {
    const pooled = this.pool(x);
    return this.returnIndices ? pooled : pooled.values;
  }
}
