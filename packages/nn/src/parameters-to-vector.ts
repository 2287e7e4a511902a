import { cat, formatShape, noGrad, ShapeError, type Tensor } from "@kindling/tensor";

/**
 * Parameters one after the other in one vector.
 *
 * **Shapes** result: [all elements].
 * @example utils.parametersToVector(new Linear(4, 2).parameters()).shape; // → [10]
 */
export function parametersToVector(parameters: Iterable<Tensor>): Tensor {
  return cat(Array.from(parameters, (parameter) => parameter.flatten()));
}

/**
 * Writes a vector into parameters, as `parametersToVector` made it of them.
 *
 * @throws ShapeError if it has not as many elements as they have.
 * @example
 * const layer = new Linear(1, 1);
 * utils.vectorToParameters(tensor([2, 0.5]), layer.parameters());
 * layer.forward(ones([1])); // → [2.5]
 */
export function vectorToParameters(vector: Tensor, parameters: Iterable<Tensor>): void {
  const list = [...parameters];
  const count = list.reduce((sum, parameter) => sum + parameter.numel(), 0);
  if (vector.ndim !== 1 || vector.numel() !== count) {
    throw new ShapeError(`vectorToParameters: expected a vector [${count}], got ${formatShape(vector.shape)}`);
  }
  noGrad(() => {
    const parts = vector.split(list.map((parameter) => parameter.numel()));
    for (const [i, parameter] of list.entries()) parameter.copy_((parts[i] as Tensor).reshape(parameter.shape));
  });
}
