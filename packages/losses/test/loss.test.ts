import { Module } from "@kindling/nn";
import { ones } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import * as losses from "../src/index.js";

describe("losses as modules", () => {
  it("are shown without their options, as in PyTorch", () => {
    // This one has layers, which are shown.
    const { AdaptiveLogSoftmaxWithLoss: _, ...others } = losses;
    for (const [name, Loss] of Object.entries(others)) {
      expect(new Loss()).toBeInstanceOf(Module);
      expect(String(new Loss())).toBe(`${name}()`);
    }
  });

  it("have weights as buffers, under PyTorch's names, that move with them", () => {
    const loss = new losses.BCEWithLogitsLoss({ weight: ones([3]), posWeight: ones([3]) });
    expect(Object.keys(loss.stateDict())).toEqual(["weight", "pos_weight"]);
    expect([...loss.parameters()]).toEqual([]);
    expect(loss.to("float64").posWeight?.dtype).toBe("float64");
    expect(Object.keys(new losses.CrossEntropyLoss().stateDict())).toEqual([]);
  });

  it("show their options as PyTorch's fields do", () => {
    const { reduction, ignoreIndex, labelSmoothing } = new losses.CrossEntropyLoss();
    expect({ reduction, ignoreIndex, labelSmoothing }).toEqual({
      reduction: "mean",
      ignoreIndex: -100,
      labelSmoothing: 0,
    });
    expect([new losses.SmoothL1Loss().beta, new losses.HuberLoss().delta]).toEqual([1, 1]);
  });
});
