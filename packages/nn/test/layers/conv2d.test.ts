import "@kindling/autograd";
import { ones, randn, type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { Conv2d, type Conv2dOptions, init } from "../../src/index.js";
import { expectNumbers } from "../numbers.js";

/** 1 … 9 in a square. */
const square = (): Tensor => tensor([[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]], { dtype: "float32" }); // biome-ignore format: a matrix

/** A window of 2 × 3 with weights 1 … 6. */
function layer(options: Conv2dOptions): Conv2d {
  const result = new Conv2d(1, 1, [2, 3], { bias: false, ...options });
  result.loadStateDict({ weight: tensor([[[[1, 2, 3], [4, 5, 6]]]]) }); // biome-ignore format: a matrix
  return result;
}

describe("Conv2d", () => {
  // PyTorch's numbers.
  it.each<[Conv2dOptions["paddingMode"], number[], number[]]>([
    ["zeros", [17, 32, 23, 58, 91, 58, 106, 154, 94, 38, 50, 26], [58, 91, 58, 106, 154, 94, 38, 50, 26]],
    ["reflect", [53, 64, 67, 80, 91, 94, 143, 154, 157, 116, 127, 130], [80, 91, 94, 143, 154, 157, 116, 127, 130]],
    ["replicate", [30, 46, 58, 75, 91, 103, 138, 154, 166, 156, 172, 184], [75, 91, 103, 138, 154, 166, 156, 172, 184]],
    ["circular", [76, 82, 76, 85, 91, 85, 148, 154, 148, 76, 82, 76], [85, 91, 85, 148, 154, 148, 76, 82, 76]],
  ])("pads with %s, by numbers or to the same size", (paddingMode = "zeros", byOne, same) => {
    expectNumbers(layer({ paddingMode, padding: 1 }).forward(square()), byOne);
    const result = layer({ paddingMode, padding: "same" }).forward(square());
    expect(result.shape).toEqual([1, 1, 3, 3]);
    expectNumbers(result, same);
    expectNumbers(layer({ paddingMode, padding: "valid" }).forward(square()), [91, 154]);
  });

  it("has PyTorch's shapes for stride, dilation, groups and a sample without a batch", () => {
    const shape = (options: Conv2dOptions, input: number[]) => new Conv2d(4, 6, 3, options).forward(randn(input)).shape;
    expect(shape({ stride: 2, padding: [1, 0] }, [2, 4, 8, 9])).toEqual([2, 6, 4, 4]);
    expect(shape({ dilation: [2, 1] }, [2, 4, 8, 8])).toEqual([2, 6, 4, 6]);
    expect(shape({ padding: "same", dilation: [3, 2] }, [4, 8, 8])).toEqual([6, 8, 8]);
    expect(new Conv2d(4, 6, 3, { groups: 2 }).weight.shape).toEqual([6, 2, 3, 3]);
    expect(shape({ groups: 2 }, [2, 4, 8, 8])).toEqual([2, 6, 6, 6]);
  });

  it("shows its options as PyTorch's fields do", () => {
    const { kernelSize, stride, padding, dilation, groups, paddingMode, bias } = new Conv2d(2, 4, 3, {
      padding: [1, 2],
      bias: false,
    });
    expect({ kernelSize, stride, padding, dilation, groups, paddingMode, bias }).toEqual({
      kernelSize: [3, 3],
      stride: [1, 1],
      padding: [1, 2],
      dilation: [1, 1],
      groups: 1,
      paddingMode: "zeros",
      bias: null,
    });
  });

  it("lets gradients through every padding mode", () => {
    for (const paddingMode of ["zeros", "reflect", "replicate", "circular"] as const) {
      const conv = new Conv2d(1, 1, 3, { padding: 1, paddingMode, bias: false });
      init.ones_(conv.weight);
      const x = square().requiresGrad_();
      conv.forward(x).sum().backward();
      // Of every mode but zeros, each of the nine windows has nine elements.
      const total = x.grad?.sum().item();
      expect(total).toBe(paddingMode === "zeros" ? 49 : 81);
      expect(conv.weight.grad?.shape).toEqual([1, 1, 3, 3]);
    }
  });

  it.each<[RegExp, () => Conv2d]>([
    [/padding "same" needs stride 1, got 2, 2/, () => new Conv2d(3, 3, 3, { padding: "same", stride: 2 })],
    [/padding must be a whole number/, () => new Conv2d(3, 3, 3, { padding: "full" as "same" })],
    [/padding must be a whole number/, () => new Conv2d(3, 3, 3, { padding: -1 })],
    [/groups must divide both channels, got 2 for 3 and 4/, () => new Conv2d(3, 4, 3, { groups: 2 })],
    [/groups must divide both channels, got 0/, () => new Conv2d(3, 4, 3, { groups: 0 })],
    [/kernelSize must be a whole number of at least 1/, () => new Conv2d(3, 4, 0)],
    [/kernelSize must be a whole number/, () => new Conv2d(3, 4, [3, 3, 3])],
    [/stride must be a whole number of at least 1/, () => new Conv2d(3, 4, 3, { stride: 0 })],
    [/dilation must be a whole number of at least 1/, () => new Conv2d(3, 4, 3, { dilation: 0.5 })],
    [/paddingMode must be one of zeros/, () => new Conv2d(3, 4, 3, { paddingMode: "mirror" as "reflect" })],
  ])("refuses bad options: %s", (message, make) => {
    expect(make).toThrow(message);
  });

  it("works in float64 too", () => {
    expect(new Conv2d(1, 2, 3).to("float64").forward(ones([1, 1, 4, 4], { dtype: "float64" })).dtype).toBe("float64");
  });
});
