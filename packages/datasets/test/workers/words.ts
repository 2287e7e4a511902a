// A data set of strings with a collate function of its own.
import { getWorkerInfo } from "../../src/index.js";

let worker = -1;

export const dataset = Promise.resolve(["a", "b", "c"]).then((words) => ({
  length: words.length,
  getItem: (index: number) => words[index] as string,
}));

export const workerInitFn = async (id: number) => {
  worker = id === getWorkerInfo()?.id ? id : -2;
};

export const collate = (words: string[]) => ({ text: words.join("+"), worker, raw: Uint8Array.of(1, 2) });
