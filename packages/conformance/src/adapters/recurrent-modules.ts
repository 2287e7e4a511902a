import * as nn from "@kindling/nn";
import type { Tensor } from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { boolean, number, tensor, tensors, word } from "../parsers.js";
import type { ModuleAdapter } from "./module.js";

/** A layer or cell of PyTorch's, built with these options beside the two sizes; h is a tensor, or a list for LSTMs. */
function recurrent<State, Options>(
  build: (inputSize: number, hiddenSize: number, options: Options) => nn.Module & Recurrent<State>,
  readOptions: (init: Arguments) => Options,
  readState: (args: Arguments) => State | undefined,
): ModuleAdapter {
  return (init) => {
    const module = build(init.get("input_size", number), init.get("hidden_size", number), readOptions(init));
    return { module, forward: (args) => module.forward(args.get("input", tensor), readState(args)) };
  };
}

interface Recurrent<State> {
  forward(input: Tensor, hx?: State): Tensor | [Tensor, Tensor | [Tensor, Tensor]];
}

const layerOptions = {
  numLayers: number,
  bias: boolean,
  batchFirst: boolean,
  dropout: number,
  bidirectional: boolean,
};
const one = (args: Arguments): Tensor | undefined => args.maybe("hx", tensor);
const pair = (args: Arguments): [Tensor, Tensor] | undefined =>
  args.maybe("hx", tensors) as [Tensor, Tensor] | undefined;

export const recurrentModules: Readonly<Record<string, ModuleAdapter>> = {
  RNN: recurrent(
    (input, hidden, options: nn.RNNOptions) => new nn.RNN(input, hidden, options),
    (a) => a.options({ ...layerOptions, nonlinearity: word }),
    one,
  ),
  LSTM: recurrent(
    (input, hidden, options: nn.LSTMOptions) => new nn.LSTM(input, hidden, options),
    (a) => a.options({ ...layerOptions, projSize: number }),
    pair,
  ),
  GRU: recurrent(
    (input, hidden, options: nn.RNNBaseOptions) => new nn.GRU(input, hidden, options),
    (a) => a.options(layerOptions),
    one,
  ),
  RNNCell: recurrent(
    (input, hidden, options: nn.RNNCellOptions) => new nn.RNNCell(input, hidden, options),
    (a) => a.options({ bias: boolean, nonlinearity: word }),
    one,
  ),
  LSTMCell: recurrent(
    (input, hidden, options: nn.RNNCellBaseOptions) => new nn.LSTMCell(input, hidden, options),
    (a) => a.options({ bias: boolean }),
    pair,
  ),
  GRUCell: recurrent(
    (input, hidden, options: nn.RNNCellBaseOptions) => new nn.GRUCell(input, hidden, options),
    (a) => a.options({ bias: boolean }),
    one,
  ),
};
