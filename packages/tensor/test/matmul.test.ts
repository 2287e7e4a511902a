import { describe, expect, test } from "vitest";
import {
  addmm,
  allclose,
  baddbmm,
  DTypeError,
  dot,
  einsum,
  inner,
  kron,
  linear,
  manualSeed,
  matmul,
  mm,
  mv,
  outer,
  rand,
  ShapeError,
  type Tensor,
  tensor,
  tensordot,
  trace,
  UsageError,
  zeros,
} from "../src/index.js";

const random = (shape: number[]): Tensor => rand(shape, { dtype: "float64" });

/** A matrix product by nested loops. */
function naive(a: Tensor, b: Tensor): Tensor {
  const x = a.toArray() as number[][];
  const y = b.toArray() as number[][];
  return tensor(
    x.map((row) => (y[0] ?? []).map((_, j) => row.reduce((sum, v, k) => sum + v * (y[k]?.[j] ?? Number.NaN), 0))),
    { dtype: "float64" },
  );
}

describe("matmul", () => {
  test("agrees with nested loops whichever operand is transposed or sliced", () => {
    manualSeed(1);
    for (const [m, k, n] of [
      [1, 1, 1],
      [3, 5, 2],
      [17, 9, 33],
    ] as const) {
      const plain = [random([m, k]), random([k, n])] as const;
      const transposed = [random([k, m]).transpose(0, 1), random([n, k]).transpose(0, 1)] as const;
      const sliced = [random([m, k + 3]).narrow(1, 2, k), random([k, 2 * n]).narrow(1, n, n)] as const;
      for (const a of [plain[0], transposed[0], sliced[0]]) {
        for (const b of [plain[1], transposed[1], sliced[1]]) {
          expect(allclose(mm(a, b), naive(a, b), { rtol: 1e-12 })).toBe(true);
        }
      }
    }
  });

  test("copies what has no stride of 1", () => {
    const a = random([4, 6]).flip([0]).asStrided([2, 3], [12, 2]);
    const b = random([3, 2]);
    expect(allclose(mm(a, b), naive(a, b), { rtol: 1e-12 })).toBe(true);
  });

  test("treats vectors as rows or columns and broadcasts batches", () => {
    const v = tensor([1, 2], { dtype: "float32" });
    const m = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { dtype: "float32" },
    );
    expect(matmul(v, v).item()).toBe(5);
    expect(matmul(m, v).toArray()).toEqual([5, 11]);
    expect(matmul(v, m).toArray()).toEqual([7, 10]);
    expect(matmul(zeros([2, 1, 3, 4]), zeros([5, 4, 6])).shape).toEqual([2, 5, 3, 6]);
    const batch = random([3, 2, 4]);
    const one = random([4, 5]);
    const result = matmul(batch, one.unsqueeze(0));
    expect(allclose(result.select(0, 2), naive(batch.select(0, 2), one), { rtol: 1e-12 })).toBe(true);
  });

  test("over an inner size of 0 is 0", () => {
    expect(matmul(zeros([2, 0]), zeros([0, 3])).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  test("multiplies integers exactly", () => {
    expect(matmul(tensor([[100_000]]), tensor([[20_000]])).item()).toBe(2_000_000_000);
  });

  test("names the sizes that do not fit, and the dtypes that differ", () => {
    expect(() => matmul(zeros([2, 3]), zeros([2, 3]))).toThrow(
      /last size of \[2, 3\] must equal size -2 of \[2, 3\]: 3 meets 2/,
    );
    expect(() => matmul(zeros([]), zeros([3]))).toThrow(ShapeError);
    expect(() => matmul(zeros([2, 2, 3]), zeros([3, 3, 2]))).toThrow(ShapeError);
    expect(() => mm(zeros([2, 2]), zeros([2, 2], { dtype: "float64" }))).toThrow(DTypeError);
    expect(() => mv(zeros([2, 3]), zeros([2]))).toThrow(ShapeError);
    expect(() => dot(zeros([2, 3]), zeros([2]))).toThrow(ShapeError);
  });
});

describe("linear", () => {
  test("multiplies by the transposed weight and adds the bias, over any leading dimensions", () => {
    const weight = tensor(
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      { dtype: "float32" },
    );
    const bias = tensor([10, 20, 30], { dtype: "float32" });
    expect(linear(tensor([1, 1], { dtype: "float32" }), weight, bias).toArray()).toEqual([13, 27, 41]);
    expect(linear(zeros([2, 0, 2]), weight).shape).toEqual([2, 0, 3]);
    const x = random([3, 4, 2]);
    const result = linear(x.transpose(0, 1), weight.to("float64"));
    expect(allclose(result, matmul(x.transpose(0, 1), weight.to("float64").t()), { rtol: 1e-12 })).toBe(true);
  });

  test("reads a transposed weight and a transposed input in place", () => {
    const weight = random([2, 3]).transpose(0, 1);
    const x = random([2, 5]).transpose(0, 1);
    expect(allclose(linear(x, weight), naive(x, weight.transpose(0, 1)), { rtol: 1e-12 })).toBe(true);
  });

  test("names the features expected", () => {
    expect(() => linear(zeros([2, 3]), zeros([4, 2]))).toThrow(
      "linear: expected 2 features in the last dimension for weight [4, 2], got input [2, 3]",
    );
    expect(() => linear(zeros([2, 2]), zeros([4, 2]), zeros([3]))).toThrow(/expected a bias \[4\]/);
  });
});

test("addmm and baddbmm scale both parts; beta 0 ignores NaN", () => {
  const eye = tensor(
    [
      [1, 0],
      [0, 1],
    ],
    { dtype: "float32" },
  );
  expect(addmm(tensor([1, 2], { dtype: "float32" }), eye, eye, { beta: 10, alpha: 3 }).toArray()).toEqual([
    [13, 20],
    [10, 23],
  ]);
  expect(addmm(tensor([Number.NaN, 2]), eye, eye, { beta: 0 }).toArray()).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect(baddbmm(zeros([1, 2, 2]), eye.unsqueeze(0), eye.unsqueeze(0)).toArray()).toEqual([
    [
      [1, 0],
      [0, 1],
    ],
  ]);
  expect(() => addmm(zeros([5]), zeros([2, 3]), zeros([3, 4]))).toThrow(ShapeError);
});

test("outer, inner, tensordot, kron and trace follow their definitions", () => {
  const a = tensor([1, 2]);
  const b = tensor([3, 4]);
  expect(outer(a, b).toArray()).toEqual([
    [3, 4],
    [6, 8],
  ]);
  expect(inner(a, b).item()).toBe(11);
  expect(kron(a, b).toArray()).toEqual([3, 4, 6, 8]);
  expect(
    tensordot(zeros([2, 3, 4]), zeros([4, 3, 5]), [
      [1, 2],
      [1, 0],
    ]).shape,
  ).toEqual([2, 5]);
  expect(
    trace(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    ).item(),
  ).toBe(5);
  expect(() => tensordot(zeros([2, 3]), zeros([2, 3]), 1)).toThrow(ShapeError);
});

describe("einsum", () => {
  const a = tensor(
    [
      [1, 2],
      [3, 4],
    ],
    { dtype: "float32" },
  );

  test("takes products, traces, diagonals, transposes and sums", () => {
    expect(einsum("ij,jk->ik", a, a).toArray()).toEqual([
      [7, 10],
      [15, 22],
    ]);
    expect(einsum("ii", a).item()).toBe(5);
    expect(einsum("ii->i", a).toArray()).toEqual([1, 4]);
    expect(einsum("ij->ji", a).toArray()).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(einsum("ij->j", a).toArray()).toEqual([4, 6]);
    expect(einsum("i,j->ij", tensor([1.0, 2.5]), tensor([2, 4], { dtype: "float32" })).toArray()).toEqual([
      [2, 4],
      [5, 10],
    ]);
  });

  test("broadcasts an ellipsis and contracts three operands", () => {
    expect(einsum("...ij,jk->...ik", zeros([5, 2, 3]), zeros([3, 4])).shape).toEqual([5, 2, 4]);
    expect(einsum("ij,jk,kl->il", a, a, a).toArray()).toEqual([
      [37, 54],
      [81, 118],
    ]);
  });

  test("refuses equations that make no sense", () => {
    expect(() => einsum("ij,jk->ik", a)).toThrow(UsageError);
    expect(() => einsum("ij->k", a)).toThrow(/output "k"/);
    expect(() => einsum("ij->ii", a)).toThrow(/more than once/);
    expect(() => einsum("ijk->i", a)).toThrow(ShapeError);
    expect(() => einsum("ij,jk->ik", zeros([2, 3]), zeros([4, 5]))).toThrow(/"j"/);
  });
});
