import { join } from "node:path";
import { DataError } from "@kindling/tensor";
import {
  allBatches,
  type BatchName,
  batchesOf,
  batchFromPickle,
  bytesPerRecord,
  type Cifar10Manifest,
} from "../vision/cifar10-format.js";
import { readArchive } from "./archive.js";
import { isPresent, readIfPresent, sha256 } from "./files.js";

export const binaryDirectory = "cifar-10-batches-bin";
export const pythonDirectory = "cifar-10-batches-py";
export const binaryArchive = "cifar-10-binary.tar.gz";
export const pythonArchive = "cifar-10-python.tar.gz";

export interface Local {
  readonly batches: Uint8Array[] | null;
  /** Why data that are there cannot be used. */
  readonly failure: unknown;
}

/** Tries the layouts that `root` may hold; the first whose every file has the right checksum wins. */
export async function readLocal(root: string, train: boolean, manifest: Cifar10Manifest): Promise<Local> {
  let failure: unknown = null;
  for (const read of [readBinaryDirectory, readPythonDirectory, readBinaryArchive, readPythonArchive]) {
    try {
      const batches = await read(root, batchesOf(train), manifest);
      if (batches !== null) return { batches, failure: null };
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      failure ??= error;
    }
  }
  return { batches: null, failure };
}

type LocalReader = (
  root: string,
  names: readonly BatchName[],
  manifest: Cifar10Manifest,
) => Promise<Uint8Array[] | null>;

/** A pickle spends some bytes per image on labels and file names. */
function maxPickleBytes(manifest: Cifar10Manifest): number {
  return manifest.recordsPerBatch * (bytesPerRecord + 200) + 4096;
}

/** How the official archives unpack: a folder of this name, with a file of this suffix for each batch. */
interface Layout {
  readonly directory: string;
  readonly suffix: string;
}

const binaryLayout: Layout = { directory: binaryDirectory, suffix: ".bin" };
const pythonLayout: Layout = { directory: pythonDirectory, suffix: "" };

/** Where in `root` the files of a layout lie: in the official folder, or `root` is that folder. */
async function findLayout(root: string, { directory, suffix }: Layout): Promise<string | null> {
  const official = join(root, directory);
  if (await isPresent(official)) return official;
  const isThere = await Promise.all(allBatches.map((name) => isPresent(join(root, name + suffix))));
  return isThere.includes(true) ? root : null;
}

/** Whether `root` holds files of the data set in any form, whole or not. */
export async function hasLocal(root: string): Promise<boolean> {
  const layouts = [findLayout(root, binaryLayout), findLayout(root, pythonLayout)];
  if ((await Promise.all(layouts)).some((directory) => directory !== null)) return true;
  const archives = [binaryArchive, pythonArchive].map((name) => isPresent(join(root, name)));
  return (await Promise.all(archives)).includes(true);
}

const readBinaryDirectory: LocalReader = (root, names, manifest) =>
  readDirectory(root, binaryLayout, names, Number.MAX_SAFE_INTEGER, (bytes, name, path) =>
    verify(bytes, name, manifest, path),
  );

const readPythonDirectory: LocalReader = (root, names, manifest) =>
  readDirectory(root, pythonLayout, names, maxPickleBytes(manifest), (bytes, name, path) =>
    verify(batchFromPickle(bytes, path), name, manifest, path),
  );

async function readDirectory(
  root: string,
  layout: Layout,
  names: readonly BatchName[],
  maxBytes: number,
  decode: (bytes: Uint8Array, name: BatchName, path: string) => Uint8Array,
): Promise<Uint8Array[] | null> {
  const directory = await findLayout(root, layout);
  if (directory === null) return null;
  const { suffix } = layout;
  const files = await Promise.all(names.map((name) => readIfPresent(join(directory, name + suffix), maxBytes)));
  return names.map((name, index) => {
    const path = join(directory, name + suffix);
    const bytes = files[index];
    if (bytes == null) throw new DataError(`${path}: the file is missing; ${remedy}`);
    return decode(bytes, name, path);
  });
}

const readBinaryArchive: LocalReader = (root, names, manifest) =>
  readArchivedBatches(join(root, binaryArchive), names, manifest);

const readPythonArchive: LocalReader = async (root, names, manifest) => {
  const path = join(root, pythonArchive);
  if (!(await isPresent(path))) return null;
  const members = await readArchive(
    path,
    names.map((name) => `${pythonDirectory}/${name}`),
    maxPickleBytes(manifest),
  );
  return names.map((name) => {
    const where = `${path}: ${pythonDirectory}/${name}`;
    return verify(
      batchFromPickle(memberOf(members, `${pythonDirectory}/${name}`, where), where),
      name,
      manifest,
      where,
    );
  });
};

/** The chosen batches of an archive of the binary layout, or null if there is no such file. */
export async function readArchivedBatches(
  path: string,
  names: readonly BatchName[],
  manifest: Cifar10Manifest,
): Promise<Uint8Array[] | null> {
  if (!(await isPresent(path))) return null;
  const members = await readArchive(
    path,
    names.map((name) => `${binaryDirectory}/${name}.bin`),
    manifest.recordsPerBatch * bytesPerRecord,
  );
  return names.map((name) => {
    const where = `${path}: ${binaryDirectory}/${name}.bin`;
    return verify(memberOf(members, `${binaryDirectory}/${name}.bin`, where), name, manifest, where);
  });
}

function memberOf(members: ReadonlyMap<string, Uint8Array>, member: string, where: string): Uint8Array {
  const bytes = members.get(member);
  if (bytes === undefined) throw new DataError(`${where}: the archive has no such file; ${remedy}`);
  return bytes;
}

const remedy = "delete it, or pass download: true, to fetch the data set again";

/** Returns the batch if it is what the manifest says. */
export function verify(batch: Uint8Array, name: BatchName, manifest: Cifar10Manifest, where: string): Uint8Array {
  const expectedBytes = manifest.recordsPerBatch * bytesPerRecord;
  const expected = manifest.sha256[name];
  if (batch.length !== expectedBytes) {
    throw new DataError(
      `${where}: expected ${manifest.recordsPerBatch} images in ${expectedBytes} bytes with SHA-256 ${expected}, ` +
        `got ${batch.length} bytes; ${remedy}`,
    );
  }
  const actual = sha256(batch);
  if (actual !== expected) {
    throw new DataError(
      `${where}: expected ${name} to have SHA-256 ${expected}, got ${actual}: the file is damaged, or no CIFAR-10; ${remedy}`,
    );
  }
  return batch;
}
