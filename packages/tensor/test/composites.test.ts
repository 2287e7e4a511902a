import { describe, expect, test } from "vitest";
import {
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  arange,
  cat,
  cdist,
  cosineSimilarity,
  cross,
  deg2rad,
  lpPool2d,
  matrixPower,
  maxPool2d,
  maxUnpool2d,
  multiDot,
  nanToNum,
  ones,
  pairwiseDistance,
  pdist,
  pixelShuffle,
  pixelUnshuffle,
  positive,
  randn,
  selectScatter,
  sliceScatter,
  tensor,
  zeros,
} from "../src/index.js";

const floats = (values: Parameters<typeof tensor>[0]) => tensor(values, { dtype: "float32" });

describe("elementwise", () => {
  test("positive is the tensor itself, and refuses bools", () => {
    const x = floats([1]);
    expect(positive(x)).toBe(x);
    expect(() => positive(tensor([true]))).toThrow(/^positive: not defined for bool/);
  });

  test("nanToNum knows the largest number of each type, and leaves integers alone", () => {
    const specials = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    expect(nanToNum(tensor(specials, { dtype: "float64" })).toArray()).toEqual([
      0,
      Number.MAX_VALUE,
      -Number.MAX_VALUE,
    ]);
    expect(nanToNum(floats(specials), { nan: 1, posinf: 2 }).toArray()).toEqual([1, 2, -(2 ** 128 - 2 ** 104)]);
    expect(nanToNum(tensor([3])).toArray()).toEqual([3]);
  });

  test("angles of integers are floating point", () => {
    expect(deg2rad(tensor([180])).item()).toBe(Math.fround(Math.PI));
  });
});

describe("distances", () => {
  test("of all pairs take any norm", () => {
    const [x, y] = [
      floats([
        [0, 0],
        [1, 1],
      ]),
      floats([[3, 4]]),
    ];
    expect(cdist(x, y, { p: 1 }).toArray()).toEqual([[7], [5]]);
    expect(cdist(x, y, { p: Number.POSITIVE_INFINITY }).toArray()).toEqual([[4], [3]]);
    expect(() => cdist(x, zeros([1, 3]))).toThrow(/^cdist: expected rows of one length/);
    expect(() => cdist(x, y, { p: -1 })).toThrow(/^cdist: p must be at least 0/);
  });

  test("of many rows are those of few: a matrix product brings no NaN where rows coincide", () => {
    const x = randn([2, 30, 5], { dtype: "float64" });
    const y = cat([randn([2, 3, 5], { dtype: "float64" }), x.narrow(1, 7, 1)], 1);
    const few = cat([cdist(x.narrow(1, 0, 15), y), cdist(x.narrow(1, 15, 15), y)], 1);
    expect(cdist(x, y).allclose(few, { rtol: 1e-9, atol: 1e-6 })).toBe(true);
    expect(() => cdist(zeros([30, 2], { dtype: "int32" }), zeros([1, 2], { dtype: "int32" }))).toThrow(
      /floating point/,
    );
  });

  test("between rows need at least two", () => {
    expect(pdist(zeros([1, 3])).shape).toEqual([0]);
    expect(() => pdist(zeros([3]))).toThrow(/^pdist: expected two dimensions/);
  });

  test("and angles of equal and of zero vectors are finite", () => {
    expect(pairwiseDistance(floats([[1, 2]]), floats([[1, 2]])).item()).toBeCloseTo(Math.SQRT2 * 1e-6, 9);
    expect(cosineSimilarity(zeros([1, 2]), ones([2])).toArray()).toEqual([0]);
  });
});

describe("matrices", () => {
  test("multiply from vector to vector, in the order that is cheapest", () => {
    expect(multiDot([ones([2]), ones([2, 3]), ones([3])]).toArray()).toBe(6);
    const [a, b, c, d] = [randn([2, 20]), randn([20, 3]), randn([3, 30]), randn([30, 4])];
    const expected = a.matmul(b).matmul(c.matmul(d));
    expect(multiDot([a, b, c, d]).allclose(expected, { rtol: 1e-4, atol: 1e-4 })).toBe(true);
    expect(() => multiDot([a])).toThrow(/^multiDot: expected at least 2 tensors, got 1/);
    expect(() => multiDot([a, ones([2]), c])).toThrow(/^multiDot: expected matrices, got \[2\]/);
  });

  test("have whole powers", () => {
    const x = floats([
      [1, 1],
      [0, 1],
    ]);
    expect(matrixPower(x, 5).toArray()).toEqual([
      [1, 5],
      [0, 1],
    ]);
    expect(matrixPower(ones([2, 1, 1]), 0).shape).toEqual([2, 1, 1]);
    expect(matrixPower(x, -2).toArray()).toEqual([
      [1, -2],
      [0, 1],
    ]);
    expect(() => matrixPower(x, 0.5)).toThrow(/^matrixPower: the power must be a whole number, got 0.5/);
    expect(() => matrixPower(ones([2, 3]), 2)).toThrow(/^matrixPower: A must be batches of square .* 2 by 3/);
  });

  test("cross products broadcast, along the first dimension of size 3 unless told otherwise", () => {
    const y = floats([
      [4, 5, 6],
      [1, 0, 0],
    ]);
    expect(cross(floats([[1, 2, 3]]), y).toArray()).toEqual([
      [-3, 6, -3],
      [0, 3, -2],
    ]);
    expect(() => cross(y, y, 0)).toThrow(/^cross: expected dimension 0 of size 3, got \[2, 3\]/);
    expect(() => cross(ones([2]), ones([2]))).toThrow(/^cross: expected a dimension of size 3/);
  });
});

test("scattering into a slice needs a source of its shape", () => {
  expect(selectScatter(zeros([2, 2]), ones([2]), 1, -1).toArray()).toEqual([
    [0, 1],
    [0, 1],
  ]);
  expect(() => selectScatter(zeros([2, 3]), ones([1]), 0, 0)).toThrow(
    /^selectScatter: expected a source \[3\], got \[1\]/,
  );
  expect(() => sliceScatter(zeros([5]), ones([2]), 0, { start: -1 })).toThrow(/^sliceScatter: expected a source \[1\]/);
});

describe("pooling", () => {
  test("adaptive maxima of one image tell where they are", () => {
    const image = arange(15).to("float32").reshape(1, 3, 5);
    const { values, indices } = adaptiveMaxPool2d(image, [2, 3], { returnIndices: true });
    expect(values.toArray()).toEqual([
      [
        [6, 8, 9],
        [11, 13, 14],
      ],
    ]);
    expect(indices.toArray()).toEqual(values.toArray());
    expect(adaptiveMaxPool2d(image, [null, 1]).toArray()).toEqual([[[4], [9], [14]]]);
    expect(adaptiveMaxPool1d(image.squeeze(0), 1).toArray()).toEqual([[4], [9], [14]]);
    expect(() => adaptiveMaxPool2d(zeros([1, 0, 2, 2]), 1)).toThrow(/^adaptiveMaxPool2d: only the batch may be empty/);
  });

  test("unpooling takes the size that pooling left open, if it can be", () => {
    const { values, indices } = maxPool2d(arange(25).to("float32").reshape(1, 1, 5, 5), 2, { returnIndices: true });
    const whole = maxUnpool2d(values, indices, 2, { outputSize: [5, 5] });
    expect(whole.shape).toEqual([1, 1, 5, 5]);
    expect(whole.flatten().nonzero().flatten().toArray()).toEqual([6, 8, 16, 18]);
    expect(() => maxUnpool2d(values, indices, 2, { outputSize: [9, 9] })).toThrow(/^maxUnpool2d: outputSize 9 must be/);
    expect(() => maxUnpool2d(values, zeros([1], { dtype: "int32" }), 2)).toThrow(/^maxUnpool2d: expected indices/);
  });

  test("norms of windows over the end count as if they were whole", () => {
    const x = arange(1, 17).to("float32").reshape(1, 1, 4, 4);
    const norms = lpPool2d(x, 2, 3, { ceilMode: true }).flatten().toArray() as number[];
    expect(norms).toEqual([20.639767, 25.922963, 42.071369, 48].map((norm) => expect.closeTo(norm, 4)));
    expect(lpPool2d(x, 1, 2).toArray()).toEqual([
      [
        [
          [14, 22],
          [46, 54],
        ],
      ],
    ]);
  });
});

test("shuffling channels into pixels and back is the identity, for any leading dimensions", () => {
  const x = randn([2, 3, 8, 2, 3]);
  expect(pixelShuffle(x, 2).shape).toEqual([2, 3, 2, 4, 6]);
  expect(pixelUnshuffle(pixelShuffle(x, 2), 2).equal(x)).toBe(true);
  expect(() => pixelShuffle(x, 3)).toThrow(/^pixelShuffle: 3² must divide the channels/);
  expect(() => pixelUnshuffle(x, 4)).toThrow(/^pixelUnshuffle: 4 must divide height and width/);
  expect(() => pixelShuffle(zeros([4, 4]), 2)).toThrow(/^pixelShuffle: expected an input \[\.\.\., C, H, W\]/);
});
