import { filled, scalar } from "../allocate.js";
import { ShapeError } from "../errors.js";
import { code, kernels, metaBlock, writeLayout } from "../launch.js";
import { inPlace } from "../recorder.js";
import { broadcastShapes, formatShape, numberOfElements, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { clone } from "./cast.js";
import { cast, type TensorOrNumber } from "./elementwise.js";
import { apart } from "./scatter-into.js";
import { expand } from "./view.js";

function writeValue(self: Tensor, value: number): void {
  if (numberOfElements(self.shape) === 0) return;
  const ndim = writeLayout(self.shape, [self]);
  kernels.fill(code(self.dtype), ndim, metaBlock.address, self.address, value);
}

/**
 * Overwrites every element with one value, a number or a 0-dimensional tensor, in place.
 *
 * **Shapes** x: any; result: x.
 * @example zeros([2]).fill_(1.5); // → [1.5, 1.5]
 */
export function fill_(x: Tensor, value: TensorOrNumber): Tensor {
  if (typeof value === "object") {
    if (value.ndim > 0) {
      throw new ShapeError(
        `fill_: expected a number or a 0-dimensional tensor, got shape ${formatShape(value.shape)}; use copy_ for more`,
      );
    }
    return copy_(x, value);
  }
  const number = Number(value);
  return inPlace(
    x,
    [],
    (self) => writeValue(self, number),
    (old) => filled(old.shape, old.dtype, number),
  );
}

/**
 * Overwrites every element with 0, in place.
 * @example ones([2]).zero_(); // → [0, 0]
 */
export function zero_(x: Tensor): Tensor {
  return fill_(x, 0);
}

/**
 * Overwrites the elements with those of `source`, which broadcasts and is converted, in place. The two may
 * share memory.
 *
 * **Shapes** x: any; source: any that broadcasts to x's; result: x.
 * @throws ShapeError if source does not broadcast to x's shape.
 * @example zeros([2, 2]).copy_(tensor([1, 2])); // → [[1, 2], [1, 2]]
 */
export function copy_(x: Tensor, source: TensorOrNumber): Tensor {
  const value = typeof source === "object" ? source : scalar(source, x.dtype);
  if (!sameShape(value.shape, x.shape) && !sameShape(broadcastShapes("copy_", x.shape, value.shape), x.shape)) {
    throw new ShapeError(
      `copy_: a source of shape ${formatShape(value.shape)} does not broadcast to the tensor's ${formatShape(x.shape)}`,
    );
  }
  return inPlace(
    x,
    [value],
    (self) => self.overwrite(apart(self, value)),
    (old) => clone(expand(cast(value, old.dtype), old.shape)),
  );
}
