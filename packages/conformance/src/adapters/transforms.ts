import { transforms } from "@kindling/datasets";
import type { Tensor } from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { boolean, dtype, either, listOf, number, numbers, oneOrMore, orNull, tensor, word } from "../parsers.js";

const { functional } = transforms;

/** Transforms one image by a function of torchvision.transforms.functional. */
export type TransformAdapter = (image: Tensor, options: Arguments) => Tensor;

/** What stands outside the image where it is turned or bent. */
const sampling = (a: Arguments) => a.options({ interpolation: word, fill: orNull(oneOrMore) });
const point = (a: Arguments, name: string) => a.get(name, numbers) as [number, number];
const center = (a: Arguments) => {
  const given = a.maybe("center", orNull(numbers));
  return given === undefined ? {} : { center: given as [number, number] | null };
};
const corners = (a: Arguments, name: string) => a.get(name, listOf(numbers)) as [number, number][];

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
  convert_image_dtype: (image, a) => functional.convertImageDtype(image, a.maybe("dtype", dtype)),
  adjust_brightness: (image, a) => functional.adjustBrightness(image, a.get("brightness_factor", number)),
  adjust_contrast: (image, a) => functional.adjustContrast(image, a.get("contrast_factor", number)),
  adjust_saturation: (image, a) => functional.adjustSaturation(image, a.get("saturation_factor", number)),
  adjust_hue: (image, a) => functional.adjustHue(image, a.get("hue_factor", number)),
  adjust_gamma: (image, a) => functional.adjustGamma(image, a.get("gamma", number), a.maybe("gain", number)),
  adjust_sharpness: (image, a) => functional.adjustSharpness(image, a.get("sharpness_factor", number)),
  gaussian_blur: (image, a) =>
    functional.gaussianBlur(image, a.get("kernel_size", oneOrMore), a.maybe("sigma", orNull(oneOrMore))),
  invert: (image) => functional.invert(image),
  posterize: (image, a) => functional.posterize(image, a.get("bits", number)),
  solarize: (image, a) => functional.solarize(image, a.get("threshold", number)),
  autocontrast: (image) => functional.autocontrast(image),
  equalize: (image) => functional.equalize(image),
  rotate: (image, a) =>
    functional.rotate(image, a.get("angle", number), {
      ...sampling(a),
      ...a.options({ expand: boolean }),
      ...center(a),
    }),
  affine: (image, a) => {
    const shear = a.get("shear", oneOrMore) as number | [number, number];
    const options = { ...sampling(a), ...center(a) };
    return functional.affine(
      image,
      a.get("angle", number),
      point(a, "translate"),
      a.get("scale", number),
      shear,
      options,
    );
  },
  perspective: (image, a) =>
    functional.perspective(image, corners(a, "startpoints"), corners(a, "endpoints"), sampling(a)),
  elastic_transform: (image, a) => functional.elasticTransform(image, a.get("displacement", tensor), sampling(a)),
  resized_crop: (image, a) =>
    functional.resizedCrop(
      image,
      a.get("top", number),
      a.get("left", number),
      a.get("height", number),
      a.get("width", number),
      a.get("size", oneOrMore),
      a.options({ interpolation: word, antialias: boolean }),
    ),
  erase: (image, a) =>
    functional.erase(
      image,
      a.get("i", number),
      a.get("j", number),
      a.get("h", number),
      a.get("w", number),
      a.get("v", either(oneOrMore, tensor)),
    ),
};
