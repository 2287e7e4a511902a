// One training step of a network of everyday use, with made-up data. Argument: its name.
import "@kindling/autograd";
import { CrossEntropyLoss } from "@kindling/losses";
import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  Embedding,
  Flatten,
  Linear,
  LSTM,
  Module,
  ReLU,
  Sequential,
  Transformer,
  TransformerEncoder,
  TransformerEncoderLayer,
} from "@kindling/nn";
import { Adam, AdamW, SGD } from "@kindling/optimizers";
import { manualSeed, rand, randint, type Tensor } from "@kindling/tensor";
import { repeat, serve } from "./serve.js";

class Block extends Module {
  conv1: Conv2d;
  bn1: BatchNorm2d;
  conv2: Conv2d;
  bn2: BatchNorm2d;
  relu = new ReLU();
  downsample: Sequential | null = null;

  constructor(inChannels: number, outChannels: number, stride: number) {
    super();
    this.conv1 = new Conv2d(inChannels, outChannels, 3, { stride, padding: 1, bias: false });
    this.bn1 = new BatchNorm2d(outChannels);
    this.conv2 = new Conv2d(outChannels, outChannels, 3, { padding: 1, bias: false });
    this.bn2 = new BatchNorm2d(outChannels);
    if (stride !== 1) {
      this.downsample = new Sequential(
        new Conv2d(inChannels, outChannels, 1, { stride, bias: false }),
        new BatchNorm2d(outChannels),
      );
    }
  }

  forward(x: Tensor): Tensor {
    const inner = this.relu.forward(this.bn1.forward(this.conv1.forward(x)));
    const shortcut = this.downsample?.forward(x) ?? x;
    return this.relu.forward(this.bn2.forward(this.conv2.forward(inner)).add(shortcut));
  }
}

function resnet20(): Sequential {
  const stage = (inChannels: number, outChannels: number, stride: number) => [
    new Block(inChannels, outChannels, stride),
    new Block(outChannels, outChannels, 1),
    new Block(outChannels, outChannels, 1),
  ];
  return new Sequential(
    new Conv2d(3, 16, 3, { padding: 1, bias: false }),
    new BatchNorm2d(16),
    new ReLU(),
    ...stage(16, 16, 1),
    ...stage(16, 32, 2),
    ...stage(32, 64, 2),
    new AdaptiveAvgPool2d(1),
    new Flatten(),
    new Linear(64, 10),
  );
}

class LanguageTransformer extends Module {
  embedding = new Embedding(256, 256);
  encoder = new TransformerEncoder(
    new TransformerEncoderLayer(256, 4, { dimFeedforward: 1024, dropout: 0, batchFirst: true }),
    4,
  );
  head = new Linear(256, 256);
  #mask = Transformer.generateSquareSubsequentMask(64);

  forward(tokens: Tensor): Tensor {
    return this.head.forward(this.encoder.forward(this.embedding.forward(tokens), { mask: this.#mask }));
  }
}

class LanguageLSTM extends Module {
  embedding = new Embedding(128, 128);
  lstm = new LSTM(128, 256, { numLayers: 2, batchFirst: true });
  head = new Linear(256, 128);

  forward(tokens: Tensor): Tensor {
    return this.head.forward(this.lstm.forward(this.embedding.forward(tokens))[0]);
  }
}

manualSeed(0);
const criterion = new CrossEntropyLoss();

type Model = Module & { forward(x: Tensor): Tensor };

/** A step of a classifier of single examples. */
function classify(model: Model, optimizer: SGD | Adam, inputs: Tensor): () => void {
  const targets = randint(10, [inputs.size(0)]);
  return () => {
    optimizer.zeroGrad();
    criterion.forward(model.forward(inputs), targets).backward();
    optimizer.step();
  };
}

/** A step of a model of the next token. */
function predict(model: Model, optimizer: Adam, vocabulary: number, batch: number): () => void {
  const tokens = randint(vocabulary, [batch, 64]);
  const targets = randint(vocabulary, [batch * 64]);
  return () => {
    optimizer.zeroGrad();
    criterion.forward(model.forward(tokens).reshape(-1, vocabulary), targets).backward();
    optimizer.step();
  };
}

const networks: Readonly<Record<string, () => () => void>> = {
  mlp() {
    const model = new Sequential(
      new Linear(784, 512),
      new ReLU(),
      new Linear(512, 512),
      new ReLU(),
      new Linear(512, 10),
    );
    return classify(model, new Adam(model.parameters(), { lr: 0.001 }), rand(128, 784));
  },
  resnet20() {
    const model = resnet20();
    const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9, weightDecay: 1e-4 });
    return classify(model, optimizer, rand(64, 3, 32, 32));
  },
  transformer() {
    const model = new LanguageTransformer();
    return predict(model, new AdamW(model.parameters(), { lr: 0.001 }), 256, 16);
  },
  lstm() {
    const model = new LanguageLSTM();
    return predict(model, new Adam(model.parameters(), { lr: 0.001 }), 128, 32);
  },
};

const make = networks[process.argv[2] ?? ""];
if (make === undefined) throw new Error(`expected one of ${Object.keys(networks).join(", ")}, got ${process.argv[2]}`);
const step = make();

await serve(
  repeat(() => {
    const start = performance.now();
    const usage = process.cpuUsage();
    step();
    const { user, system } = process.cpuUsage(usage);
    return { wall: performance.now() - start, processor: (user + system) / 1000 };
  }),
);
