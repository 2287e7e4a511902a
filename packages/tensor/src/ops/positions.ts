import { DTypeError, ShapeError } from "../errors.js";
import { kernels, metaBlock } from "../launch.js";
import { numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { to } from "./cast.js";
import { dense } from "./reduce.js";
import { where } from "./where.js";

/** The smallest and the largest of contiguous int32 values; 0 and −1 if there are none. */
function rangeOf(index: Tensor): readonly [smallest: number, largest: number] {
  if (numberOfElements(index.shape) === 0) return [0, -1];
  kernels.indexRange(numberOfElements(index.shape), index.address, metaBlock.address);
  const { buffer, byteOffset } = metaBlock.view();
  const [smallest = 0, largest = -1] = new Int32Array(buffer, byteOffset, 2);
  return [smallest, largest];
}

export interface PositionOptions {
  /** Whether −1 means the last element, −2 the one before, … Default false. */
  wrap?: boolean;
  /** What the error calls the range; default `dimension D with size N`. */
  range?: string;
}

/** Integer positions as contiguous int32, each checked to be one of `size` elements of dimension `dim`. */
export function positionsOf(
  op: string,
  index: Tensor,
  dim: number,
  size: number,
  options: PositionOptions = {},
): Tensor {
  if (index.isFloatingPoint() || index.dtype === "bool") {
    throw new DTypeError(`${op}: expected an index of integers, got ${index.dtype}; convert with .to("int32")`);
  }
  const positions = dense(to(index, "int32"));
  const [smallest, largest] = rangeOf(positions);
  const { wrap = false, range = `dimension ${dim} with size ${size}` } = options;
  if (largest >= size || smallest < (wrap ? -size : 0)) {
    const wrong = largest >= size ? largest : smallest;
    throw new ShapeError(`${op}: index ${wrong} is out of bounds for ${range}`);
  }
  return smallest < 0 ? where(positions.lt(0), positions.add(size), positions) : positions;
}
