import { afterEach, describe, expect, it, test } from "vitest";
import { arange, ones, setPrintOptions, tensor, zeros } from "../src/index.js";

const lines = (...text: string[]): string => text.join("\n");

test("whole numbers line up at one width", () => {
  expect(String(tensor([1, -20]))).toBe("tensor([  1, -20])");
  expect(String(arange(6, { dtype: "float32" }).reshape(2, 3))).toBe(
    lines("tensor([[0., 1., 2.],", "        [3., 4., 5.]])"),
  );
});

test("fractions have four decimals, wide ranges an exponent", () => {
  expect(String(tensor([1.5, -0.25]))).toBe("tensor([ 1.5000, -0.2500])");
  expect(String(tensor([1e-5, 1]))).toBe("tensor([1.0000e-05, 1.0000e+00])");
  expect(String(tensor([1e9, 1], { dtype: "float32" }))).toBe("tensor([1.0000e+09, 1.0000e+00])");
});

test("exact halves round to even, as in C", () => {
  expect(String(tensor([0.03125, 0.09375]))).toBe("tensor([0.0312, 0.0938])");
});

test("NaN and infinities keep the width of the numbers", () => {
  expect(String(tensor([1, Number.NaN, Number.NEGATIVE_INFINITY], { dtype: "float32" }))).toBe(
    "tensor([1., nan, -inf])",
  );
  expect(String(tensor([-0, 0], { dtype: "float32" }))).toBe("tensor([-0., 0.])");
});

test("scalars, bools and nothing", () => {
  expect(String(tensor(1.5))).toBe("tensor(1.5000)");
  expect(String(tensor([true, false]))).toBe("tensor([ True, False])");
  expect(String(zeros([0]))).toBe("tensor([])");
  expect(String(zeros([0, 3], { dtype: "int32" }))).toBe("tensor([], size=(0, 3), dtype=int32)");
});

test("the dtype is told unless it is a default one", () => {
  expect(String(ones([1], { dtype: "float64" }))).toBe("tensor([1.], dtype=float64)");
  expect(String(ones([1], { dtype: "uint8" }))).toBe("tensor([1], dtype=uint8)");
});

test("requiresGrad is told", () => {
  expect(String(ones([1], { requiresGrad: true }))).toBe("tensor([1.], requiresGrad=True)");
});

test("more than a thousand elements are cut to three at each edge", () => {
  expect(String(arange(1001))).toBe("tensor([   0,    1,    2,  ...,  998,  999, 1000])");
  const text = String(arange(1200).reshape(2, 30, 20));
  expect(text.split("\n").slice(0, 5)).toEqual([
    "tensor([[[   0,    1,    2,  ...,   17,   18,   19],",
    "         [  20,   21,   22,  ...,   37,   38,   39],",
    "         [  40,   41,   42,  ...,   57,   58,   59],",
    "         ...,",
    "         [ 540,  541,  542,  ...,  557,  558,  559],",
  ]);
  expect(text).toContain("]],\n\n        [[ 600,");
});

test("long rows break at 80 columns, and views print their own elements", () => {
  expect(String(arange(40)).split("\n")).toEqual([
    "tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,",
    "        18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,",
    "        36, 37, 38, 39])",
  ]);
  expect(String(arange(6).reshape(2, 3).t().narrow(0, 1, 2))).toBe(lines("tensor([[1, 4],", "        [2, 5]])"));
});

describe("setPrintOptions", () => {
  afterEach(() => setPrintOptions({ profile: "default" }));
  const wide = tensor([1, 2.5, 1000, 0.0001]);

  it("changes digits, notation, edges and lines, as in PyTorch", () => {
    setPrintOptions({ precision: 2 });
    expect(wide.toString()).toBe("tensor([1.00e+00, 2.50e+00, 1.00e+03, 1.00e-04])");
    setPrintOptions({ profile: "default", sciMode: false });
    expect(wide.toString()).toBe("tensor([    1.0000,     2.5000,  1000.0000,     0.0001])");
    setPrintOptions({ profile: "default", sciMode: true });
    expect(tensor([1.5]).toString()).toBe("tensor([1.5000e+00])");
    setPrintOptions({ profile: "default", edgeitems: 1, threshold: 3 });
    expect(arange(8).toString()).toBe("tensor([0,  ..., 7])");
    setPrintOptions({ profile: "default", linewidth: 20 });
    expect(arange(8).float().toString()).toBe("tensor([0., 1., 2.,\n        3., 4., 5.,\n        6., 7.])");
  });

  it("refuses what is no setting", () => {
    expect(() => setPrintOptions({ precision: -1 })).toThrow("precision must be a whole number");
    expect(() => setPrintOptions({ profile: "long" as "short" })).toThrow("profile must be");
  });
});
