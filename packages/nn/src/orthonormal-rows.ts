import { type Tensor, zeros } from "@kindling/tensor";

/**
 * The rows of a matrix made orthogonal to the ones before them and of length 1, by Gram and Schmidt's process: Q of
 * Aᵀ = Q·R with a positive diagonal of R. Every row is projected twice, which keeps the rows orthogonal to rounding
 * (Giraud et al. 2005).
 */
export function orthonormalRows(matrix: Tensor): Tensor {
  const [rows, columns] = matrix.shape as [number, number];
  const result = zeros([rows, columns], { dtype: matrix.dtype });
  for (let i = 0; i < rows; i++) {
    const before = result.narrow(0, 0, i);
    let row = matrix.select(0, i);
    for (let pass = 0; i > 0 && pass < 2; pass++) row = row.sub(before.t().mv(before.mv(row)));
    result.select(0, i).copy_(row.div(row.norm()));
  }
  return result;
}
