import { createInterface } from "node:readline";
import { backendInfo } from "@kindling/kernels";
import type { Sample } from "../child.js";

/** Prints `description`, then answers every request on standard input, a line of JSON, by a line with samples. */
export async function serve<Request = number>(
  answer: (request: Request) => readonly Sample[],
  description: object = backendInfo(),
): Promise<void> {
  console.log(JSON.stringify(description));
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(answer(JSON.parse(line) as Request)));
  }
}

/** Samples of `measure` until the time is over, after one that does not count: other processes had the caches. */
export function repeat(measure: () => Sample): (milliseconds: number) => Sample[] {
  return (milliseconds) => {
    measure();
    const samples: Sample[] = [];
    const end = performance.now() + milliseconds;
    do samples.push(measure());
    while (performance.now() < end);
    return samples;
  };
}
