import { enableGrad, UsageError } from "@kindling/tensor";
import { tensorsOf } from "../tree.js";
import { checkTensors, replaced } from "./arguments.js";
import { type Gradients, Level, leave, pullBack, transposed } from "./level.js";

/**
 * What `fn` gives for `primals`, and the function of v that gives `vᵀ J`, by a backward pass; it may be called again and again.
 *
 * **Shapes** primals and outputs: tensors, also in nested arrays and plain objects; v: as the outputs; its products: as the
 * only primal, or an array for several.
 * @throws UsageError if `fn` does not give tensors, or v is not nested as they are.
 * @example
 * const [y, pull] = func.vjp((a, b) => a.mul(b), tensor([1.5, 2]), tensor([3.5, 4]));
 * y; // → [5.25, 8]
 * pull(tensor([1, 10])); // → [[3.5, 40], [1.5, 20]]
 * @source `torch.func.vjp`.
 */
export function vjp<Primals extends unknown[], Out>(
  fn: (...primals: Primals) => Out,
  ...primals: Primals
): [output: Out, pull: (v: Gradients<Out>) => Primals extends [infer Only] ? Gradients<Only> : Gradients<Primals>] {
  const op = "func.vjp";
  const level = new Level();
  const own = level.track(primals);
  const output = enableGrad(() => fn(...own));
  const outputs = checkTensors(op, output);
  const isOpen = level.isOpen(outputs);
  const pull = (v: unknown): unknown => {
    const starts = tensorsOf(v);
    if (starts.length !== outputs.length) {
      throw new UsageError(`${op}: v must have ${outputs.length} tensors, as the output has, got ${starts.length}`);
    }
    const createGraph = isOpen || starts.some((start) => start.requiresGrad);
    const products = replaced(own, pullBack(outputs, tensorsOf(own), starts, { createGraph, retainGraph: true }));
    return own.length === 1 ? (products as unknown[])[0] : products;
  };
  return [leave(output, isOpen), pull as never];
}

/**
 * What `fn` gives for `primals`, and `J v` for `tangents` v, by two backward passes: `uᵀ J` is linear in u, and its
 * derivative by u is J.
 *
 * **Shapes** primals: an array of arguments, tensors in nested arrays and plain objects; tangents: as the primals; result:
 * the outputs, and tensors nested as they are.
 * @throws UsageError if `fn` does not give tensors, or the tangents are not nested as the primals.
 * @example
 * func.jvp((a, b) => a.mul(b), [tensor(1.5), tensor(3.5)], [tensor(1), tensor(10)]); // → [5.25, 18.5]
 * @source `torch.func.jvp`.
 */
export function jvp<Primals extends unknown[], Out>(
  fn: (...primals: Primals) => Out,
  primals: readonly [...Primals],
  tangents: Gradients<readonly [...Primals]>,
): [output: Out, tangent: Gradients<Out>] {
  const op = "func.jvp";
  const level = new Level();
  const own = level.track([...primals]) as Primals;
  const vectors = tensorsOf(tangents);
  const inputs = tensorsOf(own);
  if (vectors.length !== inputs.length) {
    throw new UsageError(
      `${op}: tangents must have ${inputs.length} tensors, as the primals have, got ${vectors.length}`,
    );
  }
  return enableGrad(() => {
    const output = fn(...own);
    const outputs = checkTensors(op, output);
    const isOpen = level.isOpen([...outputs, ...vectors]);
    const push = transposed(outputs, inputs);
    return [leave(output, isOpen), replaced(output, push(vectors, { createGraph: isOpen })) as Gradients<Out>];
  });
}
