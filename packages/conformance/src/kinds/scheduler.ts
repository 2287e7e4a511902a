import type { Optimizer, Scheduler } from "@kindling/optimizers";
import { fromArray, zeros } from "@kindling/tensor";
import { schedulers } from "../adapters/schedulers.js";
import { expectThrows, lookUp, withArguments } from "../call.js";
import { expectSame } from "../compare.js";
import { decodeAll } from "../decode.js";
import type { Blob, Case, Golden, Group } from "../folder.js";
import { buildOptimizer } from "./optimizer.js";

interface SchedulerCase extends Case {
  readonly options: { readonly [name: string]: Golden };
  readonly base_lrs: readonly number[];
  readonly optimizer?: string;
  readonly momentum?: number;
  readonly steps: number;
  readonly lrs: Blob;
  readonly momentums?: Blob;
  readonly metrics?: readonly number[];
}

/** SGD's momentum or Adam's first beta. */
function momentumsOf(optimizer: Optimizer): number[] {
  return optimizer.paramGroups.map((group) => {
    const { momentum, betas } = group as { momentum?: number; betas?: readonly number[] };
    return betas?.[0] ?? momentum ?? Number.NaN;
  });
}

export function buildScheduler(
  group: Group,
  op: string,
  options: { readonly [name: string]: Golden },
  optimizer: Optimizer,
): Scheduler {
  const build = lookUp(schedulers, op);
  return withArguments(op, decodeAll(group, options), (args) => build(optimizer, args));
}

export function runScheduler(group: Group, golden: Case): void {
  const { op, options, base_lrs, optimizer: name = "SGD", momentum, error, ...rest } = golden as SchedulerCase;
  const { steps, lrs, momentums, metrics } = rest;
  const groups = base_lrs.map((lr) => ({ params: [zeros([1], { requiresGrad: true })], options: { lr } }));
  const optimizer = buildOptimizer(name, groups, {
    lr: base_lrs[0] as number,
    ...(momentum === undefined ? {} : { momentum }),
  });
  const build = (): Scheduler => buildScheduler(group, op, options, optimizer);
  if (error) {
    expectThrows(error, build);
    return;
  }
  const scheduler = build();
  const rates = [scheduler.getLastLr()];
  const pushed = [momentumsOf(optimizer)];
  for (let step = 0; step < steps; step++) {
    optimizer.step();
    (scheduler as Scheduler & { step(metric?: number): void }).step(metrics?.[step]);
    rates.push(scheduler.getLastLr());
    pushed.push(momentumsOf(optimizer));
  }
  expectRows(group, "learning rate", rates, lrs);
  if (momentums) expectRows(group, "momentum", pushed, momentums);
}

function expectRows(group: Group, what: string, rows: readonly (readonly number[])[], want: Blob): void {
  const got = fromArray(rows.flat(), [rows.length, rows[0]?.length ?? 0], "float64");
  expectSame(group, what, got, want);
}
