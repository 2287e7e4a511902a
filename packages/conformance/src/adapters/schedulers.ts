import * as o from "@kindling/optimizers";
import type { Arguments, Parser } from "../arguments.js";
import { lookUp, withArguments } from "../call.js";
import type { Values } from "../decode.js";
import { boolean, either, listOf, number, numbers, oneOrMore, record, word } from "../parsers.js";

/** Builds a scheduler from its options. */
export type SchedulerAdapter = (optimizer: o.Optimizer, options: Arguments) => o.Scheduler;

/** A factor written as an expression in `epoch`; the folder's README says that it is JavaScript. */
const lambda: Parser<(epoch: number) => number> = (value, name) =>
  new Function("epoch", `return ${word(value, name) as string}`) as (epoch: number) => number;

const lambdas = either(lambda, listOf(lambda));

function counting<S extends o.LRScheduler>(adapter: (optimizer: o.Optimizer, options: Arguments) => S): typeof adapter {
  return adapter;
}

const momentums = { cycleMomentum: boolean, baseMomentum: oneOrMore, maxMomentum: oneOrMore };

const countingSchedulers = {
  StepLR: counting((opt, a) => new o.StepLR(opt, a.get("step_size", number), a.options({ gamma: number }))),
  MultiStepLR: counting((opt, a) => new o.MultiStepLR(opt, a.get("milestones", numbers), a.options({ gamma: number }))),
  ExponentialLR: counting((opt, a) => new o.ExponentialLR(opt, a.get("gamma", number))),
  ConstantLR: counting((opt, a) => new o.ConstantLR(opt, a.options({ factor: number, totalIters: number }))),
  LinearLR: counting(
    (opt, a) => new o.LinearLR(opt, a.options({ startFactor: number, endFactor: number, totalIters: number })),
  ),
  PolynomialLR: counting((opt, a) => new o.PolynomialLR(opt, a.options({ totalIters: number, power: number }))),
  CosineAnnealingLR: counting(
    (opt, a) => new o.CosineAnnealingLR(opt, a.get("T_max", number), a.options({ etaMin: number })),
  ),
  CosineAnnealingWarmRestarts: counting(
    (opt, a) =>
      new o.CosineAnnealingWarmRestarts(opt, a.get("T_0", number), a.options({ tMult: number, etaMin: number })),
  ),
  LambdaLR: counting((opt, a) => new o.LambdaLR(opt, a.get("lr_lambda", lambdas))),
  MultiplicativeLR: counting((opt, a) => new o.MultiplicativeLR(opt, a.get("lr_lambda", lambdas))),
  CyclicLR: counting(
    (opt, a) =>
      new o.CyclicLR(
        opt,
        a.get("base_lr", oneOrMore),
        a.get("max_lr", oneOrMore),
        a.options({ ...momentums, stepSizeUp: number, stepSizeDown: number, mode: word, gamma: number }),
      ),
  ),
  SWALR: counting(
    (opt, a) => new o.SWALR(opt, a.get("swa_lr", oneOrMore), a.options({ annealEpochs: number, annealStrategy: word })),
  ),
  OneCycleLR: counting(
    (opt, a) =>
      new o.OneCycleLR(
        opt,
        a.get("max_lr", oneOrMore),
        a.options({
          ...momentums,
          totalSteps: number,
          epochs: number,
          stepsPerEpoch: number,
          pctStart: number,
          annealStrategy: word,
          divFactor: number,
          finalDivFactor: number,
          threePhase: boolean,
        }),
      ),
  ),
};

/** Schedulers given by name and options, built in order on one optimizer. */
function nested(optimizer: o.Optimizer, a: Arguments): o.LRScheduler[] {
  return a.get("schedulers", listOf(record)).map(({ op, options }) => {
    const build = lookUp<(optimizer: o.Optimizer, options: Arguments) => o.LRScheduler>(countingSchedulers, String(op));
    return withArguments(String(op), options as Values, (inner) => build(optimizer, inner));
  });
}

/** Every scheduler that Kindling has, by PyTorch's name. */
export const schedulers: Readonly<Record<string, SchedulerAdapter>> = {
  ...countingSchedulers,
  ReduceLROnPlateau: (opt, a) =>
    new o.ReduceLROnPlateau(
      opt,
      a.options({
        mode: word,
        factor: number,
        patience: number,
        threshold: number,
        thresholdMode: word,
        cooldown: number,
        minLr: oneOrMore,
        eps: number,
      }),
    ),
  ChainedScheduler: (opt, a) => new o.ChainedScheduler(nested(opt, a)),
  SequentialLR: (opt, a) => new o.SequentialLR(opt, nested(opt, a), a.get("milestones", numbers)),
};
