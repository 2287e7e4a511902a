import { cat, gruStepGradient, isGradEnabled, lstmStepGradient, type Tensor, zerosLike } from "@kindling/tensor";
import type { Derivatives } from "../derivative.js";

// The gates are an output too: derivatives of derivatives reach them through these formulas.

/** σ' or tanh' from the function's value. */
const sigmoidSlope = (y: Tensor): Tensor => y.mul(y.rsub(1));
const tanhSlope = (y: Tensor): Tensor => y.square().rsub(1);

export const recurrent: Derivatives<"lstmStep" | "gruStep"> = {
  // c' = f · c + i · g, h = o · tanh(c'), where i, f, o = σ(x), g = tanh(x);
  // dc' += dh · o · (1 − tanh²(c')); di, df, dg, do = dc' · g, dc' · c, dc' · i, dh · tanh(c'), each by σ' or tanh'
  lstmStep: {
    saveInputs: [2],
    saveOutputs: [1, 2],
    backward: (_, { inputs, outputs, gradients: [forH = null, forNext = null, forGates = null] }) => {
      const cell = inputs[2] as Tensor;
      const [next, gates] = outputs.slice(1) as [Tensor, Tensor];
      if (!isGradEnabled() && forGates === null) {
        const gradients = lstmStepGradient(forH, forNext, gates, cell, next);
        return [gradients.gates, gradients.gates, gradients.cell];
      }
      const [i, f, g, o] = gates.chunk(4, 1) as [Tensor, Tensor, Tensor, Tensor];
      const squashed = next.tanh();
      const dh = forH ?? zerosLike(cell);
      const throughH = dh.mul(o).mul(tanhSlope(squashed));
      const dc = forNext === null ? throughH : throughH.add(forNext);
      const activated = cat([dc.mul(g), dc.mul(cell), dc.mul(i), dh.mul(squashed)], 1);
      const all = forGates === null ? activated : activated.add(forGates);
      const slope = cat([sigmoidSlope(i), sigmoidSlope(f), tanhSlope(g), sigmoidSlope(o)], 1);
      const dx = all.mul(slope);
      return [dx, dx, dc.mul(f)];
    },
  },

  // n = tanh(x_n + r · y_n), h' = n + z · (h − n), where r, z = σ(x + y);
  // dn, dz, dr = dh' · (1 − z), dh' · (h − n), dn · tanh' · y_n, each by tanh' or σ'
  gruStep: {
    saveInputs: [1, 2],
    saveOutputs: [1],
    backward: (_, { inputs, outputs, gradients: [forState = null, forGates = null] }) => {
      const [hiddenGates, h] = inputs.slice(1) as [Tensor, Tensor];
      const gates = outputs[1] as Tensor;
      if (!isGradEnabled() && forGates === null && forState !== null) {
        const gradients = gruStepGradient(forState, gates, hiddenGates, h);
        return [gradients.inputGates, gradients.hiddenGates, gradients.state];
      }
      const [r, z, n] = gates.chunk(3, 1) as [Tensor, Tensor, Tensor];
      const share = hiddenGates.chunk(3, 1)[2] as Tensor;
      const [forR, forZ, forN] = (forGates ?? zerosLike(gates)).chunk(3, 1) as [Tensor, Tensor, Tensor];
      const dh = forState ?? zerosLike(h);
      const dn = dh.mul(z.rsub(1)).add(forN).mul(tanhSlope(n));
      const dz = dh.mul(h.sub(n)).add(forZ).mul(sigmoidSlope(z));
      const dr = dn.mul(share).add(forR).mul(sigmoidSlope(r));
      return [cat([dr, dz, dn], 1), cat([dr, dz, dn.mul(r)], 1), dh.mul(z)];
    },
  },
};
