/** A failure with a message for people: no stack is shown. */
export class ProgramError extends Error {
  /** With which the program ends. */
  readonly exitCode: number = 1;
}

/** A command line that can never work. */
export class CommandLineError extends ProgramError {
  override readonly exitCode = 2;
}

/** The loss is no finite number any more. */
export class DivergenceError extends ProgramError {
  constructor(what: string, at: { epoch: number; step: number; lr: number; model: string }) {
    super(
      `${what} at step ${at.step} of epoch ${at.epoch}, so training stopped. The last good model is saved in ` +
        `${at.model}. Try a lower learning rate than --lr ${at.lr}.`,
    );
  }
}
