import { ShapeError, type Tensor } from "@kindling/tensor";
import { checkFloat, checkTensor } from "./pixels.js";
import type { Transform } from "./transform.js";

/**
 * Flattens images, subtracts a mean and multiplies by a matrix: (x − mean)·matrix, for whitening.
 *
 * **Shapes**: `[…, C, H, W]` → the same; matrix `[D, D]`, mean `[D]` with D = C·H·W.
 *
 * @throws ShapeError for a matrix that is not square, or a mean or images that do not fit it.
 * @throws DTypeError for images of bytes.
 * @example
 * const whiten = new transforms.LinearTransformation(tensor([[0, 1], [2, 0]]), tensor([1, 1]));
 * whiten.forward(tensor([[[3]], [[5]]], { dtype: "float32" })).toArray(); // → [[[8]], [[2]]]
 */
export class LinearTransformation implements Transform<Tensor, Tensor> {
  readonly transformationMatrix: Tensor;
  readonly meanVector: Tensor;

  constructor(transformationMatrix: Tensor, meanVector: Tensor) {
    const [rows, columns] = transformationMatrix.shape;
    if (transformationMatrix.ndim !== 2 || rows !== columns || meanVector.ndim !== 1 || meanVector.shape[0] !== rows) {
      throw new ShapeError(
        `LinearTransformation: expected a square matrix and a mean of its length, got [${transformationMatrix.shape.join(", ")}] and [${meanVector.shape.join(", ")}]`,
      );
    }
    this.transformationMatrix = transformationMatrix;
    this.meanVector = meanVector;
  }

  forward(image: Tensor): Tensor {
    checkTensor(image, "LinearTransformation");
    checkFloat(image, "LinearTransformation");
    const size = this.meanVector.numel();
    if (image.ndim < 3 || image.shape.slice(-3).reduce((product, side) => product * side, 1) !== size) {
      throw new ShapeError(
        `LinearTransformation: expected images of ${size} numbers, as the matrix has rows, got [${image.shape.join(", ")}]`,
      );
    }
    const flat = image.reshape([-1, size]).sub(this.meanVector.to(image.dtype));
    return flat.matmul(this.transformationMatrix.to(image.dtype)).reshape(image.shape);
  }

  toString(): string {
    const matrix = JSON.stringify(this.transformationMatrix.toArray());
    return `LinearTransformation(transformation_matrix=${matrix}, (mean_vector=${JSON.stringify(this.meanVector.toArray())}))`;
  }
}
