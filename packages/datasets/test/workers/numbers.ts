// Data sets that the tests load in workers.
import { rand, type Tensor, tensor } from "@kindling/tensor";
import { Dataset, getWorkerInfo, IterableDataset } from "../../src/index.js";

export interface NumbersOptions {
  length?: number;
  /** Milliseconds that an item takes, by worker. */
  delays?: number[];
  /** What item 5 does. */
  fault?: "throw" | "exit" | "crash" | "hang" | "uncloneable";
  stream?: boolean;
}

/** Item i is `[i, the worker, a random number]`. */
export class Numbers extends Dataset<Promise<[Tensor, number, number]>> {
  readonly length: number;
  readonly #options: NumbersOptions;

  constructor(options: NumbersOptions) {
    super();
    this.#options = options;
    this.length = options.length ?? 10;
  }

  async getItem(index: number): Promise<[Tensor, number, number]> {
    const { delays, fault } = this.#options;
    const id = getWorkerInfo()?.id ?? -1;
    const draw = rand([1]).item();
    if (delays !== undefined) await new Promise((resolve) => setTimeout(resolve, delays[id]));
    if (index === 5) await misbehave(fault);
    return [tensor([index, 10 * index]), id, draw + 0.5];
  }
}

async function misbehave(fault: NumbersOptions["fault"]): Promise<void> {
  if (fault === "throw") throw new RangeError("five is broken");
  if (fault === "exit") process.exit(3);
  if (fault === "crash") {
    setTimeout(() => {
      throw new Error("out of the blue");
    });
  }
  if (fault === "crash" || fault === "hang") await new Promise(() => setInterval(() => undefined, 1000));
}

/** Each worker's stream: its own number, once more than that. */
class Streams extends IterableDataset<number> {
  override *[Symbol.iterator]() {
    const { id } = getWorkerInfo() ?? { id: 0 };
    for (let i = 0; i <= 2 * id; i++) yield 10 * id + i;
  }
}

export const dataset = (options: NumbersOptions) => (options.stream ? new Streams() : new Numbers(options));
