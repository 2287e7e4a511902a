import { packageBuild } from "../../tsup.base.js";

export default packageBuild({ entry: ["ts/index.ts", "ts/info.ts"] });
