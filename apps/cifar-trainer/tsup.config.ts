import { packageBuild } from "../../tsup.base.js";

export default packageBuild({ entry: ["src/cli.ts"], platform: "node", dts: false });
