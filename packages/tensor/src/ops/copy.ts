import { allocate } from "../allocate.js";
import { code, kernels, metaBlock, writeLayout } from "../launch.js";
import { numberOfElements, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";

function writeInto(target: Tensor, source: Tensor): void {
  const ndim = writeLayout(target.shape, [target, source]);
  kernels.cast(code(source.dtype), code(target.dtype), ndim, metaBlock.address, source.address, target.address);
}

/**
 * Writes `source`, broadcast and converted, into `target`'s memory, which it may share. Shapes are checked
 * by the caller.
 */
export function copyInto(target: Tensor, source: Tensor): void {
  if (numberOfElements(target.shape) === 0) return;
  if (source.storage !== target.storage) {
    writeInto(target, source);
    return;
  }
  const isSame =
    source.dtype === target.dtype &&
    source.offset === target.offset &&
    sameShape(source.shape, target.shape) &&
    sameShape(source.strides, target.strides);
  if (isSame) return;
  // Elements not yet read could be overwritten: through a copy.
  const copy = allocate(source.shape, source.dtype);
  writeInto(copy, source);
  writeInto(target, copy);
}
