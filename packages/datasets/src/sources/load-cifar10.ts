import { join } from "node:path";
import { DataError } from "@kindling/tensor";
import type { ProgressListener } from "../progress.js";
import { allBatches, type Cifar10Manifest, cifar10Manifest } from "../vision/cifar10-format.js";
import { officialDownload, packageDownload, type RemoteSource } from "./cifar10-downloads.js";
import { binaryArchive, binaryDirectory, pythonArchive, pythonDirectory, readLocal, verify } from "./cifar10-local.js";
import { errorMessage, isPresent, removeLeftovers, withLock, writeDirectory, writeError } from "./files.js";

export interface LoadOptions {
  root: string;
  train: boolean;
  download: boolean;
  progress?: ProgressListener;
  manifest?: Cifar10Manifest;
  remotes?: readonly RemoteSource[];
}

/** The batches of one split in the binary layout, verified, from `root` or, if allowed, from afar. */
export async function loadCifar10(options: LoadOptions): Promise<Uint8Array[]> {
  const { root, train, manifest = cifar10Manifest } = options;
  const local = await readLocal(root, train, manifest);
  if (local.batches !== null) return local.batches;
  if (options.download) return downloadCifar10(options);
  if (local.failure !== null) throw local.failure;
  throw new DataError(
    `CIFAR10: expected ${binaryDirectory}/, ${pythonDirectory}/, ${binaryArchive} or ${pythonArchive} ` +
      `in ${JSON.stringify(root)}, found none of them${(await isPresent(root)) ? "" : " (there is no such directory)"}; ` +
      "pass download: true to fetch the data set (about 140 MB)",
  );
}

async function downloadCifar10(options: LoadOptions): Promise<Uint8Array[]> {
  const { root, train, progress = () => undefined, manifest = cifar10Manifest } = options;
  const { remotes = [officialDownload, packageDownload] } = options;
  const directory = join(root, binaryDirectory);
  const waiting = () => progress({ phase: "wait", done: 0, total: 0, source: "another process" });
  return withLock(
    join(root, ".cifar-10.lock"),
    async () => {
      // Another process may have finished the download while this one waited.
      const before = await readLocal(root, train, manifest);
      if (before.batches !== null) return before.batches;
      await removeLeftovers(directory);
      const reasons: string[] = [];
      for (const remote of remotes) {
        try {
          await writeDirectory(directory, toFiles(remote, root, manifest, progress));
          await remote.discard(root);
          const { batches, failure } = await readLocal(root, train, manifest);
          if (batches === null)
            throw failure ?? new DataError(`${directory}: the files vanished while they were written`);
          return batches;
        } catch (error) {
          if (isLocalFault(error)) throw writeError(root, error);
          reasons.push(`${remote.name}: ${errorMessage(error)}`);
        }
      }
      throw new DataError(
        `CIFAR10: could not be fetched into ${JSON.stringify(root)}: ${reasons.join("; ")}. Try again (what has arrived is kept), ` +
          `or put ${binaryDirectory}/ or ${binaryArchive} there yourself`,
      );
    },
    waiting,
  );
}

/** A full disk or a missing permission: another source would not help. */
function isLocalFault(error: unknown): boolean {
  const cause = error instanceof DataError ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return ["ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS"].includes(String(code));
}

async function* toFiles(
  remote: RemoteSource,
  root: string,
  manifest: Cifar10Manifest,
  progress: ProgressListener,
): AsyncGenerator<readonly [string, Uint8Array]> {
  let done = 0;
  for await (const [name, batch] of remote.batches(root, manifest, progress)) {
    try {
      verify(batch, name, manifest, remote.name);
    } catch (error) {
      await remote.discard(root);
      throw error;
    }
    yield [`${name}.bin`, batch];
    done++;
    progress({ phase: "write", done, total: allBatches.length, source: remote.name });
  }
  if (done !== allBatches.length)
    throw new DataError(`${remote.name}: expected ${allBatches.length} batches, got ${done}`);
}
