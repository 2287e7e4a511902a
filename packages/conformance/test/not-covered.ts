/**
 * How many cases of each group of the golden folder may be not covered. These numbers only go down: whoever adds what
 * was missing lowers them in the same commit.
 */
export const notCovered: Readonly<Record<string, number>> = {
  creation: 0,
  unary: 0,
  binary: 0,
  dtype: 0,
  reduction: 0,
  matmul: 0,
  shape: 0,
  index: 0,
  conv: 0,
  pool: 0,
  activation: 0,
  norm: 0,
  linear: 0,
  recurrent: 0,
  attention: 0,
  loss: 0,
  autograd: 0,
  optimizer: 3,
  scheduler: 0,
  init: 0,
  random: 0,
  datasets: 0,
  training: 0,
};
