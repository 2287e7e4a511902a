import { CIFAR10, Subset } from "@kindling/datasets";
import { DataError } from "@kindling/tensor";
import type { LabelledImages } from "./evaluate.js";
import { type Preprocessing, toTransform } from "./preprocessing.js";
import { DownloadReporter } from "./report/download-reporter.js";

/** Where a command gets its images from. */
export type ImageSource = (
  split: "train" | "test",
  options: DataOptions,
  preprocessing: Preprocessing,
) => Promise<LabelledImages>;

/** Which images a command works on. */
export interface DataOptions {
  /** Directory of CIFAR-10. */
  readonly data: string;
  /** Whether to fetch what is missing or damaged. Default: the data set is fetched if nothing of it is there. */
  readonly download?: boolean;
  /** Only the first so many images. Default: all. */
  readonly limit?: number | null;
}

/**
 * CIFAR-10: the images of one split, ready for the network. Damaged files are never replaced unasked: they may be somebody's
 * only copy.
 *
 * @throws DataError that names what is missing or damaged.
 */
export const loadCifar10: ImageSource = async (split, { data: root, download, limit = null }, preprocessing) => {
  const mayFetch = download ?? !(await CIFAR10.isPresent(root));
  const reporter = new DownloadReporter(process.stderr);
  try {
    const all = await CIFAR10.load({
      root,
      train: split === "train",
      transform: toTransform(preprocessing),
      download: mayFetch,
      progress: (event) => reporter.report(event),
    });
    if (limit === null || limit >= all.length) return all;
    return new Subset(
      all,
      Array.from({ length: limit }, (_, index) => index),
    );
  } catch (cause) {
    if (!(cause instanceof DataError) || mayFetch) throw cause;
    throw new DataError(`${cause.message} (on the command line: --download)`, { cause });
  } finally {
    reporter.stop();
  }
};
