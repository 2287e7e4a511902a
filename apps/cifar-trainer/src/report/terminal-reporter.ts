import pc from "picocolors";
import type { EpochEvent, StartEvent, StepEvent, TrainingEvent } from "../events.js";
import { Bar, type BarState, timeLeft } from "./bar.js";
import { formatCount } from "./format.js";
import type { Reporter } from "./reporter.js";
import { type Column, headerLine, rowLine } from "./table.js";
import { describeDone, describeStart, epochColumns, type Wording } from "./text.js";

/** A table that grows by a row per epoch, with a live bar under it. */
export class TerminalReporter implements Reporter {
  readonly #stream: NodeJS.WriteStream;
  readonly #wording: Wording;
  #run: StartEvent | null = null;
  #columns: readonly Column<EpochEvent>[] = [];
  #bar: Bar | null = null;
  #lossSum = 0;
  #steps = 0;

  constructor(stream: NodeJS.WriteStream, wording: Wording) {
    this.#stream = stream;
    this.#wording = wording;
  }

  report(event: TrainingEvent): void {
    if (event.event === "start") this.#begin(event);
    if (this.#run !== null) this.#goOn(event, this.#run);
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = null;
  }

  #begin(run: StartEvent): void {
    this.#run = run;
    this.#columns = epochColumns(run.testImages > 0);
    this.#write(...describeStart(run).map(pc.dim), "", pc.bold(headerLine(this.#columns)));
    this.#startTraining(1, run);
  }

  #goOn(event: TrainingEvent, run: StartEvent): void {
    if (event.event === "step") {
      this.#countStep(event, run);
    } else if (event.event === "test") {
      this.#bar?.update(event.images);
    } else if (event.event === "epoch") {
      this.stop();
      this.#write(rowLine(this.#columns, event));
      if (event.epoch < run.epochs) this.#startTraining(event.epoch + 1, run);
    } else if (event.event === "done") {
      this.stop();
      this.#write("", ...describeDone(event, this.#wording));
    }
  }

  #countStep({ epoch, step, loss }: StepEvent, run: StartEvent): void {
    this.#lossSum += loss;
    this.#steps = step;
    this.#bar?.update(Math.min(step * run.batchSize, run.trainImages));
    if (step === run.stepsPerEpoch && run.testImages > 0) {
      this.#startBar(epoch, run, run.testImages, () => "testing");
    }
  }

  #startTraining(epoch: number, run: StartEvent): void {
    this.#lossSum = 0;
    this.#steps = 0;
    this.#startBar(epoch, run, run.trainImages, () =>
      this.#steps > 0 ? `loss ${(this.#lossSum / this.#steps).toFixed(4)}` : "",
    );
  }

  #startBar(epoch: number, run: StartEvent, images: number, status: () => string): void {
    this.stop();
    this.#bar = new Bar(this.#stream, {
      columns: 68,
      before: () => `epoch ${epoch}/${run.epochs}`,
      after: (state) => [status(), pace(state), timeLeft(state)],
    });
    this.#bar.start(images);
  }

  #write(...lines: string[]): void {
    this.#stream.write(`${lines.join("\n")}\n`);
  }
}

function pace({ done, elapsedSeconds }: BarState): string {
  return done > 0 && elapsedSeconds > 0 ? `${formatCount(done / elapsedSeconds)} images/s` : "";
}
