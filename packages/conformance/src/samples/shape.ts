import * as t from "@kindling/tensor";
import type { Sample, Samples } from "./sample.js";

type Shapes = Sample["shapes"];
const sample = (call: Sample["call"], shapes: Shapes, empty: Sample["empty"], error: Sample["error"]): Sample => ({
  call,
  shapes,
  empty,
  error,
});
/** An operation of one tensor of 2×3×2 elements. */
const ofOne = (call: (x: t.Tensor) => t.Tensor, error: Sample["error"]): Sample =>
  sample(call as Sample["call"], [[2, 3, 2]], [[2, 3, 0]], error);

const cube = (): t.Tensor => t.ones([2, 3, 2]);
const mask = t.tensor([true, false, true]);

type Names =
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
  | "cat";

export const shapeSamples = {
  // Differences in float64 would only show the rounding to float32.
  to: {
    ...ofOne((x) => x.to("float32"), [() => cube().to("float16" as never), /unknown dtype float16/]),
    derivatives: 0,
  },
  clone: ofOne(t.clone, null),
  where: sample(
    (x, y) => t.where(mask, x as t.Tensor, y as t.Tensor),
    [[2, 3], [3]],
    [
      [0, 3],
      [1, 3],
    ],
    [() => t.where(t.tensor([true, false]), cube(), t.ones([3])), /^where: shapes .* do not broadcast/],
  ),
  view: ofOne((x) => x.reshape(3, -1), [() => cube().view(5), /^view: shape \[5\] does not fit 12 elements/]),
  permute: ofOne(
    (x) => x.permute(2, 0, 1),
    [() => cube().permute(0, 0, 1), /^permute: expected each of the 3 dimensions once, got \[0, 0, 1\]/],
  ),
  expand: sample(
    (x) => (x as t.Tensor).expand(2, 3, -1),
    [[3, 2]],
    [[3, 0]],
    [() => cube().expand(2, 4, 2), /^expand: size 3 of shape \[2, 3, 2\] cannot/],
  ),
  slice: ofOne(
    (x) => x.index("...", t.slice(1, null)).index(t.slice(0, null, 2)),
    [() => cube().index(t.slice(0, 1, 0)), /step of a slice must be greater than 0/],
  ),
  select: ofOne((x) => x.select(1, -1), [() => cube().select(1, 3), /^select: index 3 is out of/]),
  diagonal: ofOne((x) => x.diagonal(-1, 1, 2), [() => cube().diagonal(0, 1, 1), /^diagonal: .*1/]),
  // Overlaps, so that gradients add up; the layout is that of the memory, so strided inputs have another meaning.
  asStrided: sample((x) => (x as t.Tensor).contiguous().asStrided([2, 3], [3, 2], 1), [[3, 4]], null, [
    () => t.ones([3]).asStrided([2, 2], [4, 1]),
    /^asStrided: /,
  ]),
  placeStrided: sample((x) => t.placeStrided(x as t.Tensor, [3, 4], [8, 2], 1, 5), [[2, 2]], null, null),
  // A piece that nobody uses gets zeros.
  split: ofOne(
    (x) => {
      const [first, , last] = x.split([1, 1, 1], 1) as [t.Tensor, t.Tensor, t.Tensor];
      return first.mul(last);
    },
    [() => cube().split([1, 1], 1), /^split: sizes must be whole numbers that add up to 3/],
  ),
  unbind: ofOne(
    (x) => {
      const [first, , last] = x.unbind(1) as [t.Tensor, t.Tensor, t.Tensor];
      return first.mul(last);
    },
    [() => t.ones([]).unbind(), /^unbind: a 0-dimensional tensor cannot be split/],
  ),
  flip: ofOne((x) => x.flip(0, 2), [() => cube().flip(3), /^flip: dimension out of range/]),
  cat: sample(
    (x, y) => t.cat([x as t.Tensor, y as t.Tensor, x as t.Tensor], 1),
    [
      [2, 1],
      [2, 3],
    ],
    [
      [2, 0],
      [2, 3],
    ],
    [() => t.cat([cube(), t.ones([2, 2, 2])], 2), /^cat: .*\[2, 3, 2\].*\[2, 2, 2\]/],
  ),
} satisfies Samples<Names>;
