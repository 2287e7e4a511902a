import { cat, choleskySolve, eye, linalg, ones, type Tensor, tensor } from "@kindling/tensor";
import type { Sample, Samples } from "./sample.js";

const square: Sample["shapes"] = [[2, 3, 3]];
const noSquare: Sample["shapes"] = [[2, 0, 0]];

const transposed = (x: Tensor): Tensor => x.transpose(-2, -1);
const symmetric = (x: Tensor): Tensor => x.add(transposed(x));
const positive = (x: Tensor): Tensor =>
  x.matmul(transposed(x)).add(eye(x.shape.at(-1) as number, { dtype: x.dtype }).mul(3));
const flat = (...parts: readonly Tensor[]): Tensor => cat(parts.map((part) => part.reshape(-1)));

export const linearAlgebraSamples = {
  luFactor: {
    call: (x) => linalg.luFactor(x as Tensor).LU,
    shapes: [[2, 3, 4]],
    empty: [[2, 0, 3]],
    error: [() => linalg.luFactor(ones([2, 2, 2])), /^linalg\.luFactor: U\[2,2\] is zero/],
  },
  inv: {
    call: (x) => linalg.inv(x as Tensor),
    shapes: square,
    empty: noSquare,
    error: [
      () =>
        linalg.inv(
          tensor([
            [1.5, 2],
            [1.5, 2],
          ]),
        ),
      /^linalg\.inv: The diagonal element 2 is zero, the inversion could not be completed because the input matrix is singular/,
    ],
  },
  solve: {
    call: (A, B) => linalg.solve(A as Tensor, B as Tensor),
    shapes: [
      [2, 3, 3],
      [3, 2],
    ],
    empty: [
      [2, 3, 3],
      [2, 3, 0],
    ],
    error: [
      () => linalg.solve(eye(3), ones([4, 2])),
      /^linalg\.solve: incompatible shapes of A and B for the equation AX = B \(3x3 and 4x2\)/,
    ],
  },
  det: {
    call: (x) => linalg.det(x as Tensor),
    shapes: square,
    empty: noSquare,
    error: [() => linalg.det(ones([2, 3])), /^linalg\.det: A must be batches of square matrices, but they are 2 by 3/],
  },
  slogdet: {
    call: (x) => linalg.slogdet(x as Tensor).logabsdet,
    shapes: square,
    empty: noSquare,
    error: [
      () => linalg.slogdet(eye(2, { dtype: "int32" })),
      /^linalg\.slogdet: expected a floating point tensor, got int32/,
    ],
  },
  cholesky: {
    call: (x) => linalg.cholesky(positive(x as Tensor)),
    shapes: square,
    empty: noSquare,
    error: [
      () => linalg.cholesky(ones([2, 2, 2])),
      /^linalg\.cholesky: \(Batch element 0\): .* the input is not positive-definite \(the leading minor of order 2 /,
    ],
  },
  choleskySolve: {
    call: (B, L) => choleskySolve(B as Tensor, (L as Tensor).tril().add(eye(3, { dtype: (L as Tensor).dtype }).mul(3))),
    shapes: [
      [2, 3, 2],
      [3, 3],
    ],
    empty: [
      [2, 3, 0],
      [3, 3],
    ],
    error: [
      () => choleskySolve(ones([4, 2]), eye(3)),
      /^choleskySolve: B \[4, 2\] does not fit the factor \[3, 3\]: 4 rows for 3/,
    ],
  },
  triangularSolve: {
    call: (A, B) => linalg.solveTriangular(positive(A as Tensor), B as Tensor, { upper: true }),
    shapes: [
      [2, 3, 3],
      [2, 3, 2],
    ],
    empty: [
      [2, 3, 3],
      [2, 3, 0],
    ],
    error: [
      () => linalg.solveTriangular(eye(3), ones([3]), { upper: true }),
      /^linalg\.solveTriangular: the input tensor B must have at least 2 dimensions, got shape \[3\]/,
    ],
  },
  qr: {
    call: (x) => {
      const { Q, R } = linalg.qr(x as Tensor);
      return flat(Q, R);
    },
    shapes: [[2, 4, 3]],
    empty: [[2, 0, 3]],
    error: [
      () => linalg.qr(eye(2), "full" as never),
      /^linalg\.qr: mode must be "reduced", "complete" or "r", got "full"/,
    ],
  },
  // The signs of vectors are not determined: these are results that do not depend on them.
  eigh: {
    call: (x) => {
      const { eigenvalues, eigenvectors: V } = linalg.eigh(symmetric(x as Tensor));
      return flat(eigenvalues, V.mul(eigenvalues.sin().unsqueeze(-2)).matmul(transposed(V)));
    },
    shapes: square,
    empty: noSquare,
    error: [() => linalg.eigh(eye(2), "M" as never), /^linalg\.eigh: UPLO must be "L" or "U", got "M"/],
  },
  svd: {
    call: (x) => {
      const { U, S, Vh } = linalg.svd(x as Tensor, { fullMatrices: false });
      return flat(S, U.matmul(Vh), U.mul(S.sin().unsqueeze(-2)).matmul(transposed(U)));
    },
    shapes: [[2, 4, 3]],
    empty: [[2, 0, 3]],
    error: [
      () => linalg.svd(tensor([[Number.NaN, 1]])),
      /^linalg\.svd: The algorithm failed to converge because the input matrix contained non-finite values/,
    ],
  },
  pinv: {
    call: (x) => linalg.pinv(x as Tensor),
    shapes: [[2, 4, 3]],
    empty: [[2, 0, 3]],
    error: [
      () => linalg.pinv(ones([3])),
      /^linalg\.pinv: the input tensor A must have at least 2 dimensions, got shape \[3\]/,
    ],
  },
} satisfies Samples<
  | "luFactor"
  | "inv"
  | "solve"
  | "det"
  | "slogdet"
  | "cholesky"
  | "triangularSolve"
  | "choleskySolve"
  | "qr"
  | "eigh"
  | "svd"
  | "pinv"
>;
