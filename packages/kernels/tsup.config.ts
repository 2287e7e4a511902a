import { packageBuild } from "../../tsup.base.ts";

export default packageBuild({ entry: ["ts/index.ts", "ts/info.ts"], platform: "node" });
