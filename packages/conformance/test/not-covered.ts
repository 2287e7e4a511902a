/**
 * How many cases of each group of the golden folder may be not covered. These numbers only go down: whoever adds what
 * was missing lowers them in the same commit.
 */
export const notCovered: Readonly<Record<string, number>> = {};
