import { resultType } from "../dtype.js";
import { Tensor } from "../tensor.js";
import { fromArray } from "./creation.js";

/** Options of {@link isin}. */
export interface IsinOptions {
  /** Whether no element occurs twice in either; makes no difference here. */
  assumeUnique?: boolean;
  /** Whether to tell which elements are not among the others. Default false. */
  invert?: boolean;
}

/**
 * Whether each element is among those of another tensor, as bool; NaN is not. Options: `invert` (false).
 *
 * **Shapes** elements, testElements: any, or one number; result: as elements.
 * @example isin(tensor([1, 2, 3]), tensor([3, 1])); // → [true, false, true]
 */
export function isin(elements: Tensor | number, testElements: Tensor | number, options: IsinOptions = {}): Tensor {
  const { invert = false } = options;
  const dtype = resultType(elements, testElements);
  const valuesOf = (of: Tensor | number): ArrayLike<number> =>
    of instanceof Tensor ? of.detach().to(dtype).toTypedArray() : [of];
  const wanted = new Set(Array.from(valuesOf(testElements)));
  wanted.delete(Number.NaN);
  const found = Uint8Array.from(valuesOf(elements), (value) => (wanted.has(value) !== invert ? 1 : 0));
  return fromArray(found, elements instanceof Tensor ? elements.shape : [], "bool");
}
