import type { Optimizer, OptimizerState } from "./optimizer.js";

type AnyState = OptimizerState<{ lr: number }>;

/** Sees an optimizer before a step; a function that it returns takes the place of the closure. */
export type StepPreHook = (optimizer: Optimizer, closure: (() => unknown) | undefined) => (() => unknown) | undefined;

/** Sees an optimizer after a step, before or after its state is told, or after one is loaded. */
export type OptimizerHook = (optimizer: Optimizer) => void;

/** Sees a state that has been told, or is to be loaded; what it returns, unless undefined, takes its place. */
export type OptimizerStateHook = (optimizer: Optimizer, stateDict: AnyState) => AnyState | undefined;
