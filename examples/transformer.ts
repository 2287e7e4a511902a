// A small language model of transformer layers: pytorch/transformer.py line by line, with the same losses.
// Run it: pnpm --filter @kindling/examples start transformer.ts
import assert from "node:assert/strict";
import { CrossEntropyLoss } from "@kindling/losses";
import * as nn from "@kindling/nn";
import * as optim from "@kindling/optimizers";
import { arange, exp, manualSeed, randint, slice, type Tensor, zeros } from "@kindling/tensor";
import "@kindling/autograd";

manualSeed(0);
function positionalEncoding(maxLen: number, dModel: number) {
  const position = arange(maxLen).unsqueeze(1);
  const divTerm = exp(arange(0, dModel, 2).mul(-Math.log(10000) / dModel));
  const pe = zeros(maxLen, dModel);
  pe.setIndex([slice(), slice(0, null, 2)], position.mul(divTerm).sin());
  pe.setIndex([slice(), slice(1, null, 2)], position.mul(divTerm).cos());
  return pe;
}

class LanguageModel extends nn.Module {
  embedding = new nn.Embedding(10, 32);
  pe = positionalEncoding(64, 32);
  encoder = new nn.TransformerEncoder(
    new nn.TransformerEncoderLayer(32, 4, { dimFeedforward: 64, batchFirst: true }),
    2,
  );
  decoder = new nn.Linear(32, 10);
  forward(x: Tensor) {
    const mask = nn.Transformer.generateSquareSubsequentMask(x.size(1));
    const embedded = this.embedding.forward(x).mul(Math.sqrt(32));
    const hidden = this.encoder.forward(embedded.add(this.pe.narrow(0, 0, x.size(1))), { mask });
    return this.decoder.forward(hidden);
  }
}

// Sequences that count up, modulo ten, by 1, 2 or 3.
const starts = randint(0, 10, [48, 1]);
const steps = randint(1, 4, [48, 1]);
const data = starts.add(steps.mul(arange(13))).remainder(10);

const model = new LanguageModel();
const criterion = new CrossEntropyLoss();
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.005 });
const scheduler = new optim.StepLR(optimizer, 4, { gamma: 0.5 });
const printed = [2.10122, 1.5304, 1.19073, 0.91406, 0.75487, 0.66995, 0.59552, 0.54234]; // by PyTorch
for (let epoch = 0; epoch < 8; epoch++) {
  let total = 0;
  for (const batch of data.split(16)) {
    const logits = model.forward(batch.index(slice(), slice(null, -1)));
    const loss = criterion.forward(logits.reshape(-1, 10), batch.index(slice(), slice(1)).reshape(-1));
    optimizer.zeroGrad();
    loss.backward();
    optim.clipGradNorm_(model.parameters(), 0.5);
    optimizer.step();
    total += loss.item();
  }
  scheduler.step();
  console.log(`epoch ${epoch} loss ${(total / 3).toFixed(5)}`);
  assert.ok(Math.abs(total / 3 - (printed[epoch] as number)) < 1e-3);
}
