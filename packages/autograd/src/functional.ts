import { enableGrad, onesLike, stack, Tensor, UsageError, zeros, zerosLike } from "@kindling/tensor";
import { unit } from "./func/level.js";
import { FunctionalCall, type FunctionalOptions, listOf, type Tensors } from "./functional-call.js";

/** Tensors in the place of tensors: one for one, an array for an array. */
export type TensorsLike<T extends Tensors> = T extends Tensor ? Tensor : { -readonly [Key in keyof T]: Tensor };

/** For each tensor of `Outer`, tensors in the place of those of `Inner`. */
export type JacobianOf<Outer extends Tensors, Inner extends Tensors> = Outer extends Tensor
  ? TensorsLike<Inner>
  : { -readonly [Key in keyof Outer]: TensorsLike<Inner> };

/** Options of {@link jacobian} and {@link hessian}. */
export interface JacobianOptions extends FunctionalOptions {
  /** Taken for PyTorch's sake: rows are computed one by one, whatever it says. Not together with `strict`. Default false. */
  vectorize?: boolean;
}

/** A function of as many tensors as there are inputs. */
export type TensorFunction<Out extends Tensors> = (...inputs: Tensor[]) => Out;

const like = <T extends Tensors>(tensors: readonly Tensor[], shape: Tensors): TensorsLike<T> =>
  (shape instanceof Tensor ? tensors[0] : tensors) as TensorsLike<T>;

/**
 * What `fn` gives, and the product of a vector with its Jacobian: `vᵀ J`, by one backward pass.
 *
 * **Shapes** inputs: one tensor or several in an array; v: as the outputs of `fn`, null where that is one number; result:
 * the outputs, and tensors like the inputs.
 * Options: `createGraph` (false): whether results can be differentiated again; `strict` (false): whether an input that
 * nothing depends on is an error, instead of zeros.
 * @throws UsageError if `v` is left out where it is needed, or by `strict`; ShapeError if its shape is wrong.
 * @example
 * const x = tensor([1, 2], { dtype: "float32" });
 * vjp((x) => x.square(), x, tensor([1, 10])); // → [[1, 4], [2, 40]]
 * @source `torch.autograd.functional.vjp`. {@link func.vjp} gives a function of v.
 */
export function vjp<const In extends Tensors, const Out extends Tensors>(
  fn: TensorFunction<Out>,
  inputs: In,
  v: Tensors | null = null,
  options: FunctionalOptions = {},
): [outputs: TensorsLike<Out>, vjp: TensorsLike<In>] {
  return enableGrad(() => {
    const call = new FunctionalCall("vjp", fn, inputs, options);
    const vector = call.vector(v, call.outputs, "the output");
    const product = call.filled(call.gradients(call.outputs, call.inputs, vector), call.inputs, "the output");
    return [like(call.results(), call.result), like(product, inputs)];
  });
}

/**
 * What `fn` gives, and the product of its Jacobian with a vector: `J v`, by two backward passes. (The first gives `uᵀ J`,
 * which is linear in u; the second differentiates it by u. So `fn` must be differentiable twice.)
 *
 * **Shapes** inputs: one tensor or several in an array; v: as the inputs, null where they are one number; result: the
 * outputs, and tensors like the outputs.
 * Options: `createGraph` (false): whether results can be differentiated again; `strict` (false): whether outputs that do
 * not depend on the inputs are an error, instead of zeros.
 * @throws UsageError if `v` is left out where it is needed, or by `strict`; ShapeError if its shape is wrong.
 * @example
 * const x = tensor([1, 2], { dtype: "float32" });
 * jvp((x) => x.square().sum(), x, tensor([1, 10])); // → [5, 42]
 * @source `torch.autograd.functional.jvp`.
 */
export function jvp<const In extends Tensors, const Out extends Tensors>(
  fn: TensorFunction<Out>,
  inputs: In,
  v: Tensors | null = null,
  options: FunctionalOptions = {},
): [outputs: TensorsLike<Out>, jvp: TensorsLike<Out>] {
  return enableGrad(() => {
    const call = new FunctionalCall("jvp", fn, inputs, options);
    const vector = call.vector(v, call.inputs, "the input").map((one, i) => one ?? onesLike(call.inputs[i] as Tensor));
    const starts = call.outputs.map((output) => zerosLike(output).requiresGrad_());
    const rows = call.gradients(call.outputs, call.inputs, starts, { createGraph: true });
    const depending = rows.flatMap((row, i) => (row === null ? [] : [i]));
    const product = call.gradients(
      depending.map((i) => rows[i] as Tensor),
      starts,
      depending.map((i) => vector[i] as Tensor),
    );
    const filled = call.filled(product, call.outputs, "the output");
    return [like(call.results(), call.result), like(filled, call.result)];
  });
}

/**
 * What `fn`, which gives one number, gives, and the product of a vector with its Hessian: `vᵀ H`, by two backward passes.
 *
 * **Shapes** inputs: one tensor or several in an array; v: as the inputs, null where they are one number; result: the
 * output, and tensors like the inputs.
 * Options: `createGraph` (false): whether results can be differentiated again; `strict` (false): whether an input that
 * the output or its derivative does not depend on is an error, instead of zeros.
 * @throws UsageError if `v` is left out where it is needed, or by `strict`; ShapeError if its shape is wrong, or if `fn`
 *   does not give one number.
 * @example
 * const x = tensor([1, 2], { dtype: "float32" });
 * vhp((x) => x.pow(3).sum(), x, tensor([1, 10])); // → [9, [6, 120]]
 * @source `torch.autograd.functional.vhp`.
 */
export function vhp<const In extends Tensors>(
  fn: TensorFunction<Tensor>,
  inputs: In,
  v: Tensors | null = null,
  options: FunctionalOptions = {},
): [output: Tensor, vhp: TensorsLike<In>] {
  return hessianProduct("vhp", fn, inputs, v, options);
}

/**
 * What `fn`, which gives one number, gives, and the product of its Hessian with a vector: `H v`. A Hessian is symmetric,
 * so it is {@link vhp}, where PyTorch takes a slower way that differentiates three times.
 *
 * **Shapes**, options and errors: those of {@link vhp}.
 * @example
 * const x = tensor([1, 2], { dtype: "float32" });
 * hvp((x) => x.pow(3).sum(), x, tensor([1, 10])); // → [9, [6, 120]]
 * @source `torch.autograd.functional.hvp`.
 */
export function hvp<const In extends Tensors>(
  fn: TensorFunction<Tensor>,
  inputs: In,
  v: Tensors | null = null,
  options: FunctionalOptions = {},
): [output: Tensor, hvp: TensorsLike<In>] {
  return hessianProduct("hvp", fn, inputs, v, options);
}

function hessianProduct<In extends Tensors>(
  op: string,
  fn: TensorFunction<Tensor>,
  inputs: In,
  v: Tensors | null,
  options: FunctionalOptions,
): [Tensor, TensorsLike<In>] {
  return enableGrad(() => {
    const call = new FunctionalCall(op, fn, inputs, options);
    const vector = call.vector(v, call.inputs, "the input").map((one, i) => one ?? onesLike(call.inputs[i] as Tensor));
    const first = call.gradients([call.scalar()], call.inputs, [null], { createGraph: true });
    const slopes = call.filled(first, call.inputs, "the output");
    const second = call.gradients(slopes, call.inputs, vector);
    const product = call.filled(second, call.inputs, "the derivative of the output");
    return [call.results()[0] as Tensor, like(product, inputs)];
  });
}

/**
 * All derivatives of the outputs of `fn` by its inputs, by one backward pass for each element of the outputs.
 *
 * **Shapes** inputs: one tensor or several in an array; result: for an output [*a*] and an input [*b*] a tensor [*a*, *b*];
 * for several inputs an array of these, for several outputs an array of what one output gives.
 * Options: `createGraph` (false): whether the result can be differentiated again; `strict` (false): whether an output
 * that does not depend on an input is an error, instead of zeros; `vectorize`: taken, and changes nothing.
 * @throws UsageError by `strict`.
 * @example
 * const [x, y] = [tensor([1, 2], { dtype: "float32" }), tensor([3, 4], { dtype: "float32" })];
 * jacobian((x) => x.square(), x); // → [[2, 0], [0, 4]]
 * jacobian((x, y) => x.mul(y).sum(), [x, y]); // → [[3, 4], [1, 2]]
 * @source `torch.autograd.functional.jacobian`.
 */
export function jacobian<const In extends Tensors, const Out extends Tensors>(
  fn: TensorFunction<Out>,
  inputs: In,
  options: JacobianOptions = {},
): JacobianOf<Out, In> {
  checkVectorize("jacobian", options);
  return enableGrad(() => {
    const call = new FunctionalCall("jacobian", fn, inputs, options);
    const blocks = call.outputs.map((output, i) => {
      const count = output.numel();
      const isLast = i === call.outputs.length - 1;
      const rows = Array.from({ length: count }, (_, position) => {
        const retainGraph = call.createGraph || !isLast || position < count - 1;
        const gradients = call.gradients([output], call.inputs, [unit(output, position)], { retainGraph });
        return call.filled(gradients, call.inputs, `output ${i}`);
      });
      const block = call.inputs.map((input, k) => {
        const shape = [...output.shape, ...input.shape];
        return count === 0
          ? zeros(shape, { dtype: input.dtype })
          : stack(rows.map((row) => row[k] as Tensor)).reshape(shape);
      });
      return like(block, inputs);
    });
    return (call.result instanceof Tensor ? blocks[0] : blocks) as JacobianOf<Out, In>;
  });
}

/**
 * All second derivatives of `fn`, which gives one number: the Jacobian of its gradient.
 *
 * **Shapes** inputs: one tensor [*a*], result: [*a*, *a*]; or several in an array, result: an array of arrays, where entry
 * i, k is [*aᵢ*, *aₖ*].
 * Options: `createGraph` (false): whether the result can be differentiated again; `strict` (false): whether an input that
 * the derivative does not depend on is an error, instead of zeros; `vectorize`: taken, and changes nothing.
 * @throws UsageError by `strict`; ShapeError if `fn` does not give one number.
 * @example
 * const x = tensor([1, 2], { dtype: "float32" });
 * hessian((x) => x.prod().square(), x); // → [[8, 8], [8, 2]]
 * @source `torch.autograd.functional.hessian`.
 */
export function hessian<const In extends Tensors>(
  fn: TensorFunction<Tensor>,
  inputs: In,
  options: JacobianOptions = {},
): JacobianOf<In, In> {
  checkVectorize("hessian", options);
  const slopes = (...own: Tensor[]): Tensor[] => {
    const call = new FunctionalCall("hessian", fn, own, { createGraph: true });
    return call.filled(call.gradients([call.scalar()], call.inputs, [null]), call.inputs, "the output");
  };
  const blocks = jacobian(slopes, listOf(inputs), options) as Tensor[][];
  return (inputs instanceof Tensor ? blocks[0]?.[0] : blocks) as JacobianOf<In, In>;
}

function checkVectorize(op: string, { strict = false, vectorize = false }: JacobianOptions): void {
  if (strict && vectorize) throw new UsageError(`${op}: strict and vectorize do not go together; leave one out`);
}
