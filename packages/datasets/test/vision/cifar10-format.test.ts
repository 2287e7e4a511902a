import { DataError } from "@kindling/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as format from "../../src/vision/cifar-format.js";
import { batchFromSheet, cifar10 } from "../../src/vision/cifar10-format.js";
import { pickleOf, recordsPerBatch, tinyBatch } from "../tiny-cifar.js";

const batch = tinyBatch("data_batch_2");
const bytesPerRecord = format.bytesPerRecord(cifar10);
const parseBatches = (batches: Uint8Array[], name?: string) => format.parseBatches(cifar10, batches, name);
const batchFromPickle = (bytes: Uint8Array, name?: string) => format.batchFromPickle(cifar10, bytes, name);

describe("the binary layout", () => {
  it("splits into images and labels, batch after batch", () => {
    const other = tinyBatch("data_batch_3");
    const { images, labels } = parseBatches([batch, other]);
    expect([...labels]).toEqual([2, 3, 4, 3, 4, 5]);
    expect(images.length).toBe(6 * 3072);
    expect(images.subarray(3072, 2 * 3072)).toEqual(batch.subarray(bytesPerRecord + 1, 2 * bytesPerRecord));
    expect(images.subarray(3 * 3072, 4 * 3072)).toEqual(other.subarray(1, bytesPerRecord));
  });

  it("refuses part of a record", () => {
    expect(() => parseBatches([batch.subarray(1)], "data_batch_2.bin")).toThrow(
      /data_batch_2\.bin: expected a whole number/,
    );
  });

  it("refuses a label that is no class", () => {
    const wrong = batch.slice();
    wrong[bytesPerRecord] = 10;
    expect(() => parseBatches([wrong])).toThrow(/labels from 0 to 9, got 10 for image 1/);
  });
});

describe("the Python layout", () => {
  it("gives the same bytes as the binary layout", () => {
    expect(Buffer.compare(batchFromPickle(pickleOf(cifar10, batch)), batch)).toBe(0);
  });

  it("understands arrays in column-major order", () => {
    expect(Buffer.compare(batchFromPickle(pickleOf(cifar10, batch, { fortran: true })), batch)).toBe(0);
  });

  it("refuses a dictionary without data", () => {
    const empty = Uint8Array.from([0x80, 2, 0x7d, 0x2e]);
    expect(() => batchFromPickle(empty, "data_batch_2")).toThrow(
      /data_batch_2: expected a dictionary with an array "data"/,
    );
  });

  it("answers any damage with a batch or a DataError", () => {
    const whole = pickleOf(cifar10, batch);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const copy = whole.slice();
        copy[at] = byte;
        try {
          expect(batchFromPickle(copy).length % bytesPerRecord).toBe(0);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
    );
  });
});

describe("a picture sheet", () => {
  it("turns interleaved rows into planes", () => {
    const data = new Uint8Array(recordsPerBatch * 3072);
    for (let i = 0; i < recordsPerBatch; i++) {
      for (let p = 0; p < 1024; p++) {
        for (let c = 0; c < 3; c++) data[i * 3072 + p * 3 + c] = batch[i * bytesPerRecord + 1 + c * 1024 + p] as number;
      }
    }
    const sheet = { width: 1024, height: recordsPerBatch, channels: 3, depth: 8, data };
    expect(Buffer.compare(batchFromSheet(sheet, [2, 3, 4]), batch)).toBe(0);
  });

  it("refuses another form", () => {
    const sheet = { width: 32, height: 32, channels: 4, depth: 8, data: new Uint8Array(4096) };
    expect(() => batchFromSheet(sheet, [1])).toThrow(/expected 1024×1 pixels of 8-bit RGB, got 32×32 with 4 channels/);
  });

  it("refuses labels that are no numbers", () => {
    const sheet = { width: 1024, height: 1, channels: 3, depth: 8, data: new Uint8Array(3072) };
    expect(() => batchFromSheet(sheet, ["cat"])).toThrow(/labels from 0 to 9, got cat/);
  });
});
