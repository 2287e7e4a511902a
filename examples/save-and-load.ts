// Saving a model and its optimizer as safetensors, and going on later as if there had been no break.
// Run it: pnpm --filter @kindling/examples start save-and-load.ts
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MSELoss } from "@kindling/losses";
import { Linear, Module, ReLU, Sequential } from "@kindling/nn";
import { Adam } from "@kindling/optimizers";
import { loadOptimizerState, loadSafetensors, saveOptimizer, saveSafetensors } from "@kindling/serialization";
import { manualSeed, randn, type Tensor } from "@kindling/tensor";
import "@kindling/autograd";

class Net extends Module {
  body = new Sequential(new Linear(8, 32), new ReLU());
  head = new Linear(32, 1);

  forward(x: Tensor) {
    return this.head.forward(this.body.forward(x));
  }
}

manualSeed(0);
const x = randn([64, 8]);
const target = x.square().sum(1, { keepdim: true });
const loss = new MSELoss();

function train(model: Net, optimizer: Adam, steps: number) {
  let last = Number.NaN;
  for (let step = 0; step < steps; step++) {
    optimizer.zeroGrad();
    const l = loss.forward(model.forward(x), target);
    l.backward();
    optimizer.step();
    last = l.item();
  }
  return last;
}

const folder = await mkdtemp(join(tmpdir(), "kindling-example-"));
const [modelFile, optimizerFile] = [join(folder, "model.safetensors"), join(folder, "optimizer.safetensors")];

const model = new Net();
const optimizer = new Adam(model.parameters(), { lr: 0.01 });
train(model, optimizer, 20);
await saveSafetensors(model.stateDict(), modelFile, { metadata: { epoch: "20" } });
await saveOptimizer(optimizer, optimizerFile);

// Another program, another day. Names and layouts are PyTorch's, so it may be a Python program, too.
const { tensors, metadata } = await loadSafetensors(modelFile);
console.log(metadata, Object.keys(tensors));
const restored = new Net();
restored.loadStateDict(tensors);
const resumed = new Adam(restored.parameters());
resumed.loadStateDict(await loadOptimizerState(optimizerFile));
await rm(folder, { recursive: true });

const losses = [train(model, optimizer, 20), train(restored, resumed, 20)];
console.log(losses);
assert.equal(losses[0], losses[1]);
