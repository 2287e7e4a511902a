import { noGrad } from "../recorder.js";
import type { Tensor } from "../tensor.js";
import { type Bins, checkFloats, counted, edgesOf, type HistogramOptions } from "./histogram-bins.js";

/**
 * How many elements fall into each bin; others do not count. Each bin has its lower edge, the last one both. No gradient.
 * Options: `range` (all elements), `weight` (none), `density` (false).
 *
 * **Shapes** x (floating point): any; bins: how many equal ones, or their edges [bins + 1]; hist: [bins]; binEdges: [bins + 1].
 * @throws DTypeError for integers; UsageError for a range that is none.
 * @example histogram(tensor([0.5, 1, 1.5, 2]), 2, { range: [0, 2] }).hist; // → [1, 3]
 */
export function histogram(x: Tensor, bins: Bins, options: HistogramOptions = {}): { hist: Tensor; binEdges: Tensor } {
  checkFloats("histogram", x);
  return noGrad(() => {
    const binEdges = edgesOf("histogram", x, bins, options.range ?? null);
    const weight = options.weight?.reshape([-1]) ?? null;
    return { hist: counted("histogram", [x.reshape([-1])], [binEdges], { ...options, weight }), binEdges };
  });
}
