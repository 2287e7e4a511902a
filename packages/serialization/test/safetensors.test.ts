import { Linear, Parameter, Sequential } from "@kindling/nn";
import { arange, type DType, ones, scalarTensor, type Tensor, tensor, UsageError, zeros } from "@kindling/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromSafetensors, toSafetensors } from "../src/index.js";
import { bytesOf, handMade } from "./hand-made.js";

/** Everything about a tensor that a file keeps; numbers as bits, so that NaN and −0 count. */
function content(x: Tensor): object {
  return { dtype: x.dtype, shape: [...x.shape], bytes: Buffer.from(x.toTypedArray().buffer).toString("hex") };
}

function headerOf(bytes: Uint8Array): string {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return Buffer.from(bytes.subarray(8, 8 + length)).toString();
}

// What safetensors 0.8 for Python writes for tensors of every dtype that we have, given in another order.
const pythonHeader =
  '{"__metadata__":{"format":"pt"},"z":{"dtype":"F64","shape":[0,3],"data_offsets":[0,0]},' +
  '"b.weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"\uf000":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},' +
  '"😀":{"dtype":"F32","shape":[1],"data_offsets":[12,16]},"10":{"dtype":"I32","shape":[1],"data_offsets":[16,20]},' +
  '"9":{"dtype":"I32","shape":[],"data_offsets":[20,24]},"i16":{"dtype":"I16","shape":[1],"data_offsets":[24,26]},' +
  '"i8":{"dtype":"I8","shape":[1],"data_offsets":[26,27]},"u8":{"dtype":"U8","shape":[1],"data_offsets":[27,28]},' +
  '"a":{"dtype":"BOOL","shape":[3],"data_offsets":[28,31]}}';
const pythonData = [
  ...[0, 0, 0x80, 0x3f, 0, 0, 0, 0x40],
  ...[0, 0, 0, 0, 0, 0, 0x80, 0x7f],
  ...[1, 0, 0, 0, 2, 0, 0, 0],
  ...[0xff, 0xff, 0xfe, 0xff, 1, 0, 1],
];

describe("toSafetensors", () => {
  it("writes the bytes that the Python package writes", () => {
    const bytes = toSafetensors(
      {
        a: tensor([true, false, true]),
        "9": scalarTensor(2, { dtype: "int32" }),
        "10": tensor([1]),
        "😀": tensor([Number.POSITIVE_INFINITY]),
        "\uf000": tensor([0], { dtype: "float32" }),
        u8: tensor([255], { dtype: "uint8" }),
        i8: tensor([-2], { dtype: "int8" }),
        i16: tensor([-1], { dtype: "int16" }),
        "b.weight": tensor([1, 2], { dtype: "float32" }),
        z: zeros([0, 3], { dtype: "float64" }),
      },
      { metadata: { format: "pt" } },
    );
    const padded = pythonHeader + " ".repeat(7 - ((Buffer.byteLength(pythonHeader) + 7) % 8));
    expect(Buffer.from(bytes).toString("latin1")).toBe(Buffer.from(handMade(padded, pythonData)).toString("latin1"));
  });

  it("aligns the data to 8 bytes, and every tensor to its elements", () => {
    for (let length = 1; length < 10; length++) {
      const tensors = { ["n".repeat(length)]: zeros([3], { dtype: "uint8" }), m: zeros([1], { dtype: "float64" }) };
      const bytes = toSafetensors(tensors);
      expect((bytes.length - 11) % 8).toBe(0);
      expect(headerOf(bytes)).toMatch(/^\{"m":/);
    }
  });

  it("writes views by their elements", () => {
    const x = arange(6).reshape([2, 3]);
    const { tensors } = fromSafetensors(
      toSafetensors({ t: x.transpose(0, 1), s: x.select(1, 2), e: ones([1]).expand([3]) }),
    );
    expect(tensors.t?.toArray()).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
    expect(tensors.s?.toArray()).toEqual([2, 5]);
    expect(tensors.e?.toArray()).toEqual([1, 1, 1]);
  });

  it("takes parameters and maps, and gives leaf tensors without grad that share nothing", () => {
    const weight = new Parameter(ones([2]));
    const { tensors } = fromSafetensors(toSafetensors(new Map([["weight", weight]])));
    expect(tensors.weight).not.toBeInstanceOf(Parameter);
    expect(tensors.weight?.requiresGrad).toBe(false);
    expect(tensors.weight?.isLeaf).toBe(true);
    weight.detach().zero_();
    expect(tensors.weight?.toArray()).toEqual([1, 1]);
  });

  it("carries a state dict from one model to another", () => {
    const make = (): Sequential => new Sequential(new Linear(3, 4), new Linear(4, 2));
    const [from, to] = [make(), make()];
    to.loadStateDict(fromSafetensors(toSafetensors(from.stateDict())).tensors);
    const x = ones([1, 3]);
    expect(to.forward(x).toArray()).toEqual(from.forward(x).toArray());
  });

  it("gives back every bit of every dtype, shape, name and text", () => {
    const dtypes: DType[] = ["bool", "uint8", "int8", "int16", "int32", "float32", "float64"];
    const special = [0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY, 1e-320, 3.4e38, -127, 1 / 3];
    const anyTensor = fc
      .record({
        dtype: fc.constantFrom(...dtypes),
        shape: fc.array(fc.nat(3), { maxLength: 4 }),
        seed: fc.nat(special.length),
      })
      .map(({ dtype, shape, seed }) => {
        const count = shape.reduce((a, b) => a * b, 1);
        const values = Float64Array.from({ length: count }, (_, i) => special[(i + seed) % special.length] as number);
        return tensor(values, { dtype }).reshape(shape);
      });
    const name = fc.string({ unit: "binary" }).filter((text) => text !== "__metadata__");
    fc.assert(
      fc.property(fc.dictionary(name, anyTensor), fc.dictionary(name, fc.string({ unit: "binary" })), (given, text) => {
        const { tensors, metadata } = fromSafetensors(toSafetensors(given, { metadata: text }));
        const contents = (all: Record<string, Tensor>): Map<string, object> =>
          new Map(Object.entries(all).map(([key, x]) => [key, content(x)]));
        expect(contents(tensors)).toEqual(contents(given));
        expect(new Map(Object.entries(metadata))).toEqual(new Map(Object.entries(text)));
      }),
      { numRuns: 30 },
    );
  });

  it("refuses what the format cannot hold", () => {
    const x = ones([1]);
    expect(() => toSafetensors({ __metadata__: x })).toThrow(/reserved/);
    expect(() => toSafetensors({ "\ud800": x })).toThrow(UsageError);
    expect(() => toSafetensors({ x: [1] as unknown as Tensor })).toThrow(/expected a tensor for "x"/);
    expect(() => toSafetensors({ x }, { metadata: { epoch: 3 as unknown as string } })).toThrow(
      /metadata must be strings, got number for "epoch"/,
    );
    expect(() => toSafetensors({ x }, { metadata: { note: "\udfff" } })).toThrow(UsageError);
  });
});

describe("fromSafetensors", () => {
  const one = (dtype: string, data: Uint8Array, count = data.length): Tensor => {
    const header = { x: { dtype, shape: [count], data_offsets: [0, data.length] } };
    return fromSafetensors(handMade(header, data)).tensors.x as Tensor;
  };

  it("reads the bytes that the Python package writes, at any address", () => {
    const bytes = handMade(pythonHeader, pythonData);
    for (let shift = 0; shift < 8; shift++) {
      const moved = new Uint8Array(bytes.length + shift);
      moved.set(bytes, shift);
      const { tensors, metadata } = fromSafetensors(moved.subarray(shift));
      expect(metadata).toEqual({ format: "pt" });
      expect(tensors["b.weight"]?.toArray()).toEqual([1, 2]);
      expect(tensors["9"]?.toArray()).toBe(2);
      expect(tensors["😀"]?.toArray()).toEqual([Number.POSITIVE_INFINITY]);
      expect(tensors.i16?.toArray()).toEqual([-1]);
      expect(tensors.i8?.toArray()).toEqual([-2]);
      expect(tensors.a?.toArray()).toEqual([true, false, true]);
      expect(tensors.z?.shape).toEqual([0, 3]);
    }
  });

  it("widens float16 exactly", () => {
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x83ff, 0x8000, 0x7c00, 0xfc00, 0x7e00);
    const x = one("F16", bytesOf(halves), halves.length);
    expect(x.dtype).toBe("float32");
    expect(x.toArray()).toEqual([
      1,
      -2,
      65504,
      2 ** -14,
      2 ** -24,
      -1023 * 2 ** -24,
      -0,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
    ]);
  });

  it("widens bfloat16 exactly", () => {
    const halves = Uint16Array.of(0x3f80, 0xc000, 0x7f7f, 0x0001, 0x8000, 0x7f80, 0xffc0);
    expect(one("BF16", bytesOf(halves), halves.length).toArray()).toEqual([
      1,
      -2,
      255 * 2 ** 120,
      2 ** -133,
      -0,
      Number.POSITIVE_INFINITY,
      Number.NaN,
    ]);
  });

  it("reads wider and unsigned whole numbers as int32 where they fit", () => {
    const int64 = one("I64", bytesOf(BigInt64Array.of(0n, -1n, 2n ** 31n - 1n, -(2n ** 31n))), 4);
    expect(int64.dtype).toBe("int32");
    expect(int64.toArray()).toEqual([0, -1, 2147483647, -2147483648]);
    expect(one("U64", bytesOf(BigUint64Array.of(2n ** 31n - 1n)), 1).toArray()).toEqual([2147483647]);
    expect(one("U32", bytesOf(Uint32Array.of(2147483647)), 1).toArray()).toEqual([2147483647]);
    expect(one("U16", bytesOf(Uint16Array.of(65535)), 1).toArray()).toEqual([65535]);
  });

  it.each([
    [
      "I64",
      bytesOf(BigInt64Array.of(0n, 2n ** 31n)),
      /tensor "x" holds 2147483648 \(element 1\), which int32 cannot hold/,
    ],
    ["I64", bytesOf(BigInt64Array.of(0n, -(2n ** 63n))), /tensor "x" holds -9223372036854775808 \(element 1\)/],
    ["U64", bytesOf(BigUint64Array.of(0n, 2n ** 64n - 1n)), /tensor "x" holds 18446744073709551615 \(element 1\)/],
    ["U32", Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 128), /tensor "x" holds 2147483648 \(element 1\)/],
  ])("refuses %s beyond int32, naming the tensor", (dtype, data, message) => {
    expect(() => one(dtype, data, 2)).toThrow(message);
  });

  it("takes any byte but 0 as true", () => {
    expect([...one("BOOL", Uint8Array.of(0, 1, 255)).toTypedArray()]).toEqual([0, 1, 1]);
  });

  it("keeps __proto__ as a name like any other", () => {
    const bytes = handMade('{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', [7]);
    const { tensors } = fromSafetensors(bytes);
    expect(Object.keys(tensors)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(tensors)).toBe(Object.prototype);
    expect(toSafetensors(tensors)).toEqual(toSafetensors(new Map(Object.entries(tensors))));
  });

  it("takes an empty file, fields it does not know, and tensors in any order", () => {
    expect(fromSafetensors(handMade("{}"))).toEqual({ tensors: {}, metadata: {} });
    const bytes = handMade(
      {
        b: { dtype: "U8", shape: [1], data_offsets: [1, 2], note: { any: ["thing"] } },
        none: { dtype: "F64", shape: [0], data_offsets: [1, 1] },
        a: { dtype: "U8", shape: [1], data_offsets: [0, 1] },
      },
      [1, 2],
    );
    const { tensors } = fromSafetensors(bytes);
    expect(Object.keys(tensors)).toEqual(["b", "none", "a"]);
    expect(tensors.b?.item()).toBe(2);
  });
});
