import { PassThrough } from "node:stream";
import type { ProgressEvent } from "@kindling/datasets";
import { describe, expect, it, vi } from "vitest";
import type { TrainingEvent } from "../../src/events.js";
import { resolveConfig } from "../../src/presets.js";
import { DownloadReporter } from "../../src/report/download-reporter.js";
import { createReporter, type ReporterOptions } from "../../src/report/reporter.js";

/** A stream that remembers what was written. */
function recorder(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 100 }) as unknown as NodeJS.WriteStream;
  return { stream, text: () => String((stream as unknown as PassThrough).read() ?? "") };
}

const place = { backend: "native", isa: "avx2", threads: 1, trainImages: 128, testImages: 10, stepsPerEpoch: 2 };
const result = { lossSum: 4, loss: 2, testLoss: 1.5, testAccuracy: 0.5, imagesPerSecond: 100, seconds: 1.28 };
const events: TrainingEvent[] = [
  { event: "start", ...resolveConfig({ epochs: 2 }), ...place },
  ...[1, 2].flatMap((epoch): TrainingEvent[] => [
    { event: "step", epoch, step: 1, loss: 2.5 },
    { event: "step", epoch, step: 2, loss: 1.5 },
    { event: "test", epoch, images: 10 },
    { event: "epoch", epoch, ...result },
  ]),
  { event: "done", model: "/m" },
];

function report(isTTY: boolean, options: Partial<ReporterOptions> = {}): string {
  const { stream, text } = recorder(isTTY);
  const wording = { showPath: (path: string) => path, program: "trainer" };
  const reporter = createReporter(stream, { json: false, logSteps: false, ...wording, ...options });
  vi.useFakeTimers({ toFake: ["Date"] });
  for (const event of events) {
    reporter.report(event);
    vi.setSystemTime(Date.now() + 1000);
  }
  vi.useRealTimers();
  reporter.stop();
  return text();
}

describe("--json", () => {
  it.each([true, false])("prints JSON lines and nothing else (terminal: %s)", (isTTY) => {
    const lines = report(isTTY, { json: true }).trimEnd().split("\n");
    const names = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    expect(names).toEqual(["start", "epoch", "epoch", "done"]);
    expect(JSON.parse(lines[1] as string)).toEqual({ event: "epoch", epoch: 1, ...result });
    expect(lines[3]).toBe('{"event":"done","model":"/m"}');
  });

  it("prints every step with --log-steps", () => {
    const lines = report(false, { json: true, logSteps: true }).trimEnd().split("\n");
    expect(lines.length).toBe(8);
    expect(lines[1]).toBe('{"event":"step","epoch":1,"step":1,"loss":2.5}');
  });
});

describe("without a terminal", () => {
  it("an epoch is one line, without any control character", () => {
    const lines = report(false).trimEnd().split("\n");
    expect(lines.filter((line) => line.startsWith("epoch "))).toHaveLength(2);
    expect(lines).toHaveLength(3 + 2 + 2);
    expect(lines.join("")).not.toMatch(/\p{Cc}/u);
  });
});

describe("on a terminal", () => {
  const text = report(true);

  it("a table has a row per epoch", () => {
    expect(text).toMatch(/epoch +loss sum +loss +test loss +test accuracy +images\/s +time/);
    expect(text).toMatch(/\n?.* 1 +4\.00000 +2\.0000 +1\.5000 +50\.00 % +100 +1\.3 s\n/);
    expect(text).toMatch(/ 2 +4\.00000 +2\.0000 /);
  });

  it("a bar lives for each epoch, with the mean loss so far, the pace and the time left, and for each test", () => {
    for (const epoch of [1, 2]) expect(text).toMatch(new RegExp(`epoch ${epoch}/2 [█░]{30} +\\d+ %`));
    expect(text).toMatch(/100 % loss 2\.0000, 64 images\/s, 0\.0 s left/);
    expect(text).toMatch(/100 % testing, 10 images\/s, 0\.0 s left/);
  });
});

describe("a download", () => {
  const total = 139_000_000;
  const progress = (phase: ProgressEvent["phase"], done: number, of: number): ProgressEvent => {
    return { phase, done, total: of, source: "the registry" };
  };
  const steps: readonly ProgressEvent[] = [
    ...Array.from({ length: 101 }, (_, percent) => progress("download", (percent * total) / 100, total)),
    ...[0, 1, 2, 3, 4, 5].flatMap((file) => [progress("decode", file, 6), progress("write", file + 1, 6)]),
  ];

  function tell(isTTY: boolean, list: readonly ProgressEvent[]): string {
    const { stream, text } = recorder(isTTY);
    const reporter = new DownloadReporter(stream);
    for (const step of list) reporter.report(step);
    reporter.stop();
    return text();
  }

  it("is a bar on a terminal", () => {
    const text = tell(true, steps);
    expect(text).toMatch(/Fetching CIFAR-10 ░{10} {3}0 % 0 MB of 139 MB, from/);
    expect(text).toMatch(/Fetching CIFAR-10 █{10} 100 % 139 MB of 139 MB, 0\.0 s left, from the registry/);
    expect(text).toMatch(/Unpacking CIFAR-10 █{10} 100 %/);
  });

  it("is a few lines elsewhere", () => {
    expect(tell(false, steps).trimEnd().split("\n")).toEqual([
      "Fetching CIFAR-10 from the registry",
      "Fetching CIFAR-10: 25 %, 35 MB of 139 MB",
      "Fetching CIFAR-10: 50 %, 70 MB of 139 MB",
      "Fetching CIFAR-10: 75 %, 104 MB of 139 MB",
      "Fetching CIFAR-10: 100 %, 139 MB of 139 MB",
      "Unpacking CIFAR-10",
    ]);
  });

  it("by another process is waited for in one line", () => {
    const waiting = progress("wait", 0, 0);
    expect(tell(true, [waiting, waiting])).toBe("Waiting for another process that fetches CIFAR-10\n");
  });
});
