// A recurrent network that learns a text letter by letter and writes it: pytorch/char-rnn.py line by line.
// Run it: pnpm --filter @kindling/examples start char-rnn.ts
import assert from "node:assert/strict";
import { CrossEntropyLoss } from "@kindling/losses";
import * as nn from "@kindling/nn";
import * as optim from "@kindling/optimizers";
import { manualSeed, multinomial, noGrad, softmax, type Tensor, tensor } from "@kindling/tensor";
import "@kindling/autograd";

manualSeed(0);
const sentence = "the quick brown fox jumps over the lazy dog and the slow green turtle walks under the busy bee. ";
const text = sentence.repeat(4);
const chars = [...new Set(text)].sort();
const data = tensor([...text].map((char) => chars.indexOf(char)));

class CharRNN extends nn.Module {
  embedding = new nn.Embedding(chars.length, 16);
  lstm = new nn.LSTM(16, 64, { numLayers: 2, dropout: 0.1, batchFirst: true });
  head = new nn.Linear(64, chars.length);
  forward(x: Tensor, before: [Tensor, Tensor] | null = null): [Tensor, [Tensor, Tensor]] {
    const [out, state] = this.lstm.forward(this.embedding.forward(x), before);
    return [this.head.forward(out), state];
  }
}

const model = new CharRNN();
const criterion = new CrossEntropyLoss();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });

const printed = [3.11295, 2.80125, 2.37795, 1.86506, 1.38872, 0.93741, 0.59673, 0.36261]; // by PyTorch
for (let epoch = 0; epoch < 8; epoch++) {
  let [state, total]: [[Tensor, Tensor] | null, number] = [null, 0];
  for (let start = 0; start < 360; start += 60) {
    const x = data.narrow(0, start, 60).unsqueeze(0);
    const y = data.narrow(0, start + 1, 60);
    const [logits, [h, c]]: [Tensor, [Tensor, Tensor]] = model.forward(x, state);
    state = [h.detach(), c.detach()];
    const loss = criterion.forward(logits.squeeze(0), y);
    optimizer.zeroGrad();
    loss.backward();
    optim.clipGradNorm_(model.parameters(), 1);
    optimizer.step();
    total += loss.item();
  }
  console.log(`epoch ${epoch} loss ${(total / 6).toFixed(5)}`);
  assert.ok(Math.abs(total / 6 - (printed[epoch] as number)) < 1e-3);
}

model.eval();
const written = noGrad(() => {
  let [letters, state]: [string, [Tensor, Tensor] | null] = ["t", null];
  for (let i = 0; i < 60; i++) {
    const [logits, next] = model.forward(tensor([[chars.indexOf(letters.at(-1) as string)]]), state);
    letters += chars[multinomial(softmax(logits.index(0, -1), 0), 1).item()];
    state = next;
  }
  return letters;
});
console.log(written);
assert.equal(written, "the buss be.en turthe sllsu brenn turte zlky dog and the qusk"); // so does PyTorch
