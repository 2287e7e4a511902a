import { Dataset } from "../src/index.js";

/** The numbers from `start` on, `length` of them. */
export class Counter extends Dataset<number> {
  readonly length: number;
  readonly #start: number;

  constructor(start: number, length: number) {
    super();
    this.#start = start;
    this.length = length;
  }

  getItem(index: number): number {
    return this.#start + index;
  }
}
