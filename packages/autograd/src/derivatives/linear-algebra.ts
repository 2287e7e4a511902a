import { cat, choleskySolve, eye, isGradEnabled, linalg, type Tensor, UsageError, where } from "@kindling/tensor";
import type { Derivatives } from "../derivative.js";
import { productOfOthers } from "./reduction.js";

// Throughout, xᵀ transposes the last two dimensions and gradients of outputs that did not arrive count as 0.

const transposed = (x: Tensor): Tensor => x.transpose(-2, -1);
const identityLike = (x: Tensor): Tensor => eye(x.shape.at(-1) as number, { dtype: x.dtype });

/** A sum of the terms that are there. */
function total(...terms: readonly (Tensor | null | undefined)[]): Tensor | null {
  let sum: Tensor | null = null;
  for (const term of terms) if (term) sum = sum === null ? term : sum.add(term);
  return sum;
}

const solveTriangle = (A: Tensor, B: Tensor, upper: boolean, unitriangular = false): Tensor =>
  linalg.solveTriangular(A, B, { upper, unitriangular });
/** `B · A⁻¹` of a triangle. */
const solveTriangleRight = (A: Tensor, B: Tensor, upper: boolean): Tensor =>
  linalg.solveTriangular(A, B, { upper, left: false });

/** The lower triangle with half of the diagonal: `x + xᵀ` of it is symmetric x again. */
const lowerHalf = (x: Tensor): Tensor => x.tril().sub(x.mul(identityLike(x)).div(2));

/** `x − xᵀ` */
const skew = (x: Tensor): Tensor => x.sub(transposed(x));

/** `vⱼ − vᵢ` at (i, j), with ones on the diagonal. */
function gaps(v: Tensor): Tensor {
  const differences = v.unsqueeze(-2).sub(v.unsqueeze(-1));
  return where(identityLike(differences).ne(0), 1, differences);
}

/** `A⁻ᵀ · B`; without a second derivative, from the factors that the forward pass made. */
function solveAdjoint(A: Tensor, LU: Tensor, pivots: Tensor, B: Tensor): Tensor {
  if (isGradEnabled()) return linalg.solve(transposed(A), B);
  return linalg.luSolve(LU, pivots, B, { adjoint: true });
}

/** A value for each matrix, times the identity. */
const multipleOfIdentity = (value: Tensor, like: Tensor): Tensor =>
  value.unsqueeze(-1).unsqueeze(-1).mul(identityLike(like)).expand(like.shape);

/** The adjugate, transposed, where A is singular: `det U · det V · U · diag(Π of the other singular values) · Vᵀ`. */
function cofactors(A: Tensor): Tensor {
  const { U, S, Vh } = linalg.svd(A);
  const sign = linalg.det(U).mul(linalg.det(Vh)).detach();
  const scales = productOfOthers(S).mul(sign.unsqueeze(-1));
  return U.mul(scales.unsqueeze(-2)).matmul(Vh);
}

/** Of `P · A = L · U` with square L and U: `Pᵀ · L⁻ᵀ · inner · U⁻ᵀ` but for the exchange of rows. */
const betweenTriangles = (L: Tensor, inner: Tensor, U: Tensor): Tensor =>
  solveTriangleRight(transposed(U), solveTriangle(transposed(L), inner, true, true), false);

type Name =
  | "luFactor"
  | "inv"
  | "solve"
  | "det"
  | "slogdet"
  | "cholesky"
  | "choleskySolve"
  | "triangularSolve"
  | "qr"
  | "eigh"
  | "svd"
  | "pinv";

export const linearAlgebra: Derivatives<Name> = {
  // A = P · L · U, square: dA = P · L⁻ᵀ · (tril₋₁(Lᵀ · dL) + triu(dU · Uᵀ)) · U⁻ᵀ. The columns of U beyond the square are
  // L⁻¹ · Pᵀ · A₂, the rows of L below it Pᵀ · A₂ · U⁻¹, with their own gradients and their shares in dL and dU.
  luFactor: {
    saveOutputs: [0, 1],
    backward: (g, { outputs: [factors, pivots] }) => {
      const compact = factors as Tensor;
      const { P, L, U } = linalg.luUnpack(compact, pivots as Tensor);
      const [m, n] = compact.shape.slice(-2) as [number, number];
      const k = Math.min(m, n);
      const [forL, forU] = [g.tril(-1), g.triu()];
      const [L1, U1] = [L.narrow(-2, 0, k), U.narrow(-1, 0, k)];
      let [lower, upper] = [
        transposed(L1).matmul(forL.narrow(-2, 0, k).narrow(-1, 0, k)),
        forU.narrow(-2, 0, k).narrow(-1, 0, k).matmul(transposed(U1)),
      ];
      if (n > m) lower = lower.sub(forU.narrow(-1, k, n - k).matmul(transposed(U.narrow(-1, k, n - k))));
      if (m > n) upper = upper.sub(transposed(L.narrow(-2, k, m - k)).matmul(forL.narrow(-2, k, m - k)));
      let result = betweenTriangles(L1, lower.tril(-1).add(upper.triu()), U1);
      if (n > m) {
        const beyond = solveTriangle(transposed(L1), forU.narrow(-1, k, n - k), true, true);
        result = cat([result, beyond], -1);
      }
      if (m > n) result = cat([result, solveTriangleRight(transposed(U1), forL.narrow(-2, k, m - k), false)], -2);
      return [P.matmul(result)];
    },
  },

  // y = A⁻¹; dA = −yᵀ · g · yᵀ
  inv: {
    saveOutputs: [0],
    backward: (g, { outputs: [y] }) => {
      const t = transposed(y as Tensor);
      return [t.matmul(g).matmul(t).neg()];
    },
  },

  // X = A⁻¹ · B; dB = A⁻ᵀ · g, dA = −dB · Xᵀ
  solve: {
    saveInputs: [0],
    saveOutputs: [0, 1, 2],
    backward: (g, { inputs: [A], outputs: [X, LU, pivots], needs }) => {
      const forB = solveAdjoint(A as Tensor, LU as Tensor, pivots as Tensor, g);
      return [needs[0] && forB.matmul(transposed(X as Tensor)).neg(), forB];
    },
  },

  // y = det A; dA = g · y · A⁻ᵀ, and of singular matrices g times their cofactors
  det: {
    saveInputs: [0],
    saveOutputs: [0, 1, 2],
    backward: (g, { inputs: [x], outputs: [y, LU, pivots] }) => {
      const A = x as Tensor;
      if (A.numel() === 0) return [null];
      if ((y as Tensor).eq(0).any().item() === 1) return [cofactors(A).mul(g.unsqueeze(-1).unsqueeze(-1))];
      return [solveAdjoint(A, LU as Tensor, pivots as Tensor, multipleOfIdentity(g.mul(y as Tensor), A))];
    },
  },

  // s, y = sign and ln |det A|; dA = g · A⁻ᵀ; the sign is constant
  slogdet: {
    saveInputs: [0],
    saveOutputs: [2, 3],
    backward: (_, { inputs: [x], outputs, gradients: [, g = null] }) => {
      if (g === null) return [null];
      const A = x as Tensor;
      return [solveAdjoint(A, outputs[2] as Tensor, outputs[3] as Tensor, multipleOfIdentity(g, A))];
    },
  },

  // A = L · Lᵀ; dA = the symmetric part of L⁻ᵀ · Φ(Lᵀ · g) · L⁻¹, where Φ is the lower triangle with half of the diagonal
  cholesky: {
    saveOutputs: [0],
    backward: (g, { outputs: [y] }) => {
      const L = y as Tensor;
      const inner = lowerHalf(transposed(L).matmul(g));
      const dA = solveTriangleRight(L, solveTriangle(transposed(L), inner, true), false);
      return [dA.add(transposed(dA)).div(2)];
    },
  },

  // X = (L · Lᵀ)⁻¹ · B; dB = (L · Lᵀ)⁻¹ · g, dL = −(S + Sᵀ) · L with S = dB · Xᵀ
  choleskySolve: {
    saveInputs: [1],
    saveOutputs: [0],
    backward: (g, { inputs: [, x], outputs: [X], needs }) => {
      const L = x as Tensor;
      const forB = choleskySolve(g, L);
      const S = forB.matmul(transposed(X as Tensor));
      return [forB, needs[1] && S.add(transposed(S)).matmul(L).neg()];
    },
  },

  // X = A⁻¹ · B; dB = A⁻ᵀ · g, dA = the triangle of −dB · Xᵀ
  triangularSolve: {
    saveInputs: [0],
    saveOutputs: [0],
    backward: (g, { inputs: [x], outputs: [X], needs, attributes: { upper, unitriangular } }) => {
      const forB = solveTriangle(transposed(x as Tensor), g, !upper, unitriangular);
      if (!needs[0]) return [null, forB];
      const all = forB.matmul(transposed(X as Tensor)).neg();
      const beside = unitriangular ? 1 : 0;
      return [upper ? all.triu(beside) : all.tril(-beside), forB];
    },
  },

  // A = Q · R, tall: with M = R · dRᵀ − dQᵀ · Q, dA = (dQ + Q · (the lower triangle of M, mirrored upwards)) · R⁻ᵀ.
  // Wide: the first columns of A make Q, and R₂ = Qᵀ · A₂ of the others: dA₂ = Q · dR₂, and dQ grows by A₂ · dR₂ᵀ.
  qr: {
    saveOutputs: [0, 1],
    backward: (
      _,
      { outputs: [q, r], attributes: { mode }, shapes: [shape], gradients: [forQ = null, forR = null] },
    ) => {
      const [m, n] = (shape as readonly number[]).slice(-2) as [number, number];
      if (mode === "r") {
        throw new UsageError(
          'linalg.qr: the derivative depends on Q, which is not computed when mode is "r"; use mode "reduced"',
        );
      }
      if (mode === "complete" && m > n) {
        throw new UsageError(
          'linalg.qr: not differentiable when mode is "complete" and there are more rows than columns',
        );
      }
      const [Q, R] = [q as Tensor, r as Tensor];
      const k = Math.min(m, n);
      const R1 = R.narrow(-1, 0, k);
      const forR1 = forR?.narrow(-1, 0, k);
      const forR2 = forR && n > k ? forR.narrow(-1, k, n - k) : null;
      const R2 = n > k ? R.narrow(-1, k, n - k) : null;
      const dQ = total(forQ, forR2 && R2 && Q.matmul(R2).matmul(transposed(forR2)));
      const M = total(forR1 && R1.matmul(transposed(forR1)), dQ && transposed(dQ).matmul(Q).neg());
      if (M === null) return [null];
      const mirrored = M.tril().add(transposed(M.tril(-1)));
      const inner = total(dQ, Q.matmul(mirrored)) as Tensor;
      const first = solveTriangleRight(transposed(R1), inner, false);
      if (n === k) return [first];
      const second = forR2 === null ? Q.matmul(R.narrow(-1, k, n - k)).mul(0) : Q.matmul(forR2);
      return [cat([first, second], -1)];
    },
  },

  // A = V · diag(l) · Vᵀ; dA = V · (diag(dl) + skew(Vᵀ · dV) / 2(lⱼ − lᵢ)) · Vᵀ, which is symmetric
  eigh: {
    saveOutputs: [0, 1],
    backward: (_, { outputs: [l, v], gradients: [forL = null, forV = null] }) => {
      const V = v as Tensor;
      if (forV === null) return [forL && V.mul(forL.unsqueeze(-2)).matmul(transposed(V))];
      const turned = skew(transposed(V).matmul(forV))
        .div(gaps(l as Tensor))
        .div(2);
      const diagonal = forL === null ? 0 : forL.unsqueeze(-1);
      const inner = where(identityLike(V).ne(0), diagonal, turned);
      return [V.matmul(inner).matmul(transposed(V))];
    },
  },

  // A = U · diag(s) · Vᵀ with gaps Eᵢⱼ = sⱼ² − sᵢ²; dA = U · (diag(ds) + skew(Uᵀ · dU) / E · diag(s) + diag(s) · skew(Vᵀ · dV) / E) · Vᵀ
  // + (1 − U · Uᵀ) · dU · diag(1 / s) · Vᵀ + U · diag(1 / s) · dVᵀ · (1 − V · Vᵀ)
  svd: {
    saveOutputs: [0, 1, 2],
    backward: (_, { outputs, gradients: [forU = null, forS = null, forVh = null] }) => {
      const S = outputs[1] as Tensor;
      const k = S.shape.at(-1) as number;
      // What square matrices have beyond is determined by nothing, and has no gradient.
      const U = (outputs[0] as Tensor).narrow(-1, 0, k);
      const Vh = (outputs[2] as Tensor).narrow(-2, 0, k);
      const [dU, dVh] = [forU?.narrow(-1, 0, k), forVh?.narrow(-2, 0, k)];
      const [rows, columns] = [S.unsqueeze(-1), S.unsqueeze(-2)];
      if (dU === null && dVh === null) return [forS && U.mul(forS.unsqueeze(-2)).matmul(Vh)];
      const E = gaps(S.square());
      const [alongU, alongV] = [dU && transposed(U).matmul(dU), dVh && Vh.matmul(transposed(dVh))];
      const inner = total(
        forS?.unsqueeze(-1).mul(identityLike(E)),
        alongU && skew(alongU).div(E).mul(columns),
        alongV && skew(alongV).div(E).mul(rows),
      ) as Tensor;
      const [m, n] = [U.shape.at(-2) as number, Vh.shape.at(-1) as number];
      const beyondU = m > k && dU && alongU ? dU.sub(U.matmul(alongU)).div(columns).matmul(Vh) : null;
      const beyondV = n > k && dVh && alongV ? U.matmul(dVh.sub(transposed(alongV).matmul(Vh)).div(rows)) : null;
      return [total(U.matmul(inner).matmul(Vh), beyondU, beyondV)];
    },
  },

  // P = A⁺, H = gᵀ; dA = −(P · H · P)ᵀ + (H − A · P · H) · P · Pᵀ + Pᵀ · P · (H − H · P · A) (Golub and Pereyra 1973)
  pinv: {
    saveInputs: [0],
    saveOutputs: [0],
    backward: (g, { inputs: [x], outputs: [y] }) => {
      const [A, P] = [x as Tensor, y as Tensor];
      const H = transposed(g);
      const PH = P.matmul(H);
      const HP = H.matmul(P);
      return [
        H.sub(A.matmul(PH))
          .matmul(P)
          .matmul(transposed(P))
          .add(
            transposed(P)
              .matmul(P)
              .matmul(H.sub(HP.matmul(A))),
          )
          .sub(transposed(PH.matmul(P))),
      ];
    },
  },
};
