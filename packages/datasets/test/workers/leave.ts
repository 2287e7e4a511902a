// Leaves loops and loaders with workers behind; must end by itself.
import { readdirSync } from "node:fs";
import { DataLoader } from "../../src/index.js";
import { Numbers } from "./numbers.js";

const options = { numWorkers: 1, workerModule: new URL("./numbers.js", import.meta.url), workerData: {} };
const threads = () => (process.platform === "linux" ? readdirSync("/proc/self/task").length : 0);

const before = threads();
for await (const _ of new DataLoader(new Numbers({}), options)) break;
console.log("threads left", Math.max(0, threads() - before));

const broken = {
  length: 1,
  [Symbol.iterator](): Iterator<number> {
    throw new Error("no order");
  },
};
try {
  for await (const _ of new DataLoader(new Numbers({}), { ...options, sampler: broken }));
} catch (error) {
  console.log((error as Error).message);
}

for await (const _ of new DataLoader(new Numbers({}), { ...options, persistentWorkers: true })) break;
await new DataLoader(new Numbers({}), options)[Symbol.asyncIterator]().next();
console.log("done");
