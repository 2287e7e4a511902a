import { describe, expect, it } from "vitest";
import * as nn from "../src/index.js";
import { showFloat } from "../src/repr.js";

const indented = (text: string): string => text.replaceAll("\n", "\n  ");
const attention = (name: string): string =>
  `(${name}): MultiheadAttention(\n    (out_proj): NonDynamicallyQuantizableLinear(in_features=4, out_features=4, bias=True)\n  )`;
const norm = "LayerNorm((4,), eps=1e-05, elementwise_affine=True)";
const drop = "Dropout(p=0.1, inplace=False)";
const feedForward = [
  "(linear1): Linear(in_features=4, out_features=3, bias=True)",
  `(dropout): ${drop}`,
  "(linear2): Linear(in_features=3, out_features=4, bias=True)",
];
const ofLayer = (name: string, ...lines: string[]): string => `${name}(\n  ${lines.join("\n  ")}\n)`;
const encoderLayer = ofLayer(
  "TransformerEncoderLayer",
  attention("self_attn"),
  ...feedForward,
  ...[`(norm1): ${norm}`, `(norm2): ${norm}`, `(dropout1): ${drop}`, `(dropout2): ${drop}`],
);
const decoderLayer = (...activation: string[]): string =>
  ofLayer(
    "TransformerDecoderLayer",
    attention("self_attn"),
    attention("multihead_attn"),
    ...feedForward,
    ...[`(norm1): ${norm}`, `(norm2): ${norm}`, `(norm3): ${norm}`],
    ...[`(dropout1): ${drop}`, `(dropout2): ${drop}`, `(dropout3): ${drop}`],
    ...activation,
  );
const stack = (name: string, layers: readonly string[], ...rest: string[]): string => {
  const list = ofLayer("ModuleList", ...layers.map((layer, i) => `(${i}): ${indented(layer)}`));
  return ofLayer(name, `(layers): ${indented(list)}`, ...rest);
};
const encoder = stack("TransformerEncoder", [encoderLayer], `(norm): ${norm}`);
const decoder = stack("TransformerDecoder", [decoderLayer()], `(norm): ${norm}`);
const small = { dimFeedforward: 3 };

// What PyTorch 1.13 prints.
const shown: readonly (readonly [nn.Module, string])[] = [
  [new nn.Linear(4, 2), "Linear(in_features=4, out_features=2, bias=True)"],
  [new nn.Linear(4, 2, { bias: false }), "Linear(in_features=4, out_features=2, bias=False)"],
  [
    new nn.Conv2d(3, 6, [3, 5], {
      stride: [2, 1],
      dilation: 2,
      groups: 3,
      bias: false,
      paddingMode: "reflect",
      padding: 1,
    }),
    "Conv2d(3, 6, kernel_size=(3, 5), stride=(2, 1), padding=(1, 1), dilation=(2, 2), groups=3, bias=False, padding_mode=reflect)",
  ],
  [new nn.Conv2d(3, 6, 3), "Conv2d(3, 6, kernel_size=(3, 3), stride=(1, 1))"],
  [new nn.Conv2d(3, 6, 3, { padding: "same" }), "Conv2d(3, 6, kernel_size=(3, 3), stride=(1, 1), padding=same)"],
  [
    new nn.Conv2d(3, 6, 3, { padding: "valid", dilation: [1, 2] }),
    "Conv2d(3, 6, kernel_size=(3, 3), stride=(1, 1), padding=valid, dilation=(1, 2))",
  ],
  [new nn.Conv1d(3, 4, 3), "Conv1d(3, 4, kernel_size=(3,), stride=(1,))"],
  [
    new nn.ConvTranspose2d(4, 4, 3, { stride: 2, padding: 1, outputPadding: 1, groups: 2, bias: false, dilation: 2 }),
    "ConvTranspose2d(4, 4, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), dilation=(2, 2), output_padding=(1, 1), groups=2, bias=False)",
  ],
  [new nn.MaxPool1d(2), "MaxPool1d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)"],
  [new nn.AvgPool1d(2), "AvgPool1d(kernel_size=(2,), stride=(2,), padding=(0,))"],
  [new nn.AdaptiveAvgPool1d(2), "AdaptiveAvgPool1d(output_size=2)"],
  [new nn.ZeroPad2d([1, 0, 2, 1]), "ZeroPad2d((1, 0, 2, 1))"],
  [new nn.ConstantPad1d(2, 3.5), "ConstantPad1d(padding=(2, 2), value=3.5)"],
  [new nn.ReflectionPad2d(1), "ReflectionPad2d((1, 1, 1, 1))"],
  [new nn.PixelShuffle(2), "PixelShuffle(upscale_factor=2)"],
  [new nn.PixelUnshuffle(2), "PixelUnshuffle(downscale_factor=2)"],
  [new nn.ChannelShuffle(2), "ChannelShuffle(groups=2)"],
  [new nn.LocalResponseNorm(3), "LocalResponseNorm(3, alpha=0.0001, beta=0.75, k=1.0)"],
  [new nn.InstanceNorm2d(3), "InstanceNorm2d(3, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False)"],
  [new nn.BatchNorm3d(4), "BatchNorm3d(4, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)"],
  [new nn.InstanceNorm1d(3), "InstanceNorm1d(3, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False)"],
  [new nn.InstanceNorm3d(3), "InstanceNorm3d(3, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False)"],
  [new nn.CircularPad1d(1), "CircularPad1d((1, 1))"],
  [new nn.ReflectionPad1d(1), "ReflectionPad1d((1, 1))"],
  [new nn.ReplicationPad1d(1), "ReplicationPad1d((1, 1))"],
  [new nn.ZeroPad1d(1), "ZeroPad1d((1, 1))"],
  [new nn.CircularPad2d(1), "CircularPad2d((1, 1, 1, 1))"],
  [new nn.ReplicationPad2d(1), "ReplicationPad2d((1, 1, 1, 1))"],
  [new nn.ConstantPad2d(1, -2), "ConstantPad2d(padding=(1, 1, 1, 1), value=-2)"],
  [new nn.CircularPad3d(1), "CircularPad3d((1, 1, 1, 1, 1, 1))"],
  [new nn.ReflectionPad3d(1), "ReflectionPad3d((1, 1, 1, 1, 1, 1))"],
  [new nn.ReplicationPad3d(1), "ReplicationPad3d((1, 1, 1, 1, 1, 1))"],
  [new nn.ZeroPad3d(1), "ZeroPad3d((1, 1, 1, 1, 1, 1))"],
  [new nn.ConstantPad3d(1, -2), "ConstantPad3d(padding=(1, 1, 1, 1, 1, 1), value=-2)"],
  [
    new nn.ConvTranspose1d(3, 4, 3, { stride: 2, padding: 1, outputPadding: 1 }),
    "ConvTranspose1d(3, 4, kernel_size=(3,), stride=(2,), padding=(1,), output_padding=(1,))",
  ],
  [new nn.AdaptiveMaxPool1d(2), "AdaptiveMaxPool1d(output_size=2)"],
  [new nn.AdaptiveMaxPool2d([2, null]), "AdaptiveMaxPool2d(output_size=(2, None))"],
  [new nn.LPPool1d(1.5, 2), "LPPool1d(norm_type=1.5, kernel_size=2, stride=None, ceil_mode=False)"],
  [new nn.LPPool2d(2, 3, { ceilMode: true }), "LPPool2d(norm_type=2, kernel_size=3, stride=None, ceil_mode=True)"],
  [new nn.MaxUnpool1d(2), "MaxUnpool1d(kernel_size=(2,), stride=(2,), padding=(0,))"],
  [new nn.MaxUnpool2d(2), "MaxUnpool2d(kernel_size=(2, 2), stride=(2, 2), padding=(0, 0))"],
  [new nn.Fold([4, 5], 2), "Fold(output_size=(4, 5), kernel_size=2, dilation=1, padding=0, stride=1)"],
  [new nn.Unfold(3, { padding: 1 }), "Unfold(kernel_size=3, dilation=1, padding=1, stride=1)"],
  [new nn.Conv3d(3, 4, 3, { padding: "same" }), "Conv3d(3, 4, kernel_size=(3, 3, 3), stride=(1, 1, 1), padding=same)"],
  [new nn.ConvTranspose3d(3, 4, 2), "ConvTranspose3d(3, 4, kernel_size=(2, 2, 2), stride=(1, 1, 1))"],
  [new nn.MaxPool3d(2), "MaxPool3d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)"],
  [new nn.AvgPool3d(2), "AvgPool3d(kernel_size=2, stride=2, padding=0)"],
  [new nn.AdaptiveAvgPool3d(2), "AdaptiveAvgPool3d(output_size=2)"],
  [new nn.AdaptiveMaxPool3d([2, null, 1]), "AdaptiveMaxPool3d(output_size=(2, None, 1))"],
  [new nn.LPPool3d(2, 3), "LPPool3d(norm_type=2, kernel_size=3, stride=None, ceil_mode=False)"],
  [new nn.MaxUnpool3d(2), "MaxUnpool3d(kernel_size=(2, 2, 2), stride=(2, 2, 2), padding=(0, 0, 0))"],
  [new nn.Upsample({ scaleFactor: 2 }), "Upsample(scale_factor=2.0, mode=nearest)"],
  [new nn.Upsample({ scaleFactor: [2, 0.5] }), "Upsample(scale_factor=(2.0, 0.5), mode=nearest)"],
  [new nn.Upsample({ size: [3, 4], mode: "bilinear", alignCorners: true }), "Upsample(size=(3, 4), mode=bilinear)"],
  [new nn.UpsamplingNearest2d({ scaleFactor: 2 }), "UpsamplingNearest2d(scale_factor=2.0, mode=nearest)"],
  [new nn.UpsamplingBilinear2d({ size: 4 }), "UpsamplingBilinear2d(size=4, mode=bilinear)"],
  [new nn.RMSNorm(5), "RMSNorm((5,), eps=None, elementwise_affine=True)"],
  [new nn.MaxPool2d(2), "MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)"],
  [
    new nn.MaxPool2d([3, 2], { stride: [2, 1], padding: [1, 0], ceilMode: true, returnIndices: true }),
    "MaxPool2d(kernel_size=(3, 2), stride=(2, 1), padding=(1, 0), dilation=1, ceil_mode=True)",
  ],
  [new nn.AvgPool2d(2), "AvgPool2d(kernel_size=2, stride=2, padding=0)"],
  [new nn.AvgPool2d([2, 3], { stride: 1, padding: 1 }), "AvgPool2d(kernel_size=(2, 3), stride=1, padding=1)"],
  [new nn.AdaptiveAvgPool2d(1), "AdaptiveAvgPool2d(output_size=1)"],
  [new nn.AdaptiveAvgPool2d([5, null]), "AdaptiveAvgPool2d(output_size=(5, None))"],
  [new nn.Flatten(), "Flatten(start_dim=1, end_dim=-1)"],
  [new nn.Unflatten(1, [2, 5, 5]), "Unflatten(dim=1, unflattened_size=(2, 5, 5))"],
  [new nn.Identity(), "Identity()"],
  [new nn.Dropout(), "Dropout(p=0.5, inplace=False)"],
  [new nn.Dropout1d(0.2), "Dropout1d(p=0.2, inplace=False)"],
  [new nn.Dropout2d(0.2), "Dropout2d(p=0.2, inplace=False)"],
  [new nn.Dropout3d(0.2), "Dropout3d(p=0.2, inplace=False)"],
  [new nn.AlphaDropout(0.2), "AlphaDropout(p=0.2, inplace=False)"],
  [new nn.FeatureAlphaDropout(0.2), "FeatureAlphaDropout(p=0.2, inplace=False)"],
  [new nn.CosineSimilarity(), "CosineSimilarity()"],
  [new nn.PairwiseDistance(), "PairwiseDistance()"],
  [new nn.BatchNorm1d(3), "BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)"],
  [
    new nn.BatchNorm2d(3, { eps: 1e-3, momentum: null, affine: false, trackRunningStats: false }),
    "BatchNorm2d(3, eps=0.001, momentum=None, affine=False, track_running_stats=False)",
  ],
  [new nn.LayerNorm(5), "LayerNorm((5,), eps=1e-05, elementwise_affine=True)"],
  [
    new nn.LayerNorm([3, 4], { eps: 1e-6, elementwiseAffine: false }),
    "LayerNorm((3, 4), eps=1e-06, elementwise_affine=False)",
  ],
  [new nn.GroupNorm(2, 4), "GroupNorm(2, 4, eps=1e-05, affine=True)"],
  [new nn.Embedding(10, 3), "Embedding(10, 3)"],
  [
    new nn.Embedding(10, 3, { paddingIdx: -1, maxNorm: 1, normType: 1, scaleGradByFreq: true }),
    "Embedding(10, 3, padding_idx=9, max_norm=1.0, norm_type=1.0, scale_grad_by_freq=True)",
  ],
  [new nn.ReLU(), "ReLU()"],
  [new nn.ReLU({ inplace: true }), "ReLU(inplace=True)"],
  [new nn.ReLU6(), "ReLU6()"],
  [new nn.LeakyReLU(), "LeakyReLU(negative_slope=0.01)"],
  [new nn.LeakyReLU(0.2, { inplace: true }), "LeakyReLU(negative_slope=0.2, inplace=True)"],
  [new nn.RReLU(), "RReLU(lower=0.125, upper=0.3333333333333333)"],
  [new nn.RReLU(0.1, 0.2, { inplace: true }), "RReLU(lower=0.1, upper=0.2, inplace=True)"],
  [new nn.ELU(), "ELU(alpha=1.0)"],
  [new nn.CELU(0.5), "CELU(alpha=0.5)"],
  [new nn.SELU(), "SELU()"],
  [new nn.SiLU({ inplace: true }), "SiLU(inplace=True)"],
  [new nn.Mish(), "Mish()"],
  [new nn.GELU(), "GELU(approximate='none')"],
  [new nn.GELU({ approximate: "tanh" }), "GELU(approximate='tanh')"],
  [new nn.Sigmoid(), "Sigmoid()"],
  [new nn.Tanh(), "Tanh()"],
  [new nn.LogSigmoid(), "LogSigmoid()"],
  [new nn.Softsign(), "Softsign()"],
  [new nn.Tanhshrink(), "Tanhshrink()"],
  [new nn.Hardtanh(), "Hardtanh(min_val=-1.0, max_val=1.0)"],
  [new nn.Hardsigmoid(), "Hardsigmoid()"],
  [new nn.Hardswish(), "Hardswish()"],
  [new nn.Hardshrink(), "Hardshrink(0.5)"],
  [new nn.Softshrink(), "Softshrink(0.5)"],
  [new nn.Softplus(), "Softplus(beta=1, threshold=20)"],
  [new nn.Threshold(0.1, 20), "Threshold(threshold=0.1, value=20)"],
  [new nn.PReLU(3), "PReLU(num_parameters=3)"],
  [new nn.GLU(), "GLU(dim=-1)"],
  [new nn.Softmax(1), "Softmax(dim=1)"],
  [new nn.Softmax2d(), "Softmax2d()"],
  [new nn.Softmin(1), "Softmin(dim=1)"],
  [new nn.LogSoftmax(-1), "LogSoftmax(dim=-1)"],
  [new nn.RNN(10, 20), "RNN(10, 20)"],
  [
    new nn.GRU(10, 20, { numLayers: 2, batchFirst: true, dropout: 0.2, bidirectional: true }),
    "GRU(10, 20, num_layers=2, batch_first=True, dropout=0.2, bidirectional=True)",
  ],
  [new nn.LSTM(10, 20, { bias: false, projSize: 5 }), "LSTM(10, 20, proj_size=5, bias=False)"],
  [new nn.RNNCell(10, 20, { bias: false, nonlinearity: "relu" }), "RNNCell(10, 20, bias=False, nonlinearity=relu)"],
  [new nn.GRUCell(10, 20), "GRUCell(10, 20)"],
  [new nn.LSTMCell(10, 20, { bias: false }), "LSTMCell(10, 20, bias=False)"],
  [new nn.EmbeddingBag(4, 3), "EmbeddingBag(4, 3, mode=mean)"],
  [new nn.FractionalMaxPool2d(3, { outputSize: 2 }), "FractionalMaxPool2d()"],
  [new nn.FractionalMaxPool3d(3, { outputRatio: 0.5 }), "FractionalMaxPool3d()"],
  [new nn.Bilinear(2, 3, 4), "Bilinear(in1_features=2, in2_features=3, out_features=4, bias=True)"],
  [
    new nn.MultiheadAttention(4, 2, { bias: false }),
    "MultiheadAttention(\n  (out_proj): NonDynamicallyQuantizableLinear(in_features=4, out_features=4, bias=False)\n)",
  ],
  [new nn.TransformerEncoderLayer(4, 2, small), encoderLayer],
  [
    new nn.TransformerDecoderLayer(4, 2, { ...small, activation: new nn.GELU() }),
    decoderLayer("(activation): GELU(approximate='none')"),
  ],
  [
    new nn.TransformerEncoder(new nn.TransformerEncoderLayer(4, 2, small), 2),
    stack("TransformerEncoder", [encoderLayer, encoderLayer]),
  ],
  [new nn.TransformerDecoder(new nn.TransformerDecoderLayer(4, 2, small), 1, { norm: new nn.LayerNorm(4) }), decoder],
  [
    new nn.Transformer(4, 2, { ...small, numEncoderLayers: 1, numDecoderLayers: 1 }),
    ofLayer("Transformer", `(encoder): ${indented(encoder)}`, `(decoder): ${indented(decoder)}`),
  ],
  [new nn.Sequential(), "Sequential()"],
  [new nn.ModuleList([new nn.ReLU()]), "ModuleList(\n  (0): ReLU()\n)"],
  [new nn.ModuleDict(), "ModuleDict()"],
  [new nn.ParameterList(), "ParameterList()"],
  [new nn.ParameterDict(), "ParameterDict()"],
  [new nn.AveragedModel(new nn.ReLU()), "AveragedModel(\n  (module): ReLU()\n)"],
];

describe("what a layer shows of itself", () => {
  it.each(shown)("is what PyTorch prints: %s", (module, text) => {
    expect(String(module)).toBe(text);
  });

  it("is tested for every layer", () => {
    const seen = new Set(shown.map(([module]) => module.constructor.name));
    const classes = Object.entries(nn).filter(
      ([, value]) => typeof value === "function" && value.prototype instanceof nn.Module,
    );
    // Those that others extend are abstract.
    const layers = classes.filter(([, value]) => !classes.some(([, other]) => Object.getPrototypeOf(other) === value));
    expect(layers.length).toBeGreaterThan(40);
    expect(layers.map(([name]) => name).filter((name) => !seen.has(name))).toEqual([]);
  });
});

it("prints floats as Python does", () => {
  const numbers = [1, 0, 0.1, 1e-4, 1e-5, 123456789.5, 1e15, 1e16, -2.5e-7, 5e-324, Infinity, -Infinity, Number.NaN];
  expect(numbers.map(showFloat)).toEqual(
    "1.0 0.0 0.1 0.0001 1e-05 123456789.5 1000000000000000.0 1e+16 -2.5e-07 5e-324 inf -inf nan".split(" "),
  );
});
