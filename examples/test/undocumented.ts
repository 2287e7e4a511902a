/**
 * How many public names of each package may be without a sentence that says what they are, or, where they are values,
 * without an example. These numbers only go down: whoever documents a name lowers them in the same commit.
 */
export const undocumented: Readonly<Record<string, { readonly sentence: number; readonly example: number }>> = {
  tensor: { sentence: 20, example: 60 },
  autograd: { sentence: 6, example: 5 },
  nn: { sentence: 105, example: 142 },
  losses: { sentence: 21, example: 21 },
  optimizers: { sentence: 27, example: 34 },
  datasets: { sentence: 14, example: 20 },
  serialization: { sentence: 1, example: 8 },
  kindling: { sentence: 0, example: 3 },
};
