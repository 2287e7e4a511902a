import "@kindling/autograd";
import { arange, collectStorages, manualSeed, noGrad, rand, randn, type Tensor, tensor, zeros } from "@kindling/tensor";
import { expect, test } from "vitest";
import {
  GELU,
  LayerNorm,
  Linear,
  Module,
  Transformer,
  TransformerDecoder,
  TransformerDecoderLayer,
  TransformerEncoder,
  TransformerEncoderLayer,
} from "../../src/index.js";
import { expectNumbers } from "../numbers.js";

// The numbers are PyTorch's after manual_seed(0); the draw behind shows that as many were drawn.
const x = arange(24, { dtype: "float32" }).reshape(3, 2, 4).div(10).sin();
const small = { dimFeedforward: 3, dropout: 0.5 };
const expectDraw = (want: number): void => expect(rand([1]).item()).toBeCloseTo(want, 4);

test("a seeded encoder layer gives PyTorch's numbers", () => {
  manualSeed(0);
  const layer = new TransformerEncoderLayer(4, 2, small);
  expectNumbers(
    layer.forward(x).select(0, 0),
    [-1.512966, 1.003103, 0.7909812, -0.2811182, -1.063189, 1.637063, -0.1752219, -0.3986517],
  );
});

test("a seeded decoder layer with its norms first gives PyTorch's numbers", () => {
  manualSeed(0);
  const layer = new TransformerDecoderLayer(4, 2, { ...small, normFirst: true });
  expectNumbers(
    layer.forward(x.narrow(0, 0, 2), x).select(0, 0),
    [-0.4758752, -0.8501528, 1.131425, -0.9799534, -0.9631065, 0.4794255, 0.6352172, 2.051484],
  );
});

test("an encoder copies its layer without drawing", () => {
  manualSeed(0);
  const encoder = new TransformerEncoder(new TransformerEncoderLayer(4, 2, small), 2);
  expectNumbers(
    encoder.forward(x).select(0, 0),
    [-1.264597, 0.419741, 1.388783, -0.5439267, -1.33678, 1.483858, -0.06043611, -0.08664165],
  );
  expectDraw(0.7046);
  const [first, second] = [encoder.layers.at(0), encoder.layers.at(1)];
  expect(first.getParameter("linear1.weight").storage).not.toBe(second.getParameter("linear1.weight").storage);
  expect(encoder.numLayers).toBe(2);
});

test("a seeded transformer gives PyTorch's numbers, in training and in evaluation", () => {
  manualSeed(0);
  const options = { ...small, numEncoderLayers: 1, numDecoderLayers: 2 };
  const transformer = new Transformer(4, 2, options).to("float64");
  const src = arange(24, { dtype: "float64" }).reshape(3, 2, 4).div(10).sin();
  const tgt = src.narrow(0, 0, 2);
  const tgtMask = Transformer.generateSquareSubsequentMask(2).to("float64");
  expectNumbers(
    transformer.forward(src, tgt, { tgtMask }).select(0, 0),
    [0.7942313, 0.4599221, 0.4617709, -1.715924, -0.3459086, -0.5851498, 1.711417, -0.7803585],
  );
  expectDraw(0.9268);
  expect(Object.keys(transformer.stateDict())).toHaveLength(52);
  const srcKeyPaddingMask = tensor([[false, false, true], [false, false, false]]); // biome-ignore format: a matrix
  expectNumbers(
    transformer.eval().forward(src, tgt, { srcKeyPaddingMask }).select(0, 0),
    [1.339052, 0.2784979, -1.449519, -0.1680311, 1.325672, 0.591171, -1.125643, -0.7911999],
  );
});

test("a causal mask hides what comes later", () => {
  const encoder = new TransformerEncoder(new TransformerEncoderLayer(4, 2, { dropout: 0 }), 2, {
    norm: new LayerNorm(4),
  });
  const mask = Transformer.generateSquareSubsequentMask(3);
  expect(mask.toArray()).toEqual([
    [0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    [0, 0, Number.NEGATIVE_INFINITY],
    [0, 0, 0],
  ]);
  const whole = encoder.forward(x, { mask, isCausal: true });
  const start = encoder.forward(x.narrow(0, 0, 2), { mask: mask.narrow(0, 0, 2).narrow(1, 0, 2) });
  expect(whole.narrow(0, 0, 2).allclose(start)).toBe(true);
});

test("activations may be functions or layers", () => {
  const layer = new TransformerEncoderLayer(4, 2, { dropout: 0, activation: "gelu" });
  const withLayer = new TransformerEncoderLayer(4, 2, { dropout: 0, activation: new GELU() });
  const withFunction = new TransformerEncoderLayer(4, 2, { dropout: 0, activation: (y) => y.gelu() });
  for (const other of [withLayer, withFunction]) {
    other.loadStateDict(layer.stateDict());
    expect(other.forward(x).equal(layer.forward(x))).toBe(true);
  }
  expect(() => new TransformerDecoderLayer(4, 2, { activation: "selu" as "relu" })).toThrow(
    'TransformerDecoderLayer: activation must be "relu", "gelu", a function or a layer, got "selu"',
  );
});

test("layers without biases have none", () => {
  const layer = new TransformerEncoderLayer(4, 2, { bias: false });
  expect(Object.keys(layer.stateDict()).filter((name) => name.includes("bias"))).toEqual([]);
});

test("layers of one's own fit into encoder and transformer", () => {
  class Doubling extends Module {
    inner = new Linear(4, 4);
    forward(src: Tensor): Tensor {
      return this.inner.forward(src).mul(2);
    }
  }
  const encoder = new TransformerEncoder(new Doubling(), 2);
  expect(Object.keys(encoder.stateDict())).toContain("layers.1.inner.weight");
  const decoder = new TransformerDecoder(new TransformerDecoderLayer(4, 2), 1);
  const transformer = new Transformer(4, 2, { customEncoder: encoder, customDecoder: decoder });
  expect(transformer.forward(x, x).shape).toEqual([3, 2, 4]);
});

test("the gradient reaches every parameter of encoder and decoder", () => {
  const transformer = new Transformer(4, 2, { numEncoderLayers: 2, numDecoderLayers: 2, dimFeedforward: 5 });
  transformer
    .forward(randn([3, 2, 4]), x)
    .square()
    .sum()
    .backward();
  for (const [name, parameter] of transformer.namedParameters()) expect(parameter.grad, name).not.toBeNull();
});

test("batches and features that do not fit are named", () => {
  const transformer = new Transformer(4, 2, { numEncoderLayers: 1, numDecoderLayers: 1 });
  const message = "Transformer: expected src and tgt of one batch and 4 features (dModel), got [3, 2, 4] and";
  for (const shape of [[3, 1, 4], [3, 2, 5], [3, 4]]) expect(() => transformer.forward(x, zeros(shape))).toThrow(message); // biome-ignore format: a list
  const wrong = { mask: zeros([2, 2]) };
  expect(() => transformer.encoder.forward(x, wrong)).toThrow("layers.0.self_attn (MultiheadAttention): Multihead");
});

test("the memory between the parts of an encoder layer goes back to the pool once nothing needs it", () => {
  const layer = new TransformerEncoderLayer(4, 2, small);
  const run = () => collectStorages(() => layer.forward(x));
  const left = ({ storages }: ReturnType<typeof run>) => storages.filter((storage) => !storage.isReleased);
  const inferred = noGrad(run);
  expect(left(inferred)).toEqual([inferred.result.storage]);
  const trained = run();
  expect(left(trained).length).toBeGreaterThan(5);
  trained.result.sum().backward();
  expect(left(trained)).toEqual([trained.result.storage]);
});

test("the memory between the parts of an encoder layer is left alone where user code sees it", () => {
  const seen: Tensor[] = [];
  class Keeper extends Linear {
    override forward(input: Tensor): Tensor {
      seen.push(input);
      return super.forward(input);
    }
  }
  const [replaced, activated, hooked] = [1, 2, 3].map(() => new TransformerEncoderLayer(4, 2, small)) as [
    TransformerEncoderLayer,
    TransformerEncoderLayer,
    TransformerEncoderLayer,
  ];
  replaced.selfAttn.outProj = new Keeper(4, 4);
  activated.activation = (hidden) => {
    seen.push(hidden);
    return hidden;
  };
  hooked.linear2.registerForwardHook((_, inputs) => void seen.push(inputs[0] as Tensor));
  for (const layer of [replaced, activated, hooked]) noGrad(() => layer.forward(x));
  expect(seen.map((tensor) => tensor.storage.isReleased)).toEqual([false, false, false]);
});
