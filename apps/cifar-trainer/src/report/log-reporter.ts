import type { TrainingEvent } from "../events.js";
import type { Reporter } from "./reporter.js";
import { describeDone, describeStart, epochLine, type Wording } from "./text.js";

/** One line per epoch, for files and pipes. */
export class LogReporter implements Reporter {
  readonly #stream: NodeJS.WritableStream;
  readonly #wording: Wording;
  #epochs = 0;

  constructor(stream: NodeJS.WritableStream, wording: Wording) {
    this.#stream = stream;
    this.#wording = wording;
  }

  report(event: TrainingEvent): void {
    if (event.event === "start") {
      this.#epochs = event.epochs;
      this.#write(...describeStart(event));
    } else if (event.event === "epoch") {
      this.#write(epochLine(event, this.#epochs));
    } else if (event.event === "done") {
      this.#write(...describeDone(event, this.#wording));
    }
  }

  stop(): void {}

  #write(...lines: string[]): void {
    this.#stream.write(`${lines.join("\n")}\n`);
  }
}
