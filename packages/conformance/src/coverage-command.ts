// `pnpm --filter @kindling/conformance coverage`: writes docs/coverage.md, and takes what has come into existence off
// the exceptions. Fails if a name of PyTorch is neither there nor among them.
import { readFileSync, writeFileSync } from "node:fs";
import { exceptionsFile, parseExceptions, readNames, withoutAbsent } from "./names/lists.js";
import { coverage } from "./names/page.js";

const names = readNames();
const exceptions = readFileSync(exceptionsFile, "utf8");
const { page, arrived, unexplained, unknown } = coverage(names, parseExceptions(exceptions));

if (arrived.length > 0) {
  writeFileSync(exceptionsFile, withoutAbsent(exceptions, new Set(arrived)));
  console.log(`Now there: ${arrived.join(", ")}`);
}
writeFileSync(new URL("../../../docs/coverage.md", import.meta.url), page);
for (const name of unexplained) console.error(`${name} is not there: say why in names/exceptions.txt`);
for (const name of unknown) console.error(`${name} of names/exceptions.txt is no name in names/pytorch-names.txt`);
process.exitCode = unexplained.length + unknown.length > 0 ? 1 : 0;
