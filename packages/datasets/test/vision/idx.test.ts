import { DataError } from "@kindling/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseIdx } from "../../src/vision/idx.js";
import { parseMnist } from "../../src/vision/mnist-format.js";

export function idxOf(shape: readonly number[], data: Uint8Array): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  for (const [dim, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * dim);
  return Buffer.concat([header, data]);
}

describe("parseIdx", () => {
  it("reads shape and data", () => {
    const { shape, data } = parseIdx(idxOf([2, 3], Uint8Array.of(1, 2, 3, 4, 5, 6)));
    expect(shape).toEqual([2, 3]);
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("refuses sizes that the file does not hold, without allocating them", () => {
    const bytes = idxOf([0xffffffff, 0xffffffff, 0xffffffff], Uint8Array.of(1));
    expect(() => parseIdx(bytes, "images")).toThrow(/images: expected .* bytes after the header/);
  });

  it("refuses a truncated file", () => {
    expect(() => parseIdx(idxOf([4], Uint8Array.of(1, 2)))).toThrow(
      /expected 4 bytes after the header for shape \[4\], got 2/,
    );
  });

  it("says so when the file is still packed", () => {
    expect(() => parseIdx(Uint8Array.of(0x1f, 0x8b, 8, 0))).toThrow(/gzip/);
  });

  it("refuses other element types", () => {
    expect(() => parseIdx(Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 0))).toThrow(/uint8, got float32/);
  });

  it("answers any bytes with an array or a DataError", () => {
    const zeros = fc.uint8Array({ maxLength: 40 }).map((rest) => Uint8Array.of(0, 0, 8, ...rest));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), zeros), (bytes) => {
        try {
          const { shape, data } = parseIdx(bytes);
          expect(data.length).toBe(shape.reduce((product, size) => product * size, 1));
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
    );
  });
});

describe("parseMnist", () => {
  const images = idxOf([2, 28, 28], new Uint8Array(2 * 784).fill(7));

  it("gives images with one channel, and labels", () => {
    const split = parseMnist(images, idxOf([2], Uint8Array.of(3, 9)), "images", "labels");
    expect(split.imageShape).toEqual([1, 28, 28]);
    expect([...split.labels]).toEqual([3, 9]);
    expect(split.images.length).toBe(1568);
  });

  it("refuses labels that do not belong to the images", () => {
    expect(() => parseMnist(images, idxOf([3], Uint8Array.of(1, 2, 3)), "images", "labels")).toThrow(
      /labels: expected 2 labels/,
    );
  });

  it("refuses a label that is no class", () => {
    expect(() => parseMnist(images, idxOf([2], Uint8Array.of(1, 10)), "images", "labels")).toThrow(
      /labels from 0 to 9, got 10/,
    );
  });

  it("refuses images of another size", () => {
    const wide = idxOf([2, 32, 32], new Uint8Array(2048));
    expect(() => parseMnist(wide, idxOf([2], Uint8Array.of(1, 2)), "images", "labels")).toThrow(
      /\[n, 28, 28\], got \[2, 32, 32\]/,
    );
  });
});
