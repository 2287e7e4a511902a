import { packageBuild } from "../../tsup.base.js";

export default packageBuild({ entry: ["src/cli.ts"], dts: false });
