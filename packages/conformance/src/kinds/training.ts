import { clipGradNorm_, type Optimizer } from "@kindling/optimizers";
import { type ConvolutionAlgorithm, fromArray, noGrad, setConvolutionAlgorithm, type Tensor } from "@kindling/tensor";
import type { Built } from "../adapters/module.js";
import { flatten, withArguments } from "../call.js";
import { expectSame } from "../compare.js";
import { decodeAll, decodeTensor } from "../decode.js";
import type { Blob, Case, Golden, Group } from "../folder.js";
import { Mismatch, NotCovered } from "../outcome.js";
import { type Choices, FollowingChoices, LeadingChoices } from "./kinks.js";
import { type Blobs, buildModule, loadState } from "./module.js";
import { buildNetwork, type Network, type NetworkDescription } from "./networks.js";
import { buildOptimizer } from "./optimizer.js";
import { buildScheduler } from "./scheduler.js";

type Goldens = { readonly [name: string]: Golden };

interface Named {
  readonly op: string;
  readonly options: Goldens;
}

interface Preprocessing {
  readonly divide: number;
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
}

interface TrainingCase extends Case {
  readonly model: NetworkDescription;
  readonly loss: string;
  readonly optimizer: Named;
  readonly scheduler?: Named;
  readonly clip_grad_norm?: number;
  readonly steps: number;
  /** Image data: bytes and their classes. */
  readonly images?: Blob;
  readonly labels?: Blob;
  readonly preprocess?: Preprocessing;
  /** Sequence data: a target for each sequence, or for each of its elements. */
  readonly inputs?: Blob;
  readonly targets?: Blob;
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

/** `byte / divide`, then `(x − mean) / std` per channel. */
function prepare(images: Tensor, { divide, mean, std }: Preprocessing): Tensor {
  const perChannel = (values: readonly number[]): Tensor => fromArray(values, [values.length, 1, 1], "float32");
  let x = images.to("float32").div(divide);
  if (mean) x = x.sub(perChannel(mean));
  return std ? x.div(perChannel(std)) : x;
}

/** The rows that batches are taken from. */
function decodeData(
  group: Group,
  golden: TrainingCase,
  dtype: "float32" | "float64",
): { inputs: Tensor; targets: Tensor } {
  const { images, labels, preprocess, inputs, targets } = golden;
  if (images && labels && preprocess) {
    return {
      inputs: prepare(decodeTensor(group, images), preprocess).to(dtype),
      targets: decodeTensor(group, labels),
    };
  }
  if (!inputs || !targets) throw new NotCovered("data that are neither images nor sequences");
  return { inputs: decodeTensor(group, inputs), targets: decodeTensor(group, targets) };
}

/** A network in training, in one dtype and with one way to convolve. */
class Run {
  readonly #group: Group;
  readonly #golden: TrainingCase;
  readonly #name: string;
  readonly #algorithm: ConvolutionAlgorithm;
  readonly #model: Network;
  readonly #inputs: Tensor;
  readonly #targets: Tensor;
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
    const { op, model, params, buffers, loss, optimizer, scheduler } = golden;
    this.#group = group;
    this.#golden = golden;
    this.#name = `${dtype}, ${algorithm} convolution`;
    this.#algorithm = algorithm;
    this.#model = buildNetwork(group, op, model, params, choices);
    loadState({ module: this.#model }, group, params, buffers ?? {});
    this.#model.to(dtype);
    const { inputs, targets } = decodeData(group, golden, dtype);
    this.#inputs = inputs;
    this.#targets = targets;
    this.#loss = buildModule(group, loss, {});
    this.#optimizer = buildOptimizer(optimizer.op, [...this.#model.parameters()], decodeAll(group, optimizer.options));
    this.#scheduler = scheduler && (buildScheduler(group, scheduler.op, scheduler.options, this.#optimizer) as never);
  }

  step(step: number, rows: Tensor): void {
    this.#check(() => {
      const { expect, clip_grad_norm = Number.POSITIVE_INFINITY } = this.#golden;
      const values = {
        input: this.#model.forward(this.#inputs.indexSelect(0, rows)),
        target: this.#targets.indexSelect(0, rows).flatten(),
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
      const logits = noGrad(() => this.#model.forward(this.#inputs.indexSelect(0, chosen)));
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
