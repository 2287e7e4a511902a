// ResNet-20 as for CIFAR, on made-up images: pytorch/resnet.py line by line, with the same losses.
// Run it: pnpm --filter @kindling/examples start resnet.ts
import assert from "node:assert/strict";
import * as nn from "@kindling/nn";
import * as optim from "@kindling/optimizers";
import { arange, manualSeed, randn, type Tensor } from "@kindling/tensor";
import "@kindling/autograd";

const F = nn.functional;
manualSeed(0);
const labels = arange(32).remainder(4);
const images = randn(32, 3, 32, 32).add(labels.reshape(-1, 1, 1, 1).mul(0.5));

function convBn(inPlanes: number, planes: number, kernelSize: number, stride: number) {
  const options = { stride, padding: Math.floor(kernelSize / 2), bias: false };
  return new nn.Sequential(new nn.Conv2d(inPlanes, planes, kernelSize, options), new nn.BatchNorm2d(planes));
}

class BasicBlock extends nn.Module {
  residual: nn.Layer;
  shortcut: nn.Layer;
  constructor(inPlanes: number, planes: number, stride: number) {
    super();
    this.residual = new nn.Sequential(convBn(inPlanes, planes, 3, stride), new nn.ReLU(), convBn(planes, planes, 3, 1));
    this.shortcut = stride === 1 ? new nn.Identity() : convBn(inPlanes, planes, 1, stride);
  }
  forward(x: Tensor) {
    return F.relu(this.residual.forward(x).add(this.shortcut.forward(x)));
  }
}

function makeLayer(inPlanes: number, planes: number, stride: number) {
  const first = new BasicBlock(inPlanes, planes, stride);
  return new nn.Sequential(first, new BasicBlock(planes, planes, 1), new BasicBlock(planes, planes, 1));
}

class ResNet extends nn.Module {
  stem = convBn(3, 16, 3, 1);
  layers = new nn.Sequential(makeLayer(16, 16, 1), makeLayer(16, 32, 2), makeLayer(32, 64, 2));
  linear = new nn.Linear(64, 4);
  forward(x: Tensor) {
    const out = this.layers.forward(F.relu(this.stem.forward(x)));
    return this.linear.forward(F.adaptiveAvgPool2d(out, 1).flatten(1));
  }
}

const model = new ResNet();
const optimizer = new optim.SGD(model.parameters(), { lr: 0.002, momentum: 0.9, weightDecay: 5e-4 });
const printed = [1.40648, 1.36072, 1.28416, 1.2242, 1.10632, 1.04684, 0.93765, 0.88698]; // by PyTorch
for (let step = 0; step < 8; step++) {
  const half = step % 2;
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model.forward(images.split(16)[half] as Tensor), labels.split(16)[half] as Tensor);
  loss.backward();
  optimizer.step();
  console.log(`step ${step} loss ${loss.item().toFixed(5)}`);
  assert.ok(Math.abs(loss.item() - (printed[step] as number)) < 1e-3);
}
