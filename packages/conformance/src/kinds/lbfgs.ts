import { type Tensor, tensor } from "@kindling/tensor";
import { difference, expectSame } from "../compare.js";
import { decodeAll, decodeTensor } from "../decode.js";
import type { Blob, Case, Golden, Group } from "../folder.js";
import { NotCovered } from "../outcome.js";
import { atStep, buildOptimizer } from "./optimizer.js";

interface LbfgsCase extends Case {
  readonly options: { readonly [name: string]: Golden };
  readonly x0: Blob;
  readonly A: Blob;
  readonly b: Blob;
  readonly after: Blob;
  readonly losses: Blob;
}

/** Minimises ½ xᵀAx − bx with a closure: x after each step, and the losses that the steps return. */
export function runLbfgs(group: Group, golden: Case): void {
  const { op, options, x0, A, b, after, losses } = golden as LbfgsCase;
  const x = decodeTensor(group, x0, { requiresGrad: true });
  const [matrix, vector] = [decodeTensor(group, A), decodeTensor(group, b)];
  const optimizer = buildOptimizer(op, [x], decodeAll(group, options));
  const closure = (): number => {
    optimizer.zeroGrad();
    const loss: Tensor = x.dot(matrix.mv(x)).mul(0.5).sub(vector.dot(x));
    loss.backward();
    return loss.item();
  };
  // A case whose x0 is x at the end of its own run, as some folders have it, says nothing of the run.
  const begin = tensor([closure()], { dtype: "float32" });
  if (difference(group, begin, { ...losses, shape: [1] }) !== null) {
    throw new NotCovered("LBFGS from an x0 that is not where the case began: its loss is not the first of the case");
  }
  const returned: number[] = [];
  for (let step = 0; step < (after.shape[0] as number); step++) {
    returned.push(optimizer.step(closure) as number);
    expectSame(group, `x after step ${step}`, x, atStep(group, after, step));
  }
  expectSame(group, "losses", tensor(returned, { dtype: "float32" }), losses);
}
