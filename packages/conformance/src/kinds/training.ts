import { MaxPool2d, type Module, ReLU, Sequential } from "@kindling/nn";
import { clipGradNorm_, type Optimizer } from "@kindling/optimizers";
import { type ConvolutionAlgorithm, fromArray, noGrad, setConvolutionAlgorithm, type Tensor } from "@kindling/tensor";
import type { Built } from "../adapters/module.js";
import { flatten, withArguments } from "../call.js";
import { expectSame } from "../compare.js";
import { decodeAll, decodeTensor } from "../decode.js";
import type { Blob, Case, Golden, Group } from "../folder.js";
import { Mismatch, NotCovered } from "../outcome.js";
import { type Choices, ChosenMaxPool2d, ChosenReLU, FollowingChoices, LeadingChoices, Residual } from "./kinks.js";
import { type Blobs, buildModule, loadState } from "./module.js";
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

function buildSequential(group: Group, layers: readonly LayerDescription[], choices: Choices): Sequential {
  return new Sequential(
    ...layers.map(({ layer, init = {}, body = [], shortcut = [] }) => {
      if (layer === "Residual") {
        return new Residual(buildSequential(group, body, choices), buildSequential(group, shortcut, choices), choices);
      }
      const { module } = buildModule(group, layer, init);
      if (module instanceof ReLU) return new ChosenReLU(choices);
      if (module instanceof MaxPool2d) return new ChosenMaxPool2d(module, choices);
      return module as Module & { forward(x: Tensor): Tensor };
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

/** A network in training, in one dtype and with one way to convolve. */
class Run {
  readonly #group: Group;
  readonly #golden: TrainingCase;
  readonly #name: string;
  readonly #algorithm: ConvolutionAlgorithm;
  readonly #model: Sequential;
  readonly #images: Tensor;
  readonly #labels: Tensor;
  readonly #loss: Built;
  readonly #optimizer: Optimizer;
  readonly #scheduler: { step(): void } | undefined;
  readonly #losses: number[] = [];
  readonly #norms: number[] = [];

  constructor(
    group: Group,
    golden: TrainingCase,
    dtype: "float32" | "float64",
    algorithm: ConvolutionAlgorithm,
    choices: Choices,
  ) {
    const { model, images, labels, preprocess, params, buffers, loss, optimizer, scheduler } = golden;
    if (model.sequential === undefined) throw new NotCovered(`model ${golden.op}`);
    this.#group = group;
    this.#golden = golden;
    this.#name = `${dtype}, ${algorithm} convolution`;
    this.#algorithm = algorithm;
    this.#model = buildSequential(group, model.sequential, choices);
    loadState({ module: this.#model }, group, params, buffers ?? {});
    this.#model.to(dtype);
    this.#images = prepare(decodeTensor(group, images), preprocess).to(dtype);
    this.#labels = decodeTensor(group, labels);
    this.#loss = buildModule(group, loss, {});
    this.#optimizer = buildOptimizer(optimizer.op, [...this.#model.parameters()], decodeAll(group, optimizer.options));
    this.#scheduler = scheduler && (buildScheduler(group, scheduler.op, scheduler.options, this.#optimizer) as never);
  }

  step(step: number, rows: Tensor): void {
    this.#check(() => {
      const { expect, clip_grad_norm = Number.POSITIVE_INFINITY } = this.#golden;
      const values = {
        input: this.#model.forward(this.#images.indexSelect(0, rows)),
        target: this.#labels.indexSelect(0, rows),
      };
      const loss = flatten(withArguments(this.#golden.loss, values, this.#loss.forward))[0] as Tensor;
      this.#losses.push(loss.item());
      this.#optimizer.zeroGrad();
      loss.backward();
      if (step === 0) {
        const gradients = [...this.#model.namedParameters()].map(([name, { grad }]) => [name, grad] as const);
        this.#expectTensors("gradient of", Object.fromEntries(gradients), expect.grads_step_0 ?? {});
      }
      this.#norms.push(clipGradNorm_(this.#model.parameters(), clip_grad_norm).item());
      this.#optimizer.step();
      this.#scheduler?.step();
      this.#expectTensors(`after ${step + 1} steps,`, this.#model.stateDict(), expect.params_after[step + 1] ?? {});
    });
  }

  finish(): void {
    this.#check(() => {
      const { losses, grad_norms, buffers_after = {}, eval_indices, eval_logits } = this.#golden.expect;
      const column = (values: readonly number[]): Tensor => fromArray(values, [values.length], "float64");
      expectSame(this.#group, "losses", column(this.#losses), losses);
      expectSame(this.#group, "gradient norms", column(this.#norms), grad_norms);
      this.#expectTensors("afterwards,", this.#model.stateDict(), buffers_after);
      this.#model.eval();
      const chosen = fromArray(eval_indices, [eval_indices.length], "int32");
      const logits = noGrad(() => this.#model.forward(this.#images.indexSelect(0, chosen)));
      this.#expectTensors("evaluation,", { logits }, { logits: eval_logits });
    });
  }

  /** Compares in the case's own dtype. */
  #expectTensors(where: string, got: Readonly<Record<string, Tensor | null>>, want: Blobs): void {
    for (const [name, blob] of Object.entries(want)) {
      const value = got[name];
      const same = value?.isFloatingPoint() ? value.to("float32") : value;
      expectSame(this.#group, `${where} ${name}`, same, blob);
    }
  }

  #check(body: () => void): void {
    setConvolutionAlgorithm(this.#algorithm);
    try {
      body();
    } catch (error) {
      if (error instanceof Mismatch) throw new Mismatch(`${this.#name}: ${error.message}`, { cause: error });
      throw error;
    }
  }
}

/** A whole run must follow PyTorch's: in float64, and step by step beside it in float32, with both ways to convolve. */
export function runTraining(group: Group, golden: Case): void {
  const { steps, batches: blob } = golden as TrainingCase;
  const leader = new LeadingChoices();
  const followers = [new FollowingChoices(leader), new FollowingChoices(leader)] as const;
  const runs = [
    new Run(group, golden as TrainingCase, "float64", "direct", leader),
    new Run(group, golden as TrainingCase, "float32", "direct", followers[0]),
    new Run(group, golden as TrainingCase, "float32", "auto", followers[1]),
  ];
  const batches = decodeTensor(group, blob);
  const inTurn = (body: (run: Run) => void): void => {
    leader.restart();
    for (const follower of followers) follower.restart();
    runs.forEach(body);
  };
  for (let step = 0; step < steps; step++) inTurn((run) => run.step(step, batches.select(0, step)));
  inTurn((run) => run.finish());
}
