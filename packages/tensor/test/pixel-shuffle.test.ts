import { expect, test } from "vitest";
import { arange, channelShuffle, zeros } from "../src/index.js";

test("channelShuffle takes the channels of groups in turns", () => {
  expect(
    channelShuffle(arange(6).reshape([1, 6, 1]), 2)
      .flatten()
      .toArray(),
  ).toEqual([0, 3, 1, 4, 2, 5]);
  expect(
    channelShuffle(arange(12).reshape([1, 6, 2]), 3)
      .select(2, 1)
      .toArray(),
  ).toEqual([[1, 5, 9, 3, 7, 11]]);
});

test("channelShuffle says what does not fit", () => {
  expect(() => channelShuffle(zeros([1, 5, 2]), 2)).toThrow(/the 5 channels of \[1, 5, 2\] do not divide into 2/);
  expect(() => channelShuffle(zeros([1, 4]), 2)).toThrow(/expected an input \[N, C, ...\], got \[1, 4\]/);
  expect(() => channelShuffle(zeros([1, 4, 2]), 0)).toThrow(/groups must be a whole number of at least 1, got 0/);
});
