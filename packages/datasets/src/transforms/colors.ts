import { type TypedArray, UsageError } from "@kindling/tensor";
import { brightest, byteScale, checkColors, checkFactor, newData, type Pixels, roundingOf } from "./pixels.js";

// What mixes the three colours of a pixel. Every step is rounded to float32 as PyTorch rounds it: bytes are cut off,
// not rounded, at the end, so the last bit can decide.

const [redShare, greenShare, blueShare] = [0.2989, 0.587, 0.114];

/** The brightness of each pixel of images of three colours, in their element type. */
export function grayOf({ data, count, height, width }: Pixels): TypedArray {
  const round = roundingOf(data);
  const [r, g, b] = [round(redShare), round(greenShare), round(blueShare)];
  const plane = height * width;
  const gray = newData(data, count * plane);
  for (let image = 0; image < count; image++) {
    const from = image * 3 * plane;
    const to = image * plane;
    for (let i = 0; i < plane; i++) {
      const red = data[from + i] as number;
      const green = data[from + plane + i] as number;
      const blue = data[from + 2 * plane + i] as number;
      gray[to + i] = round(round(round(r * red) + round(g * green)) + round(b * blue));
    }
  }
  return gray;
}

export function rgbToGrayscale(caller: string, pixels: Pixels, numOutputChannels: 1 | 3): Pixels {
  checkColors(caller, pixels);
  const { count, height, width } = pixels;
  if (pixels.channels === numOutputChannels && pixels.channels === 1) return pixels;
  const gray = pixels.channels === 3 ? grayOf(pixels) : pixels.data;
  if (numOutputChannels === 1) return { ...pixels, data: gray, channels: 1 };
  const plane = height * width;
  const data = newData(gray, count * 3 * plane);
  for (let to = 0; to < count * 3; to++) {
    const image = Math.floor(to / 3);
    data.set(gray.subarray(image * plane, (image + 1) * plane), to * plane);
  }
  return { ...pixels, data, channels: 3 };
}

export function checkOutputChannels(caller: string, numOutputChannels: number): 1 | 3 {
  if (numOutputChannels !== 1 && numOutputChannels !== 3) {
    throw new UsageError(`${caller}: expected 1 or 3 output channels, got ${String(numOutputChannels)}`);
  }
  return numOutputChannels;
}

export function adjustSaturation(pixels: Pixels, saturationFactor: number): Pixels {
  checkColors("adjustSaturation", pixels);
  checkFactor("adjustSaturation", "saturationFactor", saturationFactor);
  if (pixels.channels === 1) return pixels;
  const { data, count, height, width } = pixels;
  const round = roundingOf(data);
  const most = brightest(data);
  const share = round(saturationFactor);
  const rest = round(1 - saturationFactor);
  const gray = grayOf(pixels);
  const plane = height * width;
  const result = newData(data, data.length);
  for (let image = 0; image < count; image++) {
    for (let channel = 0; channel < 3; channel++) {
      const at = (image * 3 + channel) * plane;
      for (let i = 0; i < plane; i++) {
        const mixed = round(
          round(share * (data[at + i] as number)) + round(rest * (gray[image * plane + i] as number)),
        );
        result[at + i] = Math.min(Math.max(mixed, 0), most);
      }
    }
  }
  return { ...pixels, data: result };
}

export function checkHue(caller: string, hueFactor: number): number {
  if (!(hueFactor >= -0.5 && hueFactor <= 0.5)) {
    throw new UsageError(`${caller}: expected hueFactor to be from -0.5 to 0.5, got ${hueFactor}`);
  }
  return hueFactor;
}

/** Turns the colours around the circle of hues: through HSV and back, in float32 whatever the element type. */
export function adjustHue(pixels: Pixels, hueFactor: number): Pixels {
  checkColors("adjustHue", pixels);
  checkHue("adjustHue", hueFactor);
  if (pixels.channels === 1) return pixels;
  const { data, count, height, width } = pixels;
  const f = Math.fround;
  const isBytes = data instanceof Uint8Array;
  const unit = isBytes ? 255 : 1;
  const scale = f(byteScale);
  const shift = f(hueFactor);
  const plane = height * width;
  const result = newData(data, data.length);
  for (let image = 0; image < count; image++) {
    const first = image * 3 * plane;
    for (let at = first; at < first + plane; at++) {
      const red = f((data[at] as number) / unit);
      const green = f((data[at + plane] as number) / unit);
      const blue = f((data[at + 2 * plane] as number) / unit);
      const value = Math.max(red, green, blue);
      const range = f(value - Math.min(red, green, blue));
      const isGray = range === 0;
      const saturation = f(range / (isGray ? 1 : value));
      const divisor = isGray ? 1 : range;
      const r = f(f(value - red) / divisor);
      const g = f(f(value - green) / divisor);
      const b = f(f(value - blue) / divisor);
      let sixths: number;
      if (value === red) sixths = f(b - g);
      else if (value === green) sixths = f(f(2 + r) - b);
      else sixths = f(f(4 + g) - r);
      let hue = f(f(f(sixths / 6) + 1) % 1);
      hue = f(f(hue + shift) % 1);
      if (hue < 0) hue = f(hue + 1);
      const turn = f(hue * 6);
      const sector = Math.floor(turn);
      const part = f(turn - sector);
      const low = unitRange(f(value * f(1 - saturation)));
      const falling = unitRange(f(value * f(1 - f(saturation * part))));
      const rising = unitRange(f(value * f(1 - f(saturation * f(1 - part)))));
      let newRed = value;
      let newGreen = rising;
      let newBlue = low;
      switch (sector % 6) {
        case 1:
          [newRed, newGreen] = [falling, value];
          break;
        case 2:
          [newRed, newGreen, newBlue] = [low, value, rising];
          break;
        case 3:
          [newRed, newGreen, newBlue] = [low, falling, value];
          break;
        case 4:
          [newRed, newGreen, newBlue] = [rising, low, value];
          break;
        case 5:
          [newGreen, newBlue] = [low, falling];
          break;
      }
      result[at] = isBytes ? f(newRed * scale) : newRed;
      result[at + plane] = isBytes ? f(newGreen * scale) : newGreen;
      result[at + 2 * plane] = isBytes ? f(newBlue * scale) : newBlue;
    }
  }
  return { ...pixels, data: result };
}

function unitRange(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}
