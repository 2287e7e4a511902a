import * as nn from "@kindling/nn";
import type { Pair, PooledAndIndices, Tensor } from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { boolean, number, numbers, oneOrMore, orNull, tensor, word, wordOrSize } from "../parsers.js";
import { adaptiveSize } from "./convolution.js";
import { layer, type ModuleAdapter } from "./module.js";

type Layer = nn.Module & { forward(x: Tensor): Tensor };

function convolution(Convolution: new (...args: ConstructorParameters<typeof nn.Conv2d>) => Layer): ModuleAdapter {
  return layer((a) => {
    const sizes = [a.get("in_channels", number), a.get("out_channels", number)] as const;
    const options = a.options({
      stride: oneOrMore,
      padding: wordOrSize,
      dilation: oneOrMore,
      groups: number,
      bias: boolean,
      paddingMode: word,
    });
    return new Convolution(...sizes, a.get("kernel_size", oneOrMore), options);
  });
}

function transposed(
  Convolution: new (
    ...args: ConstructorParameters<typeof nn.ConvTranspose2d>
  ) => nn.Module & { forward(x: Tensor, outputSize?: readonly number[]): Tensor },
): ModuleAdapter {
  return (a) => {
    const sizes = [a.get("in_channels", number), a.get("out_channels", number)] as const;
    const options = a.options({
      stride: oneOrMore,
      padding: oneOrMore,
      outputPadding: oneOrMore,
      groups: number,
      bias: boolean,
      dilation: oneOrMore,
      paddingMode: word,
    });
    const module = new Convolution(...sizes, a.get("kernel_size", oneOrMore), options);
    return {
      module,
      forward: (args) => module.forward(args.get("input", tensor), args.maybe("output_size", numbers)),
    };
  };
}

const padding = (Pad: new (padding: Pair) => Layer): ModuleAdapter =>
  layer((a) => new Pad(a.get("padding", oneOrMore)));
const constantPad = (Pad: new (padding: Pair, value: number) => Layer): ModuleAdapter =>
  layer((a) => new Pad(a.get("padding", oneOrMore), a.get("value", number)));

/** A pool that may give indices too. */
type MaxPool = nn.Module & { forward(x: Tensor): Tensor | PooledAndIndices };

function pooling(build: (init: Arguments) => MaxPool): ModuleAdapter {
  return (init) => {
    const module = build(init);
    return {
      module,
      forward: (args) => {
        const result = module.forward(args.get("input", tensor));
        return "values" in result ? [result.values, result.indices] : result;
      },
    };
  };
}

const maxPool = (Pool: new (kernelSize: Pair, options: nn.MaxPoolLayerOptions<boolean>) => MaxPool): ModuleAdapter =>
  pooling(
    (a) =>
      new Pool(
        a.get("kernel_size", oneOrMore),
        a.options({
          stride: orNull(oneOrMore),
          padding: oneOrMore,
          dilation: oneOrMore,
          returnIndices: boolean,
          ceilMode: boolean,
        }),
      ),
  );

const averages = { stride: orNull(oneOrMore), padding: oneOrMore, ceilMode: boolean, countIncludePad: boolean };
const avgPool = (Pool: new (...args: ConstructorParameters<typeof nn.AvgPool2d>) => Layer): ModuleAdapter =>
  layer((a) => new Pool(a.get("kernel_size", oneOrMore), a.options({ ...averages, divisorOverride: orNull(number) })));

const outputSize = (a: Arguments): number | null | (number | null)[] => a.get("output_size", adaptiveSize);

const withIndices = (a: Arguments): { returnIndices?: boolean } => a.options({ returnIndices: boolean });
const scaling = { size: orNull(oneOrMore), scaleFactor: orNull(oneOrMore) };
const columns = { dilation: oneOrMore, padding: oneOrMore, stride: oneOrMore };

const lpPool = (Pool: new (...args: ConstructorParameters<typeof nn.LPPool2d>) => Layer): ModuleAdapter =>
  layer(
    (a) =>
      new Pool(
        a.get("norm_type", number),
        a.get("kernel_size", oneOrMore),
        a.options({ stride: orNull(oneOrMore), ceilMode: boolean }),
      ),
  );

const unpool =
  (
    Unpool: new (
      ...args: ConstructorParameters<typeof nn.MaxUnpool2d>
    ) => nn.Module & { forward(x: Tensor, indices: Tensor, outputSize?: readonly number[] | null): Tensor },
  ): ModuleAdapter =>
  (init) => {
    const module = new Unpool(
      init.get("kernel_size", oneOrMore),
      init.options({ stride: orNull(oneOrMore), padding: oneOrMore }),
    );
    return {
      module,
      forward: (a) =>
        module.forward(a.get("input", tensor), a.get("indices", tensor), a.maybe("output_size", orNull(numbers))),
    };
  };

/** Layers over one, two and three spatial dimensions. */
export const spatialModules: Readonly<Record<string, ModuleAdapter>> = {
  Conv1d: convolution(nn.Conv1d),
  Conv2d: convolution(nn.Conv2d),
  Conv3d: convolution(nn.Conv3d),
  ConvTranspose1d: transposed(nn.ConvTranspose1d),
  ConvTranspose2d: transposed(nn.ConvTranspose2d),
  ConvTranspose3d: transposed(nn.ConvTranspose3d),

  MaxPool1d: maxPool(nn.MaxPool1d),
  MaxPool2d: maxPool(nn.MaxPool2d),
  MaxPool3d: maxPool(nn.MaxPool3d),
  AvgPool1d: layer((a) => new nn.AvgPool1d(a.get("kernel_size", oneOrMore), a.options(averages))),
  AvgPool2d: avgPool(nn.AvgPool2d),
  AvgPool3d: avgPool(nn.AvgPool3d),
  AdaptiveAvgPool1d: layer((a) => new nn.AdaptiveAvgPool1d(a.get("output_size", oneOrMore))),
  AdaptiveAvgPool2d: layer((a) => new nn.AdaptiveAvgPool2d(outputSize(a))),
  AdaptiveAvgPool3d: layer((a) => new nn.AdaptiveAvgPool3d(outputSize(a))),
  AdaptiveMaxPool1d: pooling((a) => new nn.AdaptiveMaxPool1d(a.get("output_size", oneOrMore), withIndices(a))),
  AdaptiveMaxPool2d: pooling((a) => new nn.AdaptiveMaxPool2d(outputSize(a), withIndices(a))),
  AdaptiveMaxPool3d: pooling((a) => new nn.AdaptiveMaxPool3d(outputSize(a), withIndices(a))),
  LPPool1d: lpPool(nn.LPPool1d),
  LPPool2d: lpPool(nn.LPPool2d),
  LPPool3d: lpPool(nn.LPPool3d),
  MaxUnpool1d: unpool(nn.MaxUnpool1d),
  MaxUnpool2d: unpool(nn.MaxUnpool2d),
  MaxUnpool3d: unpool(nn.MaxUnpool3d),
  Unfold: layer((a) => new nn.Unfold(a.get("kernel_size", oneOrMore), a.options(columns))),
  Fold: layer((a) => new nn.Fold(a.get("output_size", oneOrMore), a.get("kernel_size", oneOrMore), a.options(columns))),

  ConstantPad1d: constantPad(nn.ConstantPad1d),
  ConstantPad2d: constantPad(nn.ConstantPad2d),
  ConstantPad3d: constantPad(nn.ConstantPad3d),
  ZeroPad1d: padding(nn.ZeroPad1d),
  ZeroPad2d: padding(nn.ZeroPad2d),
  ZeroPad3d: padding(nn.ZeroPad3d),
  ReflectionPad1d: padding(nn.ReflectionPad1d),
  ReflectionPad2d: padding(nn.ReflectionPad2d),
  ReflectionPad3d: padding(nn.ReflectionPad3d),
  ReplicationPad1d: padding(nn.ReplicationPad1d),
  ReplicationPad2d: padding(nn.ReplicationPad2d),
  ReplicationPad3d: padding(nn.ReplicationPad3d),
  CircularPad1d: padding(nn.CircularPad1d),
  CircularPad2d: padding(nn.CircularPad2d),
  CircularPad3d: padding(nn.CircularPad3d),

  Upsample: layer(
    (a) =>
      new nn.Upsample(
        a.options({
          ...scaling,
          mode: word,
          alignCorners: orNull(boolean),
          recomputeScaleFactor: orNull(boolean),
        }),
      ),
  ),
  UpsamplingNearest2d: layer((a) => new nn.UpsamplingNearest2d(a.options(scaling))),
  UpsamplingBilinear2d: layer((a) => new nn.UpsamplingBilinear2d(a.options(scaling))),

  PixelShuffle: layer((a) => new nn.PixelShuffle(a.get("upscale_factor", number))),
  PixelUnshuffle: layer((a) => new nn.PixelUnshuffle(a.get("downscale_factor", number))),
  ChannelShuffle: layer((a) => new nn.ChannelShuffle(a.get("groups", number))),
};
