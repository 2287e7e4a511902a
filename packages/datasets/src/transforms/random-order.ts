import { randperm } from "@kindling/tensor";
import { DrawnSteps } from "./containers.js";

/**
 * Several transforms in random order, drawn as torchvision's v2 does: by `randperm`.
 *
 * @example
 * const image = arange(4, { dtype: "uint8" }).reshape([1, 2, 2]);
 * manualSeed(0);
 * const order = new transforms.RandomOrder([new transforms.Pad(1), new transforms.CenterCrop(3)]);
 * [0, 1, 2].map(() => order.forward(image).shape); // → [[1, 3, 3], [1, 5, 5], [1, 5, 5]]
 */
export class RandomOrder extends DrawnSteps {
  choose(): readonly number[] {
    return Array.from(randperm(this.transforms.length).toTypedArray());
  }

  override toString(): string {
    return `RandomOrder(${this.lines()}\n)`;
  }
}
