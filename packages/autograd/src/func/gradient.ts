import { enableGrad, formatShape, ShapeError, Tensor, UsageError, zerosLike } from "@kindling/tensor";
import { tensorsOf } from "../tree.js";
import {
  type ArgumentOptions,
  type AuxiliaryOptions,
  type GradientsBy,
  replaced,
  trackArguments,
} from "./arguments.js";
import { Level, leave, pullBack } from "./level.js";

function differentiate(
  op: string,
  fn: (...args: never[]) => unknown,
  args: unknown[],
  options: { argnums?: number | readonly number[]; hasAux?: boolean },
): { gradients: unknown; value: unknown; aux: unknown } {
  const level = new Level();
  return enableGrad(() => {
    const { args: own, by } = trackArguments(op, level, args, options.argnums ?? 0);
    const result = (fn as (...all: unknown[]) => unknown)(...own);
    if (options.hasAux && !Array.isArray(result)) {
      throw new UsageError(`${op}: with hasAux, fn must return [value, more], got ${typeof result}`);
    }
    const [value, aux] = options.hasAux ? (result as [unknown, unknown]) : [result, null];
    if (!(value instanceof Tensor)) throw new UsageError(`${op}: fn must return a tensor, got ${typeof value}`);
    if (value.ndim > 0) {
      throw new ShapeError(`${op}: fn must return a scalar, got shape ${formatShape(value.shape)}; reduce with .sum()`);
    }
    const isOpen = level.isOpen([value, ...tensorsOf(aux)]);
    const one = zerosLike(value).add(1);
    const gradients = pullBack([value], tensorsOf(by), [one], { createGraph: isOpen });
    return { gradients: replaced(by, gradients), value: leave(value, isOpen), aux: leave(aux, isOpen) };
  });
}

/**
 * The function that gives the gradient of `fn`, which gives one number.
 *
 * Gradients by other tensors that `fn` uses, and gradients of gradients, go through: `func.grad(func.grad(fn))` is the
 * second derivative. No `.grad` is touched.
 *
 * **Shapes** arguments: tensors, also in nested arrays and plain objects; result: the same with gradients in their places.
 * Options: `argnums` (0): which argument to differentiate by, or an array of several; `hasAux` (false): `fn` returns
 * `[value, more]`, and the result is `[gradient, more]`.
 * @throws ShapeError unless `fn` gives a scalar; UsageError for an argument that is not there.
 * @example
 * const slope = func.grad((x: Tensor) => x.sin());
 * slope(tensor(0, { dtype: "float32" })); // → 1
 * func.grad(slope)(tensor(1, { dtype: "float32" })); // → -0.8415
 * const model = ({ w, b }: { w: Tensor; b: Tensor }, x: Tensor) => w.mul(x).add(b).square();
 * func.grad(model)({ w: tensor(2.5), b: tensor(0.5) }, tensor(2)); // → { w: 22, b: 11 }
 * @source `torch.func.grad`. PyTorch's other `grad`, of outputs that are there, is {@link grad} without the `func`.
 */
export function grad<Args extends unknown[], More, const Argnums extends number | readonly number[] = 0>(
  fn: (...args: Args) => readonly [Tensor, More],
  options: AuxiliaryOptions<Argnums>,
): (...args: Args) => [GradientsBy<Args, Argnums>, More];
export function grad<Args extends unknown[], const Argnums extends number | readonly number[] = 0>(
  fn: (...args: Args) => Tensor,
  options?: ArgumentOptions<Argnums>,
): (...args: Args) => GradientsBy<Args, Argnums>;
export function grad(
  fn: (...args: never[]) => unknown,
  options: { argnums?: number | readonly number[]; hasAux?: boolean } = {},
): (...args: unknown[]) => unknown {
  return (...args) => {
    const { gradients, aux } = differentiate("func.grad", fn, args, options);
    return options.hasAux ? [gradients, aux] : gradients;
  };
}

/**
 * The function that gives the gradient of `fn`, and its value: {@link grad} for those who want both.
 *
 * **Shapes**, options and errors: those of {@link grad}. Result: `[gradient, value]`; with `hasAux`, `[gradient, [value, more]]`.
 * @example
 * func.gradAndValue((x: Tensor) => x.square().sum())(tensor([1.5, 2])); // → [[3, 4], 6.25]
 * @source `torch.func.grad_and_value`.
 */
export function gradAndValue<Args extends unknown[], More, const Argnums extends number | readonly number[] = 0>(
  fn: (...args: Args) => readonly [Tensor, More],
  options: AuxiliaryOptions<Argnums>,
): (...args: Args) => [GradientsBy<Args, Argnums>, [Tensor, More]];
export function gradAndValue<Args extends unknown[], const Argnums extends number | readonly number[] = 0>(
  fn: (...args: Args) => Tensor,
  options?: ArgumentOptions<Argnums>,
): (...args: Args) => [GradientsBy<Args, Argnums>, Tensor];
export function gradAndValue(
  fn: (...args: never[]) => unknown,
  options: { argnums?: number | readonly number[]; hasAux?: boolean } = {},
): (...args: unknown[]) => unknown {
  return (...args) => {
    const { gradients, value, aux } = differentiate("func.gradAndValue", fn, args, options);
    return [gradients, options.hasAux ? [value, aux] : value];
  };
}
