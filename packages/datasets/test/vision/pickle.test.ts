import { DataError } from "@kindling/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cifar10 } from "../../src/vision/cifar10-format.js";
import { PickledArray, readPickle } from "../../src/vision/pickle.js";
import { pickleOf, tinyBatch } from "../tiny-cifar.js";

const ascii = (text: string) => [...Buffer.from(text, "latin1")];

describe("readPickle", () => {
  it("reads numbers, strings, lists, tuples and dictionaries", () => {
    // {"a": [1, 300, -2], "b": (True, None, 0.5)} with the opcodes of protocol 2
    const bytes = Uint8Array.from([
      ...[
        0x80,
        2,
        0x7d,
        0x28,
        0x55,
        1,
        ...ascii("a"),
        0x5d,
        0x28,
        0x4b,
        1,
        0x4d,
        0x2c,
        1,
        0x4a,
        0xfe,
        0xff,
        0xff,
        0xff,
        0x65,
      ],
      ...[0x58, 1, 0, 0, 0, ...ascii("b"), 0x88, 0x4e, 0x47, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0, 0x87, 0x75, 0x2e],
    ]);
    expect(readPickle(bytes)).toEqual(
      new Map<string, unknown>([
        ["a", [1, 300, -2]],
        ["b", [true, null, 0.5]],
      ]),
    );
  });

  it("reads a NumPy array as Python 2 wrote it", () => {
    const value = readPickle(pickleOf(cifar10, tinyBatch("data_batch_1"))) as Map<string, unknown>;
    expect(value.get("data")).toBeInstanceOf(PickledArray);
    expect(value.get("data")).toMatchObject({ shape: [3, 3072], dtype: "u1", isFortranOrder: false });
  });

  it("refuses to name a function that could run", () => {
    const bytes = Uint8Array.from([0x80, 2, 0x63, ...ascii("os\nsystem\n"), 0x55, 2, ...ascii("ls"), 0x85, 0x52, 0x2e]);
    expect(() => readPickle(bytes, "data_batch_1")).toThrow(/data_batch_1: .*"os\.system"/);
  });

  it("refuses a string that claims to be longer than the file", () => {
    expect(() => readPickle(Uint8Array.from([0x80, 2, 0x54, 0xff, 0xff, 0xff, 0x7f, 0x2e]))).toThrow(
      /ends \d+ bytes early/,
    );
  });

  it("answers any bytes with a value or a DataError", () => {
    const whole = pickleOf(cifar10, tinyBatch("test_batch"));
    const damaged = fc
      .tuple(fc.nat(400), fc.integer({ min: 0, max: 255 }), fc.nat(whole.length))
      .map(([at, byte, length]) => {
        const copy = whole.slice(0, length);
        if (at < length) copy[at] = byte;
        return copy;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged), (bytes) => {
        try {
          readPickle(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
    );
  });
});
