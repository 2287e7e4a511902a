import { arranging, filling, indexing } from "./arranging.js";
import type { Case } from "./case.js";
import { losses } from "./losses.js";
import { activations, pointwise } from "./pointwise.js";
import { products } from "./products.js";
import { normalisation, reductions, sorting } from "./reductions.js";
import { windows } from "./windows.js";

const families: Readonly<Record<string, Readonly<Record<string, Case>>>> = {
  pointwise,
  activations,
  reductions,
  sorting,
  normalisation,
  products,
  arranging,
  indexing,
  filling,
  windows,
  losses,
};

/** One thing to measure: a case in one direction. */
export interface Task {
  readonly family: string;
  readonly name: string;
  readonly pass: "forward" | "backward";
  readonly case: Case;
}

/** All there are; programs that measure are told a position in this list. */
export const tasks: readonly Task[] = Object.entries(families).flatMap(([family, cases]) =>
  Object.entries(cases).flatMap(([name, one]): Task[] => [
    { family, name, pass: "forward", case: one },
    ...(one.backward ? [{ family, name, pass: "backward", case: one } as const] : []),
  ]),
);
