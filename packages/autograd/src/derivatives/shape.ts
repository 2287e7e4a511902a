import {
  cat,
  contiguousStrides,
  type OpAttributes,
  placeStrided,
  stack,
  type Tensor,
  where,
  zeros,
} from "@kindling/tensor";
import type { Derivatives } from "../derivative.js";

type Shape = readonly number[];

const resized = (shape: Shape, dim: number, size: number): Shape => shape.map((own, i) => (i === dim ? size : own));

/** Adds g up in memory as the result lay there, and reads it as the input did. */
function asStridedGradient(g: Tensor, own: Shape, attributes: OpAttributes["asStrided"]): Tensor {
  const contiguous = contiguousStrides(own);
  const { strides, offset, input = { strides: contiguous, offset: 0 } } = attributes;
  if (own.includes(0) || g.numel() === 0) return zeros(own, { dtype: g.dtype });
  const isDense = own.every((size, dim) => size === 1 || input.strides[dim] === contiguous[dim]);
  const last = (shape: Shape, by: Shape): number =>
    shape.reduce((sum, size, dim) => sum + (size - 1) * (by[dim] as number), 0);
  const start = offset - input.offset;
  const isInside = start >= 0 && start + last(g.shape, strides) <= last(own, contiguous);
  if (isDense && isInside) return placeStrided(g, own, strides, start);
  const base = Math.min(offset, input.offset);
  const length = Math.max(offset + last(g.shape, strides), input.offset + last(own, input.strides)) - base + 1;
  return placeStrided(g, [length], strides, offset - base).asStrided(own, input.strides, input.offset - base);
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

  view: { backward: (g, { shapes: [own] }) => [g.reshape(own as Shape)] },
  permute: { backward: (g, { attributes: { dims } }) => [g.permute(dims.map((_, i) => dims.indexOf(i)))] },
  // The engine sums over what was repeated.
  expand: { backward: (g) => [g] },

  // What a view leaves out has no gradient; the rest lies where it lay.
  slice: {
    backward: (g, { shapes: [own], attributes: { dim, start, step } }) => {
      const strides = contiguousStrides(own as Shape);
      const along = strides[dim] as number;
      const offset = g.numel() === 0 ? 0 : start * along;
      return [
        placeStrided(
          g,
          own as Shape,
          strides.map((stride, i) => (i === dim ? stride * step : stride)),
          offset,
        ),
      ];
    },
  },
  select: {
    backward: (g, { shapes: [own], attributes: { dim, index } }) => {
      const strides = contiguousStrides(own as Shape);
      return [
        placeStrided(
          g,
          own as Shape,
          strides.filter((_, i) => i !== dim),
          index * (strides[dim] as number),
        ),
      ];
    },
  },
  diagonal: {
    backward: (g, { shapes: [own], attributes: { offset, dim1, dim2 } }) => {
      const strides = contiguousStrides(own as Shape);
      const [along1, along2] = [strides[dim1] as number, strides[dim2] as number];
      const rest = strides.filter((_, i) => i !== dim1 && i !== dim2);
      const start = g.numel() === 0 ? 0 : offset >= 0 ? offset * along2 : -offset * along1;
      return [placeStrided(g, own as Shape, [...rest, along1 + along2], start)];
    },
  },
  asStrided: { backward: (g, { shapes: [own], attributes }) => [asStridedGradient(g, own as Shape, attributes)] },
  placeStrided: {
    backward: (g, { shapes: [own], attributes: { strides, offset } }) => {
      const source = g.contiguous();
      return [source.asStrided(own as Shape, strides, source.offset + offset)];
    },
  },

  // What got no gradient gets zeros.
  split: {
    backward: (g, { gradients, shapes: [own], attributes: { dim, lengths } }) => [
      cat(
        lengths.map((length, i) => gradients[i] ?? zeros(resized(own as Shape, dim, length), { dtype: g.dtype })),
        dim,
      ),
    ],
  },
  unbind: {
    backward: (g, { gradients, attributes: { dim } }) => [
      stack(
        gradients.map((gradient) => gradient ?? zeros(g.shape, { dtype: g.dtype })),
        dim,
      ),
    ],
  },

  flip: { backward: (g, { attributes: { dims } }) => [g.flip(dims)] },
  cat: {
    backward: (g, { shapes, needs, attributes: { dim } }) => {
      let start = 0;
      return shapes.map((own, i) => {
        // Vectors of no elements may join tensors of any shape.
        if (own.length !== g.ndim) return zeros(own, { dtype: g.dtype });
        const length = own[dim] as number;
        start += length;
        return needs[i] && g.narrow(dim, start - length, length);
      });
    },
  },
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
  | "placeStrided"
  | "split"
  | "unbind"
  | "flip"
  | "cat"
>;
