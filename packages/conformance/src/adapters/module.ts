import type * as nn from "@kindling/nn";
import type { Tensor } from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { tensor } from "../parsers.js";
import type { Results } from "./adapter.js";

/** A module, and how a case's arguments reach its `forward`. */
export interface Built {
  readonly module: nn.Module;
  forward(args: Arguments): Results;
}

/** Builds a module from its constructor's arguments. */
export type ModuleAdapter = (init: Arguments) => Built;

/** The adapter of a layer whose `forward` takes one tensor. */
export function layer(build: (init: Arguments) => nn.Module & { forward(x: Tensor): Tensor }): ModuleAdapter {
  return (init) => {
    const module = build(init);
    return { module, forward: (args) => module.forward(args.get("input", tensor)) };
  };
}
