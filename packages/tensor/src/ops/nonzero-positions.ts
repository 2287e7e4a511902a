import { allocate } from "../allocate.js";
import { code, kernels } from "../launch.js";
import { noGrad } from "../recorder.js";
import { numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { dense } from "./reduce.js";

/** Where the elements that are not 0 lie in x read as one row, as int32. */
export function flatNonzero(x: Tensor): Tensor {
  const source = dense(x);
  const size = numberOfElements(x.shape);
  const count = size === 0 ? 0 : kernels.nonzero(code(x.dtype), size, source.address, 0);
  const positions = allocate([count], "int32");
  if (count > 0) kernels.nonzero(code(x.dtype), size, source.address, positions.address);
  return positions;
}

/** The positions of the elements that are not 0, one int32 vector per dimension. */
export function nonzeroPerDim(x: Tensor): Tensor[] {
  return noGrad(() => {
    let rest = flatNonzero(x);
    const columns: Tensor[] = [];
    for (let dim = x.ndim - 1; dim >= 0; dim--) {
      // An empty x has no positions to divide.
      const size = Math.max(1, x.shape[dim] as number);
      columns.unshift(dim === 0 ? rest : rest.remainder(size));
      rest = rest.floorDivide(size);
    }
    return columns;
  });
}
