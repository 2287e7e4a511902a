// `pnpm --filter @kindling/conformance golden [--json]`: runs every case of the golden folder on the backend that is
// in use and says by group what passed, failed and is not covered. The last line is the sum, as JSON.
import { parseArgs } from "node:util";
import { backendInfo } from "@kindling/kernels";
import { goldenFolder, hasManifest, readGroups } from "./folder.js";
import { addCounts, type Counts, count, formatGroup, jsonGroup } from "./report.js";
import { runGroup } from "./run.js";

const { json } = parseArgs({ options: { json: { type: "boolean", default: false } } }).values;
const folder = goldenFolder();
if (!hasManifest(folder)) {
  console.error(`There is no golden folder at ${folder}: set GOLDEN_DIR to the one with manifest.json in it.`);
  process.exit(1);
}
if (!json) console.log(`${folder} on ${JSON.stringify(backendInfo())}`);

const all: Counts[] = [];
for (const group of readGroups(folder)) {
  const results = await runGroup(group);
  console.log(json ? jsonGroup(group.name, results) : formatGroup(group.name, results));
  all.push(count(results));
}
const sum = addCounts(all);
console.log(JSON.stringify(sum));
process.exitCode = sum.failed > 0 ? 1 : 0;
