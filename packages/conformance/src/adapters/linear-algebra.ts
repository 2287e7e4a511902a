import * as t from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { boolean, dtype, either, number, numbers, oneOrMore, orNull, tensor, word } from "../parsers.js";
import type { Adapter, Adapters } from "./adapter.js";
import { plain } from "./unary.js";

const { linalg } = t;

/** PyTorch calls it both ways. */
const first = (a: Arguments): t.Tensor => a.maybe("A", tensor) ?? a.get("input", tensor);
const ofA =
  (operation: (A: t.Tensor) => t.Tensor): Adapter =>
  (a) =>
    operation(first(a));

const tolerance = orNull(either(number, tensor));
const rankOptions = (a: Arguments): t.linalg.RankOptions =>
  a.options({ atol: tolerance, rtol: tolerance, hermitian: boolean });
const normOptions = (a: Arguments): t.SumOptions => a.options({ keepdim: boolean, dtype });
const upper = (a: Arguments): t.CholeskyOptions => a.options({ upper: boolean });

export const linearAlgebra: Adapters = {
  "linalg.inv": ofA(linalg.inv),
  inverse: plain(t.inverse),
  "linalg.det": ofA(linalg.det),
  det: plain(t.det),
  logdet: plain(t.logdet),
  "linalg.slogdet": (a) => Object.values(linalg.slogdet(first(a))),
  slogdet: (a) => Object.values(t.slogdet(a.get("input", tensor))),
  "linalg.solve": (a) => linalg.solve(first(a), a.get("B", tensor), a.options({ left: boolean })),
  "linalg.solve_triangular": (a) =>
    linalg.solveTriangular(first(a), a.get("B", tensor), {
      upper: a.get("upper", boolean),
      ...a.options({ left: boolean, unitriangular: boolean }),
    }),
  triangular_solve: (a) => {
    const options = a.options({ upper: boolean, transpose: boolean, unitriangular: boolean });
    const { solution, clonedCoefficient } = t.triangularSolve(a.get("b", tensor), first(a), options);
    return [solution, clonedCoefficient];
  },
  "linalg.tensorinv": (a) => linalg.tensorinv(first(a), a.maybe("ind", number)),
  "linalg.tensorsolve": (a) => linalg.tensorsolve(first(a), a.get("B", tensor), a.options({ dims: numbers })),

  "linalg.cholesky": (a) => linalg.cholesky(first(a), upper(a)),
  cholesky: (a) => t.cholesky(a.get("input", tensor), upper(a)),
  cholesky_solve: (a) => t.choleskySolve(a.get("B", tensor), a.get("L", tensor), upper(a)),
  cholesky_inverse: (a) => t.choleskyInverse(a.get("L", tensor), upper(a)),

  "linalg.lu_factor": (a) => {
    const { LU, pivots } = linalg.luFactor(first(a));
    return [LU, pivots];
  },
  "linalg.lu": (a) => {
    const { P, L, U } = linalg.lu(first(a));
    return [P, L, U];
  },
  "linalg.lu_solve": (a) =>
    linalg.luSolve(
      a.get("LU", tensor),
      a.get("pivots", tensor),
      a.get("B", tensor),
      a.options({ left: boolean, adjoint: boolean }),
    ),
  lu_solve: (a) => t.luSolve(a.get("b", tensor), a.get("LU_data", tensor), a.get("LU_pivots", tensor)),
  lu_unpack: (a) => {
    const { P, L, U } = t.luUnpack(a.get("LU_data", tensor), a.get("LU_pivots", tensor));
    return [P, L, U];
  },

  "linalg.qr": (a) => {
    const { Q, R } = linalg.qr(first(a), a.maybe("mode", word));
    return [Q, R];
  },
  qr: (a) => {
    const { Q, R } = t.qr(a.get("input", tensor), a.maybe("some", boolean));
    return [Q, R];
  },
  "linalg.householder_product": (a) => linalg.householderProduct(first(a), a.get("tau", tensor)),
  orgqr: (a) => t.orgqr(a.get("input", tensor), a.get("tau", tensor)),
  geqrf: (a) => Object.values(t.geqrf(a.get("input", tensor))),

  "linalg.eigh": (a) => {
    const { eigenvalues, eigenvectors } = linalg.eigh(first(a), a.maybe("UPLO", word));
    return [eigenvalues, eigenvectors];
  },
  "linalg.eigvalsh": (a) => linalg.eigvalsh(first(a), a.maybe("UPLO", word)),
  "linalg.svd": (a) => {
    const { U, S, Vh } = linalg.svd(first(a), a.options({ fullMatrices: boolean }));
    return [U, S, Vh];
  },
  "linalg.svdvals": ofA(linalg.svdvals),
  svd: (a) => {
    const { U, S, V } = t.svd(a.get("input", tensor), a.maybe("some", boolean), a.maybe("compute_uv", boolean));
    return [U, S, V];
  },
  "linalg.pinv": (a) => linalg.pinv(first(a), rankOptions(a)),
  pinverse: (a) => t.pinverse(a.get("input", tensor), a.maybe("rcond", number)),
  "linalg.matrix_rank": (a) => linalg.matrixRank(first(a), rankOptions(a)),
  "linalg.lstsq": (a) => {
    const options = a.options<t.linalg.LstsqOptions>({ rcond: orNull(number), driver: word });
    const { solution, residuals, rank, singularValues } = linalg.lstsq(first(a), a.get("B", tensor), options);
    return [solution, residuals, rank, singularValues];
  },

  "linalg.cond": (a) => linalg.cond(first(a), a.maybe("p", orNull(either(number, word)))),
  "linalg.matrix_norm": (a) =>
    linalg.matrixNorm(first(a), a.maybe("ord", either(number, word)), a.maybe("dim", numbers), normOptions(a)),
  "linalg.norm": (a) =>
    linalg.norm(
      first(a),
      a.maybe("ord", orNull(either(number, word))),
      a.maybe("dim", orNull(oneOrMore)),
      normOptions(a),
    ),
  "linalg.matrix_exp": ofA(linalg.matrixExp),
  matrix_exp: (a) => t.matrixExp(a.get("input", tensor)),
  matrix_power: (a) => t.matrixPower(a.get("input", tensor), a.get("n", number)),

  "linalg.diagonal": (a) => linalg.diagonal(first(a), a.options({ offset: number, dim1: number, dim2: number })),
  "linalg.vecdot": (a) => linalg.vecdot(a.get("x", tensor), a.get("y", tensor), a.options({ dim: number })),
  "linalg.vander": (a) => linalg.vander(a.get("x", tensor), a.options({ N: number })),
  "linalg.matmul": (a) => linalg.matmul(a.get("input", tensor), a.get("other", tensor)),
};
