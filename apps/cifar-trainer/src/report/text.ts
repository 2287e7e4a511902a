import type { DoneEvent, EpochEvent, StartEvent } from "../events.js";
import type { OptimizerName, TrainConfig } from "../presets.js";
import { formatCount, formatDuration, formatShare } from "./format.js";
import type { Column } from "./table.js";

const optimizerTitles: Readonly<Record<OptimizerName, string>> = { sgd: "SGD", adam: "Adam", adamw: "AdamW" };

/** What is about to happen, in a few lines. */
export function describeStart(start: StartEvent): string[] {
  const { preset, split, trainImages, testImages, epochs, stepsPerEpoch, batchSize, seed, reason } = start;
  const images = `${formatCount(trainImages)} images of the ${split === "train" ? "training" : "test"} split`;
  const tested = testImages > 0 ? `, tested on ${formatCount(testImages)}` : "";
  const steps = `${countOf(epochs, "epoch")} of ${countOf(stepsPerEpoch, "step")}, batch size ${batchSize}`;
  return [
    `CIFAR-10, preset ${preset}: ${images}${tested}`,
    `${steps}, ${describeOptimizer(start)}, seed ${seed}`,
    `${start.backend} kernels (${start.isa}), ${countOf(start.threads, "thread")}${reason === undefined ? "" : `; ${reason}`}`,
  ];
}

/** "1 step", "2 steps". */
function countOf(count: number, thing: string): string {
  return `${formatCount(count)} ${thing}${count === 1 ? "" : "s"}`;
}

function describeOptimizer({ optimizer, lr, schedule, momentum, weightDecay }: TrainConfig): string {
  const parts = [`lr ${lr}${schedule === "linear" ? " falling to 0" : ""}`];
  if (momentum > 0) parts.push(`momentum ${momentum}`);
  if (weightDecay > 0) parts.push(`weight decay ${weightDecay}`);
  return `${optimizerTitles[optimizer]} (${parts.join(", ")})`;
}

/** The columns of the table of epochs. */
export function epochColumns(hasTest: boolean): readonly Column<EpochEvent>[] {
  const orNothing = (value: number | null, format: (value: number) => string) => (value === null ? "" : format(value));
  const columns: Column<EpochEvent>[] = [
    { title: "epoch", width: 5, cell: ({ epoch }) => String(epoch) },
    { title: "loss sum", width: 10, cell: ({ lossSum }) => lossSum.toFixed(5) },
    { title: "loss", width: 6, cell: ({ loss }) => loss.toFixed(4) },
  ];
  if (hasTest) {
    columns.push(
      { title: "test loss", width: 9, cell: ({ testLoss }) => orNothing(testLoss, (loss) => loss.toFixed(4)) },
      { title: "test accuracy", width: 13, cell: ({ testAccuracy }) => orNothing(testAccuracy, formatShare) },
    );
  }
  return [
    ...columns,
    { title: "images/s", width: 8, cell: ({ imagesPerSecond }) => formatCount(imagesPerSecond) },
    { title: "time", width: 10, cell: ({ seconds }) => formatDuration(seconds) },
  ];
}

/** One epoch in one line, for logs. */
export function epochLine(event: EpochEvent, epochs: number): string {
  const { epoch, lossSum, loss, testLoss, testAccuracy, imagesPerSecond, seconds } = event;
  const parts = [`epoch ${epoch}/${epochs}`, `loss sum ${lossSum.toFixed(5)}`, `loss ${loss.toFixed(4)}`];
  if (testLoss !== null) parts.push(`test loss ${testLoss.toFixed(4)}`);
  if (testAccuracy !== null) parts.push(`test accuracy ${formatShare(testAccuracy)}`);
  parts.push(`${formatCount(imagesPerSecond)} images/s`, formatDuration(seconds));
  return parts.join(", ");
}

/** What people can read better than what programs say. */
export interface Wording {
  /** Shortens an absolute path. */
  showPath(path: string): string;
  /** How this program is started. */
  readonly program: string;
}

/** How the run ended, and what can be done with the model. */
export function describeDone({ model, interrupted = false }: DoneEvent, { showPath, program }: Wording): string[] {
  const file = showPath(model);
  return [
    `${interrupted ? "Interrupted. The model so far" : "The model"} is saved in ${file}`,
    `Look at it: ${program} evaluate ${file}`,
  ];
}
