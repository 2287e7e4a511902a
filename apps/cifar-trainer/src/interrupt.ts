/** A request to end a run in its own time. */
export interface Interrupt {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Does what the first signal does. */
  readonly request: () => void;
  /** Gives the signals back to Node. */
  release(): void;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A terminal and npm may both hand on the same Ctrl-C: signals this close together count as one. */
const sameKeyMs = 300;

/**
 * Turns the first signal into a request, of which `onRequest` is told. The second ends the process at once, with the
 * exit code of a process that Ctrl-C killed.
 */
export function catchSignals(onRequest: () => void): Interrupt {
  const controller = new AbortController();
  let requestedAt = 0;
  const request = (): void => {
    if (controller.signal.aborted) return;
    requestedAt = performance.now();
    controller.abort();
    onRequest();
  };
  const onSignal = (): void => {
    if (controller.signal.aborted && performance.now() - requestedAt > sameKeyMs) process.exit(130);
    request();
  };
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    request,
    release: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
