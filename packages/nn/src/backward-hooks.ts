import { passThrough, Tensor, UsageError } from "@kindling/tensor";
import {
  type FullBackwardHook,
  type FullBackwardPreHook,
  type Gradients,
  globalHooks,
  type ModuleHooks,
} from "./hooks.js";
import type { Module } from "./module.js";

function asList(gradients: Gradients | Tensor): Gradients {
  return gradients instanceof Tensor ? [gradients] : gradients;
}

/** Gives the tensors of a list to `pass` and puts what comes back in their places. */
function passTensors(values: readonly unknown[], pass: (tensors: readonly Tensor[]) => readonly Tensor[]): unknown[] {
  const passed = pass(values.filter((value): value is Tensor => value instanceof Tensor));
  let next = 0;
  return values.map((value) => (value instanceof Tensor ? passed[next++] : value));
}

/**
 * One call of a module whose backward is watched. Its inputs pass through one node of the graph and its outputs through
 * another, where the gradients of all of them are known at once.
 */
export class BackwardWatch {
  readonly #module: Module;
  readonly #hooks: readonly FullBackwardHook[];
  readonly #preHooks: readonly FullBackwardPreHook[];
  #inputs = 0;
  #areInputsRecorded = false;
  #gradOutputs: Gradients | null = null;

  constructor(module: Module, own: ModuleHooks) {
    this.#module = module;
    this.#hooks = [...globalHooks.backward, ...own.backward];
    this.#preHooks = [...globalHooks.backwardPre, ...own.backwardPre];
  }

  static isNeeded(own: ModuleHooks): boolean {
    return globalHooks.backward.size + globalHooks.backwardPre.size + own.backward.size + own.backwardPre.size > 0;
  }

  passInputs(inputs: readonly unknown[]): readonly unknown[] {
    this.#inputs = inputs.length;
    if (this.#hooks.length === 0) return inputs;
    const positions = inputs.flatMap((input, i) => (input instanceof Tensor ? [i] : []));
    return passTensors(inputs, (tensors) => {
      const passed = passThrough(tensors, (gradients) => this.#seeInputs(positions, gradients));
      this.#areInputsRecorded = passed !== tensors;
      return passed;
    });
  }

  #seeInputs(positions: readonly number[], gradients: Gradients): Gradients {
    const all: (Tensor | null)[] = Array.from({ length: this.#inputs }, () => null);
    for (const [i, position] of positions.entries()) all[position] = gradients[i] as Tensor | null;
    let current: Gradients = all;
    for (const hook of this.#hooks) {
      const replaced = hook(this.#module, current, this.#gradOutputs ?? []);
      if (replaced === undefined) continue;
      current = asList(replaced);
      this.#checkCount("registerFullBackwardHook", current, this.#inputs);
    }
    this.#gradOutputs = null;
    return positions.map((position) => current[position] as Tensor | null);
  }

  passOutput(output: unknown): unknown {
    if (output instanceof Tensor) return this.#passOutputs([output])[0];
    return Array.isArray(output) ? this.#passOutputs(output) : output;
  }

  #passOutputs(outputs: readonly unknown[]): unknown[] {
    return passTensors(outputs, (tensors) => passThrough(tensors, (gradients) => this.#seeOutputs(gradients)));
  }

  #seeOutputs(gradients: Gradients): Gradients {
    let current = gradients;
    for (const hook of this.#preHooks) {
      const replaced = hook(this.#module, current);
      if (replaced === undefined) continue;
      current = asList(replaced);
      this.#checkCount("registerFullBackwardPreHook", current, gradients.length);
    }
    this.#gradOutputs = current;
    // No gradient will come to the inputs: this is all that the hooks get to see.
    if (!this.#areInputsRecorded) {
      this.#seeInputs([], []);
    }
    return current;
  }

  #checkCount(what: string, gradients: Gradients, wanted: number): void {
    if (gradients.length === wanted) return;
    throw new UsageError(
      `${what}: a hook of ${this.#module.constructor.name} must return ${wanted} gradients, got ${gradients.length}`,
    );
  }
}
