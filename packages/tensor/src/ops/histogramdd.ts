import { ShapeError } from "../errors.js";
import { noGrad } from "../recorder.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { type Bins, checkFloats, counted, edgesOf, type HistogramOptions } from "./histogram-bins.js";
import { unbind } from "./split.js";

/**
 * {@link histogram} in several dimensions: how many points fall into each bin of a grid.
 *
 * **Shapes** x (floating point): [points, dimensions]; bins: how many, for all dimensions or one each, or edges of each;
 * hist: the bins of each dimension; binEdges: the edges of each.
 * @throws ShapeError for another rank, or another number of bins or ranges than dimensions.
 * @example histogramdd(tensor([[0.5, 0.5], [1.5, 0.5]]), 2, { range: [0, 2, 0, 2] }).hist; // → [[1, 0], [1, 0]]
 */
export function histogramdd(
  x: Tensor,
  bins: Bins | readonly Bins[],
  options: HistogramOptions = {},
): { hist: Tensor; binEdges: Tensor[] } {
  checkFloats("histogramdd", x);
  if (x.ndim !== 2) throw new ShapeError(`histogramdd: expected points as rows, got shape ${formatShape(x.shape)}`);
  const columns = unbind(x.detach(), 1);
  const each = Array.isArray(bins) ? (bins as readonly Bins[]) : columns.map(() => bins as Bins);
  const { range = null } = options;
  if (each.length !== columns.length || (range !== null && range.length !== 2 * columns.length)) {
    throw new ShapeError(`histogramdd: expected bins and ranges for each of ${columns.length} dimensions`);
  }
  return noGrad(() => {
    const binEdges = columns.map((column, i) =>
      edgesOf("histogramdd", column, each[i] as Bins, range === null ? null : range.slice(2 * i, 2 * i + 2)),
    );
    return { hist: counted("histogramdd", columns, binEdges, options), binEdges };
  });
}
