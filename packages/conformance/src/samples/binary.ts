import * as t from "@kindling/tensor";
import type { Interval, Sample, Samples } from "./sample.js";

type Operation = (x: t.Tensor, y: t.Tensor) => t.Tensor;
interface Options {
  readonly domain?: Interval | readonly Interval[];
  readonly ignoresSignOfZero?: boolean;
  readonly derivatives?: 0 | 1 | 2;
  readonly error?: Sample["error"];
}

function binary(name: string, call: Operation, reference: Sample["reference"], options: Options = {}): Sample {
  return {
    call: call as Sample["call"],
    // The second one broadcasts.
    shapes: [[2, 3], [3]],
    empty: [
      [2, 0],
      [2, 1],
    ],
    isElementwise: true,
    ...(reference === undefined ? {} : { reference }),
    error: [
      () => call(t.ones([2, 3]), t.ones([2])),
      new RegExp(`^${name}: shapes \\[2, 3\\] and \\[2\\] do not broadcast`),
    ],
    ...options,
  };
}

const positive: Interval = [0.5, 2];
/** First inputs that stay below the second ones. */
const choice: Options = {
  domain: [
    [-2, -0.5],
    [0.5, 2],
  ],
  ignoresSignOfZero: true,
};
/** Quotients between 1/4 and 9/10, so that nothing is near a whole number. */
const proper: readonly Interval[] = [
  [0.5, 0.9],
  [1, 2],
];

/** C's pow, which knows more powers than JavaScript's: 1 to any power and any number to the power 0 is 1. */
function power(x: number, y: number): number {
  if (x === 1 || y === 0) return 1;
  return x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY ? 1 : x ** y;
}

/** The remainder with the sign of the divisor. */
function floorRemainder(x: number, y: number): number {
  const remainder = x % y;
  return remainder !== 0 && remainder < 0 !== y < 0 ? remainder + y : remainder;
}

function copysign(x: number, y: number): number {
  return Math.abs(x) * (y < 0 || Object.is(y, -0) ? -1 : 1);
}

type Names =
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

export const binarySamples = {
  add: binary("add", t.add, (x, y) => x + y),
  sub: binary("sub", t.sub, (x, y) => x - y, {
    error: [() => t.sub(t.tensor([true]), t.tensor([1])), /^sub: not defined for bool/],
  }),
  axpy: binary(
    "axpy",
    (x, y) => t.add(x, y, { alpha: 3 }),
    (x, y) => x + 3 * y,
    {
      error: [() => t.add(t.tensor([1]), 1, { alpha: 0.5 }), /^add: alpha 0.5 must be a whole number/],
    },
  ),
  huber: binary("huberLoss", (x, y) => t.huberLoss(x, y, { reduction: "none", delta: 5 }), undefined, {
    domain: proper,
    error: [() => t.huberLoss(t.ones([1]), t.ones([1]), { delta: 0 }), /^huberLoss: delta must be positive/],
  }),
  mul: binary("mul", t.mul, (x, y) => x * y),
  div: binary("div", t.div, (x, y) => x / y, { domain: positive }),
  divTrunc: binary(
    "divTrunc",
    (x, y) => t.div(x, y, { roundingMode: "trunc" }),
    (x, y) => Math.trunc(x / y),
    {
      domain: proper,
      error: [() => t.div(t.tensor([1]), 0, { roundingMode: "trunc" }), /^div: integer division by zero/],
    },
  ),
  divFloor: binary("divFloor", t.floorDivide, undefined, {
    domain: proper,
    error: [() => t.floorDivide(t.tensor([1]), t.tensor([0])), /^div: integer division by zero/],
  }),
  remainder: binary("remainder", t.remainder, floorRemainder, { domain: proper }),
  fmod: binary("fmod", t.fmod, (x, y) => x % y, { domain: proper }),
  pow: binary("pow", t.pow, power, { domain: positive }),
  atan2: binary("atan2", t.atan2, Math.atan2, { domain: positive }),
  hypot: binary("hypot", t.hypot, Math.hypot, { domain: positive }),
  copysign: binary("copysign", t.copysign, copysign, { domain: positive }),
  maximum: binary("maximum", t.maximum, (x, y) => Math.max(x, y), choice),
  minimum: binary("minimum", t.minimum, (x, y) => Math.min(x, y), choice),
  fmax: binary("fmax", t.fmax, (x, y) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.max(x, y)), choice),
  fmin: binary("fmin", t.fmin, (x, y) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.min(x, y)), choice),
  xlogy: binary("xlogy", t.xlogy, (x, y) => (Number.isNaN(y) ? y : x === 0 ? 0 : x * Math.log(y)), {
    domain: positive,
  }),
  logaddexp: binary("logaddexp", t.logaddexp, (x, y) =>
    x === y && Math.abs(x) === Number.POSITIVE_INFINITY ? x : Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y))),
  ),
} satisfies Samples<Names>;
