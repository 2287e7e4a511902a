import { activationGradient, isGradEnabled, polygamma, type Tensor, where } from "@kindling/tensor";
import type { Derivative, Derivatives } from "../derivative.js";

/** A formula that reads the input. */
const ofInput = (formula: (g: Tensor, x: Tensor) => Tensor): Derivative<undefined> => ({
  saveInputs: [0],
  backward: (g, { inputs: [x] }) => [formula(g, x as Tensor)],
});
/** A formula that reads the output, which is often there anyway. */
const ofOutput = (formula: (g: Tensor, y: Tensor) => Tensor): Derivative<undefined> => ({
  saveOutputs: [0],
  backward: (g, { outputs: [y] }) => [formula(g, y as Tensor)],
});
/** The same formula as one kernel call, which cannot be differentiated again. */
const fused = (
  op: Parameters<typeof activationGradient>[0],
  { backward, ...saves }: Derivative<undefined>,
): Derivative<undefined> => ({
  ...saves,
  backward: (g, context) => {
    if (isGradEnabled()) return backward(g, context);
    return [activationGradient(op, g, (saves.saveInputs ? context.inputs : context.outputs)[0] as Tensor)];
  },
});
/** The same of an operation with parameters, from its input. */
const fusedOfInput = <A>(
  op: Parameters<typeof activationGradient>[0],
  parameters: (attributes: A) => readonly [p0: number, p1?: number],
  formula: (g: Tensor, x: Tensor, attributes: A) => Tensor,
): Derivative<A> => ({
  saveInputs: [0],
  backward: (g, { inputs: [x], attributes }) => [
    isGradEnabled()
      ? formula(g, x as Tensor, attributes)
      : activationGradient(op, g, x as Tensor, ...parameters(attributes)),
  ],
});
/** g where the condition holds, else 0. */
const passWhere = (condition: Tensor, g: Tensor): Tensor => where(condition, g, 0);
/** Constant almost everywhere. */
const zero: Derivative<undefined> = { backward: (g) => [g.mul(0)] };

const twoOverSqrtPi = 2 / Math.sqrt(Math.PI);
const sqrtTwoOverPi = Math.sqrt(2 / Math.PI);
const inverseSqrtTwoPi = 1 / Math.sqrt(2 * Math.PI);

/** d/dx of the tanh form of gelu, by ops. */
function geluTanhSlope(x: Tensor): Tensor {
  const inner = x.add(x.pow(3).mul(0.044715)).mul(sqrtTwoOverPi);
  const t = inner.tanh();
  const innerSlope = x
    .square()
    .mul(3 * 0.044715)
    .add(1)
    .mul(sqrtTwoOverPi);
  return t
    .add(1)
    .mul(0.5)
    .add(x.mul(0.5).mul(t.square().neg().add(1)).mul(innerSlope));
}

type UnaryName =
  | "neg"
  | "abs"
  | "sign"
  | "ceil"
  | "floor"
  | "round"
  | "trunc"
  | "frac"
  | "reciprocal"
  | "sqrt"
  | "rsqrt"
  | "square"
  | "exp"
  | "exp2"
  | "expm1"
  | "log"
  | "log2"
  | "log10"
  | "log1p"
  | "sin"
  | "cos"
  | "tan"
  | "asin"
  | "acos"
  | "atan"
  | "sinh"
  | "cosh"
  | "tanh"
  | "asinh"
  | "acosh"
  | "atanh"
  | "erf"
  | "erfc"
  | "erfinv"
  | "lgamma"
  | "digamma"
  | "trigamma"
  | "sigmoid"
  | "logSigmoid"
  | "relu"
  | "silu"
  | "mish"
  | "gelu"
  | "geluTanh"
  | "leakyRelu"
  | "elu"
  | "softplus"
  | "powScalar"
  | "clamp"
  | "hardtanh"
  | "hardsigmoid"
  | "hardswish"
  | "hardshrink"
  | "softshrink"
  | "softsign"
  | "threshold"
  | "logit";

export const unary = {
  neg: { backward: (g) => [g.neg()] },
  abs: fused(
    "absGrad",
    ofInput((g, x) => g.mul(x.sign())),
  ),
  sign: zero,
  ceil: zero,
  floor: zero,
  round: zero,
  trunc: zero,
  frac: { backward: (g) => [g] },
  // (1/x)' = −1/x²
  reciprocal: ofOutput((g, y) => g.neg().mul(y.square())),
  // (√x)' = 1 / (2√x)
  sqrt: ofOutput((g, y) => g.div(y.mul(2))),
  // (x^−½)' = −½ x^−³ᐟ²
  rsqrt: ofOutput((g, y) => g.mul(-0.5).mul(y.pow(3))),
  square: ofInput((g, x) => g.mul(x.mul(2))),
  exp: ofOutput((g, y) => g.mul(y)),
  exp2: ofOutput((g, y) => g.mul(y).mul(Math.LN2)),
  expm1: ofOutput((g, y) => g.mul(y.add(1))),
  log: ofInput((g, x) => g.div(x)),
  log2: ofInput((g, x) => g.div(x.mul(Math.LN2))),
  log10: ofInput((g, x) => g.div(x.mul(Math.LN10))),
  log1p: ofInput((g, x) => g.div(x.add(1))),
  sin: ofInput((g, x) => g.mul(x.cos())),
  cos: ofInput((g, x) => g.mul(x.sin().neg())),
  // tan' = 1 + tan²
  tan: ofOutput((g, y) => g.mul(y.square().add(1))),
  asin: ofInput((g, x) => g.mul(x.square().neg().add(1).rsqrt())),
  acos: ofInput((g, x) => g.neg().mul(x.square().neg().add(1).rsqrt())),
  atan: ofInput((g, x) => g.div(x.square().add(1))),
  sinh: ofInput((g, x) => g.mul(x.cosh())),
  cosh: ofInput((g, x) => g.mul(x.sinh())),
  tanh: fused(
    "tanhGrad",
    ofOutput((g, y) => g.mul(y.square().neg().add(1))),
  ),
  asinh: ofInput((g, x) => g.mul(x.square().add(1).rsqrt())),
  acosh: ofInput((g, x) => g.mul(x.square().sub(1).rsqrt())),
  atanh: ofInput((g, x) => g.div(x.square().neg().add(1))),
  // erf' = 2/√π · e^(−x²)
  erf: ofInput((g, x) => g.mul(x.square().neg().exp()).mul(twoOverSqrtPi)),
  erfc: ofInput((g, x) => g.mul(x.square().neg().exp()).mul(-twoOverSqrtPi)),
  // (erf⁻¹)' = √π/2 · e^(y²)
  erfinv: ofOutput((g, y) => g.mul(y.square().exp()).mul(1 / twoOverSqrtPi)),
  lgamma: ofInput((g, x) => g.mul(x.digamma())),
  digamma: ofInput((g, x) => g.mul(x.trigamma())),
  trigamma: ofInput((g, x) => g.mul(polygamma(2, x))),
  sigmoid: fused(
    "sigmoidGrad",
    ofOutput((g, y) => g.mul(y).mul(y.neg().add(1))),
  ),
  // (ln σ)' = σ(−x)
  logSigmoid: fused(
    "logSigmoidGrad",
    ofInput((g, x) => g.mul(x.neg().sigmoid())),
  ),
  relu: fused(
    "reluGrad",
    ofOutput((g, y) => where(y.gt(0), g, 0)),
  ),
  // (x·σ)' = σ · (1 + x · (1 − σ))
  silu: fused(
    "siluGrad",
    ofInput((g, x) => {
      const s = x.sigmoid();
      return g.mul(s).mul(x.mul(s.neg().add(1)).add(1));
    }),
  ),
  // (x · tanh(sp))' = tanh(sp) + x · (1 − tanh²(sp)) · σ, sp = softplus(x)
  mish: fused(
    "mishGrad",
    ofInput((g, x) => {
      const t = x.softplus().tanh();
      return g.mul(t.add(x.mul(x.sigmoid()).mul(t.square().neg().add(1))));
    }),
  ),
  // (x·Φ)' = Φ + x·φ
  gelu: fused(
    "geluGrad",
    ofInput((g, x) => {
      const cumulative = x.mul(Math.SQRT1_2).erf().add(1).mul(0.5);
      const density = x.square().mul(-0.5).exp().mul(inverseSqrtTwoPi);
      return g.mul(cumulative.add(x.mul(density)));
    }),
  ),
  geluTanh: fused(
    "geluTanhGrad",
    ofInput((g, x) => g.mul(geluTanhSlope(x))),
  ),
  leakyRelu: fusedOfInput(
    "leakyReluGrad",
    ({ negativeSlope }) => [negativeSlope],
    (g, x, { negativeSlope }) => where(x.gt(0), g, g.mul(negativeSlope)),
  ),
  // Below 0: alpha · scale · e^(scale·x)
  elu: fusedOfInput(
    "eluGrad",
    ({ alpha, scale }) => [alpha, scale],
    (g, x, { alpha, scale }) => {
      const positive = x.gt(0).to(g.dtype);
      const negativeSlope = x
        .mul(scale)
        .minimum(0)
        .exp()
        .mul(alpha * scale);
      return g.mul(positive.add(positive.neg().add(1).mul(negativeSlope)));
    },
  ),
  // σ(beta·x), 1 above the threshold
  softplus: fusedOfInput(
    "softplusGrad",
    ({ beta, threshold }) => [beta, threshold],
    (g, x, { beta, threshold }) => {
      const scaled = x.mul(beta);
      const linear = scaled.gt(threshold).to(g.dtype);
      return g.mul(linear.add(linear.neg().add(1).mul(scaled.sigmoid())));
    },
  ),
  powScalar: {
    saveInputs: [0],
    backward: (g, { inputs: [x], attributes: { exponent } }) => {
      if (exponent === 0) return [g.mul(0)];
      return [g.mul((x as Tensor).pow(exponent - 1).mul(exponent))];
    },
  },
  clamp: fusedOfInput(
    "clampGrad",
    ({ min, max }) => [min, max],
    (g, x, { min, max }) => passWhere(x.ge(min).logicalAnd(x.le(max)), g),
  ),
  hardtanh: fusedOfInput(
    "hardtanhGrad",
    ({ min, max }) => [min, max],
    (g, x, { min, max }) => passWhere(x.le(min).logicalOr(x.ge(max)).logicalNot(), g),
  ),
  hardsigmoid: fused(
    "hardsigmoidGrad",
    ofInput((g, x) => passWhere(x.le(-3).logicalOr(x.ge(3)).logicalNot(), g).div(6)),
  ),
  // (x (x + 3) / 6)' = (2 x + 3) / 6 between −3 and 3
  hardswish: fused(
    "hardswishGrad",
    ofInput((g, x) => passWhere(x.ge(-3), where(x.gt(3), g, g.mul(x.mul(2).add(3).div(6))))),
  ),
  hardshrink: fusedOfInput(
    "shrinkGrad",
    ({ lambda }) => [lambda],
    (g, x, { lambda }) => where(x.ge(-lambda).logicalAnd(x.le(lambda)), 0, g),
  ),
  softshrink: fusedOfInput(
    "shrinkGrad",
    ({ lambda }) => [lambda],
    (g, x, { lambda }) => where(x.ge(-lambda).logicalAnd(x.le(lambda)), 0, g),
  ),
  // (x / (1 + |x|))' = 1 / (1 + |x|)²
  softsign: fused(
    "softsignGrad",
    ofInput((g, x) => g.div(x.abs().add(1).square())),
  ),
  threshold: fusedOfInput(
    "thresholdGrad",
    ({ threshold }) => [threshold],
    (g, x, { threshold }) => where(x.le(threshold), 0, g),
  ),
  // (ln x − ln(1 − x))' = 1 / (x (1 − x))
  logit: fusedOfInput(
    "logitGrad",
    ({ min, max }) => [min, max],
    (g, x, { min, max }) => passWhere(x.ge(min).logicalAnd(x.le(max)), g.div(x.mul(x.rsub(1)))),
  ),
} satisfies Derivatives<UnaryName>;
