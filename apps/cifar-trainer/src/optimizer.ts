import type { Parameter } from "@kindling/nn";
import { Adam, AdamW, LambdaLR, type Optimizer, SGD } from "@kindling/optimizers";
import type { TrainConfig } from "./presets.js";

export function createOptimizer(parameters: Iterable<Parameter>, config: TrainConfig): Optimizer {
  const { optimizer, lr, momentum, weightDecay } = config;
  if (optimizer === "adam") return new Adam(parameters, { lr, weightDecay });
  if (optimizer === "adamw") return new AdamW(parameters, { lr, weightDecay });
  return new SGD(parameters, { lr, momentum, weightDecay });
}

/** Sets the learning rate of the first step; `step()` on what it returns sets that of the next. */
export function createScheduler(optimizer: Optimizer, config: TrainConfig, totalSteps: number): LambdaLR {
  const isFalling = config.schedule === "linear";
  return new LambdaLR(optimizer, (step) => (isFalling ? 1 - step / totalSteps : 1));
}
