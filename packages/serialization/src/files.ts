import { randomBytes } from "node:crypto";
import { open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DataError } from "@kindling/tensor";

/**
 * Writes `bytes` so that `file` holds all of them or, whatever goes wrong, what it held before.
 *
 * @throws DataError that names the file and says what to do.
 */
export async function writeAtomically(file: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(file);
  // In the same folder, since a file cannot be renamed into another file system.
  const temporary = join(folder, `.${basename(file)}.writing-${process.pid}-${randomBytes(4).toString("hex")}`);
  try {
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writeError(file, error);
  }
  await syncFolder(folder);
}

/** Makes the renaming last. Some systems cannot open or sync a folder; what it holds is whole all the same. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {}
}

/**
 * All bytes of `file`, which may be larger than the 2 GiB that `readFile` takes.
 *
 * @throws DataError that names the file.
 */
export async function readWhole(file: string): Promise<Uint8Array> {
  try {
    // Before it is opened: opening a pipe would wait for a writer.
    if (!(await stat(file)).isFile()) throw new DataError(`${file}: expected a file, found a folder or device`);
    const handle = await open(file, "r");
    try {
      const bytes = new Uint8Array((await handle.stat()).size);
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await handle.read(bytes, filled, Math.min(bytes.length - filled, 2 ** 30));
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    const reason = errorCode(cause) === "ENOENT" ? "there is no such file" : `cannot read: ${(cause as Error).message}`;
    throw new DataError(`${file}: ${reason}`, { cause });
  }
}

function errorCode(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}

const writeReasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free some space, or choose another folder, and save again",
  EDQUOT: "your disk quota is used up; free some space, or choose another folder, and save again",
  EACCES: "no permission to write into its folder; choose another",
  EPERM: "no permission to write into its folder; choose another",
  EROFS: "its folder is read-only; choose another",
  ENOENT: "its folder does not exist; create it first",
  ENOTDIR: "its folder is a file; choose another",
  EISDIR: "there is a folder of this name; choose another name",
};

function writeError(file: string, cause: unknown): DataError {
  const reason = writeReasons[String(errorCode(cause))] ?? `cannot write: ${(cause as Error).message}`;
  return new DataError(`${file}: ${reason}`, { cause });
}
