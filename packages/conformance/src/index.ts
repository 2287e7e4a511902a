export { type Case, type Group, goldenFolder, hasManifest, readGroups } from "./folder.js";
export { missingCifar10 } from "./kinds/data.js";
export type { Outcome } from "./outcome.js";
export { count, formatGroup, missingCounts, type Result } from "./report.js";
export { runCase, runGroup } from "./run.js";
