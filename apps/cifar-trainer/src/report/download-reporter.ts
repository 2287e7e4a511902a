import type { ProgressEvent } from "@kindling/datasets";
import { Bar, timeLeft } from "./bar.js";
import { formatMegabytes } from "./format.js";
import { isTerminal } from "./reporter.js";

type Stage = "wait" | "download" | "write";

const stageWords: Readonly<Record<Stage, string>> = {
  wait: "Waiting for another process that fetches CIFAR-10",
  download: "Fetching CIFAR-10",
  write: "Unpacking CIFAR-10",
};

/** Without a terminal, a line tells of every so many percent. */
const percentPerLine = 25;

/** Tells of a download as it goes on: a bar on a terminal, else a line now and then. */
export class DownloadReporter {
  readonly #stream: NodeJS.WriteStream;
  #stage: Stage | null = null;
  #source = "";
  #bar: Bar | null = null;
  #told = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  report({ phase, done, total, source }: ProgressEvent): void {
    // Files are decoded and written in turn: to people that is one thing.
    const stage = phase === "decode" ? "write" : phase;
    if (stage !== this.#stage || source !== this.#source) this.#begin(stage, source, total);
    if (this.#bar !== null) {
      this.#bar.update(done);
    } else if (stage === "download" && total > 0) {
      const percent = Math.floor((done / total) * 100);
      if (percent < this.#told + percentPerLine) return;
      this.#told = percent - (percent % percentPerLine);
      this.#stream.write(`${stageWords.download}: ${percent} %, ${amount(done, total)}\n`);
    }
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = null;
  }

  #begin(stage: Stage, source: string, total: number): void {
    this.stop();
    [this.#stage, this.#source, this.#told] = [stage, source, 0];
    const words = stageWords[stage];
    if (stage === "wait" || !isTerminal(this.#stream)) {
      this.#stream.write(`${words}${stage === "download" ? ` from ${source}` : ""}\n`);
      return;
    }
    this.#bar = new Bar(this.#stream, {
      columns: 90,
      before: () => words,
      after: (state) =>
        stage === "download" ? [amount(state.done, state.total), timeLeft(state), `from ${source}`] : [],
    });
    this.#bar.start(total);
  }
}

function amount(done: number, total: number): string {
  return total > 0 ? `${formatMegabytes(done)} of ${formatMegabytes(total)}` : formatMegabytes(done);
}
