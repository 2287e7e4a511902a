import type { TrainingEvent } from "../events.js";
import { JsonReporter } from "./json-reporter.js";
import { LogReporter } from "./log-reporter.js";
import { TerminalReporter } from "./terminal-reporter.js";
import type { Wording } from "./text.js";

/** Tells people or programs what happens in a training run. */
export interface Reporter {
  report(event: TrainingEvent): void;
  /** Takes down what is drawn, also when the run ends in an error. */
  stop(): void;
}

export interface ReporterOptions extends Wording {
  readonly json: boolean;
  readonly logSteps: boolean;
}

/** The reporter for where the output goes: JSON lines, a terminal, or a log. */
export function createReporter(stream: NodeJS.WriteStream, options: ReporterOptions): Reporter {
  if (options.json) return new JsonReporter(stream, options);
  return isTerminal(stream) ? new TerminalReporter(stream, options) : new LogReporter(stream, options);
}

/** Whether lines can be drawn again in place. */
export function isTerminal(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && process.env.TERM !== "dumb";
}
