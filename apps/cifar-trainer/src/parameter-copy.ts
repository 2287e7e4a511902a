import { noGrad, type Tensor } from "@kindling/tensor";
import type { Model } from "./model.js";

/** A copy of a network's parameters, to go back to. */
export class ParameterCopy {
  readonly #parameters: readonly Tensor[];
  readonly #copies: readonly Tensor[];

  constructor(model: Model) {
    this.#parameters = [...model.parameters()].map((parameter) => parameter.detach());
    this.#copies = this.#parameters.map((parameter) => parameter.clone());
  }

  update(): void {
    noGrad(() => this.#copies.forEach((copy, index) => void copy.copy_(this.#parameters[index] as Tensor)));
  }

  restore(): void {
    noGrad(() => this.#parameters.forEach((parameter, index) => void parameter.copy_(this.#copies[index] as Tensor)));
  }
}
