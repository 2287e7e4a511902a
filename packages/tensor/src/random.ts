import { allocate } from "./allocate.js";
import { checkDeviation, checkFloat, checkRange, draw, type GeneratorOptions } from "./draw.js";
import { checkDType, type DType, defaultFloat } from "./dtype.js";
import { UsageError } from "./errors.js";
import { finish, type Size, type SizesAndOptions, splitSizes, type TensorOptions, toShape } from "./ops/creation.js";
import { broadcastShapes } from "./shape.js";
import type { Tensor } from "./tensor.js";

/** What every function that makes a random tensor takes. */
export interface RandomOptions extends TensorOptions, GeneratorOptions {}

function newTensor(shape: readonly number[], options: RandomOptions, fallback: DType): Tensor {
  const dtype = options.dtype ?? fallback;
  checkDType(dtype);
  return allocate(shape, dtype);
}

/**
 * Uniform numbers of [0, 1), float32 unless told otherwise. Sizes come as a list or one by one.
 * Options: `generator` (default: the one that {@link manualSeed} seeds), and those of every tensor.
 * @example
 * manualSeed(0);
 * rand(2); // → [0.4963, 0.7682]
 */
export function rand(...args: SizesAndOptions<RandomOptions>): Tensor {
  const { shape, options } = splitSizes("rand", args);
  const out = newTensor(shape, options, defaultFloat);
  checkFloat("rand", out.dtype);
  return finish(draw("uniform", out, options.generator, 0, 1), options);
}

/**
 * Numbers of the standard normal distribution, float32 unless told otherwise. Sizes come as a list or one by one.
 * Options: `generator` (default: the one that {@link manualSeed} seeds), and those of every tensor.
 * @example
 * manualSeed(0);
 * randn(2); // → [1.5410, -0.2934]
 */
export function randn(...args: SizesAndOptions<RandomOptions>): Tensor {
  const { shape, options } = splitSizes("randn", args);
  const out = newTensor(shape, options, defaultFloat);
  checkFloat("randn", out.dtype);
  return finish(draw("normal", out, options.generator, 0, 1), options);
}

/**
 * Whole numbers of [low, high), int32 unless told otherwise: `randint(high, size)` from 0 on, or
 * `randint(low, high, size)`. Options: `generator`, and those of every tensor.
 *
 * **Shapes** result: `size`.
 * @throws UsageError unless low < high.
 * @example
 * manualSeed(0);
 * randint(10, [5]); // → [4, 9, 3, 0, 3]
 */
export function randint(high: number, size: Size, options?: RandomOptions): Tensor;
export function randint(low: number, high: number, size: Size, options?: RandomOptions): Tensor;
export function randint(first: number, second: Size, third?: Size | RandomOptions, fourth?: RandomOptions): Tensor {
  const isRange = typeof third === "number" || Array.isArray(third);
  const [low, high] = isRange ? [first, second as number] : [0, first];
  const options = (isRange ? fourth : (third as RandomOptions | undefined)) ?? {};
  checkRange("randint", low, high);
  const out = newTensor(toShape("randint", isRange ? (third as Size) : second), options, "int32");
  return finish(draw("randint", out, options.generator, low, high), options);
}

/**
 * The numbers 0 … n−1 in random order, int32 unless told otherwise. Options: `generator`, and those of every tensor.
 *
 * **Shapes** result: [n].
 * @example
 * manualSeed(0);
 * randperm(5); // → [4, 0, 1, 3, 2]
 */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  const [count] = toShape("randperm", n) as [number];
  const order = draw("permutation", allocate([count], "int32"), options.generator);
  return finish(options.dtype === undefined ? order : order.to(options.dtype), options);
}

/**
 * Numbers of normal distributions: `normal(mean, std, size)` of one, or with a tensor for mean, std or both of
 * one per element. Options: `generator`, and those of every tensor.
 *
 * **Shapes** result: `size`, or what mean and std broadcast to.
 * @throws UsageError for a negative standard deviation.
 * @example
 * manualSeed(0);
 * normal(10, 0.5, [2]); // → [10.7705, 9.8533]
 */
export function normal(mean: number, std: number, size: Size, options?: RandomOptions): Tensor;
export function normal(mean: Tensor | number, std: Tensor | number, options?: GeneratorOptions): Tensor;
export function normal(
  mean: Tensor | number,
  std: Tensor | number,
  third?: Size | GeneratorOptions,
  fourth?: RandomOptions,
): Tensor {
  if (typeof std === "number") checkDeviation("normal", std);
  if (typeof mean === "number" && typeof std === "number") {
    if (typeof third !== "number" && !Array.isArray(third)) {
      throw new UsageError("normal: of two numbers a size is needed: normal(mean, std, size)");
    }
    const options = fourth ?? {};
    const out = newTensor(toShape("normal", third as Size), options, defaultFloat);
    checkFloat("normal", out.dtype);
    return finish(draw("normal", out, options.generator, mean, std), options);
  }
  const { generator = null } = (third ?? {}) as GeneratorOptions;
  const like = typeof mean === "object" ? mean : (std as Tensor);
  if (typeof std === "object") checkDeviation("normal", std.numel() === 0 ? 0 : std.min().item());
  const shapes = [mean, std].map((of) => (typeof of === "object" ? of.shape : []));
  const shape = broadcastShapes("normal", shapes[0] as readonly number[], shapes[1] as readonly number[]);
  return randn(shape, { dtype: like.dtype, generator }).mul(std).add(mean);
}
