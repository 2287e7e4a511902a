import { enableGrad, stack, type Tensor, zeros, zerosLike } from "@kindling/tensor";
import { mapTree, tensorsOf } from "../tree.js";
import {
  type ArgumentOptions,
  checkTensors,
  type GradientsBy,
  type JacobianBy,
  replaced,
  trackArguments,
} from "./arguments.js";
import { Level, pullBack, transposed, unit } from "./level.js";

/**
 * The function that gives all derivatives of the outputs of `fn`, by one backward pass for each element of the outputs.
 *
 * **Shapes** For an output [*a*] and an input [*b*], a tensor [*a*, *b*]; outputs and arguments may be nested arrays and plain
 * objects: the result is nested as the outputs, and inside as the argument.
 * Options: `argnums` (0): which argument to differentiate by, or an array of several.
 * @throws UsageError if `fn` does not give tensors, or for an argument that is not there.
 * @example func.jacrev((x: Tensor) => x.square())(tensor([1.5, 2])); // → [[3, 0], [0, 4]]
 * @source `torch.func.jacrev`.
 */
export function jacrev<Args extends unknown[], Out, const Argnums extends number | readonly number[] = 0>(
  fn: (...args: Args) => Out,
  options: ArgumentOptions<Argnums> = {},
): (...args: Args) => JacobianBy<Out, GradientsBy<Args, Argnums>> {
  return jacobianOf("func.jacrev", fn, options, (outputs, inputs, createGraph) =>
    outputs.map((output) => {
      const rows = Array.from({ length: output.numel() }, (_, position) =>
        pullBack([output], inputs, [unit(output, position)], { createGraph, retainGraph: true }),
      );
      return inputs.map((input, k) =>
        block(
          rows.map((row) => row[k] as Tensor),
          0,
          output,
          input,
        ),
      );
    }),
  );
}

/**
 * The function that gives all derivatives of the outputs of `fn`, by one pass for each element of the inputs: faster than
 * {@link jacrev} where there are fewer of these.
 *
 * **Shapes**, options and errors: those of {@link jacrev}. `fn` must be differentiable twice.
 * @example func.jacfwd((x: Tensor) => x.square())(tensor([1.5, 2])); // → [[3, 0], [0, 4]]
 * @source `torch.func.jacfwd`.
 */
export function jacfwd<Args extends unknown[], Out, const Argnums extends number | readonly number[] = 0>(
  fn: (...args: Args) => Out,
  options: ArgumentOptions<Argnums> = {},
): (...args: Args) => JacobianBy<Out, GradientsBy<Args, Argnums>> {
  return jacobianOf("func.jacfwd", fn, options, (outputs, inputs, createGraph) => {
    const push = transposed(outputs, inputs);
    const columns = inputs.map((input, k) =>
      Array.from({ length: input.numel() }, (_, position) =>
        push(
          inputs.map((other, i) => (i === k ? unit(input, position) : zerosLike(other))),
          { createGraph, retainGraph: true },
        ),
      ),
    );
    return outputs.map((output, i) =>
      inputs.map((input, k) =>
        block(
          (columns[k] ?? []).map((column) => column[i] as Tensor),
          output.ndim,
          output,
          input,
        ),
      ),
    );
  });
}

/** Derivatives by (or of) each element of one tensor, put together along `dim`. */
function block(parts: readonly Tensor[], dim: number, output: Tensor, input: Tensor): Tensor {
  const shape = [...output.shape, ...input.shape];
  return parts.length === 0 ? zeros(shape, { dtype: input.dtype }) : stack(parts, dim).reshape(shape);
}

function jacobianOf<Args extends unknown[]>(
  op: string,
  fn: (...args: Args) => unknown,
  options: ArgumentOptions<number | readonly number[]>,
  blocksOf: (outputs: readonly Tensor[], inputs: readonly Tensor[], createGraph: boolean) => Tensor[][],
): (...args: Args) => never {
  return (...args) => {
    const level = new Level();
    return enableGrad(() => {
      const { args: own, by } = trackArguments(op, level, args, options.argnums ?? 0);
      const output = fn(...own);
      const outputs = checkTensors(op, output);
      const blocks = blocksOf(outputs, tensorsOf(by), level.isOpen(outputs));
      let position = 0;
      return mapTree(output, () => replaced(by, blocks[position++] as Tensor[])) as never;
    });
  };
}

/**
 * The function that gives all second derivatives of `fn`, which gives one number: `jacfwd(jacrev(fn))`.
 *
 * **Shapes**, options and errors: those of {@link jacrev}, applied twice.
 * @example func.hessian((x: Tensor) => x.prod().square())(tensor([1.5, 2])); // → [[8, 12], [12, 4.5]]
 * @source `torch.func.hessian`.
 */
export function hessian<Args extends unknown[], const Argnums extends number | readonly number[] = 0>(
  fn: (...args: Args) => Tensor,
  options: ArgumentOptions<Argnums> = {},
): (...args: Args) => JacobianBy<GradientsBy<Args, Argnums>, GradientsBy<Args, Argnums>> {
  return jacfwd(jacrev(fn, options), options) as never;
}
