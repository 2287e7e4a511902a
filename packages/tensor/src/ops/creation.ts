import { allocate, filled, scalar } from "../allocate.js";
import {
  checkDType,
  type DType,
  defaultFloat,
  isFloatingPoint,
  newTypedArray,
  promoteTypes,
  scalarDType,
  type TypedArray,
  typedArrayDType,
} from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { code, kernels } from "../launch.js";
import { checkShape, checkStrides, formatShape, numberOfElements, type Shape } from "../shape.js";
import { type NestedArray, Tensor } from "../tensor.js";

/** What every function that makes a tensor takes. */
export interface TensorOptions {
  /** Element type. Default: float32, or what the data are. */
  dtype?: DType;
  /** Whether gradients are wanted. Default false. */
  requiresGrad?: boolean;
}

/** A size given as one number or a list. */
export type Size = number | Shape;

/**
 * The list of sizes, checked.
 *
 * @internal
 */
export function toShape(op: string, size: Size): readonly number[] {
  const shape = typeof size === "number" ? [size] : [...size];
  checkShape(op, shape);
  return shape;
}

/** Sizes as a list or, like PyTorch's, one by one; then the options. */
export type SizesAndOptions<Options> =
  | [size: Size, options?: Options | undefined]
  | [...sizes: number[], options: Options | undefined]
  | number[];

/**
 * The shape and the options that the arguments of a creating function give.
 *
 * @internal
 */
export function splitSizes<Options extends object>(
  op: string,
  args: SizesAndOptions<Options>,
): { shape: readonly number[]; options: Partial<Options> } {
  const [first] = args;
  const last = args.at(-1);
  const hasOptions = args.length > 0 && last !== first && typeof last !== "number";
  if (first === undefined || (typeof first === "object" && !Array.isArray(first))) {
    throw new UsageError(`${op}: expected sizes, as ${op}([2, 3]) or ${op}(2, 3); a scalar has the shape []`);
  }
  const sizes = hasOptions ? args.slice(0, -1) : args;
  const shape = Array.isArray(first) ? toShape(op, first as Shape) : toShape(op, sizes as number[]);
  return { shape, options: (hasOptions ? (last as Options | undefined) : undefined) ?? {} };
}

/**
 * What every creating function ends with: the tensor requires gradients if the options say so.
 *
 * @internal
 */
export function finish(result: Tensor, options: TensorOptions): Tensor {
  return options.requiresGrad ? result.requiresGrad_() : result;
}

function dtypeOf(options: TensorOptions, fallback: DType = defaultFloat): DType {
  const dtype = options.dtype ?? fallback;
  checkDType(dtype);
  return dtype;
}

function nestedShape(data: NestedArray): number[] {
  const shape: number[] = [];
  let level: NestedArray | undefined = data;
  while (Array.isArray(level)) {
    shape.push(level.length);
    level = level[0] as NestedArray | undefined;
  }
  return shape;
}

/** Collects the numbers of nested arrays in order, checking that they are as regular as `shape` says. */
function flatten(data: NestedArray, shape: Shape): { values: number[]; dtype: DType | null } {
  const values: number[] = [];
  let dtype: DType | null = null;
  const walk = (item: NestedArray, dim: number): void => {
    if (dim === shape.length) {
      if (typeof item !== "number" && typeof item !== "boolean") {
        throw new ShapeError(
          `tensor: expected a number at depth ${dim}, got ${Array.isArray(item) ? "an array" : String(item)}; all rows must be nested alike`,
        );
      }
      const own = scalarDType(item);
      dtype = dtype === null ? own : promoteTypes(dtype, own);
      values.push(Number(item));
      return;
    }
    if (!Array.isArray(item) || item.length !== shape[dim]) {
      const got = Array.isArray(item) ? `length ${item.length}` : `the value ${String(item)}`;
      throw new ShapeError(`tensor: expected a sequence of length ${shape[dim]} at dimension ${dim}, got ${got}`);
    }
    for (const child of item) walk(child as NestedArray, dim + 1);
  };
  walk(data, 0);
  return { values, dtype };
}

/**
 * A tensor with these values, copied.
 *
 * Without `dtype`: whole numbers make int32 (float32 if `requiresGrad`), others float32, booleans bool;
 * a typed array keeps its type.
 *
 * @throws ShapeError if nested arrays are not regular.
 * @example
 * tensor([[1, 2], [3, 4]]).dtype; // → "int32"
 * tensor([0.5, 1], { requiresGrad: true }).dtype; // → "float32"
 * tensor(new Uint8Array([1, 2])).dtype; // → "uint8"
 */
export function tensor(data: NestedArray | TypedArray, options: TensorOptions = {}): Tensor {
  let shape: readonly number[];
  let source: ArrayLike<number>;
  let natural: DType;
  if (ArrayBuffer.isView(data)) {
    const own = typedArrayDType(data);
    if (own === null) {
      throw new DTypeError(
        `tensor: arrays of type ${(data as object).constructor.name} are not supported; use Float32Array, Float64Array, Int32Array, Int16Array, Int8Array or Uint8Array`,
      );
    }
    shape = [data.length];
    source = data;
    natural = own;
  } else {
    shape = nestedShape(data);
    const flat = flatten(data, shape);
    source = flat.values;
    natural = flat.dtype ?? defaultFloat;
    if (options.requiresGrad && !isFloatingPoint(natural)) natural = defaultFloat;
  }
  return finish(fromArray(source, shape, dtypeOf(options, natural)), options);
}

/**
 * A tensor from as many numbers in row-major order, converted to `dtype`.
 *
 * **Shapes** result: `shape`.
 * @throws ShapeError for another number of values.
 * @example fromArray([1, 2, 3, 4], [2, 2], "float32"); // → [[1, 2], [3, 4]]
 */
export function fromArray(values: ArrayLike<number>, shape: Shape, dtype: DType): Tensor {
  const count = numberOfElements(shape);
  if (values.length !== count) {
    throw new ShapeError(`tensor: ${values.length} values do not fill shape ${formatShape(shape)}`);
  }
  const out = allocate(shape, dtype);
  const staged = newTypedArray(dtype, count);
  if (dtype === "bool") for (let i = 0; i < count; i++) staged[i] = values[i] === 0 ? 0 : 1;
  else staged.set(values);
  out.storage.block.view().set(new Uint8Array(staged.buffer));
  return out;
}

/**
 * A tensor of zeros; float32 unless told otherwise. Sizes come as a list or one by one.
 *
 * @throws ShapeError for sizes that are no whole numbers of at least 0.
 * @example
 * zeros([2, 3]); // → [[0, 0, 0], [0, 0, 0]]
 * zeros(2, { dtype: "bool" }); // → [false, false]
 */
export function zeros(...args: SizesAndOptions<TensorOptions>): Tensor {
  const { shape, options } = splitSizes("zeros", args);
  return finish(filled(shape, dtypeOf(options), 0), options);
}

/**
 * A tensor of ones; float32 unless told otherwise. Sizes come as a list or one by one.
 * @example ones(2, 3); // → [[1, 1, 1], [1, 1, 1]]
 */
export function ones(...args: SizesAndOptions<TensorOptions>): Tensor {
  const { shape, options } = splitSizes("ones", args);
  return finish(filled(shape, dtypeOf(options), 1), options);
}

/**
 * A tensor filled with one value; its type is the value's (whole numbers: int32) unless told otherwise.
 *
 * **Shapes** result: `size`, a number or a list.
 * @example full([2, 2], 7); // → [[7, 7], [7, 7]]
 */
export function full(size: Size, value: number | boolean, options: TensorOptions = {}): Tensor {
  return finish(filled(toShape("full", size), dtypeOf(options, scalarDType(value)), Number(value)), options);
}

/**
 * A tensor whose values are whatever its memory held; for results that are overwritten anyway.
 *
 * **Shapes** result: the sizes given, one by one or as a list.
 * @example empty([2, 3]).shape; // → [2, 3]
 */
export function empty(...args: SizesAndOptions<TensorOptions>): Tensor {
  const { shape, options } = splitSizes("empty", args);
  return finish(allocate(shape, dtypeOf(options)), options);
}

/**
 * A tensor of any layout whose values are whatever its memory held.
 *
 * @throws ShapeError unless there is one whole stride of at least 0 for each size.
 * @example emptyStrided([2, 3], [1, 2]).strides; // → [1, 2]
 */
export function emptyStrided(size: Shape, stride: Shape, options: TensorOptions = {}): Tensor {
  checkStrides("emptyStrided", size, stride);
  const reach = size.includes(0) ? 0 : size.reduce((last, own, i) => last + (own - 1) * (stride[i] as number), 1);
  const { storage, dtype } = allocate([reach], dtypeOf(options));
  return finish(new Tensor(storage, dtype, [...size], [...stride]), options);
}

/**
 * The tensor itself, in another type if `dtype` says so; anything else becomes a tensor as by `tensor`, by a copy.
 * @example asTensor([1, 2.5]); // → [1, 2.5]
 */
export function asTensor(data: Tensor | NestedArray | TypedArray, options: { dtype?: DType } = {}): Tensor {
  if (data instanceof Tensor) return data.to(options.dtype ?? data.dtype);
  return tensor(data, options);
}

export { asTensor as asarray };

/**
 * Zeros of the shape and type of `x`.
 * @example zerosLike(tensor([[1, 2]])); // → [[0, 0]]
 */
export function zerosLike(x: Tensor, options: TensorOptions = {}): Tensor {
  return finish(filled(x.shape, dtypeOf(options, x.dtype), 0), options);
}

/**
 * Ones of the shape and type of `x`, or of another `dtype`.
 * @example onesLike(tensor([[1, 2]]), { dtype: "float32" }); // → [[1, 1]]
 */
export function onesLike(x: Tensor, options: TensorOptions = {}): Tensor {
  return finish(filled(x.shape, dtypeOf(options, x.dtype), 1), options);
}

/**
 * One value in the shape and type of `x`.
 * @example fullLike(tensor([[1, 2]]), 9); // → [[9, 9]]
 */
export function fullLike(x: Tensor, value: number | boolean, options: TensorOptions = {}): Tensor {
  return finish(filled(x.shape, dtypeOf(options, x.dtype), Number(value)), options);
}

/**
 * A tensor of the shape and type of `x` whose values are whatever its memory held.
 * @example emptyLike(tensor([[1, 2]])).shape; // → [1, 2]
 */
export function emptyLike(x: Tensor, options: TensorOptions = {}): Tensor {
  return finish(allocate(x.shape, dtypeOf(options, x.dtype)), options);
}

/**
 * A 0-dimensional tensor; float32 unless told otherwise.
 *
 * **Shapes** result: [].
 * @example scalarTensor(3).shape; // → []
 */
export function scalarTensor(value: number | boolean, options: TensorOptions = {}): Tensor {
  return finish(scalar(value, dtypeOf(options)), options);
}

/**
 * `start, start + step, …` up to but without `end`: `arange(end)`, `arange(start, end)` or
 * `arange(start, end, step)`. int32 if all are whole numbers, else float32, unless told otherwise.
 *
 * **Shapes** result: [⌈(end − start) / step⌉].
 * @throws UsageError for a step of 0, or one that leads away from the end.
 * @example
 * arange(4); // → [0, 1, 2, 3]
 * arange(1, 2, 0.25); // → [1, 1.25, 1.5, 1.75]
 */
export function arange(end: number, options?: TensorOptions): Tensor;
export function arange(start: number, end: number, options?: TensorOptions): Tensor;
export function arange(start: number, end: number, step: number, options?: TensorOptions): Tensor;
export function arange(...args: (number | TensorOptions | undefined)[]): Tensor {
  const numbers = args.filter((value): value is number => typeof value === "number");
  const options = (args.find((value) => typeof value === "object") ?? {}) as TensorOptions;
  const start = numbers.length > 1 ? (numbers[0] as number) : 0;
  const end = (numbers.length > 1 ? numbers[1] : numbers[0]) as number;
  const step = numbers[2] ?? 1;
  if (step === 0) throw new UsageError("arange: step must not be 0");
  if (!Number.isFinite(start) || !Number.isFinite(end)) {
    throw new UsageError(`arange: bounds must be finite, got ${start} and ${end}`);
  }
  if ((end - start) * step < 0) {
    throw new UsageError(`arange: step ${step} leads away from the end: ${start} to ${end}`);
  }
  const natural = numbers.every((value) => Number.isInteger(value)) ? "int32" : defaultFloat;
  const dtype = dtypeOf(options, natural);
  const count = Math.ceil((end - start) / step);
  const out = allocate([count], dtype);
  if (count > 0) kernels.arange(code(dtype), count, start, step, out.address);
  return finish(out, options);
}

/**
 * Numbers evenly spaced from `start` to `end`, both included; float32 unless told otherwise.
 *
 * **Shapes** result: [steps].
 * @example linspace(0, 1, 5); // → [0, 0.25, 0.5, 0.75, 1]
 */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  if (!Number.isInteger(steps) || steps < 0) {
    throw new UsageError(`linspace: steps must be a whole number of at least 0, got ${steps}`);
  }
  const values = new Float64Array(steps);
  const step = steps > 1 ? (end - start) / (steps - 1) : 0;
  // From both ends, so that the last number is exactly the end, and the two halves mirror each other.
  for (let i = 0; i < steps; i++) values[i] = i < steps / 2 ? start + i * step : end - (steps - 1 - i) * step;
  return finish(fromArray(values, [steps], dtypeOf(options)), options);
}

/**
 * Numbers evenly spaced on a logarithmic scale from `base ** start` to `base ** end`.
 * Options: `base` (default 10), and those of every tensor.
 *
 * **Shapes** result: [steps].
 * @example logspace(0, 2, 3); // → [1, 10, 100]
 */
export function logspace(
  start: number,
  end: number,
  steps: number,
  options: TensorOptions & { base?: number } = {},
): Tensor {
  const { base = 10, ...rest } = options;
  const exponents = linspace(start, end, steps, { dtype: "float64" }).toTypedArray();
  const values = exponents.map((exponent) => base ** exponent);
  return finish(fromArray(values, [steps], dtypeOf(rest)), rest);
}

/**
 * Ones on the diagonal, zeros elsewhere; m is n unless it is given.
 *
 * **Shapes** result: [n, m].
 * @example eye(2, 3); // → [[1, 0, 0], [0, 1, 0]]
 */
export function eye(n: number, ...rest: [m?: number | TensorOptions, options?: TensorOptions]): Tensor {
  const m = typeof rest[0] === "number" ? rest[0] : n;
  const options = (typeof rest[0] === "object" ? rest[0] : rest[1]) ?? {};
  checkShape("eye", [n, m]);
  const values = new Uint8Array(n * m);
  for (let i = 0; i < Math.min(n, m); i++) values[i * m + i] = 1;
  return finish(fromArray(values, [n, m], dtypeOf(options)), options);
}
