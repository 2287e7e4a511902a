import { existsSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { DataError } from "@kindling/tensor";

/**
 * Makes the directory that a run writes to, and those above it, unless they are there. Node's own `recursive` never
 * returns where a file system takes no directory but says that its parent is missing, as /proc does.
 */
export async function makeDirectory(path: string): Promise<string> {
  if (!existsSync(dirname(path))) await makeDirectory(dirname(path));
  try {
    await mkdir(path);
  } catch (error) {
    const isThere = await stat(path).catch(() => null);
    if (isThere?.isDirectory() !== true) throw cannotMake(path, error);
  }
  return path;
}

/** Makes a new directory; if there is one already, one with a number after its name. */
export async function makeNewDirectory(path: string): Promise<string> {
  await makeDirectory(dirname(path));
  for (let count = 1; ; count++) {
    const name = count === 1 ? path : `${path}-${count}`;
    try {
      await mkdir(name);
      return name;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw cannotMake(name, error);
    }
  }
}

/** `2026-01-31-174502`, in local time: what a run is called. */
export function runName(date: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day}-${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join("")}`;
}

function cannotMake(path: string, cause: unknown): DataError {
  return new DataError(`${path}: cannot make this directory: ${(cause as Error).message}`, { cause });
}
