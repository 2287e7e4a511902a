import { DataError } from "@kindling/tensor";

/** Undoes, in place, what a PNG encoder did to a line: each byte was stored as its difference from a prediction. */
export function unfilter(filter: number, line: Uint8Array, previous: Uint8Array, bytesPerPixel: number): void {
  if (filter === 0) return;
  const predict = predictors[filter - 1];
  if (predict === undefined) throw new DataError(`the PNG file is damaged: there is no filter ${filter}`);
  for (let i = 0; i < line.length; i++) {
    const left = i < bytesPerPixel ? 0 : (line[i - bytesPerPixel] as number);
    const upperLeft = i < bytesPerPixel ? 0 : (previous[i - bytesPerPixel] as number);
    line[i] = (line[i] as number) + predict(left, previous[i] as number, upperLeft);
  }
}

/** Filters 1 to 4. */
const predictors: readonly ((left: number, up: number, upperLeft: number) => number)[] = [
  (left) => left,
  (_, up) => up,
  (left, up) => (left + up) >> 1,
  paeth,
];

/** The one of the three that comes closest to left + up − upperLeft. */
function paeth(left: number, up: number, upperLeft: number): number {
  const toLeft = Math.abs(up - upperLeft);
  const toUp = Math.abs(left - upperLeft);
  const toUpperLeft = Math.abs(left + up - 2 * upperLeft);
  if (toLeft <= toUp && toLeft <= toUpperLeft) return left;
  return toUp <= toUpperLeft ? up : upperLeft;
}
