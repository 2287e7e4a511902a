import { Module, Sequential } from "@kindling/nn";
import { clipGradNorm_ } from "@kindling/optimizers";
import { fromArray, noGrad, setConvolutionAlgorithm, type Tensor } from "@kindling/tensor";
import type { Built } from "../adapters/modules.js";
import { flatten, withArguments } from "../call.js";
import { expectSame } from "../compare.js";
import { decodeAll, decodeTensor } from "../decode.js";
import type { Blob, Case, Golden, Group } from "../folder.js";
import { Mismatch, NotCovered } from "../outcome.js";
import { type Blobs, buildModule, expectParameterGradients, expectState, loadState } from "./module.js";
import { buildOptimizer } from "./optimizer.js";
import { buildScheduler } from "./scheduler.js";

type Goldens = { readonly [name: string]: Golden };

interface LayerDescription {
  readonly layer: string;
  readonly init?: Goldens;
  readonly body?: readonly LayerDescription[];
  readonly shortcut?: readonly LayerDescription[];
}

interface Named {
  readonly op: string;
  readonly options: Goldens;
}

interface TrainingCase extends Case {
  readonly model: { readonly sequential?: readonly LayerDescription[] };
  readonly loss: string;
  readonly optimizer: Named;
  readonly scheduler?: Named;
  readonly clip_grad_norm?: number;
  readonly steps: number;
  readonly images: Blob;
  readonly labels: Blob;
  readonly preprocess: { readonly divide: number; readonly mean?: readonly number[]; readonly std?: readonly number[] };
  readonly batches: Blob;
  readonly params: Blobs;
  readonly buffers?: Blobs;
  readonly expect: {
    readonly losses: Blob;
    readonly grad_norms: Blob;
    readonly grads_step_0?: Blobs;
    readonly params_after: { readonly [step: string]: Blobs };
    readonly buffers_after?: Blobs;
    readonly eval_indices: readonly number[];
    readonly eval_logits: Blob;
  };
}

class Residual extends Module {
  body: Sequential;
  shortcut: Sequential;

  constructor(body: Sequential, shortcut: Sequential) {
    super();
    this.body = body;
    this.shortcut = shortcut;
  }

  forward(x: Tensor): Tensor {
    return this.body.forward(x).add(this.shortcut.forward(x)).relu();
  }
}

function buildSequential(group: Group, layers: readonly LayerDescription[]): Sequential {
  return new Sequential(
    ...layers.map(({ layer, init = {}, body = [], shortcut = [] }) => {
      if (layer === "Residual") return new Residual(buildSequential(group, body), buildSequential(group, shortcut));
      return buildModule(group, layer, init).module as Module & { forward(x: Tensor): Tensor };
    }),
  );
}

/** `byte / divide`, then `(x − mean) / std` per channel. */
function prepare(images: Tensor, { divide, mean, std }: TrainingCase["preprocess"]): Tensor {
  const perChannel = (values: readonly number[]): Tensor => fromArray(values, [values.length, 1, 1], "float32");
  let x = images.to("float32").div(divide);
  if (mean) x = x.sub(perChannel(mean));
  return std ? x.div(perChannel(std)) : x;
}

/** A whole run must follow PyTorch's, with both ways to convolve. */
export function runTraining(group: Group, golden: Case): void {
  for (const algorithm of ["direct", "auto"] as const) {
    setConvolutionAlgorithm(algorithm);
    try {
      train(group, golden as TrainingCase);
    } catch (error) {
      if (error instanceof Mismatch) throw new Mismatch(`${algorithm} convolution: ${error.message}`, { cause: error });
      throw error;
    }
  }
}

function train(group: Group, golden: TrainingCase): void {
  const { op, model: description, expect, steps, clip_grad_norm = Number.POSITIVE_INFINITY } = golden;
  if (description.sequential === undefined) throw new NotCovered(`model ${op}`);
  const model = buildSequential(group, description.sequential);
  const state = { module: model };
  loadState(state, group, golden.params, golden.buffers ?? {});
  const loss = buildModule(group, golden.loss, {});
  const options = decodeAll(group, golden.optimizer.options);
  const optimizer = buildOptimizer(golden.optimizer.op, [...model.parameters()], options);
  const scheduler = golden.scheduler && buildScheduler(group, golden.scheduler.op, golden.scheduler.options, optimizer);

  const images = prepare(decodeTensor(group, golden.images), golden.preprocess);
  const labels = decodeTensor(group, golden.labels);
  const batches = decodeTensor(group, golden.batches);
  const losses: number[] = [];
  const norms: number[] = [];
  for (let step = 0; step < steps; step++) {
    const rows = batches.select(0, step);
    const output = model.forward(images.indexSelect(0, rows));
    const mean = lossOf(loss, output, labels.indexSelect(0, rows));
    losses.push(mean.item());
    optimizer.zeroGrad();
    mean.backward();
    if (step === 0) expectParameterGradients(state, group, expect.grads_step_0 ?? {});
    norms.push(clipGradNorm_(model.parameters(), clip_grad_norm).item());
    optimizer.step();
    (scheduler as { step(): void } | undefined)?.step();
    expectState(state, group, `after ${step + 1} steps:`, expect.params_after[step + 1] ?? {});
  }
  expectSame(group, "losses", fromArray(losses, [steps], "float64"), expect.losses);
  expectSame(group, "gradient norms", fromArray(norms, [steps], "float64"), expect.grad_norms);
  expectState(state, group, "afterwards:", expect.buffers_after ?? {});
  model.eval();
  const chosen = fromArray(expect.eval_indices, [expect.eval_indices.length], "int32");
  const logits = noGrad(() => model.forward(images.indexSelect(0, chosen)));
  expectSame(group, "logits in evaluation", logits, expect.eval_logits);
}

function lossOf(loss: Built, input: Tensor, target: Tensor): Tensor {
  return flatten(withArguments("loss", { input, target }, loss.forward))[0] as Tensor;
}
