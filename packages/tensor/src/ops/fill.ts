import { filled, scalar } from "../allocate.js";
import { ShapeError } from "../errors.js";
import { code, kernels, metaBlock, writeLayout } from "../launch.js";
import { inPlace, noGrad } from "../recorder.js";
import { broadcastShapes, formatShape, numberOfElements, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { clone } from "./cast.js";
import { fromArray, zeros } from "./creation.js";
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
 * One value, a number or a 0-dimensional tensor, in the shape and type of x.
 * @example fill(zeros([2]), 1.5); // → [1.5, 1.5]
 */
export function fill(x: Tensor, value: TensorOrNumber): Tensor {
  return fill_(clone(x), value);
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

/**
 * Writes one value on the main diagonal, in place: where all positions are equal. Of a tall matrix, `wrap` goes on after
 * a row left out. Returns x.
 *
 * **Shapes** x: a matrix, or more dimensions of one size.
 * @throws ShapeError for other shapes.
 * @example zeros([2, 3]).fillDiagonal_(1); // → [[1, 0, 0], [0, 1, 0]]
 */
export function fillDiagonal_(x: Tensor, value: number, wrap = false): Tensor {
  const [rows = 0, columns = 0] = x.shape;
  if (x.ndim < 2 || (x.ndim > 2 && x.shape.some((size) => size !== rows))) {
    throw new ShapeError(
      `fillDiagonal_: expected a matrix or dimensions of one size, got shape ${formatShape(x.shape)}`,
    );
  }
  if (columns === 0) return x;
  const isDiagonal = zeros(x.shape, { dtype: "bool" });
  const step = x.ndim === 2 ? columns + 1 : isDiagonal.strides.reduce((a, b) => a + b, 0);
  const all = x.numel();
  const last = x.ndim === 2 && !wrap ? Math.min(all, columns * columns) : all;
  isDiagonal.asStrided([Math.ceil(last / step)], [step]).fill_(1);
  return x.maskedFill_(isDiagonal, value);
}

/**
 * Overwrites every element with what `f` makes of it, in place; slow, and not recorded.
 * @example tensor([1, 2]).apply_((value) => value * 10); // → [10, 20]
 */
export function apply_(x: Tensor, f: (value: number) => number): Tensor {
  return map_(x, x, f);
}

/**
 * Overwrites every element with what `f` makes of it and of its counterpart, in place; slow, and not recorded.
 * @example tensor([1, 2]).map_(tensor([3, 4]), (x, y) => x * y); // → [3, 8]
 */
export function map_(x: Tensor, other: Tensor, f: (value: number, other: number) => number): Tensor {
  const values = x.toTypedArray();
  const others = expand(other, x.shape).toTypedArray();
  return noGrad(() =>
    copy_(
      x,
      fromArray(
        values.map((value, i) => f(value, others[i] as number)),
        x.shape,
        x.dtype,
      ),
    ),
  );
}
