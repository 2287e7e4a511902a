import { allocate } from "../allocate.js";
import { inPlace } from "../recorder.js";
import type { Tensor } from "../tensor.js";

/** Overwrites x with what `fill` puts into a contiguous tensor of its shape. */
export function fillRandomly(x: Tensor, fill: (out: Tensor) => Tensor): Tensor {
  return inPlace(
    x,
    [],
    (self) => {
      if (self.isContiguous()) fill(self);
      else self.overwrite(fill(allocate(self.shape, self.dtype)));
    },
    (old) => fill(allocate(old.shape, old.dtype)),
  );
}
