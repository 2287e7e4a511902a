import { activationGradient, isGradEnabled, type Tensor } from "@kindling/tensor";
import type { Derivative, Derivatives } from "../derivative.js";

/** Which inputs the gradients of a product need: each the other one. */
const others = (needs: readonly boolean[]): readonly number[] => [...(needs[1] ? [0] : []), ...(needs[0] ? [1] : [])];

/** An operation of two tensors, its two gradients read both inputs. */
const pair = (
  a: (g: Tensor, x: Tensor, y: Tensor) => Tensor,
  b: (g: Tensor, x: Tensor, y: Tensor) => Tensor,
): Derivative<undefined> => ({
  saveInputs: [0, 1],
  backward: (g, { inputs, needs }) => {
    const [x, y] = inputs as readonly [Tensor, Tensor];
    return [needs[0] && a(g, x, y), needs[1] && b(g, x, y)];
  },
});

/** The larger or smaller of two: where both are equal each gets half. */
const choice = (wins: (x: Tensor, y: Tensor) => Tensor): Derivative<undefined> =>
  pair(
    (g, x, y) => g.mul(share(wins(x, y), x.eq(y), g)),
    (g, x, y) => g.mul(share(wins(y, x), x.eq(y), g)),
  );
const share = (won: Tensor, tied: Tensor, g: Tensor): Tensor => won.to(g.dtype).add(tied.to(g.dtype).mul(0.5));

/** The number if the other is NaN. */
const numberWins = (wins: (x: Tensor, y: Tensor) => Tensor): Derivative<undefined> =>
  pair(
    (g, x, y) => g.mul(wins(x, y).logicalOr(y.isnan()).to(g.dtype)),
    (g, x, y) => g.mul(wins(x, y).logicalOr(y.isnan()).logicalNot().to(g.dtype)),
  );

type BinaryName =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "divTrunc"
  | "divFloor"
  | "remainder"
  | "fmod"
  | "pow"
  | "atan2"
  | "hypot"
  | "copysign"
  | "maximum"
  | "minimum"
  | "fmax"
  | "fmin"
  | "xlogy"
  | "logaddexp"
  | "axpy"
  | "huber";

const flat: Derivative<undefined> = { backward: (g) => [g.mul(0), g.mul(0)] };

export const binary = {
  add: { backward: (g) => [g, g] },
  sub: { backward: (g, { needs }) => [g, needs[1] && g.neg()] },
  axpy: { backward: (g, { needs, attributes }) => [g, needs[1] && g.mul(attributes.alpha)] },
  // factor · (a − b), limited to −delta … delta
  huber: {
    saveInputs: [0, 1],
    backward: (g, { inputs: [a, b], needs, attributes: { delta, factor } }) => {
      const slope = isGradEnabled()
        ? (a as Tensor)
            .sub(b as Tensor)
            .clamp(-delta, delta)
            .mul(factor)
        : activationGradient("huberSlope", a as Tensor, b as Tensor, delta, factor);
      const gradient = g.mul(slope);
      return [gradient, needs[1] && gradient.neg()];
    },
  },
  mul: {
    saveInputs: others,
    backward: (g, { inputs: [x, y], needs }) => [needs[0] && g.mul(y as Tensor), needs[1] && g.mul(x as Tensor)],
  },
  // (x/y)' = 1/y, −x/y²
  div: {
    saveInputs: (needs) => (needs[1] ? [0, 1] : [1]),
    backward: (g, { inputs: [x, y], needs }) => [
      needs[0] && g.div(y as Tensor),
      needs[1] && g.neg().mul((x as Tensor).div(y as Tensor).div(y as Tensor)),
    ],
  },
  divTrunc: flat,
  divFloor: flat,
  // x − y · ⌊x/y⌋
  remainder: pair(
    (g) => g,
    (g, x, y) => g.neg().mul(x.div(y, { roundingMode: "floor" })),
  ),
  fmod: pair(
    (g) => g,
    (g, x, y) => g.neg().mul(x.div(y, { roundingMode: "trunc" })),
  ),
  // (xʸ)' = y·xʸ⁻¹, xʸ·ln x; 0 where y is 0, and where x and the power are 0
  pow: pair(
    (g, x, y) => g.mul(y.mul(x.pow(y.sub(1)))).maskedFill(y.eq(0), 0),
    (g, x, y) => g.mul(x.pow(y).mul(x.log())).maskedFill(x.eq(0).logicalAnd(y.ge(0)), 0),
  ),
  atan2: pair(
    (g, x, y) => g.mul(y.div(x.square().add(y.square()))),
    (g, x, y) => g.mul(x.neg().div(x.square().add(y.square()))),
  ),
  hypot: pair(
    (g, x, y) => g.mul(x.div(x.hypot(y))),
    (g, x, y) => g.mul(y.div(x.hypot(y))),
  ),
  copysign: pair(
    (g, x, y) => g.mul(x.sign().mul(x.copysign(y).sign())),
    (g) => g.mul(0),
  ),
  maximum: choice((x, y) => x.gt(y)),
  minimum: choice((x, y) => x.lt(y)),
  fmax: numberWins((x, y) => x.ge(y)),
  fmin: numberWins((x, y) => x.le(y)),
  // x·ln y, 0 where x is 0
  xlogy: pair(
    (g, x, y) => g.mul(y.log().maskedFill(x.eq(0).logicalAnd(y.le(0)), 0)),
    (g, x, y) => g.mul(x.div(y)),
  ),
  // eˣ / (eˣ + eʸ) = σ(x − y)
  logaddexp: pair(
    (g, x, y) => g.mul(x.sub(y).sigmoid()),
    (g, x, y) => g.mul(y.sub(x).sigmoid()),
  ),
} satisfies Derivatives<BinaryName>;
