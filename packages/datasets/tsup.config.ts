import { packageBuild } from "../../tsup.base.js";

export default packageBuild({
  // The workers of a DataLoader are started from a file of their own.
  entry: { index: "src/index.ts", worker: "src/workers/worker.ts" },
});
