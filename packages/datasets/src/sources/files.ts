import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DataError } from "@kindling/tensor";

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The system's error code (`ENOENT`, `ENOSPC`, …), if the error has one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Says in plain words why `path` could not be written, and what to do. */
export function writeError(path: string, cause: unknown): DataError {
  if (cause instanceof DataError) return cause;
  const code = errorCode(cause);
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new DataError(`${path}: the disk is full; free some space, or choose another root, and try again`, {
      cause,
    });
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new DataError(`${path}: no permission to write; choose a root that you may write to`, { cause });
  }
  if (code === "EEXIST" || code === "ENOTDIR") {
    return new DataError(`${path}: there is a file in the way of a directory; choose another root`, { cause });
  }
  return new DataError(`${path}: cannot write: ${errorMessage(cause)}`, { cause });
}

/** The bytes of a file, or null if there is none; never more than `maxBytes`. */
export async function readIfPresent(path: string, maxBytes: number): Promise<Uint8Array | null> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw new DataError(`${path}: expected a file, found a directory`);
    if (info.size > maxBytes)
      throw new DataError(`${path}: expected at most ${maxBytes} bytes, the file has ${info.size}`);
    return await readFile(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    if (error instanceof DataError) throw error;
    throw new DataError(`${path}: cannot read: ${errorMessage(error)}`, { cause: error });
  }
}

export async function isPresent(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

export async function fileSize(path: string): Promise<number> {
  return stat(path).then(
    (info) => info.size,
    () => 0,
  );
}

/**
 * Makes a directory and those above it. Node's own `recursive` never returns where a file system takes no directory
 * but says that its parent is missing, as /proc does.
 */
export async function makeDirectory(path: string): Promise<void> {
  if (!(await isPresent(dirname(path)))) await makeDirectory(dirname(path));
  try {
    await mkdir(path);
  } catch (error) {
    const isThere = await stat(path).catch(() => null);
    if (isThere?.isDirectory() !== true) throw writeError(path, error);
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  try {
    const directory = await open(path, "r");
    await directory.sync().finally(() => directory.close());
  } catch {
    // Some systems cannot open or sync a directory; the rename itself is atomic all the same.
  }
}

/**
 * Writes files into `directory` so that other programs see each of them whole or not at all: into a
 * temporary directory beside it, synced to disk, then renamed into place. Nothing is left behind on failure.
 */
export async function writeDirectory(
  directory: string,
  files: AsyncIterable<readonly [name: string, bytes: Uint8Array]>,
): Promise<void> {
  const parent = dirname(directory);
  const prefix = `.${basename(directory)}.writing-`;
  const temporary = join(parent, `${prefix}${process.pid}-${randomBytes(4).toString("hex")}`);
  await makeDirectory(temporary);
  try {
    for await (const [name, bytes] of files) {
      const path = join(temporary, name);
      await writeDurably(path, bytes).catch((error) => Promise.reject(writeError(path, error)));
    }
    await syncDirectory(temporary);
    await moveInto(directory, temporary).catch((error) => Promise.reject(writeError(directory, error)));
    await syncDirectory(parent);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function moveInto(directory: string, temporary: string): Promise<void> {
  try {
    await rename(temporary, directory);
  } catch (error) {
    if (!["EEXIST", "ENOTEMPTY", "EPERM"].includes(errorCode(error) ?? "")) throw error;
    for (const name of await readdir(temporary)) await rename(join(temporary, name), join(directory, name));
  }
}

/** Removes what killed writers of `directory` left beside it. Call it only while holding the lock. */
export async function removeLeftovers(directory: string): Promise<void> {
  const parent = dirname(directory);
  const prefix = `.${basename(directory)}.writing-`;
  for (const name of await readdir(parent).catch(() => [])) {
    if (name.startsWith(prefix)) await rm(join(parent, name), { recursive: true, force: true });
  }
}

const heartbeatMs = 5_000;
const staleMs = 30_000;
const pollMs = 200;

/**
 * Runs `body` while no other process runs one under the same lock file. The holder touches the file
 * every few seconds; a lock whose process is gone, or that nobody touched for half a minute, is taken over.
 */
export async function withLock<T>(path: string, body: () => Promise<T>, onWait?: () => void): Promise<T> {
  await makeDirectory(dirname(path));
  for (;;) {
    try {
      await writeFile(path, JSON.stringify({ pid: process.pid, host: hostname() }), { flag: "wx" });
      break;
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw writeError(path, error);
    }
    if (await isAbandoned(path)) {
      await unlink(path).catch(() => undefined);
      continue;
    }
    onWait?.();
    await sleep(pollMs);
  }
  const heartbeat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), heartbeatMs);
  heartbeat.unref();
  try {
    return await body();
  } finally {
    clearInterval(heartbeat);
    await unlink(path).catch(() => undefined);
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  try {
    const age = Date.now() - (await stat(path)).mtimeMs;
    if (age > staleMs) return true;
    const holder: unknown = JSON.parse(await readFile(path, "utf8"));
    if (typeof holder !== "object" || holder === null || !("pid" in holder) || !("host" in holder)) return false;
    if (holder.host !== hostname() || typeof holder.pid !== "number") return false;
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return errorCode(error) === "ESRCH";
  }
}
