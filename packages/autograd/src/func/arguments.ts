import { Tensor, UsageError } from "@kindling/tensor";
import { leavesOf, mapTensors, tensorsOf } from "../tree.js";
import type { Gradients, Level } from "./level.js";

/** Options of {@link grad}, {@link gradAndValue} and the Jacobians. */
export interface ArgumentOptions<Argnums extends number | readonly number[]> {
  /** Which arguments to differentiate by: one, or several in an array. Default 0. */
  argnums?: Argnums;
}

/** Options of {@link grad} and {@link gradAndValue} for functions that return something besides. */
export interface AuxiliaryOptions<Argnums extends number | readonly number[]> extends ArgumentOptions<Argnums> {
  /** Whether fn returns `[value, more]`, where more is handed on and not differentiated. Default false. */
  hasAux: true;
}

/** Gradients by the arguments that `argnums` tells: of one, or an array of several. */
export type GradientsBy<Args extends unknown[], Argnums> = Argnums extends readonly number[]
  ? { -readonly [Key in keyof Argnums]: Gradients<Args[Argnums[Key] & number]> }
  : Argnums extends number
    ? Gradients<Args[Argnums]>
    : never;

/** For each tensor of `Out` what `By` has. */
export type JacobianBy<Out, By> = Out extends Tensor ? By : { -readonly [Key in keyof Out]: JacobianBy<Out[Key], By> };

/** The arguments with those of `argnums` tracked by `level`, and these alone. */
export function trackArguments<Args extends unknown[]>(
  op: string,
  level: Level,
  args: Args,
  argnums: number | readonly number[],
): { args: Args; by: unknown } {
  const tracked = [...args] as Args;
  const track = (argnum: number): unknown => {
    const position = argnum < 0 ? argnum + args.length : argnum;
    if (!Number.isInteger(argnum) || position < 0 || position >= args.length) {
      throw new UsageError(`${op}: argnums has ${argnum}, but there are ${args.length} arguments`);
    }
    tracked[position] = level.track(args[position]);
    if (tensorsOf(tracked[position]).length === 0) throw new UsageError(`${op}: argument ${argnum} has no tensors`);
    return tracked[position];
  };
  return { by: typeof argnums === "number" ? track(argnums) : argnums.map(track), args: tracked };
}

/** Puts tensors into the places of those in `tree`. */
export function replaced(tree: unknown, tensors: readonly Tensor[]): unknown {
  let position = 0;
  return mapTensors(tree, () => tensors[position++] as Tensor);
}

export function checkTensors(op: string, output: unknown): Tensor[] {
  return leavesOf(output).map((leaf) => {
    if (leaf instanceof Tensor) return leaf;
    throw new UsageError(`${op}: fn must return tensors, also in arrays and plain objects, got ${typeof leaf}`);
  });
}
