import { lstmStep, type Tensor } from "@kindling/tensor";
import { RNNCellBase, type RNNCellBaseOptions } from "./rnn-cell-base.js";

/**
 * One step of `LSTM`; gives `[h', c']`.
 *
 * **Shapes** input: [N, inputSize] or [inputSize]; h, c and the results: [N, hiddenSize] or [hiddenSize]; the state is
 * zeros if left out. Parameters: `weightIh` [4 · hiddenSize, inputSize], `weightHh` [4 · hiddenSize, hiddenSize], `biasIh`,
 * `biasHh` [4 · hiddenSize]. Options: `bias` (true).
 * @throws ShapeError if the input or the state does not fit.
 * @example
 * const cell = new LSTMCell(10, 20);
 * let state: [Tensor, Tensor] = [zeros([3, 20]), zeros([3, 20])];
 * for (const x of randn([5, 3, 10])) state = cell.forward(x, state);
 * state[0].shape; // → [3, 20]
 */
export class LSTMCell extends RNNCellBase {
  constructor(inputSize: number, hiddenSize: number, options: RNNCellBaseOptions = {}) {
    super(inputSize, hiddenSize, 4, options);
  }

  forward(input: Tensor, hx: readonly [Tensor, Tensor] | null = null): [Tensor, Tensor] {
    return this.onBatch(input, ["h", "c"], hx, (x, [h, c]) => lstmStep(...this.gates(x, h as Tensor), c as Tensor)) as [
      Tensor,
      Tensor,
    ];
  }
}
