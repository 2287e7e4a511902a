import { type Tensor, where, zeros } from "@kindling/tensor";
import type { Derivatives } from "../derivative.js";

/** Zeros of `shape` with `g` written into the part that `part` shows. */
function embed(g: Tensor, shape: readonly number[], part: (whole: Tensor) => Tensor): Tensor {
  const whole = zeros(shape, { dtype: g.dtype });
  part(whole).copy_(g);
  return whole;
}

export const shape = {
  to: { backward: (g) => [g] },
  clone: { backward: (g) => [g] },
  // Gradients go where the value came from.
  where: {
    saveInputs: [0],
    backward: (g, { inputs: [condition], needs }) => [
      null,
      needs[1] && where(condition as Tensor, g, 0),
      needs[2] && where(condition as Tensor, 0, g),
    ],
  },
  view: { backward: (g, { shapes: [own] }) => [g.reshape(own as readonly number[])] },
  permute: {
    backward: (g, { attributes: { dims } }) => {
      const inverse = dims.map((_, i) => dims.indexOf(i));
      return [g.permute(inverse)];
    },
  },
  // The engine sums over what was repeated.
  expand: { backward: (g) => [g] },
  slice: {
    backward: (g, { shapes: [own], attributes: { dim, start, length, step } }) => [
      embed(g, own as readonly number[], (whole) => whole.sliceDim(dim, start, start + (length - 1) * step + 1, step)),
    ],
  },
  select: {
    backward: (g, { shapes: [own], attributes: { dim, index } }) => [
      embed(g, own as readonly number[], (whole) => whole.select(dim, index)),
    ],
  },
  diagonal: {
    backward: (g, { shapes: [own], attributes: { offset, dim1, dim2 } }) => [
      embed(g, own as readonly number[], (whole) => whole.diagonal(offset, dim1, dim2)),
    ],
  },
  // For views of a contiguous base: the strides mean the same in its gradient.
  asStrided: {
    backward: (g, { shapes: [own], attributes }) => [
      embed(g, own as readonly number[], (whole) =>
        whole.asStrided(attributes.shape, attributes.strides, attributes.offset),
      ),
    ],
  },
  cat: {
    backward: (g, { shapes, attributes: { dim } }) => {
      let start = 0;
      return shapes.map((own) => {
        const length = own[dim] as number;
        start += length;
        return g.narrow(dim, start - length, length);
      });
    },
  },
  flip: { backward: (g, { attributes: { dims } }) => [g.flip([...dims])] },
} satisfies Derivatives<
  | "to"
  | "clone"
  | "where"
  | "view"
  | "permute"
  | "expand"
  | "slice"
  | "select"
  | "diagonal"
  | "asStrided"
  | "cat"
  | "flip"
>;
