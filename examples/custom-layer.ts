// A module with parameters of its own: a matrix kept as a product of two thin ones, between built-in layers.
// Run it: pnpm --filter @kindling/examples start custom-layer.ts
import assert from "node:assert/strict";
import { MSELoss } from "@kindling/losses";
import { init, Linear, Module, Parameter, ReLU, Sequential } from "@kindling/nn";
import { Adam } from "@kindling/optimizers";
import { empty, manualSeed, randn, type Tensor, zeros } from "@kindling/tensor";
import "@kindling/autograd";

/** `y = x · down · up + bias`, with far fewer numbers than a full matrix while the rank is small. */
class LowRankLinear extends Module {
  // A field that holds a Parameter is a parameter of the module, another tensor would be a buffer, a module a child.
  down: Parameter;
  up: Parameter;
  bias: Parameter;

  constructor(inFeatures: number, outFeatures: number, rank: number) {
    super();
    this.down = new Parameter(empty([inFeatures, rank]));
    this.up = new Parameter(empty([rank, outFeatures]));
    this.bias = new Parameter(zeros([outFeatures]));
    init.xavierUniform_(this.down);
    init.xavierUniform_(this.up);
  }

  forward(x: Tensor) {
    return x.matmul(this.down).matmul(this.up).add(this.bias);
  }

  override extraRepr() {
    return `rank=${this.down.shape[1]}`;
  }
}

manualSeed(0);
const model = new Sequential(new LowRankLinear(32, 64, 4), new ReLU(), new Linear(64, 1));
console.log(model);
const names = [...model.namedParameters()].map(([name, { shape }]) => `${name} [${shape}]`);
console.log(names.join(", "));

const x = randn([256, 32]);
const target = x.narrow(1, 0, 2).sum(1, { keepdim: true }).abs();
const optimizer = new Adam(model.parameters(), { lr: 0.01 });
const loss = new MSELoss();
let last = Number.NaN;
for (let step = 0; step < 200; step++) {
  optimizer.zeroGrad();
  const l = loss.forward(model.forward(x), target);
  l.backward();
  optimizer.step();
  last = l.item();
  if (step % 50 === 0) console.log(`step ${step}: loss ${last.toFixed(4)}`);
}

assert.deepEqual(names.slice(0, 3), ["0.down [32,4]", "0.up [4,64]", "0.bias [64]"]);
assert.ok(last < 0.05, `expected the layer to learn, its loss is ${last}`);
