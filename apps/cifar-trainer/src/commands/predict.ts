import { readFile } from "node:fs/promises";
import { decodeImage } from "@kindling/datasets";
import { type Directories, showPath } from "../directories.js";
import { ProgramError } from "../errors.js";
import { loadModel } from "../model-file.js";
import { predict } from "../predict.js";
import { predictionLines } from "../report/prediction.js";

export interface PredictOptions {
  readonly top: number;
  readonly json?: boolean;
}

/** `cifar-trainer predict`. An image that cannot be read does not keep the others from being classified. */
export async function runPredict(
  file: string,
  images: readonly string[],
  { top, json = false }: PredictOptions,
  { user }: Directories,
): Promise<void> {
  const trained = await loadModel(file);
  const failures: string[] = [];
  for (const image of images) {
    const shown = showPath(image, user);
    try {
      const probabilities = predict(trained, decodeImage(await readFile(image), "RGB"));
      const event = { event: "prediction", image, class: probabilities[0]?.class, probabilities };
      process.stdout.write(
        json ? `${JSON.stringify(event)}\n` : `${predictionLines(shown, probabilities.slice(0, top)).join("\n")}\n`,
      );
    } catch (error) {
      failures.push(`${shown}: ${(error as Error).message}`);
    }
  }
  if (failures.length > 0) throw new ProgramError(failures.join("\n"));
}
