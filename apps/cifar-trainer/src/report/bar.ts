import cliProgress from "cli-progress";
import { formatDuration } from "./format.js";

/** How far something has come. */
export interface BarState {
  readonly done: number;
  readonly total: number;
  readonly elapsedSeconds: number;
}

/** What stands around a bar. */
export interface BarWords {
  /** Columns to leave for the words, so that the bar's length does not change with them. */
  readonly columns: number;
  before(state: BarState): string;
  /** Parts, of which empty ones are left out. */
  after(state: BarState): readonly string[];
}

const [shortest, longest] = [8, 30];

/** A line that shows how far something has come, drawn again and again in place. It vanishes when stopped. */
export class Bar {
  readonly #bar: cliProgress.SingleBar;

  constructor(stream: NodeJS.WriteStream, words: BarWords) {
    this.#bar = new cliProgress.SingleBar({
      stream,
      format: (_, { value, total, startTime, maxWidth }) =>
        barLine({ done: value, total, elapsedSeconds: (Date.now() - startTime) / 1000 }, words, maxWidth),
      clearOnComplete: true,
      // Long lines are cut, not kept in one line by a mode of the terminal that would outlive a killed process.
      linewrap: true,
    });
  }

  start(total: number): void {
    this.#bar.start(total, 0);
  }

  update(done: number): void {
    this.#bar.update(done);
  }

  stop(): void {
    this.#bar.stop();
  }
}

/** `before ████░░░░  50 % after` */
export function barLine(state: BarState, words: BarWords, width: number): string {
  const share = state.total > 0 ? Math.min(state.done / state.total, 1) : 0;
  const columns = Math.min(Math.max(width - words.columns, shortest), longest);
  const full = Math.round(share * columns);
  const bar = "█".repeat(full) + "░".repeat(columns - full);
  const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
  const after = words.after(state).filter((part) => part !== "");
  return [words.before(state), bar, percent, after.join(", ")].join(" ").trimEnd();
}

/** `12 s left`, as long as the rest takes at the pace so far. */
export function timeLeft({ done, total, elapsedSeconds }: BarState): string {
  return done > 0 ? `${formatDuration((elapsedSeconds * (total - done)) / done)} left` : "";
}
