import type { Tensor } from "@kindling/tensor";

/** What is known of a place on the line that is searched. */
export interface Point {
  /** How many times the direction from the start. */
  readonly t: number;
  readonly loss: number;
  readonly gradient: Tensor;
  /** The derivative along the direction. */
  readonly slope: number;
}

export interface LineSearchResult {
  readonly point: Point;
  readonly evaluations: number;
}

/** The loss must fall by this share of what the slope at the start promises … */
const sufficientDecrease = 1e-4;
/** … and the slope become smaller than this share of that at the start. */
const curvature = 0.9;
const maxIterations = 25;

/** The minimum of the cubic through two points with their slopes, within bounds; halfway between them if there is none. */
function cubicMinimum(a: Point, b: Point, low = Math.min(a.t, b.t), high = Math.max(a.t, b.t)): number {
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.t - b.t);
  const square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (low + high) / 2;
  const d2 = Math.sqrt(square);
  const [left, right] = a.t <= b.t ? [a, b] : [b, a];
  const share = (right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2);
  const minimum = right.t - (right.t - left.t) * share;
  return Math.min(Math.max(minimum, low), high);
}

/**
 * A step along a direction that satisfies the strong Wolfe conditions: the loss falls enough and the slope flattens enough.
 * `evaluate` goes to a place on the line, `start` is place 0, `first` the first place to try, `tolerance` the distance below
 * which it does not pay to go on; `size` is the largest element of the direction.
 *
 * Source: Nocedal & Wright 2006, algorithms 3.5 and 3.6, with the safeguards of PyTorch.
 */
export function strongWolfe(
  evaluate: (t: number) => Point,
  start: Point,
  first: number,
  size: number,
  tolerance: number,
): LineSearchResult {
  const isTooHigh = ({ t, loss }: Point): boolean => loss > start.loss + sufficientDecrease * t * start.slope;
  const isFlat = ({ slope }: Point): boolean => Math.abs(slope) <= -curvature * start.slope;
  let evaluations = 0;
  const visit = (t: number): Point => {
    evaluations++;
    return evaluate(t);
  };

  // Go on until a minimum lies between two places.
  let before = start;
  let here = visit(first);
  let iteration = 0;
  for (; iteration < maxIterations; iteration++) {
    if (isTooHigh(here) || (iteration > 1 && here.loss >= before.loss)) break;
    if (isFlat(here)) return { point: here, evaluations };
    if (here.slope >= 0) break;
    const next = cubicMinimum(before, here, here.t + 0.01 * (here.t - before.t), here.t * 10);
    before = here;
    here = visit(next);
  }
  if (iteration === maxIterations) before = start;

  // Then draw the two closer. `low` is the one with the smaller loss.
  let [low, high] = before.loss <= here.loss ? [before, here] : [here, before];
  let isStuck = false;
  for (; iteration < maxIterations; iteration++) {
    const [left, right] = [Math.min(low.t, high.t), Math.max(low.t, high.t)];
    if ((right - left) * size < tolerance) break;
    let t = cubicMinimum(low, high);
    // A second time close to a border is no progress: keep a tenth of the interval away from it.
    const margin = 0.1 * (right - left);
    const isNearBorder = Math.min(right - t, t - left) < margin;
    if (isNearBorder && (isStuck || t >= right || t <= left)) {
      t = Math.abs(t - right) < Math.abs(t - left) ? right - margin : left + margin;
      isStuck = false;
    } else isStuck = isNearBorder;
    const middle = visit(t);
    if (isTooHigh(middle) || middle.loss >= low.loss) {
      [low, high] = low.loss <= middle.loss ? [low, middle] : [middle, low];
      continue;
    }
    if (isFlat(middle)) return { point: middle, evaluations };
    if (middle.slope * (high.t - low.t) >= 0) high = low;
    low = middle;
  }
  return { point: low, evaluations };
}
