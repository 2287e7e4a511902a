import { DataError, ones, zeros } from "@kindling/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromSafetensors, toSafetensors } from "../src/index.js";
import { handMade } from "./hand-made.js";

const u8 = (begin: number, end: number, shape: unknown = [end - begin]): object => ({
  dtype: "U8",
  shape,
  data_offsets: [begin, end],
});

describe("a damaged or hostile safetensors file", () => {
  const cases: Record<string, [bytes: Uint8Array, message: RegExp]> = {
    "no bytes at all": [new Uint8Array(), /0 bytes cannot hold the length/],
    "a header longer than the file": [
      Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, 123, 125),
      /a header of 3 bytes, 2 bytes follow/,
    ],
    "a header of 2^64 - 1 bytes": [new Uint8Array(16).fill(255), /18446744073709551615 bytes, 8 bytes follow/],
    "an empty header": [handMade(""), /expected a value/],
    "a header that is not UTF-8": [handMade(Uint8Array.of(0x7b, 0xff, 0x7d)), /not UTF-8/],
    "a header that is no object": [handMade("[]"), /not a JSON object/],
    "a pickle": [Buffer.from("PK\u0003\u0004model.pt/data.pkl"), /not a safetensors file/],
    "a name twice": [
      handMade(`{"a":${JSON.stringify(u8(0, 1))},"a":${JSON.stringify(u8(0, 1))}}`, [1]),
      /the name "a" appears twice/,
    ],
    "metadata that are no text": [handMade({ __metadata__: { epoch: 1 } }), /"epoch" is not a string/],
    "metadata that are a list": [handMade({ __metadata__: ["a"] }), /not a JSON object/],
    "a tensor that is a number": [handMade({ a: 1 }), /tensor "a" is not described/],
    "an unknown dtype": [
      handMade({ a: { ...u8(0, 1), dtype: "F8_E4M3" } }, [1]),
      /tensor "a" has dtype F8_E4M3; expected one of/,
    ],
    "a dtype that is a method of all objects": [
      handMade({ a: { ...u8(0, 1), dtype: "toString" } }, [1]),
      /has dtype toString/,
    ],
    "no dtype": [handMade({ a: { shape: [1], data_offsets: [0, 1] } }, [1]), /dtype missing/],
    "no shape": [handMade({ a: { dtype: "U8", data_offsets: [0, 1] } }, [1]), /no list of numbers in shape/],
    "a negative size": [handMade({ a: u8(0, 1, [-1, -1]) }, [1]), /shape must be whole numbers of at least 0, got -1/],
    "a size of -0": [handMade('{"a":{"dtype":"U8","shape":[-0],"data_offsets":[0,0]}}'), /whole numbers/],
    "a broken size": [handMade({ a: u8(0, 1, [1.5]) }, [1]), /got 1.5/],
    "a size that is text": [handMade({ a: u8(0, 1, ["1"]) }, [1]), /whole numbers of at least 0, got 1/],
    "a huge size": [handMade({ a: u8(0, 1, [2 ** 53 - 1]) }, [1]), /takes 9007199254740991 bytes/],
    "sizes whose product overflows": [handMade({ a: u8(0, 0, Array(64).fill(2 ** 53 - 1)) }), /takes Infinity bytes/],
    "a size beyond exact numbers": [
      handMade('{"a":{"dtype":"U8","shape":[9007199254740993],"data_offsets":[0,1]}}', [1]),
      /whole numbers/,
    ],
    "too many dimensions": [handMade({ a: u8(0, 1, Array(65).fill(1)) }, [1]), /65 dimensions/],
    "three offsets": [handMade({ a: { ...u8(0, 1), data_offsets: [0, 1, 1] } }, [1]), /3 data_offsets; expected 2/],
    "offsets in the wrong order": [handMade({ a: u8(1, 0, [1]) }, [1]), /give it -1/],
    "offsets beyond the data": [handMade({ a: u8(0, 9) }, [1]), /need 9 bytes after the header, the file has 1/],
    "an overlap": [handMade({ a: u8(0, 2), b: u8(1, 3) }, [1, 2, 3]), /tensor "b" overlaps/],
    "a hole": [handMade({ a: u8(0, 1), b: u8(2, 3) }, [1, 2, 3]), /tensor "b" leaves a hole/],
    "a hole at the start": [handMade({ a: u8(1, 2) }, [1, 2]), /tensor "a" leaves a hole/],
    "bytes after the last tensor": [handMade({ a: u8(0, 1) }, [1, 2]), /need 1 bytes after the header, the file has 2/],
    "more data than the shape": [handMade({ a: u8(0, 2, [1]) }, [1, 2]), /of shape \[1\] and dtype U8 takes 1 bytes/],
    "a depth bomb": [handMade(`{"a":${"[".repeat(5_000_000)}`), /more than 16 levels deep/],
  };

  it.each(Object.entries(cases))("with %s is refused as such", (_, [bytes, message]) => {
    expect(() => fromSafetensors(bytes)).toThrow(DataError);
    expect(() => fromSafetensors(bytes)).toThrow(message);
  });

  it("that is cut short anywhere is refused", () => {
    const bytes = toSafetensors({ a: ones([3]), b: zeros([2], { dtype: "uint8" }) });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => fromSafetensors(bytes.subarray(0, length))).toThrow(DataError);
    }
  });

  it("is read or refused with a DataError, whichever bytes are changed", () => {
    const original = toSafetensors(
      { a: ones([3]), "b.weight": zeros([2, 2], { dtype: "uint8" }) },
      { metadata: { k: "v" } },
    );
    const change = fc.tuple(fc.nat(original.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = original.slice();
        for (const [at, value] of changes) bytes[at] = value;
        try {
          fromSafetensors(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("is read or refused with a DataError, whatever its header says", () => {
    const number = fc.oneof(fc.integer({ min: -1, max: 5 }), fc.double(), fc.constant(2 ** 32));
    const info = fc.record(
      {
        dtype: fc.constantFrom("F32", "U8", "I64", "BF16", "BOOL", "C64"),
        shape: fc.oneof(fc.array(number, { maxLength: 3 }), fc.jsonValue()),
        data_offsets: fc.oneof(fc.tuple(number, number), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    const header = fc.oneof(fc.dictionary(fc.string(), fc.oneof(info, fc.jsonValue())), fc.jsonValue());
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 32 }), (json, data) => {
        try {
          fromSafetensors(handMade(JSON.stringify(json), data));
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
