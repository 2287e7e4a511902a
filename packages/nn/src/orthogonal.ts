import {
  cat,
  eye,
  formatShape,
  geqrf,
  linalg,
  noGrad,
  randn,
  ShapeError,
  sameShape,
  type Tensor,
  UsageError,
  zerosLike,
} from "@kindling/tensor";
import { requireTensor } from "./field-name.js";
import { Module } from "./module.js";
import { registerParametrization } from "./parametrize.js";

/** How a matrix becomes orthogonal: by the exponential or the Cayley transform of a skew one, or by reflections. */
export type OrthogonalMap = "matrixExp" | "cayley" | "householder";

/** How `orthogonal` parametrizes. */
export interface OrthogonalOptions {
  /** Default "matrixExp" for square matrices, else "householder". */
  orthogonalMap?: OrthogonalMap | null;
  /** Whether the map begins at the present weight, which is kept as the buffer `base`. Default true. */
  useTrivialization?: boolean;
}

/** Whether the columns are orthonormal, but for rounding. */
function isOrthogonal(q: Tensor): boolean {
  const n = q.size(-2);
  const epsilon = q.dtype === "float64" ? Number.EPSILON : 2 ** -23;
  const product = q.transpose(-2, -1).matmul(q);
  return product.allclose(eye(q.size(-1), { dtype: q.dtype }).expand(product.shape), { atol: 10 * n * epsilon });
}

/** The columns made orthonormal: Q of a QR factorisation whose R has a positive diagonal. */
function orthonormalized(a: Tensor): Tensor {
  const { a: factors, tau } = geqrf(a);
  const signs = factors.diagonal(0, -2, -1).sign();
  return linalg.householderProduct(factors, tau).mul(signs.unsqueeze(-2));
}

class Orthogonal extends Module {
  readonly orthogonalMap: OrthogonalMap;
  readonly useTrivialization: boolean;
  /** Where the map begins, with `useTrivialization`. */
  base: Tensor | null = null;
  readonly shape: readonly number[];

  constructor(shape: readonly number[], orthogonalMap: OrthogonalMap, useTrivialization: boolean) {
    super();
    this.shape = shape;
    this.orthogonalMap = orthogonalMap;
    this.useTrivialization = useTrivialization;
  }

  forward(x: Tensor): Tensor {
    const isWide = x.size(-2) < x.size(-1);
    const tall = isWide ? x.transpose(-2, -1) : x;
    const mapped = this.orthogonalMap === "householder" ? this.reflect(tall) : this.rotate(tall);
    const result = this.base === null ? mapped : this.base.matmul(mapped);
    return isWide ? result.transpose(-2, -1) : result;
  }

  /** Without a base, the inverses of the exponential and of the Cayley transform are not known. */
  get rightInverse(): ((value: Tensor) => Tensor) | undefined {
    if (!this.useTrivialization && this.orthogonalMap !== "householder") return undefined;
    return (value) => this.invert(value);
  }

  /** exp(A), or (I − A/2)⁻¹ · (I + A/2), of the skew matrix A whose lower triangle is x's; its first columns. */
  private rotate(x: Tensor): Tensor {
    const [n, k] = [x.size(-2), x.size(-1)];
    const lower = x.tril().pad([0, n - k]);
    const skew = lower.sub(lower.transpose(-2, -1));
    if (this.orthogonalMap === "matrixExp") return linalg.matrixExp(skew).narrow(-1, 0, k);
    const identity = eye(n, { dtype: x.dtype });
    return linalg.solve(identity.sub(skew.div(2)), identity.add(skew.div(2))).narrow(-1, 0, k);
  }

  /** The product of the reflections at x's columns below the diagonal. The diagonal holds signs, which are not learned. */
  private reflect(x: Tensor): Tensor {
    const below = x.tril(-1);
    const tau = below.square().sum(-2).add(1).reciprocal().mul(2);
    const signs = x.detach().diagonal(0, -2, -1).trunc();
    return linalg.householderProduct(below, tau).mul(signs.unsqueeze(-2));
  }

  private invert(value: Tensor): Tensor {
    if (!sameShape(value.shape, this.shape)) {
      throw new ShapeError(`orthogonal: expected a weight ${formatShape(this.shape)}, got ${formatShape(value.shape)}`);
    }
    return noGrad(() => {
      const isWide = value.size(-2) < value.size(-1);
      const tall = isWide ? value.transpose(-2, -1) : value;
      if (this.useTrivialization) {
        this.base = this.complete(tall);
        // With −1 on the diagonal the reflections give the identity.
        const start = zerosLike(value);
        start.diagonal(0, -2, -1).fill_(-1);
        return start;
      }
      const { a, tau } = geqrf(tall);
      const diagonal = a.diagonal(0, -2, -1);
      // A tau of 0 is a reflection that LAPACK left out.
      diagonal.copy_(diagonal.sign().mul(tau.eq(0).to(a.dtype).mul(-2).add(1)));
      return isWide ? a.transpose(-2, -1) : a;
    });
  }

  /** A square orthogonal matrix that begins with these columns, as far as they are orthonormal. */
  private complete(q: Tensor): Tensor {
    const [n, k] = [q.size(-2), q.size(-1)];
    if (n === k) return isOrthogonal(q) ? q.clone() : orthonormalized(q);
    return orthonormalized(cat([q, randn([...q.shape.slice(0, -2), n, n - k], { dtype: q.dtype })], -1));
  }
}

/**
 * Keeps a matrix orthogonal: its columns, or its rows if it has fewer of them, are orthonormal. What is learned is a
 * matrix of the same shape that is mapped to it. More dimensions than two are a batch of matrices.
 *
 * Options: `orthogonalMap` ("matrixExp" for square matrices, else "householder"), `useTrivialization` (true): the map
 * begins at the present weight, made orthogonal if it is not.
 * @returns the module.
 * @throws UsageError if there is no such tensor, or for an unknown map; ShapeError for fewer than two dimensions.
 * @example
 * const layer = utils.parametrizations.orthogonal(new Linear(3, 5));
 * layer.weight.t().matmul(layer.weight).allclose(eye(3), { atol: 1e-6 }); // → true
 * @source Lezcano-Casado 2019; https://pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.orthogonal.html
 */
export function orthogonal<T extends Module>(module: T, name = "weight", options: OrthogonalOptions = {}): T {
  const weight = requireTensor("orthogonal", module, name);
  if (weight.ndim < 2) {
    throw new ShapeError(`orthogonal: expected at least 2 dimensions, got ${formatShape(weight.shape)}`);
  }
  const map = options.orthogonalMap ?? (weight.size(-2) === weight.size(-1) ? "matrixExp" : "householder");
  if (map !== "matrixExp" && map !== "cayley" && map !== "householder") {
    throw new UsageError(
      `orthogonal: orthogonalMap must be "matrixExp", "cayley" or "householder", got ${JSON.stringify(map)}`,
    );
  }
  const parametrization = new Orthogonal(weight.shape, map, options.useTrivialization ?? true);
  return registerParametrization(module, name, parametrization, { unsafe: true });
}
