import { Conv2d, Flatten, Linear, MaxPool2d, Module, Sequential } from "@kindling/nn";
import type { Tensor } from "@kindling/tensor";

/**
 * The network of the CIFAR-10 tutorial.
 *
 * **Shapes**: `[n, 3, 32, 32]` → `[n, 10]`, one logit per class.
 */
export class Model extends Module {
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
