import { transforms } from "@kindling/datasets";
import type { Tensor } from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { boolean, number, numbers, oneOrMore, word } from "../parsers.js";

const { functional } = transforms;

/** Transforms one image by a function of torchvision.transforms.functional. */
export type TransformAdapter = (image: Tensor, options: Arguments) => Tensor;

export const transformations: Readonly<Record<string, TransformAdapter>> = {
  // PyTorch's takes an array with the channels last; Kindling's images have them first from the beginning.
  to_tensor: (image) => functional.toTensor(image.permute(2, 0, 1)),
  normalize: (image, a) => functional.normalize(image, a.get("mean", numbers), a.get("std", numbers)),
  crop: (image, a) =>
    functional.crop(
      image,
      a.get("top", number),
      a.get("left", number),
      a.get("height", number),
      a.get("width", number),
    ),
  center_crop: (image, a) => functional.centerCrop(image, a.get("output_size", oneOrMore)),
  pad: (image, a) =>
    functional.pad(image, a.get("padding", oneOrMore), a.options({ fill: oneOrMore, paddingMode: word })),
  hflip: (image) => functional.hflip(image),
  vflip: (image) => functional.vflip(image),
  resize: (image, a) =>
    functional.resize(
      image,
      a.get("size", oneOrMore),
      a.options({ interpolation: word, antialias: boolean, maxSize: number }),
    ),
  rgb_to_grayscale: (image, a) => functional.rgbToGrayscale(image, a.maybe("num_output_channels", number) as 1 | 3),
};
