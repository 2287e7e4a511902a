// The time of one small operation, in microseconds.
import "@kindling/autograd";
import { type Tensor, tensor } from "@kindling/tensor";
import { repeat, serve } from "./serve.js";

const calls = 10_000;
const a = tensor([1]);
const b = tensor([2]);
const parameter = tensor([1], { requiresGrad: true });

function microseconds(x: Tensor, y: Tensor): number {
  const start = performance.now();
  for (let i = 0; i < calls; i++) x.add(y);
  return ((performance.now() - start) / calls) * 1000;
}

await serve(repeat(() => ({ plain: microseconds(a, b), recorded: microseconds(parameter, b) })));
