import { join } from "node:path";
import { DataError } from "@kindling/tensor";
import type { ProgressListener } from "../progress.js";
import { allFiles, type CifarVariant } from "../vision/cifar-format.js";
import type { RemoteSource } from "./cifar-downloads.js";
import { readLocal, verify } from "./cifar-local.js";
import { errorMessage, isPresent, removeLeftovers, withLock, writeDirectory, writeError } from "./files.js";

export interface LoadOptions {
  root: string;
  train: boolean;
  download: boolean;
  progress?: ProgressListener;
  variant: CifarVariant;
  /** Where to fetch it from, in order. */
  remotes: readonly RemoteSource[];
}

/** The batches of one split in the binary layout, verified, from `root` or, if allowed, from afar. */
export async function loadCifar(options: LoadOptions): Promise<Uint8Array[]> {
  const { root, train, variant } = options;
  const local = await readLocal(root, train, variant);
  if (local.batches !== null) return local.batches;
  if (options.download) return downloadCifar(options);
  if (local.failure !== null) throw local.failure;
  const { name, binary, python } = variant;
  throw new DataError(
    `${name}: expected ${binary.directory}/, ${python.directory}/, ${binary.archive} or ${python.archive} ` +
      `in ${JSON.stringify(root)}, found none of them${(await isPresent(root)) ? "" : " (there is no such directory)"}; ` +
      `pass download: true to fetch the data set (about ${variant.megabytes} MB)`,
  );
}

async function downloadCifar(options: LoadOptions): Promise<Uint8Array[]> {
  const { root, train, variant, remotes, progress = () => undefined } = options;
  const { name, slug, binary } = variant;
  const directory = join(root, binary.directory);
  const waiting = () => progress({ phase: "wait", done: 0, total: 0, source: "another process" });
  return withLock(
    join(root, `.${slug}.lock`),
    async () => {
      // Another process may have finished the download while this one waited.
      const before = await readLocal(root, train, variant);
      if (before.batches !== null) return before.batches;
      await removeLeftovers(directory);
      const reasons: string[] = [];
      for (const remote of remotes) {
        try {
          await writeDirectory(directory, toFiles(remote, root, variant, progress));
          await remote.discard(root);
          const { batches, failure } = await readLocal(root, train, variant);
          if (batches === null)
            throw failure ?? new DataError(`${directory}: the files vanished while they were written`);
          return batches;
        } catch (error) {
          if (isLocalFault(error)) throw writeError(root, error);
          reasons.push(`${remote.name}: ${errorMessage(error)}`);
        }
      }
      throw new DataError(
        `${name}: could not be fetched into ${JSON.stringify(root)}: ${reasons.join("; ")}. Try again (what has arrived is kept), ` +
          `or put ${binary.directory}/ or ${binary.archive} there yourself`,
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
  variant: CifarVariant,
  progress: ProgressListener,
): AsyncGenerator<readonly [string, Uint8Array]> {
  const total = allFiles(variant).length;
  let done = 0;
  for await (const [name, batch] of remote.batches(root, variant, progress)) {
    try {
      verify(batch, name, variant, remote.name);
    } catch (error) {
      await remote.discard(root);
      throw error;
    }
    yield [name + variant.binary.suffix, batch];
    done++;
    progress({ phase: "write", done, total, source: remote.name });
  }
  if (done !== total) throw new DataError(`${remote.name}: expected ${total} batches, got ${done}`);
}
