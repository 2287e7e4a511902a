import { expect, test } from "vitest";
import { arange, ones, placeStrided } from "../src/index.js";

test("placeStrided puts elements where a layout says", () => {
  expect(placeStrided(arange(1, 5).reshape([2, 2]), [2, 4], [4, 2], 1, 9).toArray()).toEqual([
    [9, 1, 9, 2],
    [9, 3, 9, 4],
  ]);
});

test("placeStrided adds up what lies on each other, whichever dimension is the longer", () => {
  expect(placeStrided(ones([5, 2]), [6], [1, 1], 0).toArray()).toEqual([1, 2, 2, 2, 2, 1]);
  expect(placeStrided(ones([2, 5]), [6], [1, 1], 0).toArray()).toEqual([1, 2, 2, 2, 2, 1]);
  expect(placeStrided(arange(1, 5).reshape([4, 1]).expand([4, 3]), [4], [1, 0], 0).toArray()).toEqual([3, 6, 9, 12]);
  // Windows of 3 × 2 over rows of 4, in both directions.
  expect(placeStrided(ones([2, 3, 3, 2]), [4, 4], [4, 1, 4, 1], 0).toArray()).toEqual([
    [1, 2, 2, 1],
    [2, 4, 4, 2],
    [2, 4, 4, 2],
    [1, 2, 2, 1],
  ]);
});
