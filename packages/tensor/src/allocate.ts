import { type DType, itemSize } from "./dtype.js";
import { code, kernels, metaBlock } from "./launch.js";
import { numberOfElements, type Shape } from "./shape.js";
import { Storage } from "./storage.js";
import { Tensor } from "./tensor.js";

/** An uninitialised contiguous tensor. */
export function allocate(shape: Shape, dtype: DType): Tensor {
  return new Tensor(new Storage(numberOfElements(shape) * itemSize(dtype)), dtype, shape);
}

const scalarShape: readonly number[] = [];

/** A 0-dimensional tensor. */
export function scalar(value: number | boolean, dtype: DType): Tensor {
  const result = allocate(scalarShape, dtype);
  kernels.fill(code(dtype), 0, metaBlock.address, result.address, Number(value));
  return result;
}

/** A contiguous tensor of one value. */
export function filled(shape: Shape, dtype: DType, value: number): Tensor {
  const result = allocate(shape, dtype);
  const count = numberOfElements(shape);
  if (count > 0) {
    const meta = metaBlock.view();
    meta[0] = count;
    meta[1] = 1;
    kernels.fill(code(dtype), 1, metaBlock.address, result.address, value);
  }
  return result;
}
