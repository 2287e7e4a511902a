import { type GRU, type PackedSequence, packPaddedSequence, padPackedSequence } from "@kindling/nn";
import type { Tensor } from "@kindling/tensor";
import { flatten } from "../call.js";
import { decodeAll } from "../decode.js";
import type { Blob, Case, Golden, Group } from "../folder.js";
import { type Blobs, buildModule, expectParameterGradients, loadState } from "./module.js";
import { checkResults, forEachLayout, type GradientCase, hasGradient } from "./op.js";

interface PackedCase extends Case, GradientCase {
  readonly init: { readonly [name: string]: Golden };
  readonly train: boolean;
  readonly lengths: readonly number[];
  readonly params: Blobs;
  readonly args: { readonly input: Blob };
  readonly param_grads?: Blobs;
}

/** A recurrent layer on a packed batch: its padded output, then its last states. */
export function runPacked(group: Group, golden: Case): void {
  const { op, init, train, lengths, params, args, param_grads = {}, ...rest } = golden as PackedCase;
  const batchFirst = init.batch_first === true;
  forEachLayout(op, (layout) => {
    const built = buildModule(group, op, init);
    loadState(built, group, params);
    built.module.train(train);
    const values = decodeAll(group, args, (name) => ({ layout, requiresGrad: hasGradient(rest, name) }));
    const packed = packPaddedSequence(values.input as Tensor, lengths, { batchFirst });
    const [output, state] = built.module.call(packed) as ReturnType<GRU["forward"]> as [PackedSequence, Tensor];
    const [padded] = padPackedSequence(output, { batchFirst });
    checkResults(group, flatten([padded, state]), values, rest);
    expectParameterGradients(built, group, param_grads);
  });
}
