import type { Arguments } from "../arguments.js";
import type { Got } from "../compare.js";

/** The results of a call; nested lists are flattened depth-first, null is left out. */
export type Results = Got | readonly Results[];

/** Calls one operation with a case's arguments. */
export type Adapter = (args: Arguments) => Results;
export type Adapters = Readonly<Record<string, Adapter>>;
