// Operations that are methods only: as functions, these names are PyTorch's types, or take the tensor elsewhere.
import type { Tensor } from "../tensor.js";
import { to } from "./cast.js";
import type { TensorOrNumber } from "./elementwise.js";
import { narrow } from "./view.js";
import { where } from "./where.js";

/**
 * x as bool: whether it is not 0.
 * @example tensor([0, 1.5]).bool(); // → [false, true]
 */
export const bool = (x: Tensor): Tensor => to(x, "bool");
/**
 * x as uint8.
 * @example tensor([1.9]).byte().dtype; // → "uint8"
 */
export const byte = (x: Tensor): Tensor => to(x, "uint8");
/**
 * x as int8.
 * @example tensor([-1.9]).char(); // → [-1]
 */
export const char = (x: Tensor): Tensor => to(x, "int8");
/**
 * x as int16.
 * @example tensor([-1.9]).short(); // → [-1]
 */
export const short = (x: Tensor): Tensor => to(x, "int16");
/**
 * x as int32.
 * @example tensor([-1.9]).int(); // → [-1]
 */
export const int = (x: Tensor): Tensor => to(x, "int32");
/**
 * x as int32, which stands where PyTorch has int64.
 * @example tensor([-1.9]).long().dtype; // → "int32"
 */
export const long = (x: Tensor): Tensor => to(x, "int32");
/**
 * x as float32.
 * @example tensor([1, 2]).float().dtype; // → "float32"
 */
export const float = (x: Tensor): Tensor => to(x, "float32");
/**
 * x as float64.
 * @example tensor([1, 2]).double().dtype; // → "float64"
 */
export const double = (x: Tensor): Tensor => to(x, "float64");
/**
 * x in the type of another tensor.
 * @example tensor([1.9]).typeAs(tensor([1])); // → [1]
 */
export const typeAs = (x: Tensor, other: Tensor): Tensor => to(x, other.dtype);

/**
 * {@link narrow} as a copy.
 * @example tensor([1, 2, 3]).narrowCopy(0, 1, 2); // → [2, 3]
 */
export const narrowCopy = (x: Tensor, dim: number, start: number, length: number): Tensor =>
  narrow(x, dim, start, length).clone();

/**
 * x where the condition is true, else the other; see `where`.
 * @example tensor([1, 2]).where(tensor([true, false]), 0); // → [1, 0]
 */
function whereMethod(x: Tensor, condition: Tensor, other: TensorOrNumber): Tensor {
  return where(condition, x, other);
}

export { i0 } from "./bessel-zero.js";
/** The n-th derivative of `digamma` at x: `polygamma(n, x)`. @example tensor([1, 2.5]).polygamma(2); // → [-2.4041, -0.2362] */
export { mvlgamma, polygammaOf as polygamma } from "./gamma.js";
export { nonzeroStatic } from "./unravel-index.js";
/** x where the condition holds, else `other`: `where(condition, x, other)`. Elementwise with broadcasting. */
export { whereMethod as where };
