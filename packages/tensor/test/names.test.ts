import { describe, expect, it } from "vitest";
import * as t from "../src/index.js";

const { tensor, zeros } = t;

describe("the second names of operations", () => {
  it.each([
    ["absolute", t.absolute, t.abs],
    ["arctan2", t.arctan2, t.atan2],
    ["clip", t.clip, t.clamp],
    ["concatenate", t.concatenate, t.cat],
    ["divide", t.divide, t.div],
    ["fix", t.fix, t.trunc],
    ["ger", t.ger, t.outer],
    ["greaterEqual", t.greaterEqual, t.ge],
    ["moveaxis", t.moveaxis, t.movedim],
    ["rowStack", t.rowStack, t.vstack],
    ["swapdims", t.swapdims, t.transpose],
  ])("%s is another operation", (_name, second, first) => {
    expect(second).toBe(first);
  });

  it("are methods too", () => {
    expect(tensor([-1, 2]).absolute().greaterEqual(2).toArray()).toEqual([false, true]);
    expect(tensor([1.5]).negative_().toArray()).toEqual([-1.5]);
  });
});

describe("conversions by a method", () => {
  it.each([
    ["bool", "bool"],
    ["byte", "uint8"],
    ["char", "int8"],
    ["short", "int16"],
    ["int", "int32"],
    ["long", "int32"],
    ["float", "float32"],
    ["double", "float64"],
  ] as const)("%s gives %s", (method, dtype) => {
    expect(tensor([0, 1.5])[method]().dtype).toBe(dtype);
  });

  it("take the type of another tensor", () => {
    expect(tensor([1, 2]).typeAs(tensor([0.5])).dtype).toBe("float32");
  });
});

describe("a new tensor from another one", () => {
  const x = tensor([1, 2], { dtype: "float64" });

  it("has its type, unless told otherwise", () => {
    expect(x.newZeros(2, 3).dtype).toBe("float64");
    expect(x.newZeros([2, 3]).shape).toEqual([2, 3]);
    expect(x.newOnes([2], { dtype: "int32" }).dtype).toBe("int32");
    expect(x.newFull([2], 3).toArray()).toEqual([3, 3]);
    expect(x.newTensor([1, 2]).dtype).toBe("float64");
    expect(x.newEmpty([4]).shape).toEqual([4]);
    expect(x.newEmptyStrided([2, 2], [1, 2]).strides).toEqual([1, 2]);
  });
});

describe("what a tensor says of itself", () => {
  it("is PyTorch's", () => {
    const x = zeros([2, 3], { dtype: "int16" });
    expect([x.itemsize, x.nbytes, x.elementSize(), x.nelement(), x.ndimension()]).toEqual([2, 12, 2, 6, 2]);
    expect(x.T.shape).toEqual([3, 2]);
    expect(zeros([2, 3, 4]).mT.shape).toEqual([2, 4, 3]);
    expect([x.isSigned(), x.byte().isSigned(), x.isComplex()]).toEqual([true, false, false]);
    expect(x.isSameSize(zeros([2, 3]))).toBe(true);
    expect(x.select(0, 1).storageOffset()).toBe(3);
    expect(tensor([2]).isNonzero()).toBe(true);
    expect(() => x.isNonzero()).toThrow("use .any() or .all()");
  });
});

describe("where as a method", () => {
  it("chooses between the tensor and another", () => {
    expect(
      tensor([1, 2])
        .where(tensor([true, false]), 0)
        .toArray(),
    ).toEqual([1, 0]);
  });
});

describe("asTensor", () => {
  it("gives a tensor back as it is, and makes one of other data", () => {
    const x = tensor([1, 2]);
    expect(t.asTensor(x)).toBe(x);
    expect(t.asTensor(x, { dtype: "float32" }).dtype).toBe("float32");
    expect(t.asTensor([[1.5]]).shape).toEqual([1, 1]);
  });
});

describe("sumToSize", () => {
  it("undoes broadcasting", () => {
    expect(t.ones([2, 3, 4]).sumToSize(3, 1).toArray()).toEqual([[8], [8], [8]]);
    expect(() => t.ones([2, 3]).sumToSize([2])).toThrow(t.ShapeError);
  });
});

describe("hsplit, vsplit and dsplit", () => {
  it("split columns, rows and depth, into equal parts or before positions", () => {
    const x = t.arange(12).reshape(2, 6);
    expect(x.hsplit(3).map((part) => part.shape)).toEqual([
      [2, 2],
      [2, 2],
      [2, 2],
    ]);
    expect(x.vsplit([1]).map((part) => part.toArray())).toEqual([[[0, 1, 2, 3, 4, 5]], [[6, 7, 8, 9, 10, 11]]]);
    expect(
      zeros([1, 2, 4])
        .dsplit(2)
        .map((part) => part.shape),
    ).toEqual([
      [1, 2, 2],
      [1, 2, 2],
    ]);
    expect(() => x.hsplit(4)).toThrow("divides 6");
    expect(() => zeros([2]).vsplit(1)).toThrow("at least 2 dimensions");
  });
});

describe("heaviside, ldexp and floatPower", () => {
  it("are PyTorch's", () => {
    expect(
      tensor([-1.5, 0, 2, Number.NaN])
        .heaviside(tensor([0.5]))
        .toArray(),
    ).toEqual([0, 0.5, 1, 0]);
    expect(() => tensor([1]).heaviside(tensor([0.5]))).toThrow(t.DTypeError);
    expect(
      tensor([1, 3])
        .ldexp(tensor([2, -1]))
        .toArray(),
    ).toEqual([4, 1.5]);
    expect(tensor([2, 3]).floatPower(2).dtype).toBe("float64");
    expect(t.floatPower(2, tensor([-1])).toArray()).toEqual([0.5]);
  });
});

describe("diagonalScatter and asStridedScatter", () => {
  it("copy the tensor with the source in their place", () => {
    const x = zeros([2, 2]);
    expect(x.diagonalScatter(tensor([1, 2], { dtype: "float32" })).toArray()).toEqual([
      [1, 0],
      [0, 2],
    ]);
    expect(x.asStridedScatter(tensor([3.5, 4]), [2], [2], 1).toArray()).toEqual([
      [0, 3.5],
      [0, 4],
    ]);
    expect(x.toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(() => x.diagonalScatter(zeros([3]))).toThrow(t.ShapeError);
  });
});
