export type { HookOptions } from "@kindling/tensor";
export {
  AveragedModel,
  type AveragedModelOptions,
  type AverageFunction,
  getEmaAvgFn,
  getEmaMultiAvgFn,
  getSwaAvgFn,
  getSwaMultiAvgFn,
  type MultiAverageFunction,
  updateBn,
} from "./averaged-model.js";
export * as functional from "./functional.js";
export {
  type ForwardHook,
  type ForwardHookOptions,
  type ForwardPreHook,
  type FullBackwardHook,
  type FullBackwardPreHook,
  type Gradients,
  type LoadStateDictPostHook,
  type LoadStateDictPreHook,
  registerModuleForwardHook,
  registerModuleForwardPreHook,
  registerModuleFullBackwardHook,
  registerModuleFullBackwardPreHook,
  type StateDictHook,
  type StateDictPreHook,
} from "./hooks.js";
export * as init from "./init.js";
export type { InplaceOptions } from "./layers/activation.js";
export { AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d } from "./layers/adaptive-avg-pool.js";
export {
  AdaptiveMaxPool1d,
  AdaptiveMaxPool2d,
  AdaptiveMaxPool3d,
  type AdaptiveMaxPoolOptions,
} from "./layers/adaptive-max-pool.js";
export { AvgPool1d, AvgPool2d, AvgPool3d } from "./layers/avg-pool.js";
export { BatchNorm1d, BatchNorm2d, BatchNorm3d } from "./layers/batch-norm.js";
export { Bilinear } from "./layers/bilinear.js";
export { CELU } from "./layers/celu.js";
export { ChannelShuffle } from "./layers/channel-shuffle.js";
export { CircularPad1d, CircularPad2d, CircularPad3d } from "./layers/circular-pad.js";
export { ConstantPad1d, ConstantPad2d, ConstantPad3d } from "./layers/constant-pad.js";
export { ConvTranspose1d } from "./layers/conv-transpose1d.js";
export { ConvTranspose2d } from "./layers/conv-transpose2d.js";
export { ConvTranspose3d } from "./layers/conv-transpose3d.js";
export { Conv1d } from "./layers/conv1d.js";
export { Conv2d } from "./layers/conv2d.js";
export { Conv3d } from "./layers/conv3d.js";
export type { ConvolutionLayerOptions, ConvolutionLayerOptions as Conv2dOptions } from "./layers/convolution.js";
export { CosineSimilarity, type CosineSimilarityOptions } from "./layers/cosine-similarity.js";
export { AlphaDropout, Dropout, Dropout1d, Dropout2d, Dropout3d, FeatureAlphaDropout } from "./layers/dropout.js";
export { ELU } from "./layers/elu.js";
export { Embedding } from "./layers/embedding.js";
export { EmbeddingBag, type EmbeddingBagLayerOptions } from "./layers/embedding-bag.js";
export type { EmbeddingLayerOptions, EmbeddingTableOptions } from "./layers/embedding-table.js";
export { Flatten } from "./layers/flatten.js";
export { Fold } from "./layers/fold.js";
export {
  FractionalMaxPool2d,
  FractionalMaxPool3d,
  type FractionalMaxPoolLayerOptions,
} from "./layers/fractional-max-pool.js";
export { GELU, type GELUOptions } from "./layers/gelu.js";
export { GLU } from "./layers/glu.js";
export { GroupNorm, type GroupNormOptions } from "./layers/group-norm.js";
export { GRU } from "./layers/gru.js";
export { GRUCell } from "./layers/gru-cell.js";
export { Hardshrink } from "./layers/hardshrink.js";
export { Hardsigmoid } from "./layers/hardsigmoid.js";
export { Hardswish } from "./layers/hardswish.js";
export { Hardtanh } from "./layers/hardtanh.js";
export { Identity } from "./layers/identity.js";
export { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from "./layers/instance-norm.js";
export { LayerNorm, type LayerNormOptions } from "./layers/layer-norm.js";
export { LeakyReLU } from "./layers/leaky-relu.js";
export { Linear, type LinearOptions } from "./layers/linear.js";
export { LocalResponseNorm } from "./layers/local-response-norm.js";
export { LogSigmoid } from "./layers/log-sigmoid.js";
export { LogSoftmax } from "./layers/log-softmax.js";
export { LPPool1d, LPPool2d, LPPool3d } from "./layers/lp-pool.js";
export { LSTM, type LSTMOptions } from "./layers/lstm.js";
export { LSTMCell } from "./layers/lstm-cell.js";
export { MaxPool1d, MaxPool2d, MaxPool3d, type MaxPoolLayerOptions } from "./layers/max-pool.js";
export { MaxUnpool1d, MaxUnpool2d, MaxUnpool3d } from "./layers/max-unpool.js";
export { Mish } from "./layers/mish.js";
export { ModuleDict } from "./layers/module-dict.js";
export { ModuleList } from "./layers/module-list.js";
export {
  MultiheadAttention,
  type MultiheadAttentionInputs,
  type MultiheadAttentionOptions,
} from "./layers/multihead-attention.js";
export { PairwiseDistance } from "./layers/pairwise-distance.js";
export { ParameterDict } from "./layers/parameter-dict.js";
export { ParameterList } from "./layers/parameter-list.js";
export { PixelShuffle } from "./layers/pixel-shuffle.js";
export { PixelUnshuffle } from "./layers/pixel-unshuffle.js";
export { PReLU, type PReLUOptions } from "./layers/prelu.js";
export { ReflectionPad1d, ReflectionPad2d, ReflectionPad3d } from "./layers/reflection-pad.js";
export { ReLU } from "./layers/relu.js";
export { ReLU6 } from "./layers/relu6.js";
export { ReplicationPad1d, ReplicationPad2d, ReplicationPad3d } from "./layers/replication-pad.js";
export { RMSNorm, type RMSNormOptions } from "./layers/rms-norm.js";
export { RNN, type RNNNonlinearity, type RNNOptions } from "./layers/rnn.js";
export { RNNBase, type RNNBaseOptions } from "./layers/rnn-base.js";
export { RNNCell, type RNNCellOptions } from "./layers/rnn-cell.js";
export { RNNCellBase, type RNNCellBaseOptions } from "./layers/rnn-cell-base.js";
export { RReLU } from "./layers/rrelu.js";
export type { RunningNormOptions } from "./layers/running-norm.js";
export { SELU } from "./layers/selu.js";
export { type Layer, Sequential } from "./layers/sequential.js";
export { Sigmoid } from "./layers/sigmoid.js";
export { SiLU } from "./layers/silu.js";
export { Softmax } from "./layers/softmax.js";
export { Softmax2d } from "./layers/softmax2d.js";
export { Softmin } from "./layers/softmin.js";
export { Softplus } from "./layers/softplus.js";
export { Softshrink } from "./layers/softshrink.js";
export { Softsign } from "./layers/softsign.js";
export { Tanh } from "./layers/tanh.js";
export { Tanhshrink } from "./layers/tanhshrink.js";
export { Threshold } from "./layers/threshold.js";
export {
  type Decoder,
  type Encoder,
  Transformer,
  type TransformerInputs,
  type TransformerOptions,
} from "./layers/transformer.js";
export { type DecoderLayer, TransformerDecoder } from "./layers/transformer-decoder.js";
export { type TransformerDecoderInputs, TransformerDecoderLayer } from "./layers/transformer-decoder-layer.js";
export { type EncoderLayer, TransformerEncoder, type TransformerEncoderInputs } from "./layers/transformer-encoder.js";
export { TransformerEncoderLayer, type TransformerEncoderLayerInputs } from "./layers/transformer-encoder-layer.js";
export type { TransformerActivation, TransformerLayerOptions } from "./layers/transformer-parts.js";
export type { TransposedConvolutionLayerOptions } from "./layers/transposed-convolution.js";
export { Unflatten } from "./layers/unflatten.js";
export { Unfold } from "./layers/unfold.js";
export { Upsample, type UpsampleOptions } from "./layers/upsample.js";
export { UpsamplingBilinear2d, UpsamplingNearest2d, type UpsamplingOptions } from "./layers/upsampling.js";
export { ZeroPad1d, ZeroPad2d, ZeroPad3d } from "./layers/zero-pad.js";
export { type ComputedField, Module, type RecurseOptions } from "./module.js";
export * as utils from "./module-tools.js";
export {
  type EnforceSortedOptions,
  PackedSequence,
  type PadPackedOptions,
  type PadSequenceOptions,
  packPaddedSequence,
  packSequence,
  padPackedSequence,
  padSequence,
  type SequenceLayoutOptions,
  unpackSequence,
  unpadSequence,
} from "./packed-sequence.js";
export { Parameter } from "./parameter.js";
export * as parametrizations from "./parametrizations.js";
export * as parametrize from "./parametrize.js";
export type { IncompatibleKeys, StateDict } from "./state-dict.js";
