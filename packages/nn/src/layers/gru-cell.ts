import { gruStep, type Tensor } from "@kindling/tensor";
import { RNNCellBase, type RNNCellBaseOptions } from "./rnn-cell-base.js";

/**
 * One step of `GRU`.
 *
 * **Shapes** input: [N, inputSize] or [inputSize]; hx, result: [N, hiddenSize] or [hiddenSize]; hx is zeros if left out.
 * Parameters: `weightIh` [3 · hiddenSize, inputSize], `weightHh` [3 · hiddenSize, hiddenSize], `biasIh`, `biasHh`
 * [3 · hiddenSize]. Options: `bias` (true).
 * @throws ShapeError if the input or the state does not fit.
 * @example
 * const h = new GRUCell(10, 20).forward(randn([3, 10]));
 * h.shape; // → [3, 20]
 */
export class GRUCell extends RNNCellBase {
  constructor(inputSize: number, hiddenSize: number, options: RNNCellBaseOptions = {}) {
    super(inputSize, hiddenSize, 3, options);
  }

  forward(input: Tensor, hx: Tensor | null = null): Tensor {
    const [result] = this.onBatch(input, ["hx"], hx === null ? null : [hx], (x, [h]) => [
      gruStep(...this.gates(x, h as Tensor), h as Tensor),
    ]);
    return result as Tensor;
  }
}
