import {
  normal_ as drawNormal,
  uniform_ as drawUniform,
  type Generator,
  noGrad,
  ShapeError,
  type Tensor,
} from "@kindling/tensor";

export interface DrawOptions {
  /** Where the numbers come from. Default: the global generator. */
  generator?: Generator;
}

export interface KaimingOptions extends DrawOptions {
  /** Slope of the leaky rectifier that follows. Default 0. */
  a?: number;
  mode?: "fanIn" | "fanOut";
  nonlinearity?: Nonlinearity;
}

export type Nonlinearity = "linear" | "conv2d" | "sigmoid" | "tanh" | "relu" | "leakyRelu" | "selu";

/** The factor by which a nonlinearity's inputs should be scaled. */
export function calculateGain(nonlinearity: Nonlinearity, slope = 0.01): number {
  if (nonlinearity === "tanh") return 5 / 3;
  if (nonlinearity === "relu") return Math.SQRT2;
  if (nonlinearity === "leakyRelu") return Math.sqrt(2 / (1 + slope ** 2));
  return nonlinearity === "selu" ? 3 / 4 : 1;
}

/** How many inputs feed one output and how many outputs one input feeds, for a weight [out, in, ...]. */
export function fans(x: Tensor): { fanIn: number; fanOut: number } {
  const [out, input, ...window] = x.shape;
  if (out === undefined || input === undefined) {
    throw new ShapeError("fan in and fan out need a weight of at least 2 dimensions");
  }
  const field = window.reduce((product, size) => product * size, 1);
  return { fanIn: input * field, fanOut: out * field };
}

/** Fills with uniform draws from [from, to). */
export function uniform_(x: Tensor, from = 0, to = 1, options: DrawOptions = {}): Tensor {
  return noGrad(() => drawUniform(x, from, to, options));
}

/** Fills with normal draws. */
export function normal_(x: Tensor, mean = 0, std = 1, options: DrawOptions = {}): Tensor {
  return noGrad(() => drawNormal(x, mean, std, options));
}

/** Fills with one value. */
export function constant_(x: Tensor, value: number): Tensor {
  return noGrad(() => x.fill_(value));
}

export const zeros_ = (x: Tensor): Tensor => constant_(x, 0);
export const ones_ = (x: Tensor): Tensor => constant_(x, 1);

function kaimingDeviation(x: Tensor, options: KaimingOptions): number {
  const { a = 0, mode = "fanIn", nonlinearity = "leakyRelu" } = options;
  return calculateGain(nonlinearity, a) / Math.sqrt(fans(x)[mode]);
}

/** Uniform on ±√3 · gain / √fan. */
export function kaimingUniform_(x: Tensor, options: KaimingOptions = {}): Tensor {
  const bound = Math.sqrt(3) * kaimingDeviation(x, options);
  return uniform_(x, -bound, bound, options);
}

/** Normal with deviation gain / √fan. */
export function kaimingNormal_(x: Tensor, options: KaimingOptions = {}): Tensor {
  return normal_(x, 0, kaimingDeviation(x, options), options);
}

function xavierDeviation(x: Tensor, gain: number): number {
  const { fanIn, fanOut } = fans(x);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

/** Uniform on ±gain · √(6 / (fanIn + fanOut)). */
export function xavierUniform_(x: Tensor, gain = 1, options: DrawOptions = {}): Tensor {
  const bound = Math.sqrt(3) * xavierDeviation(x, gain);
  return uniform_(x, -bound, bound, options);
}

/** Normal with deviation gain · √(2 / (fanIn + fanOut)). */
export function xavierNormal_(x: Tensor, gain = 1, options: DrawOptions = {}): Tensor {
  return normal_(x, 0, xavierDeviation(x, gain), options);
}
