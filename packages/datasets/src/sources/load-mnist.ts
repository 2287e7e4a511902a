import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { DataError } from "@kindling/tensor";
import type { ProgressListener } from "../progress.js";
import { countOf, filesOf, type MnistFile, type MnistVariant, maxFileBytes } from "../vision/mnist-format.js";
import { download, httpRequest } from "./download.js";
import {
  errorCode,
  errorMessage,
  isPresent,
  makeDirectory,
  readIfPresent,
  sha256,
  withLock,
  writeError,
} from "./files.js";

export interface NamedBytes {
  readonly path: string;
  readonly bytes: Uint8Array;
}

interface LoadOptions {
  readonly root: string;
  readonly train: boolean;
  readonly download: boolean;
}

/** The image file and the label file of a split, unpacked. */
export async function loadMnist(
  variant: MnistVariant,
  options: LoadOptions,
  progress: ProgressListener = () => undefined,
): Promise<[images: NamedBytes, labels: NamedBytes]> {
  const { root, train } = options;
  const raw = join(root, variant.name, "raw");
  const found = await readPair(variant, [raw, root], train, options.download);
  if (found !== null) return found;
  if (!options.download) {
    throw new DataError(
      `${variant.name}: expected ${filesOf(train).join(" and ")}, plain or .gz, in ${JSON.stringify(raw)} or ` +
        `${JSON.stringify(root)}${(await isPresent(root)) ? "" : " (there is no such directory)"}; pass download: true to fetch them`,
    );
  }
  const waiting = () => progress({ phase: "wait", done: 0, total: 0, source: "another process" });
  await makeDirectory(raw);
  return withLock(
    join(raw, ".lock"),
    async () => {
      for (const file of filesOf(train)) {
        if ((await readOne(variant, raw, file, train, true)) === null) await fetchFile(variant, raw, file, progress);
      }
      const pair = await readPair(variant, [raw], train, false);
      if (pair === null) throw new DataError(`${raw}: the files vanished while they were read`);
      return pair;
    },
    waiting,
  );
}

async function fetchFile(
  variant: MnistVariant,
  raw: string,
  file: MnistFile,
  progress: ProgressListener,
): Promise<void> {
  const path = join(raw, `${file}.gz`);
  const reasons: string[] = [];
  for (const mirror of variant.mirrors) {
    const fresh = `${path}.download`;
    try {
      const source = new URL(mirror).host;
      await download(fresh, httpRequest(`${mirror}${file}.gz`), {
        maxBytes: maxFileBytes,
        attempts: 2,
        onProgress: (done, total) => progress({ phase: "download", done, total, source }),
      });
      await rm(join(raw, file), { force: true }); // a damaged unpacked file would hide the new one
      await rename(fresh, path).catch((error) => Promise.reject(writeError(path, error)));
      return;
    } catch (error) {
      await rm(fresh, { force: true });
      if (error instanceof DataError) throw error;
      reasons.push(`${mirror}: ${errorMessage(error)}`);
    }
  }
  throw new DataError(
    `${variant.name}: could not fetch ${file}.gz: ${reasons.join("; ")}. Put the file into ${raw} yourself`,
  );
}

/** Both files, or null if one is missing; damaged ones count as missing when they may be fetched anew. */
async function readPair(
  variant: MnistVariant,
  directories: readonly string[],
  train: boolean,
  mayFetch: boolean,
): Promise<[NamedBytes, NamedBytes] | null> {
  const [imageFile, labelFile] = filesOf(train);
  for (const directory of directories) {
    const images = await readOne(variant, directory, imageFile, train, mayFetch);
    const labels = await readOne(variant, directory, labelFile, train, mayFetch);
    if (images !== null && labels !== null) return [images, labels];
  }
  return null;
}

async function readOne(
  variant: MnistVariant,
  directory: string,
  file: MnistFile,
  train: boolean,
  mayFetch: boolean,
): Promise<NamedBytes | null> {
  const plain = join(directory, file);
  try {
    const bytes = await readIfPresent(plain, maxFileBytes);
    if (bytes !== null) return { path: plain, bytes: verify(variant, file, bytes, plain, train) };
    const packed = await readIfPresent(`${plain}.gz`, maxFileBytes);
    if (packed === null) return null;
    return {
      path: `${plain}.gz`,
      bytes: verify(variant, file, await unpack(packed, `${plain}.gz`), `${plain}.gz`, train),
    };
  } catch (error) {
    if (mayFetch && error instanceof DataError) return null;
    throw error;
  }
}

const remedy = "delete it, or pass download: true, to fetch it again";

async function unpack(packed: Uint8Array, path: string): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(packed, { maxOutputLength: maxFileBytes });
  } catch (cause) {
    const why =
      errorCode(cause) === "ERR_BUFFER_TOO_LARGE"
        ? `it unpacks to more than ${maxFileBytes} bytes`
        : errorMessage(cause);
    throw new DataError(`${path}: expected a whole gzip file: ${why}; ${remedy}`, { cause });
  }
}

function verify(variant: MnistVariant, file: MnistFile, bytes: Uint8Array, path: string, train: boolean): Uint8Array {
  const expected = variant.sha256[file];
  if (expected === undefined) {
    const count = countOf(train);
    const size = file.includes("images") ? 16 + count * 28 * 28 : 8 + count;
    if (bytes.length !== size)
      throw new DataError(`${path}: expected ${size} bytes for ${count} images, got ${bytes.length}; ${remedy}`);
    return bytes;
  }
  const actual = sha256(bytes);
  if (actual === expected) return bytes;
  throw new DataError(
    `${path}: expected ${variant.name}'s ${file} with SHA-256 ${expected}, got ${actual} (${bytes.length} bytes unpacked): ` +
      `the file is damaged, or of another data set; ${remedy}`,
  );
}
