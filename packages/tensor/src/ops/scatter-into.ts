import { scatterOps } from "@kindling/kernels";
import { code, kernels, opCodes, writeMeta } from "../launch.js";
import { numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { clone } from "./cast.js";

const scatterCodes = opCodes(scatterOps);
type ScatterKernel = (typeof scatterOps)[number];

/** Writes `source` where `positions` (checked, of the same shape) say into `out`, which may be strided. */
export function scatterInto(op: ScatterKernel, out: Tensor, dim: number, positions: Tensor, source: Tensor): void {
  if (numberOfElements(positions.shape) === 0) return;
  const meta = writeMeta([...positions.shape, ...out.strides, ...positions.strides, ...source.strides]);
  const { address } = positions;
  kernels.scatter(scatterCodes[op], code(out.dtype), positions.ndim, dim, meta, out.address, address, source.address);
}

/** `source`, as a copy if it lies in the memory that is about to be written. */
export function apart(self: Tensor, source: Tensor): Tensor {
  return source.storage === self.storage ? clone(source.detach()) : source;
}
