import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "@kindling/tensor";
import {
  allFiles,
  batchFromPickle,
  bytesPerRecord,
  type CifarLayout,
  type CifarVariant,
  checkBalance,
  filesOf,
  recordsOf,
} from "../vision/cifar-format.js";
import { readArchive } from "./archive.js";
import { isPresent, readIfPresent, sha256 } from "./files.js";

export interface Local {
  readonly batches: Uint8Array[] | null;
  /** Why data that are there cannot be used. */
  readonly failure: unknown;
}

type LocalReader = (root: string, files: readonly string[], variant: CifarVariant) => Promise<Uint8Array[] | null>;

/** Tries the layouts that `root` may hold; the first whose every file is what it should be wins. */
export async function readLocal(root: string, train: boolean, variant: CifarVariant): Promise<Local> {
  let failure: unknown = null;
  for (const read of [readBinaryDirectory, readPythonDirectory, readBinaryArchive, readPythonArchive]) {
    try {
      const batches = await read(root, filesOf(variant, train), variant);
      if (batches !== null) return { batches, failure: null };
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      failure ??= error;
    }
  }
  return { batches: null, failure };
}

/** A pickle spends some bytes per image on labels and file names. */
function maxPickleBytes(variant: CifarVariant): number {
  const records = Math.max(...allFiles(variant).map((file) => recordsOf(variant, file)));
  return records * (bytesPerRecord(variant) + 200) + 4096;
}

/** Where in `root` the files of a layout lie: in the official folder, or `root` is that folder. */
async function findLayout(root: string, variant: CifarVariant, layout: CifarLayout): Promise<string | null> {
  const official = join(root, layout.directory);
  if (await isPresent(official)) return official;
  const areThere = await Promise.all(allFiles(variant).map((file) => isFile(join(root, file + layout.suffix))));
  return areThere.includes(true) ? root : null;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() === true;
}

/** Whether `root` holds files of the data set in any form, whole or not. */
export async function hasLocal(root: string, variant: CifarVariant): Promise<boolean> {
  const layouts = [variant.binary, variant.python];
  const directories = await Promise.all(layouts.map((layout) => findLayout(root, variant, layout)));
  if (directories.some((directory) => directory !== null)) return true;
  return (await Promise.all(layouts.map(({ archive }) => isPresent(join(root, archive))))).includes(true);
}

const readBinaryDirectory: LocalReader = (root, files, variant) =>
  readDirectory(root, variant, variant.binary, files, Number.MAX_SAFE_INTEGER, verify);

const readPythonDirectory: LocalReader = (root, files, variant) =>
  readDirectory(root, variant, variant.python, files, maxPickleBytes(variant), verifyPickle);

/** Makes a checked batch of the binary layout of a file's bytes. */
type Decode = (bytes: Uint8Array, file: string, variant: CifarVariant, where: string) => Uint8Array;

async function readDirectory(
  root: string,
  variant: CifarVariant,
  layout: CifarLayout,
  files: readonly string[],
  maxBytes: number,
  decode: Decode,
): Promise<Uint8Array[] | null> {
  const directory = await findLayout(root, variant, layout);
  if (directory === null) return null;
  const paths = files.map((file) => join(directory, file + layout.suffix));
  const contents = await Promise.all(paths.map((path) => readIfPresent(path, maxBytes)));
  return files.map((file, index) => {
    const [path, bytes] = [paths[index] as string, contents[index]];
    if (bytes == null) throw new DataError(`${path}: the file is missing; ${remedy}`);
    return decode(bytes, file, variant, path);
  });
}

const readBinaryArchive: LocalReader = (root, files, variant) =>
  readArchivedBatches(join(root, variant.binary.archive), files, variant);

const readPythonArchive: LocalReader = (root, files, variant) =>
  readMembers(
    join(root, variant.python.archive),
    variant,
    variant.python,
    files,
    maxPickleBytes(variant),
    verifyPickle,
  );

/** The chosen batches of an archive of the binary layout, or null if there is no such file. */
export async function readArchivedBatches(
  path: string,
  files: readonly string[],
  variant: CifarVariant,
): Promise<Uint8Array[] | null> {
  if (variant.md5 !== null && (await isPresent(path))) {
    const actual = await md5OfFile(path);
    checkMd5(actual, variant.md5.binaryArchive, path, variant);
  }
  const maxBytes = Math.max(...files.map((file) => recordsOf(variant, file))) * bytesPerRecord(variant);
  return readMembers(path, variant, variant.binary, files, maxBytes, verify);
}

async function readMembers(
  path: string,
  variant: CifarVariant,
  { directory, suffix }: CifarLayout,
  files: readonly string[],
  maxBytes: number,
  decode: Decode,
): Promise<Uint8Array[] | null> {
  if (!(await isPresent(path))) return null;
  const names = files.map((file) => `${directory}/${file}${suffix}`);
  const members = await readArchive(path, names, maxBytes);
  return files.map((file, index) => {
    const name = names[index] as string;
    const where = `${path}: ${name}`;
    const bytes = members.get(name);
    if (bytes === undefined) throw new DataError(`${where}: the archive has no such file; ${remedy}`);
    return decode(bytes, file, variant, where);
  });
}

const remedy = "delete it, or pass download: true, to fetch the data set again";

/** Returns the batch if it is what it should be. */
export function verify(batch: Uint8Array, file: string, variant: CifarVariant, where: string): Uint8Array {
  const records = recordsOf(variant, file);
  const expectedBytes = records * bytesPerRecord(variant);
  const expected = variant.sha256?.[file];
  if (batch.length !== expectedBytes) {
    const checksum = expected === undefined ? "" : ` with SHA-256 ${expected}`;
    throw new DataError(
      `${where}: expected ${records} images in ${expectedBytes} bytes${checksum}, got ${batch.length} bytes; ${remedy}`,
    );
  }
  if (expected === undefined) {
    checkBalance(variant, batch, where);
    return batch;
  }
  const actual = sha256(batch);
  if (actual !== expected) {
    throw new DataError(
      `${where}: expected ${file} to have SHA-256 ${expected}, got ${actual}: the file is damaged, or no ${variant.slug}; ${remedy}`,
    );
  }
  return batch;
}

const verifyPickle: Decode = (bytes, file, variant, where) => {
  if (variant.md5 !== null) {
    const actual = createHash("md5").update(bytes).digest("hex");
    checkMd5(actual, variant.md5.pickles[file] ?? "", where, variant);
  }
  return verify(batchFromPickle(variant, bytes, where), file, variant, where);
};

function checkMd5(actual: string, expected: string, where: string, variant: CifarVariant): void {
  if (actual === expected) return;
  throw new DataError(
    `${where}: expected MD5 ${expected}, got ${actual}: the file is damaged, or no ${variant.slug}; ${remedy}`,
  );
}

async function md5OfFile(path: string): Promise<string> {
  const hash = createHash("md5");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}
