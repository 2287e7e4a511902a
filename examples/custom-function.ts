// An operation with a derivative of its own: log(cosh(x)), computed so that it never overflows.
// Run it: pnpm --filter @kindling/examples start custom-function.ts
import assert from "node:assert/strict";
import * as autograd from "@kindling/autograd";
import { manualSeed, randn, type Tensor, tensor } from "@kindling/tensor";

class LogCosh extends autograd.Function {
  // log(cosh(x)) = |x| + log(1 + exp(−2|x|)) − log(2); the exponential is at most 1.
  static override forward(context: autograd.FunctionContext, x: Tensor) {
    context.saveForBackward(x);
    const magnitude = x.abs();
    return magnitude.add(magnitude.mul(-2).exp().log1p()).sub(Math.LN2);
  }

  // Its derivative is tanh(x). Written with operations, so it can be differentiated again.
  static override backward(context: autograd.FunctionContext, gradient: Tensor) {
    const [x] = context.savedTensors as [Tensor];
    return gradient.mul(x.tanh());
  }
}

const logCosh = (x: Tensor) => LogCosh.apply(x);

manualSeed(0);
const x = randn([2, 3], { dtype: "float64", requiresGrad: true });
console.log(logCosh(x));
assert.ok(autograd.gradcheck(logCosh, [x]));

// Far from 0, where cosh overflows.
const far = tensor([-1000, 0, 1000], { dtype: "float32", requiresGrad: true });
const y = logCosh(far);
y.sum().backward();
console.log(y, far.grad);
assert.deepEqual(far.cosh().log().toArray(), [Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY]);
assert.deepEqual(y.toArray(), [999.3068237304688, 0, 999.3068237304688]);
assert.deepEqual(far.grad?.toArray(), [-1, 0, 1]);

// The second derivative is 1 − tanh²(x).
const at = tensor(0.5, { requiresGrad: true });
const [first] = autograd.grad(logCosh(at), at, { createGraph: true });
const [second] = autograd.grad(first, at);
console.log(first.item(), second.item());
assert.ok(Math.abs(second.item() - (1 - Math.tanh(0.5) ** 2)) < 1e-6);
