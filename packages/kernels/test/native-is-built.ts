import { existsSync } from "node:fs";

/** Whether there is a native addon; tests of it are skipped, visibly, on machines without a C++ compiler. */
export const nativeIsBuilt = existsSync(new URL("../build/native/kindling.node", import.meta.url));
if (!nativeIsBuilt && process.env.KINDLING_REQUIRE_NATIVE === "1") {
  throw new Error("KINDLING_REQUIRE_NATIVE=1, but build/native/kindling.node does not exist");
}
