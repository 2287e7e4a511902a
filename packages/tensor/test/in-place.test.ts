import { describe, expect, it } from "vitest";
import { arange, DTypeError, ones, ShapeError, type Tensor, tensor, zeros } from "../src/index.js";

const floats = (): Tensor =>
  tensor(
    [
      [-1.5, 0.5],
      [2, -3],
    ],
    { dtype: "float32" },
  );

describe("an in-place form", () => {
  it("writes into the tensor and returns it", () => {
    const x = floats();
    expect(x.addcmul_(ones([2]), tensor([1, 2]), { value: 2 })).toBe(x);
    expect(x.toArray()).toEqual([
      [0.5, 4.5],
      [4, 1],
    ]);
  });

  it("writes through a view into its base, whatever the strides", () => {
    const base = arange(6).reshape(2, 3);
    base.t().select(1, 0).remainder_(2);
    expect(base.toArray()).toEqual([
      [0, 1, 0],
      [3, 4, 5],
    ]);
  });

  it("of a comparison stores ones and zeros in the tensor's type", () => {
    expect(floats().gt_(0).toArray()).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect(tensor([1, 2]).eq_(2).dtype).toBe("int32");
    expect(tensor([0, 3]).logicalNot_().toArray()).toEqual([1, 0]);
  });

  it("reads operands that share its memory before it writes", () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(x.lerp_(x.t(), tensor(1)).toArray()).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  it("refuses a result of another shape, and one of a type that does not fit", () => {
    expect(() => zeros([2]).addcmul_(ones([3, 1]), ones([2]))).toThrow(ShapeError);
    expect(() => tensor([1, 2]).atan2_(tensor([1, 2]))).toThrow(DTypeError);
    expect(() => tensor([true]).clamp_(0, 1)).toThrow(DTypeError);
    expect(() => floats().floatPower_(2)).toThrow("the result is float64");
  });

  it("leaves the tensor as it was when it refuses", () => {
    const x = zeros([2]);
    expect(() => x.addcmul_(ones([3, 1]), ones([2]))).toThrow(ShapeError);
    expect(x.toArray()).toEqual([0, 0]);
  });
});

describe("div_", () => {
  it("rounds as it is told, so that integers stay integers", () => {
    expect(tensor([-7, 7]).div_(2, { roundingMode: "floor" }).toArray()).toEqual([-4, 3]);
    expect(tensor([-7, 7]).div_(2, { roundingMode: "trunc" }).toArray()).toEqual([-3, 3]);
    expect(() => tensor([7]).div_(2)).toThrow(DTypeError);
    expect(() => tensor([7]).div_(0, { roundingMode: "floor" })).toThrow("division by zero");
  });
});

describe("add_", () => {
  it("of bools is their logical or", () => {
    expect(
      tensor([true, false])
        .add_(tensor([false, false]))
        .toArray(),
    ).toEqual([true, false]);
  });
});

describe("fillDiagonal_", () => {
  it("writes where all positions are equal", () => {
    expect(zeros([2, 3]).fillDiagonal_(1).toArray()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
    expect(zeros([2, 2, 2]).fillDiagonal_(1).nonzero().toArray()).toEqual([
      [0, 0, 0],
      [1, 1, 1],
    ]);
  });

  it("goes on below a tall matrix's square if it wraps", () => {
    const rows = (wrap: boolean): unknown => zeros([6, 2]).fillDiagonal_(1, wrap).sum(1).toArray();
    expect(rows(false)).toEqual([1, 1, 0, 0, 0, 0]);
    expect(rows(true)).toEqual([1, 1, 0, 1, 1, 0]);
  });

  it("refuses vectors and unequal dimensions", () => {
    expect(() => zeros([3]).fillDiagonal_(1)).toThrow(ShapeError);
    expect(() => zeros([2, 2, 3]).fillDiagonal_(1)).toThrow(ShapeError);
  });
});

describe("apply_ and map_", () => {
  it("overwrite each element with what a function makes of it", () => {
    expect(
      tensor([1, 2])
        .apply_((value) => value * 10)
        .toArray(),
    ).toEqual([10, 20]);
    expect(
      tensor([[1], [2]])
        .map_(tensor([3]), (x, y) => x * y)
        .toArray(),
    ).toEqual([[3], [6]]);
  });
});
