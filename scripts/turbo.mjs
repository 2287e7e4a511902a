// Runs turbo tasks: `node scripts/turbo.mjs build typecheck --filter=@kindling/nn...`
import { turbo } from "./command.mjs";
import { writePlatform } from "./platform.mjs";

writePlatform();
process.exitCode = await turbo(process.argv.slice(2));
