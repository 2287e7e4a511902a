import * as o from "@kindling/optimizers";
import { Tensor } from "@kindling/tensor";
import type { Parser } from "../arguments.js";
import { withArguments } from "../call.js";
import type { Values } from "../decode.js";
import { boolean, camelWord, listOf, number, numbers, orNull } from "../parsers.js";

export interface ParameterGroup {
  readonly params: readonly Tensor[];
  readonly options: Values;
}

/** Parameters, or groups of them with options of their own. */
export type Parameters = readonly Tensor[] | readonly ParameterGroup[];

/** Builds an optimizer; `op` is its name. */
export type OptimizerAdapter = (op: string, params: Parameters, options: Values) => o.Optimizer;

function optimizer<Options extends { lr: number }>(
  make: new (params: o.Params<Options>, options: Partial<Options>) => o.Optimizer<Options>,
  parsers: { readonly [K in keyof Options]: Parser<Options[K]> },
): OptimizerAdapter {
  return (op, params, options) => {
    const parse = (values: Values): Partial<Options> => withArguments(op, values, (a) => a.options(parsers));
    const entries = params.map((entry) =>
      entry instanceof Tensor ? entry : { ...parse(entry.options), params: entry.params },
    );
    return new make(entries as o.Params<Options>, parse(options)) as unknown as o.Optimizer;
  };
}

const pair = numbers as Parser<[number, number]>;
const adam = { lr: number, betas: pair, eps: number, weightDecay: number, amsgrad: boolean, maximize: boolean };

/** Every optimizer that Kindling has, by PyTorch's name. */
export const optimizers: Readonly<Record<string, OptimizerAdapter>> = {
  SGD: optimizer(o.SGD, {
    lr: number,
    momentum: number,
    dampening: number,
    weightDecay: number,
    nesterov: boolean,
    maximize: boolean,
  }),
  Adam: optimizer(o.Adam, adam),
  AdamW: optimizer(o.AdamW, adam),
  RMSprop: optimizer(o.RMSprop, {
    lr: number,
    alpha: number,
    eps: number,
    weightDecay: number,
    momentum: number,
    centered: boolean,
    maximize: boolean,
  }),
  Adagrad: optimizer(o.Adagrad, {
    lr: number,
    lrDecay: number,
    weightDecay: number,
    initialAccumulatorValue: number,
    eps: number,
    maximize: boolean,
  }),
  Adadelta: optimizer(o.Adadelta, { lr: number, rho: number, eps: number, weightDecay: number, maximize: boolean }),
  Adamax: optimizer(o.Adamax, { lr: number, betas: pair, eps: number, weightDecay: number, maximize: boolean }),
  NAdam: optimizer(o.NAdam, {
    lr: number,
    betas: pair,
    eps: number,
    weightDecay: number,
    momentumDecay: number,
    decoupledWeightDecay: boolean,
    maximize: boolean,
  }),
  RAdam: optimizer(o.RAdam, {
    lr: number,
    betas: pair,
    eps: number,
    weightDecay: number,
    decoupledWeightDecay: boolean,
    maximize: boolean,
  }),
  ASGD: optimizer(o.ASGD, {
    lr: number,
    lambd: number,
    alpha: number,
    t0: number,
    weightDecay: number,
    maximize: boolean,
  }),
  Rprop: optimizer(o.Rprop, { lr: number, etas: pair, stepSizes: pair, maximize: boolean }),
  LBFGS: optimizer(o.LBFGS, {
    lr: number,
    maxIter: number,
    maxEval: orNull(number),
    toleranceGrad: number,
    toleranceChange: number,
    historySize: number,
    lineSearchFn: orNull(camelWord),
  }),
  Muon: optimizer(o.Muon, {
    lr: number,
    weightDecay: number,
    momentum: number,
    nesterov: boolean,
    nsCoefficients: numbers as Parser<[number, number, number]>,
    eps: number,
    nsSteps: number,
    adjustLrFn: orNull(camelWord),
  }),
  Adafactor: optimizer(o.Adafactor, {
    lr: number,
    beta2Decay: number,
    eps: listOf(orNull(number)) as Parser<[number | null, number]>,
    d: number,
    weightDecay: number,
    maximize: boolean,
  }),
};
