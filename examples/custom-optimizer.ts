// An optimizer of one's own: Lion (Chen et al. 2023), which steps by the sign of a running mean of the gradients.
// Run it: pnpm --filter @kindling/examples start custom-optimizer.ts
import assert from "node:assert/strict";
import { MSELoss } from "@kindling/losses";
import { Linear } from "@kindling/nn";
import { CosineAnnealingLR, Optimizer, type ParamGroup, type Params } from "@kindling/optimizers";
import { manualSeed, randn, type Tensor, tensor, zerosLike } from "@kindling/tensor";
import "@kindling/autograd";

interface LionOptions {
  lr: number;
  betas: readonly [number, number];
  weightDecay: number;
}

class Lion extends Optimizer<LionOptions> {
  constructor(params: Params<LionOptions>, options: Partial<LionOptions> = {}) {
    super(params, { lr: 1e-4, betas: [0.9, 0.99], weightDecay: 0, ...options });
  }

  // Called for every parameter that has a gradient; nothing here is recorded. State kept in `this.state` is saved by `stateDict()`.
  protected override update(parameter: Tensor, gradient: Tensor, group: ParamGroup<LionOptions>) {
    const [beta1, beta2] = group.betas;
    const mean = (this.state.get(parameter)?.mean as Tensor | undefined) ?? zerosLike(parameter);
    const direction = mean
      .mul(beta1)
      .add(gradient, { alpha: 1 - beta1 })
      .sign();
    parameter.mul_(1 - group.lr * group.weightDecay).sub_(direction, { alpha: group.lr });
    this.state.set(parameter, { mean: mean.mul_(beta2).add_(gradient, { alpha: 1 - beta2 }) });
  }
}

manualSeed(0);
const weight = tensor([[1, -2, 3]], { dtype: "float32" });
const x = randn([128, 3]);
const target = x.matmul(weight.t()).add(0.5);

const model = new Linear(3, 1);
const lion = new Lion(model.parameters(), { lr: 0.05 });
const schedule = new CosineAnnealingLR(lion, 500);
const loss = new MSELoss();
for (let step = 0; step < 500; step++) {
  lion.zeroGrad();
  const l = loss.forward(model.forward(x), target);
  l.backward();
  lion.step();
  schedule.step();
  if (step % 100 === 0) console.log(`step ${step}: loss ${l.item().toFixed(6)}`);
}
console.log(model.weight, model.bias);

assert.ok(model.weight.sub(weight).abs().max().item() < 0.01, "the weights were not found");
assert.deepEqual(Object.keys(lion.stateDict().state), ["0", "1"]);
