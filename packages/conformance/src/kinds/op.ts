import { backward } from "@kindling/autograd";
import { Tensor } from "@kindling/tensor";
import { callOperation, expectThrows } from "../call.js";
import { expectAllSame, expectSame, type Got } from "../compare.js";
import { decodeAll, decodeTensor, type Values } from "../decode.js";
import type { Blob, Case, Golden, Group } from "../folder.js";
import { contiguous, type Layout, spaced, strided } from "../layout.js";
import { Mismatch } from "../outcome.js";

/** The gradients expected of each argument; a list where the argument is one. */
export type Gradients = { readonly [name: string]: Blob | null | readonly (Blob | null)[] };

export interface GradientCase {
  readonly outputs?: readonly Blob[];
  readonly grad_outputs?: readonly (Blob | null)[];
  readonly grads?: Gradients;
}

interface OpCase extends Case, GradientCase {
  readonly args: { readonly [name: string]: Golden };
  readonly weight_after?: Blob;
}

/** Layouts in which a case's answer must be the same. */
export const layouts: Readonly<Record<string, Layout>> = { contiguous, strided };

/** `view` shows the memory as it is, and so refuses dimensions that changed places there. */
const layoutsOfView: typeof layouts = { contiguous, spaced };

/** Runs `body` with each layout; a mismatch says in which one it was. */
export function forEachLayout(op: string, body: (layout: Layout) => void): void {
  for (const [name, layout] of Object.entries(op === "view" ? layoutsOfView : layouts)) {
    try {
      body(layout);
    } catch (error) {
      if (error instanceof Mismatch) throw new Mismatch(`${name} inputs: ${error.message}`, { cause: error });
      throw error;
    }
  }
}

export function runOp(group: Group, golden: Case): void {
  const { op, args, error, weight_after, ...expected } = golden as OpCase;
  forEachLayout(op, (layout) => {
    const values = decodeAll(group, args, (name) => ({ layout, requiresGrad: hasGradient(expected, name) }));
    if (error) {
      expectThrows(error, () => callOperation(op, values));
      return;
    }
    checkResults(group, callOperation(op, values), values, expected);
    if (weight_after) expectSame(group, "weight afterwards", values.weight as Tensor, weight_after);
  });
}

export function hasGradient({ grads }: GradientCase, name: string): boolean {
  return grads !== undefined && Object.hasOwn(grads, name);
}

/** Compares outputs, then runs backward and compares the gradients of the arguments. */
export function checkResults(group: Group, results: readonly Got[], values: Values, expected: GradientCase): void {
  const { outputs = [], grad_outputs, grads } = expected;
  expectAllSame(group, "output", results, outputs);
  if (grads === undefined || grad_outputs === undefined) return;
  backwardFrom(group, results, grad_outputs);
  for (const [name, want] of Object.entries(grads)) {
    const value = values[name];
    if (value instanceof Tensor) expectSame(group, `gradient of ${name}`, value.grad, want as Blob | null);
    else {
      const given = (value as readonly Tensor[]).map(({ grad }) => grad);
      expectAllSame(group, `gradient of ${name}`, given, want as readonly (Blob | null)[]);
    }
  }
}

export function backwardFrom(group: Group, results: readonly Got[], gradients: readonly (Blob | null)[]): void {
  const roots = results.flatMap((result, i) => {
    const gradient = gradients[i];
    if (gradient === null || gradient === undefined) return [];
    if (!(result instanceof Tensor)) throw new Mismatch(`output ${i}: a plain value has no gradient`);
    return [{ result, gradient: decodeTensor(group, gradient) }];
  });
  backward(
    roots.map(({ result }) => result),
    roots.map(({ gradient }) => gradient),
  );
}
