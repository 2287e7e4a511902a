import "@kindling/autograd";
import {
  arange,
  collectStorages,
  manualSeed,
  noGrad,
  randn,
  ShapeError,
  type Tensor,
  tensor,
  UsageError,
  zeros,
} from "@kindling/tensor";
import { expect, test } from "vitest";
import { GRU, GRUCell, LSTM, LSTMCell, type Module, packSequence, RNN, RNNCell } from "../../src/index.js";
import { expectNumbers } from "../numbers.js";

// The numbers are PyTorch's after manual_seed(0).
const x = arange(12, { dtype: "float32" }).reshape(2, 3, 2).div(10);
function seeded<T extends Module>(build: () => T): T {
  manualSeed(0);
  return build();
}
const names = (module: Module): string[] => Object.keys(module.stateDict());

test("a recurrent layer has PyTorch's names, in PyTorch's order", () => {
  const lstm = new LSTM(2, 3, { numLayers: 2, bidirectional: true, projSize: 1 });
  const perDirection = (layer: number, end = ""): string[] =>
    ["weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"].map((name) => `${name}_l${layer}${end}`);
  expect(names(lstm)).toEqual([0, 1].flatMap((layer) => [...perDirection(layer), ...perDirection(layer, "_reverse")]));
  expect(lstm.weightIhL1Reverse?.shape).toEqual([12, 2]);
  expect(names(new GRU(2, 3, { bias: false }))).toEqual(["weight_ih_l0", "weight_hh_l0"]);
  expect(names(new GRUCell(2, 3))).toEqual(["weight_ih", "weight_hh", "bias_ih", "bias_hh"]);
});

test("a seeded LSTM with dropout between its layers gives PyTorch's numbers", () => {
  const lstm = seeded(() => new LSTM(2, 3, { numLayers: 2, bidirectional: true, dropout: 0.5, batchFirst: true }));
  const [output, [hn, cn]] = lstm.forward(x);
  expect(output.shape).toEqual([2, 3, 6]);
  expectNumbers(
    output.select(0, 1),
    [
      -0.1856671, 0.04630104, 0.1649692, -0.2168864, -0.2431864, -0.1641773, -0.2741521, 0.05675117, 0.1705848,
      -0.1651842, -0.1641217, -0.1664025, -0.3446425, 0.06213761, 0.176355, -0.1405079, -0.1467482, -0.1400004,
    ],
  );
  expectNumbers(hn.select(0, 1), [-0.2922503, -0.1705534, 9.770764e-5, -0.2417152, -0.168425, 0.08358117]);
  expectNumbers(cn.select(0, 0), [-0.1945774, -0.3726124, 0.03032421, -1.011343, -0.3723888, 0.3190911]);
});

test("a projection is drawn after the biases, as PyTorch draws it", () => {
  const lstm = seeded(() => new LSTM(2, 3, { projSize: 1 }));
  expectNumbers(lstm.weightHrL0 as Tensor, [0.2612354, 0.2321874, -0.3419949]);
});

test("a seeded GRU gives PyTorch's numbers; the number of layers may stand third", () => {
  const [output] = seeded(() => new GRU(2, 3, 2, { dropout: 0.5 })).forward(x);
  expectNumbers(
    output,
    [
      0.05386992, -0.2679578, -0.07623929, 0.04769135, -0.269882, -0.08023902, 0.05386992, -0.2679578, -0.07623929,
      0.2610444, -0.365824, -0.06793238, 0.1860645, -0.3812993, -0.05434131, 0.04740952, -0.3870987, -0.05752707,
    ],
  );
});

test("a seeded RNN with relu gives PyTorch's numbers", () => {
  const [output, hn] = seeded(() => new RNN(2, 3, { nonlinearity: "relu", bias: false })).forward(x);
  expectNumbers(output.select(0, 0), [0.03097158, 0, 0.01548207, 0.09205025, 0, 0.001972426, 0.1531289, 0, 0]);
  expectNumbers(hn, [0.21306, 0, 0, 0.2741322, 0, 0, 0.3346132, 0, 0]);
});

test("seeded cells give PyTorch's numbers, with and without a batch", () => {
  const [h, c] = seeded(() => new LSTMCell(2, 3)).forward(x.select(0, 0));
  expectNumbers(h.select(0, 2), [-0.1438164, -0.09980126, 0.01586057]);
  expectNumbers(c.select(0, 2), [-0.2125536, -0.1741815, 0.04534619]);
  const gru = seeded(() => new GRUCell(2, 3));
  expectNumbers(gru.forward(x.index(0, 1)), [0.290691, 0.1693342, 0.009435992]);
  expectNumbers(gru.forward(x.select(0, 0)).select(0, 1), [0.290691, 0.1693342, 0.009435992]);
  const rnn = seeded(() => new RNNCell(2, 3, { nonlinearity: "relu" }));
  expectNumbers(rnn.forward(x.index(0, 0)), [0, 0, 0.5716089]);
});

test("a sequence without a batch gives what it gives in a batch of one", () => {
  const lstm = new LSTM(2, 3, { numLayers: 2, bidirectional: true });
  const sequence = randn([4, 2]);
  const [output, [hn, cn]] = lstm.forward(sequence, [zeros([4, 3]), zeros([4, 3])]);
  const [batch, [hBatch]] = lstm.forward(sequence.unsqueeze(1));
  expect(output.equal(batch.squeeze(1))).toBe(true);
  expect(hn.equal(hBatch.squeeze(1))).toBe(true);
  expect(cn.shape).toEqual([4, 3]);
});

test("packed sequences give what each gives alone", () => {
  const gru = new GRU(2, 3, { numLayers: 2, bidirectional: true });
  const sequences = [3, 1, 4].map((length) => randn([length, 2]));
  const h0 = randn([4, 3, 3]);
  const [output, hn] = gru.forward(packSequence(sequences, { enforceSorted: false }), h0);
  expect(output.data.shape).toEqual([8, 6]);
  for (const [i, sequence] of sequences.entries()) {
    const [, alone] = gru.forward(sequence, h0.select(1, i));
    expect(hn.select(1, i).allclose(alone)).toBe(true);
  }
});

test("the gradient reaches every parameter, the input and the state", () => {
  const lstm = new LSTM(2, 3, { numLayers: 2, bidirectional: true, projSize: 2 });
  const input = randn([4, 1, 2], { requiresGrad: true });
  const state = [randn([4, 1, 2], { requiresGrad: true }), randn([4, 1, 3], { requiresGrad: true })] as const;
  const [output] = lstm.forward(input, state);
  output.square().sum().backward();
  for (const tensor of [input, ...state, ...lstm.parameters()]) {
    expect(tensor.grad?.abs().sum().item()).toBeGreaterThan(0);
  }
});

test("recurrent layers keep working after a change of dtype", () => {
  const rnn = new RNN(2, 3).to("float64");
  expect(rnn.forward(x.to("float64"))[0].dtype).toBe("float64");
});

test("what does not fit is named", () => {
  const lstm = new LSTM(2, 3);
  expect(() => lstm.forward(zeros([4, 1, 3]))).toThrow("LSTM: expected 2 features in the last dimension (inputSize)");
  expect(() => lstm.forward(zeros([4]))).toThrow(ShapeError);
  expect(() => lstm.forward(zeros([0, 1, 2]))).toThrow("LSTM: expected at least one step");
  expect(() => lstm.forward(zeros([4, 1, 2]), [zeros([1, 1, 3]), zeros([1, 3])])).toThrow(
    "LSTM: expected c of shape [1, 1, 3] for input [4, 1, 2], got [1, 3]",
  );
  expect(() => new GRU(2, 3).forward(zeros([4, 2]), zeros([1, 1, 3]))).toThrow("GRU: expected hx of shape [1, 3]");
  expect(() => new GRUCell(2, 3).forward(zeros([4, 3]))).toThrow("GRUCell: expected an input [N, 2] or [2]");
  expect(() => new LSTMCell(2, 3).forward(zeros([4, 2]), [zeros([4, 3]), zeros([3])])).toThrow(
    "LSTMCell: expected c of shape [4, 3]",
  );
  expect(() => lstm.forward(tensor([[1, 2]]))).toThrow(/expected both tensors of one dtype/);
});

test("bad options are named", () => {
  expect(() => new LSTM(2, 3, { projSize: 3 })).toThrow("LSTM: projSize must be smaller than the hiddenSize 3, got 3");
  expect(() => new RNN(2, 3, { dropout: 1.5 })).toThrow("RNN: dropout must be between 0 and 1, got 1.5");
  expect(() => new RNN(2, 3, { nonlinearity: "selu" as "relu" })).toThrow('RNN: nonlinearity must be "tanh" or "relu"');
  expect(() => new GRU(2, 0)).toThrow(UsageError);
  expect(() => new GRUCell(2, 1.5)).toThrow("GRUCell: hiddenSize must be a whole number of at least 1, got 1.5");
});

test("recurrent layers are shown as PyTorch shows them", () => {
  const lstm = new LSTM(2, 4, 2, { projSize: 1, dropout: 0.1, bidirectional: true, batchFirst: true, bias: false });
  expect(String(lstm)).toBe(
    "LSTM(2, 4, proj_size=1, num_layers=2, bias=False, batch_first=True, dropout=0.1, bidirectional=True)",
  );
  expect(String(new RNNCell(2, 3, { nonlinearity: "relu" }))).toBe("RNNCell(2, 3, nonlinearity=relu)");
  expect(String(new GRUCell(2, 3, { bias: false }))).toBe("GRUCell(2, 3, bias=False)");
});

test("the memory of the steps goes back to the pool once nothing needs it", () => {
  const [lstm, gru, rnn] = [new LSTM(2, 3, 2), new GRU(2, 3, 2), new RNN(2, 3, { bidirectional: true })];
  for (const forward of [() => lstm.forward(x), () => gru.forward(x), () => rnn.forward(x)]) {
    const run = () => collectStorages((): [Tensor, Tensor | Tensor[]] => forward());
    const left = ({ storages }: ReturnType<typeof run>) => storages.filter((storage) => !storage.isReleased);
    const results = ([output, final]: [Tensor, Tensor | Tensor[]]) =>
      new Set([output, ...[final].flat()].map((part) => part.storage));
    const inferred = noGrad(run);
    expect(new Set(left(inferred))).toEqual(results(inferred.result));
    const trained = run();
    expect(left(trained).length).toBeGreaterThan(5);
    const before = trained.result[0].toArray();
    run();
    expect(trained.result[0].toArray()).toEqual(before);
    trained.result[0].sum().backward();
    expect(new Set(left(trained))).toEqual(results(trained.result));
  }
});

test("the memory of the steps is left alone where a subclass sees it", () => {
  const seen: Tensor[] = [];
  class Keeper extends RNN {
    protected override advance(...inputs: Parameters<RNN["advance"]>): ReturnType<RNN["advance"]> {
      seen.push(inputs[0]);
      return super.advance(...inputs);
    }
  }
  noGrad(() => new Keeper(2, 3).forward(x));
  expect(seen.map((gates) => gates.storage.isReleased)).toEqual([false, false]);
});
