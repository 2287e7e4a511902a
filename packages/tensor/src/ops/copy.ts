import { code, kernels, metaBlock, writeLayout } from "../launch.js";
import { numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";

/**
 * Writes `source`, broadcast and converted, into `target`'s memory. Shapes are checked by the caller, who also
 * sees to it that no element is written before it is read.
 */
export function copyInto(target: Tensor, source: Tensor): void {
  if (numberOfElements(target.shape) === 0) return;
  const ndim = writeLayout(target.shape, [target, source]);
  kernels.cast(code(source.dtype), code(target.dtype), ndim, metaBlock.address, source.address, target.address);
}
