import type { Tensor } from "../tensor.js";

/**
 * One step of an LSTM from its gates, `i, f, g, o` of `inputGates + hiddenGates`:
 * `c' = σ(f) · c + σ(i) · tanh(g)`, `h' = σ(o) · tanh(c')`. Gives `[h', c']`.
 *
 * **Shapes** gates: [N, 4 · H], in the order i, f, g, o; c, results: [N, H].
 */
export function lstmStep(inputGates: Tensor, hiddenGates: Tensor, c: Tensor): [Tensor, Tensor] {
  const [i, f, g, o] = inputGates.add(hiddenGates).chunk(4, 1) as [Tensor, Tensor, Tensor, Tensor];
  const cell = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
  return [o.sigmoid().mul(cell.tanh()), cell];
}

/**
 * One step of a GRU from the input's and the state's shares of its gates, each `r, z, n`:
 * `r, z = σ(i + h)`, `n' = tanh(i_n + r · h_n)`, `h' = (1 − z) · n' + z · h`.
 *
 * **Shapes** gates: [N, 3 · H], in the order r, z, n; h, result: [N, H].
 */
export function gruStep(inputGates: Tensor, hiddenGates: Tensor, h: Tensor): Tensor {
  const [ir, iz, inew] = inputGates.chunk(3, 1) as [Tensor, Tensor, Tensor];
  const [hr, hz, hnew] = hiddenGates.chunk(3, 1) as [Tensor, Tensor, Tensor];
  const reset = ir.add(hr).sigmoid();
  const update = iz.add(hz).sigmoid();
  const candidate = hnew.mul(reset).add(inew).tanh();
  return h.sub(candidate).mul(update).add(candidate);
}
