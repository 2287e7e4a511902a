import { describe, expect, it } from "vitest";
import {
  DTypeError,
  eye,
  LinAlgError,
  linalg,
  manualSeed,
  ones,
  randn,
  ShapeError,
  type Tensor,
  tensor,
  UsageError,
  zeros,
} from "../src/index.js";

const float64 = (values: number[] | number[][] | number[][][]): Tensor => tensor(values, { dtype: "float64" });

function random(...shape: number[]): Tensor {
  return randn(shape, { dtype: "float64" });
}

/** Whether two tensors agree to so many parts of their size. */
function expectClose(got: Tensor, want: Tensor, tolerance = 1e-10): void {
  expect(got.shape).toEqual(want.shape);
  expect(got.sub(want).abs().max().item()).toBeLessThan(tolerance * (1 + want.abs().max().item()));
}

const singular = float64([
  [1, 2, 3],
  [2, 4, 6],
  [1, 2, 1],
]);

describe("matrices that have no inverse or factor", () => {
  it("are named, with the element that is zero", () => {
    expect(() => linalg.inv(singular)).toThrow(LinAlgError);
    expect(() => linalg.inv(singular)).toThrow(
      "linalg.inv: The diagonal element 2 is zero, the inversion could not be completed because the input matrix is singular",
    );
    expect(() => linalg.inv(zeros([2, 3, 3]))).toThrow("linalg.inv: (Batch element 0): The diagonal element 1 is zero");
    expect(() => linalg.solve(zeros([3, 3]), ones([3]))).toThrow(
      "linalg.solve: The solver failed because the input matrix is singular",
    );
    expect(() =>
      linalg.cholesky(
        float64([
          [1, 2],
          [2, 1],
        ]),
      ),
    ).toThrow("the input is not positive-definite (the leading minor of order 2 is not positive-definite)");
    expect(() => linalg.luFactor(zeros([2, 2]))).toThrow("U[1,1] is zero");
  });

  it("are no error where codes tell", () => {
    expect(linalg.invEx(singular).info.toArray()).toBe(2);
    expect(linalg.solveEx(singular, ones([3], { dtype: "float64" })).info.toArray()).toBe(2);
    expect(
      linalg
        .choleskyEx(
          float64([
            [1, 2],
            [2, 1],
          ]),
        )
        .info.toArray(),
    ).toBe(2);
    expect(linalg.luFactorEx(singular).info.toArray()).toBe(2);
  });

  it("have a determinant, a rank, a condition and a pseudoinverse", () => {
    expect(linalg.det(singular).item()).toBeCloseTo(0, 12);
    expect(linalg.slogdet(singular).logabsdet.item()).toBe(Number.NEGATIVE_INFINITY);
    expect(linalg.matrixRank(singular).item()).toBe(2);
    expect(linalg.cond(singular, 1).item()).toBe(Number.POSITIVE_INFINITY);
    expect(linalg.cond(singular, "nuc").item()).toBe(Number.POSITIVE_INFINITY);
    const inverse = linalg.pinv(singular);
    expectClose(singular.matmul(inverse).matmul(singular), singular);
  });
});

describe("factors", () => {
  it.each([
    [1, 1],
    [5, 3],
    [3, 5],
    [40, 40],
    [70, 33],
  ])("multiply to the matrix they were made of, %i by %i", (m, n) => {
    manualSeed(0);
    const A = random(2, m, n);
    const k = Math.min(m, n);
    const { P, L, U } = linalg.lu(A);
    expectClose(P.matmul(L).matmul(U), A);
    for (const mode of ["reduced", "complete"] as const) {
      const { Q, R } = linalg.qr(A, mode);
      expectClose(Q.matmul(R), A);
      expectClose(Q.transpose(-2, -1).matmul(Q), eye(Q.shape[2] as number, { dtype: "float64" }).expand(2, -1, -1));
    }
    const { U: left, S, Vh } = linalg.svd(A);
    expect([left.shape, Vh.shape]).toEqual([
      [2, m, m],
      [2, n, n],
    ]);
    expectClose(
      left
        .narrow(2, 0, k)
        .mul(S.unsqueeze(1))
        .matmul(Vh.narrow(1, 0, k)),
      A,
    );
    expectClose(linalg.svdvals(A), S);
  });

  it("of symmetric matrices come from the triangle that is named", () => {
    const A = float64([
      [2, 9],
      [1, 2],
    ]);
    expectClose(linalg.eigh(A).eigenvalues, float64([1, 3]));
    expectClose(linalg.eigvalsh(A, "U"), float64([-7, 11]));
    expectClose(
      linalg.cholesky(
        float64([
          [4, 99],
          [2, 5],
        ]),
      ),
      float64([
        [2, 0],
        [1, 2],
      ]),
    );
    expectClose(
      linalg.cholesky(
        float64([
          [4, 2],
          [99, 5],
        ]),
        { upper: true },
      ),
      float64([
        [2, 1],
        [0, 2],
      ]),
    );
  });

  it("know small singular values as well as large ones", () => {
    const S = linalg.svdvals(
      float64([
        [1, 1],
        [1e-9, -1e-9],
      ]),
    );
    expect(Math.abs((S.toTypedArray()[1] as number) / (Math.SQRT2 * 1e-9) - 1)).toBeLessThan(1e-12);
  });

  it("of float32 are float32", () => {
    const { U, S, Vh } = linalg.svd(ones([2, 2]));
    expect([U.dtype, S.dtype, Vh.dtype, linalg.eigh(eye(2)).eigenvectors.dtype]).toEqual(Array(4).fill("float32"));
  });
});

describe("solving", () => {
  it("takes vectors, matrices, batches and either side", () => {
    manualSeed(1);
    const A = random(2, 4, 4);
    const X = random(4, 3);
    expectClose(linalg.solve(A, A.matmul(X)), X.expand(2, 4, 3));
    expectClose(linalg.solve(A, A.matmul(random(4).fill_(1))), ones([2, 4], { dtype: "float64" }));
    const right = random(3, 4);
    expectClose(linalg.solve(A, right.matmul(A), { left: false }), right.expand(2, 3, 4));
    const { LU, pivots } = linalg.luFactor(A);
    expectClose(linalg.luSolve(LU, pivots, A.transpose(1, 2).matmul(X), { adjoint: true }), X.expand(2, 4, 3));
  });

  it("gives least squares: the shortest of several, what is left over, and the rank", () => {
    const A = float64([
      [1, 1],
      [1, 1],
      [0, 0],
    ]);
    const B = float64([[2], [4], [1]]);
    const { solution, rank, singularValues } = linalg.lstsq(A, B, { driver: "gelsd" });
    expectClose(solution, float64([[1.5], [1.5]]));
    expect(rank.item()).toBe(1);
    expectClose(singularValues, float64([2, 0]));
    const full = linalg.lstsq(
      float64([
        [1, 0],
        [0, 1],
        [0, 0],
      ]),
      B,
      { driver: "gels" },
    );
    expectClose(full.residuals, float64([1]));
    expect(full.rank.shape).toEqual([0]);
  });

  it("inverts maps of tensors", () => {
    manualSeed(2);
    const A = random(2, 3, 6);
    const B = random(2, 3);
    const X = linalg.tensorsolve(A, B);
    expectClose(A.matmul(X), B);
    expectClose(linalg.tensorinv(A).tensordot(B, 2), X);
  });
});

describe("functions and norms", () => {
  it("of matrices with large and small elements in one batch", () => {
    const A = float64([
      [
        [0, -20],
        [20, 0],
      ],
      [
        [0, -1e-6],
        [1e-6, 0],
      ],
    ]);
    const turned = (angle: number) => [
      [Math.cos(angle), -Math.sin(angle)],
      [Math.sin(angle), Math.cos(angle)],
    ];
    expectClose(linalg.matrixExp(A), float64([turned(20), turned(1e-6)]), 1e-12);
  });

  it("are PyTorch's of each order", () => {
    const A = float64([
      [1, -2],
      [3, 4],
    ]);
    const orders = ["fro", "nuc", Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, -1, 2, -2] as const;
    const norms = orders.map((order) => linalg.matrixNorm(A, order).item());
    const want = [5.477225575, 7.071067812, 7, 3, 6, 4, 5.116672736, 1.954395076];
    expectClose(float64(norms), float64(want), 1e-8);
    expect(linalg.norm(A).item()).toBeCloseTo(5.477225575, 8);
    expect(linalg.norm(float64([3, -4]), 1).item()).toBe(7);
    expect(linalg.matrixNorm(A.reshape(1, 2, 2), 1, [2, 1], { keepdim: true }).shape).toEqual([1, 1, 1]);
  });
});

describe("nothing at all", () => {
  it("is a matrix too", () => {
    const empty = zeros([2, 0, 0]);
    expect(linalg.det(empty).toArray()).toEqual([1, 1]);
    expect(linalg.slogdet(empty).logabsdet.toArray()).toEqual([0, 0]);
    for (const same of [linalg.inv, linalg.cholesky, linalg.matrixExp, linalg.pinv]) {
      expect(same(empty).shape).toEqual([2, 0, 0]);
    }
    expect(linalg.svd(zeros([0, 3])).Vh.toArray()).toEqual(eye(3).toArray());
    expect(linalg.qr(zeros([3, 0]), "complete").Q.toArray()).toEqual(eye(3).toArray());
    expect(linalg.pinv(zeros([3, 0])).shape).toEqual([0, 3]);
    expect(linalg.matrixRank(zeros([0, 2])).item()).toBe(0);
  });
});

describe("what cannot be", () => {
  it.each<[string, () => unknown, typeof ShapeError | typeof UsageError | typeof DTypeError, RegExp]>([
    ["no matrix", () => linalg.inv(ones([3])), ShapeError, /at least 2 dimensions, got shape \[3\]/],
    ["not square", () => linalg.det(ones([3, 2])), ShapeError, /they are 3 by 2 matrices/],
    [
      "integers",
      () => linalg.inv(eye(2, { dtype: "int32" })),
      DTypeError,
      /expected a floating point tensor, got int32/,
    ],
    ["two dtypes", () => linalg.solve(eye(2), float64([1, 2])), DTypeError, /A of type float32 and B of type float64/],
    ["an order", () => linalg.matrixNorm(eye(2), 3), UsageError, /order must be one of fro, nuc, .*, got 3/],
    ["a condition", () => linalg.cond(eye(2), 3), UsageError, /linalg\.cond: p must be one of/],
    ["a driver", () => linalg.lstsq(eye(2), eye(2), { driver: "x" as never }), UsageError, /driver must be/],
    ["rows", () => linalg.lstsq(eye(2), eye(3)), ShapeError, /A and B must have as many rows/],
    ["dimensions", () => linalg.norm(ones([2, 2, 2]), 2), ShapeError, /A must have one or two dimensions/],
    ["pivots", () => linalg.luSolve(eye(2), tensor([1, 3]), eye(2)), UsageError, /pivots must be from 1 to 2.* got 3/],
    ["columns", () => linalg.vander(ones([3]), { N: 1 }), UsageError, /N must be greater than 1, got 1/],
    ["ranks", () => linalg.cross(ones([2, 3]), ones([3])), ShapeError, /the same number of dimensions/],
    ["reflectors", () => linalg.householderProduct(ones([2, 3]), ones([2])), ShapeError, /with m ≥ n and tau/],
    ["products", () => linalg.tensorinv(ones([2, 3, 6]), 1), ShapeError, /one product, got \[2, 3, 6\]: 2 and 18/],
    ["a map", () => linalg.tensorsolve(ones([2, 3, 5]), ones([2, 3])), ShapeError, /linalg\.tensorsolve/],
  ])("is refused: %s", (_what, call, kind, message) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(message);
  });
});
