import { LSTM, MaxPool2d, Module, Parameter, ReLU, Sequential } from "@kindling/nn";
import { type Tensor, zeros } from "@kindling/tensor";
import type { Golden, Group } from "../folder.js";
import { Mismatch, NotCovered } from "../outcome.js";
import { type Choices, ChosenMaxPool2d, ChosenReLU, Residual } from "./kinks.js";
import { type Blobs, buildModule } from "./module.js";

/** From a batch of inputs to logits, a row for each target. */
export interface Network extends Module {
  forward(x: Tensor): Tensor;
}

interface LayerDescription {
  readonly layer: string;
  readonly init?: { readonly [name: string]: Golden };
  readonly body?: readonly LayerDescription[];
  readonly shortcut?: readonly LayerDescription[];
}

/** Layers in a row, or by the names of the fields that hold them; how these are used is said in words. */
export type NetworkDescription =
  | { readonly sequential: readonly LayerDescription[] }
  | { readonly [name: string]: LayerDescription | string };

function buildLayer<T extends Module = Network>(group: Group, { layer, init = {} }: LayerDescription): T {
  return buildModule(group, layer, init).module as T;
}

function buildSequential(group: Group, layers: readonly LayerDescription[], choices: Choices): Sequential {
  return new Sequential(
    ...layers.map((description) => {
      const { layer, body = [], shortcut = [] } = description;
      if (layer === "Residual") {
        return new Residual(buildSequential(group, body, choices), buildSequential(group, shortcut, choices), choices);
      }
      const module = buildLayer(group, description);
      if (module instanceof ReLU) return new ChosenReLU(choices);
      if (module instanceof MaxPool2d) return new ChosenMaxPool2d(module, choices);
      return module;
    }),
  );
}

type Build = (name: string) => Network;

/** Tells the next element of sequences at each position. */
class SequenceTagger extends Module {
  emb: Network;
  lstm: LSTM;
  head: Network;

  constructor(build: Build) {
    super();
    const lstm: Module = build("lstm");
    if (!(lstm instanceof LSTM)) throw new Mismatch("the layer called lstm is none");
    this.emb = build("emb");
    this.lstm = lstm;
    this.head = build("head");
  }

  forward(x: Tensor): Tensor {
    return this.head.forward(this.lstm.forward(this.emb.forward(x))[0]).flatten(0, 1);
  }
}

/** Tells the class of whole sequences. */
class SequenceClassifier extends Module {
  pos: Parameter;
  emb: Network;
  layer0: Network;
  layer1: Network;
  head: Network;

  constructor(build: Build, positions: readonly number[]) {
    super();
    this.pos = new Parameter(zeros(positions));
    this.emb = build("emb");
    this.layer0 = build("layer0");
    this.layer1 = build("layer1");
    this.head = build("head");
  }

  forward(x: Tensor): Tensor {
    const encoded = this.layer1.forward(this.layer0.forward(this.emb.forward(x).add(this.pos)));
    return this.head.forward(encoded.mean(1));
  }
}

/** The networks that cases describe in words, by the name of the case's op. */
const described: Readonly<Record<string, (build: Build, params: Blobs) => Network>> = {
  lstm_sequence: (build) => new SequenceTagger(build),
  transformer_classifier: (build, params) => new SequenceClassifier(build, params.pos?.shape ?? []),
};

/** Builds the network of a training case; `params` are the parameters that it will be given. */
export function buildNetwork(
  group: Group,
  op: string,
  description: NetworkDescription,
  params: Blobs,
  choices: Choices,
): Network {
  const { sequential } = description;
  if (Array.isArray(sequential)) return buildSequential(group, sequential, choices);
  const make = described[op];
  if (make === undefined) throw new NotCovered(`model ${op}`);
  const build: Build = (name) => {
    const layer = (description as { readonly [name: string]: LayerDescription })[name];
    if (layer === undefined) throw new Mismatch(`the model of the case has no layer ${name}`);
    return buildLayer(group, layer);
  };
  return make(build, params);
}
