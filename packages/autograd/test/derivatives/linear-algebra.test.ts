import { cdist, choleskyInverse, eye, geqrf, linalg, ones, type Tensor, tensor } from "@kindling/tensor";
import { expect, test } from "vitest";
import { gradcheck } from "../../src/index.js";
import { checkTwice, seeded, variable } from "./check.js";

const transposed = (x: Tensor): Tensor => x.transpose(-2, -1);
const identity = (n: number): Tensor => eye(n, { dtype: "float64" });
const positive = (x: Tensor): Tensor => x.matmul(transposed(x)).add(identity(x.shape.at(-1) as number));

const smooth: Record<string, [(...inputs: Tensor[]) => Tensor, () => Tensor[]]> = {
  "solve for vectors, with X on the left, over batches": [
    (A, B) =>
      linalg
        .solve(A, B, { left: false })
        .sum(1)
        .add(linalg.solve(A, B.select(0, 0))),
    () => [variable([2, 3, 3]).detach().add(identity(3).mul(2)).detach().requiresGrad_(), variable([4, 3])],
  ],
  "distances of many rows": [(x, y) => cdist(x, y), () => [variable([26, 2]), variable([2, 2])]],
  "lu of wide matrices": [
    (x) => {
      const { P, L, U } = linalg.lu(x);
      return P.matmul(L).square().matmul(U.sin());
    },
    () => [variable([2, 3, 5])],
  ],
  "lu of tall matrices": [
    (x) => {
      const { P, L, U } = linalg.lu(x);
      return P.matmul(L).square().matmul(U.sin());
    },
    () => [variable([5, 3])],
  ],
  "luSolve with the transpose": [
    (x, B) => {
      const { LU, pivots } = linalg.luFactor(x.add(identity(3)));
      return linalg.luSolve(LU, pivots, B, { adjoint: true });
    },
    () => [variable([3, 3]), variable([3, 2])],
  ],
  "qr of wide matrices": [
    (x) => {
      const { Q, R } = linalg.qr(x);
      return Q.sin().matmul(R.square());
    },
    () => [variable([2, 3, 5])],
  ],
  "svd of wide matrices": [
    (x) => {
      const { U, S, Vh } = linalg.svd(x);
      return U.mul(S.exp().unsqueeze(-2)).matmul(Vh.narrow(-2, 0, 2));
    },
    () => [variable([2, 4])],
  ],
  "pinv of tall matrices": [(x) => linalg.pinv(x), () => [variable([4, 2])]],
  "pinv of symmetric matrices": [(x) => linalg.pinv(positive(x), { hermitian: true }), () => [variable([3, 3])]],
  "lstsq in both": [(A, B) => linalg.lstsq(A, B).solution, () => [variable([4, 2]), variable([4])]],
  "householderProduct of reflectors": [
    (A, tau) => linalg.householderProduct(A, tau),
    () => {
      const { a, tau } = geqrf(variable([4, 3]).detach());
      return [a.clone().requiresGrad_(), tau.clone().requiresGrad_()];
    },
  ],
  "choleskyInverse of the lower triangle": [
    (x) => choleskyInverse(x.tril().add(identity(3).mul(3))),
    () => [variable([3, 3])],
  ],
  "cholesky of the upper triangle": [(x) => linalg.cholesky(positive(x), { upper: true }), () => [variable([3, 3])]],
  matrixExp: [(x) => linalg.matrixExp(x.mul(3)), () => [variable([2, 2, 2])]],
  "matrixPower below 0": [(x) => linalg.matrixPower(positive(x), -2), () => [variable([2, 2])]],
  "condition in the 1-norm": [(x) => linalg.cond(positive(x), 1), () => [variable([2, 2])]],
  "nuclear norm": [(x) => linalg.matrixNorm(x, "nuc"), () => [variable([3, 2])]],
};

test.each(Object.entries(smooth))("%s has the first and second derivative that differences show", (_, [fn, inputs]) =>
  seeded(() => checkTwice(fn, inputs()))(),
);

test("det of a singular matrix has the transposed adjugate as its gradient, of rank n − 2 zeros", () => {
  const gradientOf = (values: number[][]): number[] => {
    const x = tensor(values, { dtype: "float64", requiresGrad: true });
    linalg.det(x).backward();
    return Array.from((x.grad as Tensor).toTypedArray(), (value) => Math.round(value * 1e9) / 1e9 + 0);
  };
  expect(
    gradientOf([
      [1, 2],
      [2, 4],
    ]),
  ).toEqual([4, -2, -2, 1]);
  expect(
    gradientOf([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]),
  ).toEqual(Array(9).fill(0));
});

test("det is differentiated right in a batch of which one matrix is singular", () => {
  const x = tensor(
    [
      [
        [1, 2],
        [2, 4],
      ],
      [
        [2, 0],
        [1, 3],
      ],
    ],
    { dtype: "float64", requiresGrad: true },
  );
  gradcheck(linalg.det, [x]);
});

test("eigh has a symmetric gradient, from whichever triangle it reads", () => {
  const x = tensor(
    [
      [1, 5, 2],
      [0.5, 3, -1],
      [2, 1, -4],
    ],
    { dtype: "float64", requiresGrad: true },
  );
  const { eigenvalues, eigenvectors } = linalg.eigh(x, "U");
  eigenvectors.pow(4).mul(eigenvalues).sum().backward();
  const gradient = x.grad as Tensor;
  expect(gradient.sub(transposed(gradient)).abs().max().item()).toBeLessThan(1e-12);
});

test("distances of rows that coincide have the gradient 0, however many rows there are", () => {
  for (const rows of [3, 30]) {
    const x = ones([rows, 2], { requiresGrad: true });
    cdist(x, ones([1, 2]))
      .sum()
      .backward();
    expect(x.grad?.abs().max().item()).toBe(0);
  }
});

test("qr says where it has no derivative", () => {
  const x = (): Tensor => variable([3, 2]);
  expect(() => linalg.qr(x(), "r").R.sum().backward()).toThrow(/^linalg\.qr: the derivative depends on Q/);
  expect(() => linalg.qr(x(), "complete").R.sum().backward()).toThrow(/^linalg\.qr: not differentiable when mode is/);
});
