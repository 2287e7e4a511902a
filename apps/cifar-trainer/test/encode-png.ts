import { crc32, deflateSync } from "node:zlib";

export interface PngToEncode {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colorType: number;
  readonly isInterlaced?: boolean;
  readonly palette?: readonly number[];
  /** The sample of a channel at a place, as stored. */
  sample(x: number, y: number, channel: number): number;
}

export const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, "latin1");
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
  return bytes;
}

export function headerOf({
  width,
  height,
  depth,
  colorType,
  isInterlaced = false,
}: Omit<PngToEncode, "sample">): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colorType, 0, 0, isInterlaced ? 1 : 0], 8);
  return header;
}

/** A PNG file that uses all five filters in turn. */
export function encodePng(image: PngToEncode): Uint8Array {
  const chunks = [chunk("IHDR", headerOf(image))];
  if (image.palette !== undefined) chunks.push(chunk("PLTE", Uint8Array.from(image.palette)));
  const data = deflateSync(linesOf(image));
  const half = data.length >> 1;
  chunks.push(
    chunk("IDAT", data.subarray(0, half)),
    chunk("IDAT", data.subarray(half)),
    chunk("IEND", new Uint8Array(0)),
  );
  return Buffer.concat([Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10]), ...chunks]);
}

/** The image's lines as they are before compression. */
export function linesOf(image: PngToEncode): Uint8Array {
  const adam7 = [0, 0, 8, 8, 4, 0, 8, 8, 0, 4, 4, 8, 2, 0, 4, 4, 0, 2, 2, 4, 1, 0, 2, 2, 0, 1, 1, 2];
  const passes = image.isInterlaced ? adam7 : [0, 0, 1, 1];
  const channels = channelsOf[image.colorType] as number;
  const unit = Math.max((channels * image.depth) >> 3, 1);
  const lines: Uint8Array[] = [];
  for (let pass = 0; pass < passes.length; pass += 4) {
    const [left, top, right, down] = passes.slice(pass, pass + 4) as [number, number, number, number];
    let previous: number[] | null = null;
    for (let y = top; y < image.height; y += down) {
      const bits: string[] = [];
      for (let x = left; x < image.width; x += right) {
        for (let channel = 0; channel < channels; channel++) {
          bits.push(image.sample(x, y, channel).toString(2).padStart(image.depth, "0"));
        }
      }
      const line = (bits.join("").match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, "0"), 2));
      if (line.length === 0) continue;
      const filter = lines.length % 5;
      lines.push(Uint8Array.from([filter, ...filtered(filter, line, previous ?? line.map(() => 0), unit)]));
      previous = line;
    }
  }
  return Buffer.concat(lines);
}

function filtered(filter: number, line: number[], above: number[], unit: number): number[] {
  return line.map((value, i) => {
    const [a, b, c] = [line[i - unit] ?? 0, above[i] ?? 0, i < unit ? 0 : (above[i - unit] ?? 0)];
    const guess = a + b - c;
    const nearest = [a, b, c].reduce((best, next) => (Math.abs(guess - next) < Math.abs(guess - best) ? next : best));
    return value - ([0, a, b, (a + b) >> 1, nearest][filter] as number);
  });
}
