import type { Tensor } from "@kindling/tensor";
import { AlongDim } from "./along-dim.js";

/**
 * `a · sigmoid(b)` of the two halves a and b of x along `dim` (default −1).
 *
 * **Shapes** any; result: half the size along `dim`.
 * @throws ShapeError for a dimension out of range, or if the size is odd.
 * @example new GLU().forward(tensor([[1, 2, 0, 0]])); // → [[0.5, 1]]
 */
export class GLU extends AlongDim {
  static readonly keepsNoTensors = true;

  constructor(dim = -1) {
    super(dim);
  }

  forward(x: Tensor): Tensor {
    return x.glu(this.dim);
  }
}
