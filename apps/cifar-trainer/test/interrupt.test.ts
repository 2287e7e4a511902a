import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { catchSignals, type Interrupt } from "../src/interrupt.js";

describe.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s", (name) => {
  let interrupt: Interrupt;
  const onRequest = vi.fn();
  const exit = vi.spyOn(process, "exit").mockImplementation((() => undefined) as never);

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["performance"] });
    vi.clearAllMocks();
    interrupt = catchSignals(onRequest);
  });
  afterEach(() => {
    interrupt.release();
    vi.useRealTimers();
  });

  it("asks the run to end", () => {
    expect(interrupt.signal.aborted).toBe(false);
    process.emit(name);
    expect(interrupt.signal.aborted).toBe(true);
    expect(onRequest).toHaveBeenCalledOnce();
    expect(exit).not.toHaveBeenCalled();
  });

  it("that reaches the process twice at once counts once", () => {
    process.emit(name);
    vi.advanceTimersByTime(100);
    process.emit(name);
    expect(onRequest).toHaveBeenCalledOnce();
    expect(exit).not.toHaveBeenCalled();
  });

  it("for the second time ends the process at once", () => {
    process.emit(name);
    vi.advanceTimersByTime(1000);
    process.emit(name);
    expect(exit).toHaveBeenCalledExactlyOnceWith(130);
  });

  it("means what it always does when the run is over", () => {
    interrupt.release();
    expect(process.listenerCount(name)).toBe(0);
  });
});
