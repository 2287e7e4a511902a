import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { BackendInfo } from "@kindling/kernels";
import { type Cell, defineBenchmark } from "../benchmark.js";
import { startKindling, usableBackends } from "../child.js";
import { describeKindling, describeMachine } from "../machine.js";

interface Description extends BackendInfo {
  readonly data: string;
}

const phases = ["step", "loading", "zeroGrad", "item"];

export const loading = defineBenchmark({
  summary: "the share of an epoch's time that goes outside the training step",
  options: {
    images: { meaning: "images of the epoch", default: 50_000 },
    data: {
      meaning: "a folder with CIFAR-10; without, the images are made up",
      default: fileURLToPath(new URL("../../data", import.meta.url)),
    },
  },
  async run({ images, data }) {
    const machine = describeMachine();
    const kindling = [];
    const rows: Cell[][] = [];
    for (const backend of usableBackends()) {
      process.stderr.write(`an epoch on ${backend}\n`);
      const child = await startKindling<Description>("loading", backend, availableParallelism(), [data]);
      kindling.push(child);
      await child.ask(640); // warms up
      const [times = {}] = await child.ask(images);
      child.stop();
      const total = phases.reduce((sum, phase) => sum + (times[phase] ?? Number.NaN), 0);
      const perBatch = phases.map((phase) => (times[phase] ?? Number.NaN) / (times.batches ?? Number.NaN));
      rows.push([backend, total / 1000, ...perBatch, (1 - (times.step ?? Number.NaN) / total) * 100]);
    }
    return {
      setting: [machine, describeKindling(kindling), `Data: ${kindling[0]?.description.data}, ToTensor and Normalize.`],
      tables: [
        {
          title: `An epoch of the tutorial network, ${images} images in shuffled batches of 64`,
          columns: ["", "seconds", ...phases.map((phase) => `${phase} ms`), "outside the step %"],
          rows,
        },
      ],
      notes: [
        "Milliseconds are per batch. The step is forward, loss, backward and the optimizer's update. Wanted: at most 5 % outside it.",
      ],
    };
  },
});
