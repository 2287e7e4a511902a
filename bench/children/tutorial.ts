import "@kindling/autograd";
import { CrossEntropyLoss } from "@kindling/losses";
import { Conv2d, Flatten, Linear, MaxPool2d, Module, Sequential } from "@kindling/nn";
import { SGD } from "@kindling/optimizers";
import { manualSeed, type Tensor } from "@kindling/tensor";

/** The network of PyTorch's CIFAR-10 tutorial. */
class Model extends Module {
  model = new Sequential(
    new Conv2d(3, 32, 5, { padding: 2 }),
    new MaxPool2d(2),
    new Conv2d(32, 32, 5, { padding: 2 }),
    new MaxPool2d(2),
    new Conv2d(32, 64, 5, { padding: 2 }),
    new MaxPool2d(2),
    new Flatten(),
    new Linear(1024, 64),
    new Linear(64, 10),
  );

  forward(x: Tensor): Tensor {
    return this.model.forward(x);
  }
}

/** The network with its loss and optimizer. */
export function tutorial() {
  manualSeed(0);
  const model = new Model();
  return { model, criterion: new CrossEntropyLoss(), optimizer: new SGD(model.parameters(), { lr: 0.001 }) };
}

export const batchSize = 64;
export const imageShape = [3, 32, 32] as const;
export const classCount = 10;
