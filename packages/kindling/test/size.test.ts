import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { bundle } from "./bundle.js";

const inference = `
  import { Linear, ReLU, Sequential } from "@kindling/nn";
  import { ones } from "@kindling/tensor";
  const model = new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 2)).eval();
  console.log(model.forward(ones([1, 4])).toString());
`;
const training = `import "@kindling/autograd"; ${inference}`;

const isDerivative = (file: string): boolean => file.includes("autograd/src/derivatives/");
const isAutograd = (file: string): boolean => file.includes("packages/autograd/") || file.includes("../autograd/");

describe("a bundled program", () => {
  it("that only infers ships no autograd and no layers that it does not use", async () => {
    const { files } = await bundle(inference);
    expect(files.filter(isAutograd)).toEqual([]);
    const layers = files.filter((file) => file.includes("nn/src/layers/")).map((file) => file.split("/").at(-1));
    expect(layers.sort()).toEqual(["activation.ts", "linear.ts", "relu.ts", "sequential.ts"]);
  });

  it("that imports autograd ships the derivatives", async () => {
    const { files } = await bundle(training);
    expect(files.filter(isDerivative).length).toBeGreaterThan(5);
  });

  it("that imports the umbrella has autograd registered", async () => {
    const { files } = await bundle(`
      import { ones } from "@kindling/kindling";
      ones([2], { requiresGrad: true }).sum().backward();
    `);
    expect(files.filter(isDerivative).length).toBeGreaterThan(5);
  });

  // Bytes after gzip; a ceiling is raised only in the commit that makes the program larger.
  it.each([
    ["infers", inference, 66_000],
    ["trains", training, 80_500],
  ])("that %s stays below its ceiling", async (_name, program, ceiling) => {
    const { length } = gzipSync((await bundle(program)).text);
    expect(length).toBeGreaterThan(10_000);
    expect(length).toBeLessThan(ceiling);
  });
});
