#!/usr/bin/env node
// kindling-info: what runs the kernels on this machine.
import { backendInfo } from "./index.js";

try {
  const info = backendInfo();
  if (process.argv.includes("--json")) {
    console.log(JSON.stringify(info));
  } else {
    for (const [key, value] of Object.entries(info)) console.log(`${key.padEnd(12)} ${value}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
