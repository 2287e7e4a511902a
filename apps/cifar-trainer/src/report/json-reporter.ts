import type { TrainingEvent } from "../events.js";
import type { Reporter } from "./reporter.js";

/** One line of JSON per event. */
export class JsonReporter implements Reporter {
  readonly #stream: NodeJS.WritableStream;
  readonly #logSteps: boolean;

  constructor(stream: NodeJS.WritableStream, { logSteps }: { readonly logSteps: boolean }) {
    this.#stream = stream;
    this.#logSteps = logSteps;
  }

  report(event: TrainingEvent): void {
    if (event.event === "test" || (event.event === "step" && !this.#logSteps)) return;
    this.#stream.write(`${JSON.stringify(event)}\n`);
  }

  stop(): void {}
}
