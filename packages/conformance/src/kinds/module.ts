import { noGrad, Tensor } from "@kindling/tensor";
import type { Built } from "../adapters/module.js";
import { modules } from "../adapters/modules.js";
import { expectThrows, flatten, lookUp, withArguments } from "../call.js";
import { expectEqual, expectSame, type Got } from "../compare.js";
import { decodeAll, decodeTensor, type Values } from "../decode.js";
import type { Blob, Case, Golden, Group } from "../folder.js";
import { Mismatch } from "../outcome.js";
import { checkResults, forEachLayout, type GradientCase, hasGradient } from "./op.js";

export type Blobs = { readonly [name: string]: Blob };
type Goldens = { readonly [name: string]: Golden };

interface ModuleCase extends Case, GradientCase {
  readonly init: Goldens;
  readonly train: boolean;
  readonly args?: Goldens;
  readonly params?: Blobs;
  readonly buffers?: Blobs;
  readonly param_grads?: { readonly [name: string]: Blob | null };
  readonly buffers_after?: Blobs;
}

export function buildModule(group: Group, op: string, init: Goldens): Built {
  return withArguments(op, decodeAll(group, init), lookUp(modules, op));
}

/** Copies parameters and buffers into a module; all of its own must be there. */
export function loadState({ module }: Pick<Built, "module">, group: Group, ...states: readonly Blobs[]): void {
  const tensors = states.flatMap((state) => Object.entries(state));
  module.loadStateDict(Object.fromEntries(tensors.map(([name, blob]) => [name, decodeTensor(group, blob)])));
}

/** Compares some of a module's parameters and buffers. */
export function expectState({ module }: Pick<Built, "module">, group: Group, where: string, want: Blobs): void {
  const state = module.stateDict();
  for (const [name, blob] of Object.entries(want)) expectSame(group, `${where} ${name}`, state[name], blob);
}

export function expectParameterGradients(
  { module }: Pick<Built, "module">,
  group: Group,
  want: { readonly [name: string]: Blob | null },
): void {
  const parameters = new Map(module.namedParameters());
  for (const [name, blob] of Object.entries(want)) {
    expectSame(group, `gradient of ${name}`, parameters.get(name)?.grad, blob);
  }
}

export function runModule(group: Group, golden: Case): void {
  const { op, init, train, params = {}, buffers = {}, args = {}, ...rest } = golden as ModuleCase;
  const { error, param_grads = {}, buffers_after = {} } = rest;
  if (error?.stage === "init") {
    expectThrows(error, () => buildModule(group, op, init));
    return;
  }
  forEachLayout(op, (layout) => {
    const built = buildModule(group, op, init);
    loadState(built, group, params, buffers);
    built.module.train(train);
    const values = decodeAll(group, args, (name) => ({ layout, requiresGrad: hasGradient(rest, name) }));
    const forward = (): Got[] => flatten(withArguments(op, values, built.forward));
    if (error) {
      expectThrows(error, forward);
      return;
    }
    checkResults(group, forward(), values, rest);
    expectParameterGradients(built, group, param_grads);
    expectState(built, group, "buffer afterwards", buffers_after);
  });
}

interface SequenceCase extends Case {
  readonly init: Goldens;
  readonly inputs: readonly Blob[];
  readonly running_mean_after: readonly Blob[];
  readonly running_var_after: readonly Blob[];
  readonly num_batches_tracked: number;
  readonly eval_output: Blob;
}

/** A normalising module that sees some batches in training, then the first one again in evaluation. */
export function runModuleSequence(group: Group, golden: Case): void {
  const { op, init, inputs, running_mean_after, running_var_after, num_batches_tracked, eval_output } =
    golden as SequenceCase;
  const built = buildModule(group, op, init);
  const forward = (blob: Blob): Got => {
    const values: Values = { input: decodeTensor(group, blob) };
    return noGrad(() => flatten(withArguments(op, values, built.forward))[0]);
  };
  inputs.forEach((input, i) => {
    forward(input);
    expectState(built, group, `after batch ${i},`, {
      running_mean: running_mean_after[i] as Blob,
      running_var: running_var_after[i] as Blob,
    });
  });
  const tracked = built.module.stateDict().num_batches_tracked;
  if (!(tracked instanceof Tensor)) throw new Mismatch("there is no num_batches_tracked");
  expectEqual("num_batches_tracked", tracked.item(), num_batches_tracked);
  built.module.eval();
  expectSame(group, "output in evaluation", forward(inputs[0] as Blob), eval_output);
}
