import { optimizerRules } from "@kindling/kernels";
import { DTypeError, ShapeError } from "../errors.js";
import { code, kernels, opCodes, writeMeta } from "../launch.js";
import { formatShape, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { contiguous } from "./cast.js";

/**
 * Options of {@link sgdStep}.
 *
 * @internal
 */
export interface SgdStep {
  readonly lr: number;
  readonly momentum: number;
  readonly dampening: number;
  readonly weightDecay: number;
  readonly nesterov: boolean;
  readonly maximize: boolean;
}

/**
 * Options of {@link adamStep}.
 *
 * @internal
 */
export interface AdamStep {
  readonly lr: number;
  readonly betas: readonly [number, number];
  readonly eps: number;
  readonly weightDecay: number;
  readonly maximize: boolean;
}

// What changes from call to call comes by itself, not in the options: a group of parameters is passed on as it is, with no
// object made per parameter and step.

function checkOperands(op: string, parameter: Tensor, others: readonly Tensor[]): void {
  if (!parameter.isFloatingPoint())
    throw new DTypeError(`${op}: expected a floating point parameter, got ${parameter.dtype}`);
  for (const other of others) {
    if (!sameShape(other.shape, parameter.shape)) {
      throw new ShapeError(`${op}: expected shape ${formatShape(parameter.shape)}, got ${formatShape(other.shape)}`);
    }
    if (other.dtype !== parameter.dtype) throw new DTypeError(`${op}: expected ${parameter.dtype}, got ${other.dtype}`);
  }
}

/**
 * Runs a kernel that writes through plain addresses (0 for null): on the tensors themselves where their elements lie
 * row-major, else on copies that are copied back.
 */
function updateDense(targets: readonly (Tensor | null)[], run: (...addresses: number[]) => void): void {
  const forms = targets.map((x) => (x === null || x.isContiguous() ? x : contiguous(x.detach())));
  run(...forms.map((form) => (form === null ? 0 : form.address)));
  for (const [i, target] of targets.entries()) {
    const form = forms[i] as Tensor | null;
    if (form !== target && form !== null) target?.overwrite(form);
  }
}

/**
 * One step of stochastic gradient descent, in place and not recorded; `buffer` is the momentum, null without, and `first`
 * says that it is still empty.
 *
 * @internal
 */
export function sgdStep(
  parameter: Tensor,
  gradient: Tensor,
  buffer: Tensor | null,
  first: boolean,
  options: SgdStep,
): void {
  checkOperands("sgdStep", parameter, buffer === null ? [gradient] : [gradient, buffer]);
  const count = parameter.numel();
  if (count === 0) return;
  const dense = contiguous(gradient.detach());
  const flags = (options.nesterov ? 1 : 0) | (options.maximize ? 2 : 0) | (first ? 4 : 0);
  const { lr, momentum, dampening, weightDecay } = options;
  const type = code(parameter.dtype);
  updateDense([parameter, buffer], (target = 0, velocity = 0) => {
    kernels.sgd(type, count, target, dense.address, velocity, lr, momentum, dampening, weightDecay, flags);
  });
  parameter.storage.version++;
}

/**
 * One step of Adam or AdamW, in place and not recorded; `maxSquares` is null without amsgrad, `step` counts from 1.
 * `decoupled` shrinks the parameter itself by the weight decay (AdamW) instead of adding it to the gradient.
 *
 * @internal
 */
export function adamStep(
  parameter: Tensor,
  gradient: Tensor,
  mean: Tensor,
  square: Tensor,
  maxSquares: Tensor | null,
  step: number,
  decoupled: boolean,
  options: AdamStep,
): void {
  checkOperands("adamStep", parameter, [gradient, mean, square, ...(maxSquares === null ? [] : [maxSquares])]);
  const count = parameter.numel();
  if (count === 0) return;
  const dense = contiguous(gradient.detach());
  const { lr, betas, eps, weightDecay } = options;
  const flags = (decoupled ? 1 : 0) | (options.maximize ? 2 : 0);
  const type = code(parameter.dtype);
  updateDense([parameter, mean, square, maxSquares], (target = 0, m = 0, v = 0, largest = 0) => {
    const [beta1, beta2] = betas;
    kernels.adam(type, count, target, dense.address, m, v, largest, lr, beta1, beta2, eps, weightDecay, step, flags);
  });
  parameter.storage.version++;
}

const ruleCodes = opCodes(optimizerRules);

/**
 * Options of {@link ruleStep}.
 *
 * @internal
 */
export interface RuleStep {
  readonly maximize: boolean;
  /** How much of the parameter is added to its gradient. Default 0. */
  readonly weightDecay?: number;
  /** What the parameter is multiplied by first. Default 1. */
  readonly shrink?: number;
  /** The rule's own, in the order of the kernel's table. */
  readonly constants: readonly number[];
}

/**
 * One step of an optimizer whose rule is one of the kernel's, in place and not recorded; `states` are what it keeps of the
 * parameter, null for those that its options leave out.
 *
 * @internal
 */
export function ruleStep(
  rule: (typeof optimizerRules)[number],
  parameter: Tensor,
  gradient: Tensor,
  states: readonly (Tensor | null)[],
  options: RuleStep,
): void {
  checkOperands(rule, parameter, [gradient, ...states.filter((state) => state !== null)]);
  const count = parameter.numel();
  if (count === 0) return;
  const dense = contiguous(gradient.detach());
  const { maximize, weightDecay = 0, shrink = 1, constants } = options;
  const [op, type] = [ruleCodes[rule], code(parameter.dtype)];
  updateDense([parameter, ...states], (target = 0, first = 0, second = 0, third = 0) => {
    const meta = writeMeta([maximize ? -1 : 1, weightDecay, shrink, ...constants]);
    kernels.optimizerRule(op, type, count, target, dense.address, first, second, third, meta);
  });
  parameter.storage.version++;
}
