import {
  normal_ as drawNormal,
  uniform_ as drawUniform,
  formatShape,
  type Generator,
  noGrad,
  numberOfElements,
  randn,
  randperm,
  ShapeError,
  type Tensor,
  tensor,
  UsageError,
} from "@kindling/tensor";
import { orthonormalRows } from "./orthonormal-rows.js";

// PyTorch's torch.nn.init: functions that overwrite a tensor and return it; nothing is recorded. With the same seed
// they draw the same numbers as PyTorch.

/** The option of everything that draws random numbers. */
export interface DrawOptions {
  /** Where the numbers come from. Default: the global generator. */
  generator?: Generator;
}

/** Options of {@link kaimingUniform_} and {@link kaimingNormal_}. */
export interface KaimingOptions extends DrawOptions {
  /** Slope of the leaky rectifier that follows. Default 0. */
  a?: number;
  /** Keep the variance on the way forward or backward. Default "fanIn". */
  mode?: "fanIn" | "fanOut";
  /** What follows. Default "leakyRelu". */
  nonlinearity?: Nonlinearity;
}

const gains = {
  linear: 1,
  conv1d: 1,
  conv2d: 1,
  conv3d: 1,
  convTranspose1d: 1,
  convTranspose2d: 1,
  convTranspose3d: 1,
  sigmoid: 1,
  tanh: 5 / 3,
  relu: Math.SQRT2,
  leakyRelu: null,
  selu: 3 / 4,
};

/** The nonlinearities whose gain {@link calculateGain} knows. */
export type Nonlinearity = keyof typeof gains;

/**
 * The factor by which a nonlinearity's inputs should be scaled; `slope` is that of "leakyRelu".
 *
 * @throws UsageError for an unknown nonlinearity.
 * @example init.calculateGain("tanh"); // → 1.6667
 */
export function calculateGain(nonlinearity: Nonlinearity, slope = 0.01): number {
  if (!Object.hasOwn(gains, nonlinearity)) {
    throw new UsageError(
      `calculateGain: nonlinearity must be one of ${Object.keys(gains).join(", ")}, got ${nonlinearity}`,
    );
  }
  return gains[nonlinearity] ?? Math.sqrt(2 / (1 + slope ** 2));
}

/**
 * How many inputs feed one output and how many outputs one input feeds.
 *
 * **Shapes** x: a weight [out, in, ...].
 * @throws ShapeError for fewer than two dimensions.
 * @example init.fans(zeros([32, 3, 5, 5])); // → { fanIn: 75, fanOut: 800 }
 */
export function fans(x: Tensor): { fanIn: number; fanOut: number } {
  const [out, input, ...window] = x.shape;
  if (out === undefined || input === undefined) {
    throw new ShapeError(`fan in and fan out need a weight of at least 2 dimensions, got ${formatShape(x.shape)}`);
  }
  const field = numberOfElements(window);
  return { fanIn: input * field, fanOut: out * field };
}

/**
 * Fills with uniform draws from [a, b). Options: `generator` (the global one).
 *
 * **Shapes** x: any; result: x.
 * @example
 * manualSeed(0);
 * init.uniform_(zeros(2), -0.1, 0.1); // → [-7.487e-4, 0.0536]
 */
export function uniform_(x: Tensor, a = 0, b = 1, options: DrawOptions = {}): Tensor {
  return noGrad(() => drawUniform(x, a, b, options));
}

/**
 * Fills with normal draws. Options: `generator` (the global one).
 *
 * **Shapes** x: any; result: x.
 * @example
 * manualSeed(0);
 * init.normal_(zeros(2), 0, 0.02); // → [0.0308, -0.0059]
 */
export function normal_(x: Tensor, mean = 0, std = 1, options: DrawOptions = {}): Tensor {
  return noGrad(() => drawNormal(x, mean, std, options));
}

/** The share of the standard normal distribution below x. */
function normalShare(x: number): number {
  return (
    (1 +
      tensor(x / Math.SQRT2, { dtype: "float64" })
        .erf()
        .item()) /
    2
  );
}

/**
 * Fills with normal draws, drawn again as long as they are outside [a, b] (by the inverse of the distribution).
 * Options: `generator` (the global one).
 *
 * **Shapes** x: any; result: x.
 * @throws UsageError unless a ≤ b.
 * @example
 * manualSeed(0);
 * init.truncNormal_(zeros(2), 0, 1, -1, 1); // → [-0.0064, 0.4764]
 */
export function truncNormal_(x: Tensor, mean = 0, std = 1, a = -2, b = 2, options: DrawOptions = {}): Tensor {
  if (!(a <= b)) throw new UsageError(`truncNormal_: expected a <= b, got ${a} and ${b}`);
  const [low, high] = [a, b].map((bound) => 2 * normalShare((bound - mean) / std) - 1);
  return noGrad(() => {
    drawUniform(x, low, high, options).erfinv_();
    return x
      .mul_(std * Math.SQRT2)
      .add_(mean)
      .clamp_(a, b);
  });
}

/**
 * Fills with one value.
 *
 * **Shapes** x: any; result: x.
 * @example init.constant_(zeros(2), 0.1); // → [0.1, 0.1]
 */
export function constant_(x: Tensor, value: number): Tensor {
  return noGrad(() => x.fill_(value));
}

/**
 * Fills with zeros.
 *
 * **Shapes** x: any; result: x.
 * @example init.zeros_(ones(2)); // → [0, 0]
 */
export function zeros_(x: Tensor): Tensor {
  return constant_(x, 0);
}

/**
 * Fills with ones.
 *
 * **Shapes** x: any; result: x.
 * @example init.ones_(zeros(2)); // → [1, 1]
 */
export function ones_(x: Tensor): Tensor {
  return constant_(x, 1);
}

/**
 * Fills a matrix with ones on the diagonal and zeros elsewhere.
 *
 * **Shapes** x: [n, m]; result: x.
 * @throws ShapeError for another number of dimensions.
 * @example init.eye_(zeros(2, 2)); // → [[1, 0], [0, 1]]
 */
export function eye_(x: Tensor): Tensor {
  if (x.ndim !== 2) throw new ShapeError(`eye_: expected a matrix, got ${formatShape(x.shape)}`);
  return noGrad(() => {
    x.fill_(0).diagonal().fill_(1);
    return x;
  });
}

/**
 * Fills the weight of a convolution so that it gives back its input channels, as many as there are, in every group.
 *
 * **Shapes** x: [out, in, ...] with one to three dimensions of a window. Default: `groups` 1.
 * @throws ShapeError for another number of dimensions, or if the groups do not divide the output channels.
 * @example init.dirac_(zeros(2, 2, 3)); // → [[[0, 1, 0], [0, 0, 0]], [[0, 0, 0], [0, 1, 0]]]
 */
export function dirac_(x: Tensor, groups = 1): Tensor {
  if (x.ndim < 3 || x.ndim > 5) throw new ShapeError(`dirac_: expected 3 to 5 dimensions, got ${formatShape(x.shape)}`);
  const [out, input, ...window] = x.shape as [number, number, ...number[]];
  if (out % groups !== 0) throw new ShapeError(`dirac_: ${groups} groups do not divide ${out} output channels`);
  return noGrad(() => {
    x.fill_(0);
    const perGroup = out / groups;
    for (let group = 0; group < groups; group++) {
      for (let channel = 0; channel < Math.min(perGroup, input); channel++) {
        const centre = window.map((size) => Math.floor(size / 2));
        const place = [group * perGroup + channel, channel, ...centre];
        place.reduce((part, index) => part.select(0, index), x).fill_(1);
      }
    }
    return x;
  });
}

function kaimingDeviation(x: Tensor, options: KaimingOptions): number {
  const { a = 0, mode = "fanIn", nonlinearity = "leakyRelu" } = options;
  if (mode !== "fanIn" && mode !== "fanOut") {
    throw new UsageError(`kaiming: mode must be "fanIn" or "fanOut", got ${JSON.stringify(mode)}`);
  }
  return calculateGain(nonlinearity, a) / Math.sqrt(fans(x)[mode]);
}

/**
 * Uniform on ±√3 · gain / √fan, which keeps the variance from layer to layer with rectifiers.
 *
 * **Shapes** x: [out, in, ...]; result: x. Options: `a` (0), `mode` ("fanIn"), `nonlinearity` ("leakyRelu"), `generator`.
 * @throws ShapeError for fewer than two dimensions; UsageError for a bad option.
 * @example
 * manualSeed(0);
 * init.kaimingUniform_(zeros(2, 3), { nonlinearity: "relu" }); // → [[-0.0106, 0.7586, -1.1640],
 * //    [-1.0408, -0.5447, 0.3792]]
 * @source He et al., Delving Deep into Rectifiers, 2015
 */
export function kaimingUniform_(x: Tensor, options: KaimingOptions = {}): Tensor {
  const bound = Math.sqrt(3) * kaimingDeviation(x, options);
  return uniform_(x, -bound, bound, options);
}

/**
 * Normal with deviation gain / √fan; see {@link kaimingUniform_}.
 * @example
 * manualSeed(0);
 * init.kaimingNormal_(zeros(1, 3)); // → [[1.2582, -0.2396, -1.7790]]
 */
export function kaimingNormal_(x: Tensor, options: KaimingOptions = {}): Tensor {
  return normal_(x, 0, kaimingDeviation(x, options), options);
}

function xavierDeviation(x: Tensor, gain: number): number {
  const { fanIn, fanOut } = fans(x);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

/**
 * Uniform on ±gain · √(6 / (fanIn + fanOut)), which keeps the variance from layer to layer with symmetric
 * nonlinearities. Options: `generator` (the global one).
 *
 * **Shapes** x: [out, in, ...]; result: x.
 * @throws ShapeError for fewer than two dimensions.
 * @example
 * manualSeed(0);
 * init.xavierUniform_(zeros(1, 3), init.calculateGain("tanh")); // → [[-0.0153, 1.0950, -1.6800]]
 * @source Glorot & Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010
 */
export function xavierUniform_(x: Tensor, gain = 1, options: DrawOptions = {}): Tensor {
  const bound = Math.sqrt(3) * xavierDeviation(x, gain);
  return uniform_(x, -bound, bound, options);
}

/**
 * Normal with deviation gain · √(2 / (fanIn + fanOut)); see {@link xavierUniform_}.
 * @example
 * manualSeed(0);
 * init.xavierNormal_(zeros(1, 3)); // → [[1.0896, -0.2075, -1.5406]]
 */
export function xavierNormal_(x: Tensor, gain = 1, options: DrawOptions = {}): Tensor {
  return normal_(x, 0, xavierDeviation(x, gain), options);
}

/**
 * Fills with a random matrix whose rows (columns, if there are at least as many rows) are orthogonal and of length
 * `gain`. Dimensions after the first count as one. Options: `generator` (the global one).
 *
 * **Shapes** x: [out, in, ...]; result: x.
 * @throws ShapeError for fewer than two dimensions.
 * @example
 * const weight = init.orthogonal_(zeros(2, 3));
 * weight.matmul(weight.t()).allclose(eye(2), { atol: 1e-6 }); // → true
 * @source Saxe et al., Exact solutions to the nonlinear dynamics of learning in deep linear neural networks, 2014
 */
export function orthogonal_(x: Tensor, gain = 1, options: DrawOptions = {}): Tensor {
  if (x.ndim < 2) throw new ShapeError(`orthogonal_: expected at least 2 dimensions, got ${formatShape(x.shape)}`);
  if (x.numel() === 0) return x;
  return noGrad(() => {
    const rows = x.shape[0] as number;
    const columns = x.numel() / rows;
    const drawn = randn([rows, columns], { dtype: x.dtype, ...options }).to("float64");
    const unit = rows >= columns ? orthonormalRows(drawn.t()).t() : orthonormalRows(drawn);
    return x.copy_(unit.mul(gain).reshape(x.shape));
  });
}

/**
 * Fills a matrix with normal draws, and sets the share `sparsity` of each column, at random places, to zero.
 * Options: `generator` (the global one).
 *
 * **Shapes** x: [n, m]; result: x.
 * @throws ShapeError for another number of dimensions; UsageError for a share outside 0 … 1.
 * @example init.sparse_(zeros(4, 5), 0.75).countNonzero(0); // → [1, 1, 1, 1, 1]
 * @source Martens, Deep learning via Hessian-free optimization, 2010
 */
export function sparse_(x: Tensor, sparsity: number, std = 0.01, options: DrawOptions = {}): Tensor {
  if (x.ndim !== 2) throw new ShapeError(`sparse_: expected a matrix, got ${formatShape(x.shape)}`);
  if (!(sparsity >= 0 && sparsity <= 1)) {
    throw new UsageError(`sparse_: sparsity must be between 0 and 1, got ${sparsity}`);
  }
  const [rows, columns] = x.shape as [number, number];
  const zeros = Math.ceil(sparsity * rows);
  return noGrad(() => {
    drawNormal(x, 0, std, options);
    for (let column = 0; column < columns; column++) {
      x.select(1, column).indexFill_(0, randperm(rows, options).narrow(0, 0, zeros), 0);
    }
    return x;
  });
}
