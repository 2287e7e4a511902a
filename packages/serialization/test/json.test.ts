import { DataError } from "@kindling/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Json, parseJson } from "../src/json.js";

function plain(value: Json): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
  return value;
}

describe("parseJson", () => {
  it("reads what JSON.parse reads", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), fc.constantFrom(0, 1, 2), (text, space) => {
        const spaced = JSON.stringify(JSON.parse(text), null, space);
        expect(plain(parseJson(spaced))).toEqual(JSON.parse(text));
      }),
    );
  });

  it("refuses what JSON.parse refuses", () => {
    const pieces = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"',
      "\\",
      "1",
      "-",
      ".",
      "e",
      "null",
      "tru",
      " ",
      "\n",
      "é",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          expect(() => parseJson(text)).toThrow(DataError);
          return;
        }
        // Only a name that appears twice is another matter.
        try {
          expect(plain(parseJson(text))).toEqual(expected);
        } catch (error) {
          expect((error as Error).message).toMatch(/appears twice/);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("refuses a name that appears twice, also when spelled differently", () => {
    expect(() => parseJson('{"a": 1, "\\u0061": 2}')).toThrow(/the name "a" appears twice/);
  });

  it("keeps __proto__ as a name like any other", () => {
    expect(parseJson('{"__proto__": 1}')).toEqual(new Map([["__proto__", 1]]));
  });

  it("refuses depth at once, whatever its size", () => {
    expect(() => parseJson("[".repeat(10_000_000))).toThrow(/more than 16 levels/);
    expect(() => parseJson('{"a":'.repeat(1_000_000))).toThrow(/more than 16 levels/);
  });

  it("ends strings at the first quote that no backslash escapes, in linear time", () => {
    expect(parseJson('"\\\\"')).toBe("\\");
    expect(parseJson('"\\\\\\""')).toBe('\\"');
    expect(() => parseJson('"\\"')).toThrow(/a string that ends/);
    expect(parseJson(`"${"\\\\".repeat(1_000_000)}"`)).toHaveLength(1_000_000);
  });

  it("says where it stopped", () => {
    expect(() => parseJson('{"a" 1}')).toThrow(/expected a colon at character 5/);
    expect(() => parseJson("{} x")).toThrow(/expected the end at character 3/);
  });
});
