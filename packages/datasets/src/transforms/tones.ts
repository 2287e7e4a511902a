import { type TypedArray, UsageError } from "@kindling/tensor";
import { grayOf } from "./colors.js";
import {
  brightest,
  byteScale,
  checkBits,
  checkColors,
  checkFactor,
  checkNumber,
  newData,
  type Pixels,
  roundingOf,
  toBytes,
} from "./pixels.js";

// What makes a new value of each value by itself. Bytes have 256 values only, so a table is made and looked up.

export function adjustBrightness(pixels: Pixels, brightnessFactor: number): Pixels {
  checkColors("adjustBrightness", pixels);
  checkFactor("adjustBrightness", "brightnessFactor", brightnessFactor);
  return mapValues(pixels, blendWith(pixels.data, 0, brightnessFactor));
}

export function adjustContrast(pixels: Pixels, contrastFactor: number): Pixels {
  checkColors("adjustContrast", pixels);
  checkFactor("adjustContrast", "contrastFactor", contrastFactor);
  const { data, count, channels, height, width } = pixels;
  const round = roundingOf(data);
  const plane = height * width;
  const gray = channels === 3 ? grayOf(pixels) : data;
  const result = newData(data, data.length);
  for (let image = 0; image < count; image++) {
    let sum = 0;
    for (let i = image * plane; i < (image + 1) * plane; i++) sum += gray[i] as number;
    const size = channels * plane;
    const mean = round(round(sum) / plane);
    mapRange(data, result, image * size, (image + 1) * size, blendWith(data, mean, contrastFactor));
  }
  return { ...pixels, data: result };
}

export function adjustGamma(pixels: Pixels, gamma: number, gain: number): Pixels {
  checkColors("adjustGamma", pixels);
  checkFactor("adjustGamma", "gamma", gamma);
  checkNumber("adjustGamma", "gain", gain);
  const round = roundingOf(pixels.data);
  const power = (value: number) => Math.min(Math.max(round(round(gain) * round(value ** gamma)), 0), 1);
  if (!(pixels.data instanceof Uint8Array)) return mapValues(pixels, power);
  return mapValues(pixels, (value) => round(power(round(value / 255)) * Math.fround(byteScale)));
}

export function invert(pixels: Pixels): Pixels {
  checkColors("invert", pixels);
  return mapValues(pixels, inverter(pixels.data));
}

export function solarize(pixels: Pixels, threshold: number): Pixels {
  checkColors("solarize", pixels);
  const most = brightest(pixels.data);
  if (!(threshold <= most)) {
    throw new UsageError(`solarize: expected a threshold of at most ${most} for these images, got ${threshold}`);
  }
  const inverse = inverter(pixels.data);
  const limit = roundingOf(pixels.data)(threshold);
  return mapValues(pixels, (value) => (value >= limit ? inverse(value) : value));
}

export function posterize(pixels: Pixels, bits: number): Pixels {
  checkColors("posterize", pixels);
  checkBits("posterize", bits);
  if (pixels.data instanceof Uint8Array) {
    const mask = -(2 ** (8 - bits));
    return mapValues(pixels, (value) => value & mask);
  }
  const levels = 2 ** bits;
  const round = roundingOf(pixels.data);
  return mapValues(pixels, (value) => Math.min(Math.max(Math.floor(round(value * levels)), 0), levels - 1) / levels);
}

export function autocontrast(pixels: Pixels): Pixels {
  checkColors("autocontrast", pixels);
  const { data } = pixels;
  const round = roundingOf(data);
  const most = brightest(data);
  return mapPlanes(pixels, (start, end) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = start; i < end; i++) {
      low = Math.min(low, data[i] as number);
      high = Math.max(high, data[i] as number);
    }
    const scale = round(round(1 / round(high - low)) * most); // as PyTorch divides a number by a tensor
    // A plane of one value stays as it is.
    const [from, by] = Number.isFinite(scale) ? [low, scale] : [0, 1];
    return (value) => Math.min(Math.max(round(round(value - from) * by), 0), most);
  });
}

export function equalize(pixels: Pixels): Pixels {
  checkColors("equalize", pixels);
  const { data } = pixels;
  if (!(data instanceof Uint8Array)) {
    const equal = equalize({ ...pixels, data: toBytes(data) }).data;
    const round = roundingOf(data);
    return { ...pixels, data: newData(data, data.length).map((_, i) => round((equal[i] as number) / 255)) };
  }
  return mapPlanes(pixels, (start, end) => {
    const counts = new Float64Array(256);
    for (let i = start; i < end; i++) counts[data[i] as number] = (counts[data[i] as number] as number) + 1;
    const last = counts.findLast((count) => count !== 0) ?? 0;
    const step = Math.floor((end - start - last) / 255);
    if (step === 0) return (value) => value;
    const half = Math.floor(step / 2);
    let below = 0;
    const table = counts.map((count) => {
      const level = Math.min(Math.floor((below + half) / step), 255);
      below += count;
      return level;
    });
    return (value) => table[value] as number;
  });
}

/** A part of the way from `other` to each value, or beyond it: ratio·value + (1 − ratio)·other, within the range. */
function blendWith(data: TypedArray, other: number, ratio: number): (value: number) => number {
  const round = roundingOf(data);
  const most = brightest(data);
  const share = round(ratio);
  const rest = round(round(1 - ratio) * other);
  return (value) => Math.min(Math.max(round(round(share * value) + rest), 0), most);
}

function inverter(data: TypedArray): (value: number) => number {
  const most = brightest(data);
  return (value) => most - value;
}

function mapValues(pixels: Pixels, change: (value: number) => number): Pixels {
  const result = newData(pixels.data, pixels.data.length);
  mapRange(pixels.data, result, 0, result.length, change);
  return { ...pixels, data: result };
}

/** Each plane changed in a way that depends on the plane. */
function mapPlanes(pixels: Pixels, plan: (start: number, end: number) => (value: number) => number): Pixels {
  const { data, count, channels, height, width } = pixels;
  const size = height * width;
  const result = newData(data, data.length);
  for (let start = 0; start < count * channels * size; start += size) {
    mapRange(data, result, start, start + size, plan(start, start + size));
  }
  return { ...pixels, data: result };
}

function mapRange(
  source: TypedArray,
  target: TypedArray,
  start: number,
  end: number,
  change: (value: number) => number,
): void {
  if (source instanceof Uint8Array && end - start > 256) {
    const table = new Uint8Array(256);
    for (let value = 0; value < 256; value++) table[value] = change(value);
    for (let i = start; i < end; i++) target[i] = table[source[i] as number] as number;
  } else {
    for (let i = start; i < end; i++) target[i] = change(source[i] as number);
  }
}
