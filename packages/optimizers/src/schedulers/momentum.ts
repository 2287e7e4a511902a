import { UsageError } from "@kindling/tensor";
import type { Optimizer } from "../optimizer.js";

type Group = { momentum?: number; betas?: readonly [number, number] };

/** Throws unless the optimizer has a momentum that can be cycled: SGD's, or Adam's first beta. */
export function checkMomentum(scheduler: string, optimizer: Optimizer): void {
  const { defaults } = optimizer;
  if ("momentum" in defaults || "betas" in defaults) return;
  throw new UsageError(
    `${scheduler}: ${optimizer.constructor.name} has no momentum to cycle; set cycleMomentum: false`,
  );
}

/** Sets the momentum of parameter group `index`. */
export function setMomentum(optimizer: Optimizer, index: number, momentum: number): void {
  const group = optimizer.paramGroups[index] as Group;
  if (group.betas === undefined) group.momentum = momentum;
  else group.betas = [momentum, group.betas[1]];
}
