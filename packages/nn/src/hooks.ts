import { HookList, type HookOptions, type RemovableHandle, type Tensor } from "@kindling/tensor";
import type { Module } from "./module.js";
import type { IncompatibleKeys } from "./state-dict.js";

/** Sees what goes into `forward` and comes out of it; what it returns, unless undefined, replaces the output. */
export type ForwardHook = (module: Module, inputs: readonly unknown[], output: unknown) => unknown;

/** Sees what goes into `forward`; a list that it returns replaces the inputs, anything else but undefined the only one. */
export type ForwardPreHook = (module: Module, inputs: readonly unknown[]) => unknown;

/** Gradients, one per input or output; null for what needs none. */
export type Gradients = readonly (Tensor | null)[];

/** Sees the gradients of a module's inputs and outputs; what it returns, unless undefined, replaces those of the inputs. */
export type FullBackwardHook = (
  module: Module,
  gradInputs: Gradients,
  gradOutputs: Gradients,
) => Gradients | Tensor | undefined;

/** Sees the gradients of a module's outputs before they go through it; what it returns replaces them. */
export type FullBackwardPreHook = (module: Module, gradOutputs: Gradients) => Gradients | Tensor | undefined;

/** Sees a module before its part of a state dict is written; `prefix` is where that will stand. */
export type StateDictPreHook = (module: Module, prefix: string) => void;

/** Sees, and may change, a state dict once a module and all below it have written their parts. */
export type StateDictHook = (module: Module, stateDict: Record<string, Tensor>, prefix: string) => void;

/** Sees, and may change, the state that is about to be loaded; the module's own part stands at `prefix`. */
export type LoadStateDictPreHook = (module: Module, stateDict: Record<string, Tensor>, prefix: string) => void;

/** Sees what did not fit once a state has been loaded. What it takes out of the lists is no error. */
export type LoadStateDictPostHook = (module: Module, incompatibleKeys: IncompatibleKeys) => void;

/** Where a forward hook stands, and when it is called. */
export interface ForwardHookOptions extends HookOptions {
  /** Whether the hook is called, with output undefined, when `forward` throws. Default false. */
  alwaysCall?: boolean;
}

/** The hooks of one module, or of all. */
export class ModuleHooks {
  readonly forwardPre = new HookList<ForwardPreHook>();
  readonly forward = new HookList<ForwardHook>();
  readonly backwardPre = new HookList<FullBackwardPreHook>();
  readonly backward = new HookList<FullBackwardHook>();
  readonly stateDictPre = new HookList<StateDictPreHook>();
  readonly stateDict = new HookList<StateDictHook>();
  readonly loadStateDictPre = new HookList<LoadStateDictPreHook>();
  readonly loadStateDictPost = new HookList<LoadStateDictPostHook>();

  /** Whether any of them sees what passes through the module. */
  get areWatching(): boolean {
    return this.forwardPre.size + this.forward.size + this.backwardPre.size + this.backward.size > 0;
  }

  copyFrom(other: ModuleHooks): void {
    for (const name of Object.keys(this) as (keyof ModuleHooks)[]) {
      (this[name] as HookList<unknown>).copyFrom(other[name] as HookList<unknown>);
    }
  }
}

/** The hooks that see every module. */
export const globalHooks = new ModuleHooks();

/**
 * Calls `hook` after the `forward` of every module, before the module's own hooks. For finding faults.
 *
 * Options: `prepend` (false), `alwaysCall` (false): also when `forward` throws, with output undefined.
 * @example
 * const names: string[] = [];
 * const handle = registerModuleForwardHook((module) => void names.push(module.constructor.name));
 * new Sequential(new Linear(4, 2), new ReLU()).forward(ones([1, 4]));
 * handle.remove();
 * names; // → ["Linear", "ReLU", "Sequential"]
 */
export function registerModuleForwardHook(hook: ForwardHook, options: ForwardHookOptions = {}): RemovableHandle {
  return globalHooks.forward.add(hook, options);
}

/**
 * Calls `hook` before the `forward` of every module, before the module's own hooks. For finding faults.
 *
 * @example
 * const names: string[] = [];
 * const handle = registerModuleForwardPreHook((module) => void names.push(module.constructor.name));
 * new Sequential(new Linear(4, 2), new ReLU()).forward(ones([1, 4]));
 * handle.remove();
 * names; // → ["Sequential", "Linear", "ReLU"]
 */
export function registerModuleForwardPreHook(hook: ForwardPreHook): RemovableHandle {
  return globalHooks.forwardPre.add(hook);
}

/**
 * Calls `hook` with the gradients of every module, before the module's own hooks. For finding faults.
 *
 * @example
 * const norms: number[] = [];
 * const handle = registerModuleFullBackwardHook((_, __, [gradient]) => {
 *   norms.push(gradient?.norm().item() ?? 0);
 *   return undefined;
 * });
 * new Linear(4, 1).forward(ones([1, 4])).sum().backward();
 * handle.remove();
 * norms; // → [1]
 */
export function registerModuleFullBackwardHook(hook: FullBackwardHook): RemovableHandle {
  return globalHooks.backward.add(hook);
}

/**
 * Calls `hook` with the gradients of every module's outputs, before the module's own hooks. For finding faults.
 *
 * @example
 * const handle = registerModuleFullBackwardPreHook((_, [gradient]) => gradient?.mul(10));
 * const layer = new Linear(4, 1);
 * layer.forward(ones([1, 4])).sum().backward();
 * handle.remove();
 * layer.bias?.grad; // → [10]
 */
export function registerModuleFullBackwardPreHook(hook: FullBackwardPreHook): RemovableHandle {
  return globalHooks.backwardPre.add(hook);
}
