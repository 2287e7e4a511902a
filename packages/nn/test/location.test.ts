import { ones, type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import {
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  Embedding,
  Flatten,
  GroupNorm,
  type Layer,
  LayerNorm,
  Linear,
  MaxPool2d,
  Module,
  ModuleDict,
  ModuleList,
  PReLU,
  Sequential,
  Softmax,
  Unflatten,
} from "../src/index.js";

class Model extends Module {
  model: Sequential;
  constructor(...layers: Layer[]) {
    super();
    this.model = new Sequential(...layers);
  }
  forward(x: Tensor): Tensor {
    return this.model.forward(x);
  }
}

function errorOf(body: () => unknown): Error {
  try {
    body();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

describe("an error in a layer", () => {
  it("names the path from the outermost module to the layer", () => {
    const error = errorOf(() => new Model(new Flatten(), new Linear(3, 2)).forward(ones([2, 4])));
    expect(error.message).toBe(
      "model.1 (Linear): linear: expected 3 features in the last dimension for weight [2, 3], got input [2, 4]",
    );
    expect(error.name).toBe("ShapeError");
  });

  it("shows the path in the stack trace, which is what an uncaught error prints", () => {
    const error = errorOf(() => new Model(new Sequential(new Linear(3, 2))).forward(ones([2, 4])));
    expect(error.stack).toContain("model.0.0 (Linear): linear: expected 3 features");
    expect(error.stack?.match(/linear: expected/g)).toHaveLength(1);
  });

  it("has no path where the layer is called by itself", () => {
    expect(errorOf(() => new Linear(3, 2).forward(ones([2, 4]))).message).toMatch(/^linear: expected/);
  });

  it("names the path through lists and dictionaries, which are no part of the call", () => {
    class Listed extends Module {
      blocks = new ModuleList([new Linear(4, 4), new Linear(5, 4)]);
      heads = new ModuleDict({ mean: new Linear(4, 1) });
      forward(x: Tensor, head: string): Tensor {
        const [first, second] = this.blocks;
        return head === "" ? (second as Linear).forward((first as Linear).forward(x)) : this.heads.get(head).forward(x);
      }
    }
    class Outer extends Module {
      inner = new Listed();
      forward(x: Tensor, head: string): Tensor {
        return this.inner.forward(x, head);
      }
    }
    expect(errorOf(() => new Outer().forward(ones([1, 4]), "")).message).toMatch(/^inner\.blocks\.1 \(Linear\): /);
    expect(errorOf(() => new Outer().forward(ones([1, 9]), "mean")).message).toMatch(
      /^inner\.heads\.mean \(Linear\): /,
    );
    expect(errorOf(() => new Outer().forward(ones([1, 4]), "std")).message).toMatch(/^inner \(Listed\): ModuleDict: /);
  });

  it("names the caller of a module that is nobody's child", () => {
    class Caller extends Module {
      helper = [new Sequential(new Linear(3, 2))];
      forward(x: Tensor): Tensor {
        return (this.helper[0] as Sequential).forward(x);
      }
    }
    const error = errorOf(() => new Model(new Caller()).forward(ones([1, 4])));
    expect(error.message).toMatch(/^model\.0 \(Caller\): 0 \(Linear\): linear: expected 3/);
  });

  it("is left alone if it is not one of Kindling's", () => {
    class Broken extends Module {
      forward(): never {
        throw new TypeError("broken");
      }
    }
    const error = errorOf(() => new Sequential(new Broken()).forward(ones([1])));
    expect([error.constructor, error.message]).toEqual([TypeError, "broken"]);
  });

  it.each<[string, Layer, number[], RegExp]>([
    ["Linear", new Linear(3, 2), [2, 4], /expected 3 features/],
    ["Conv2d", new Conv2d(3, 2, 3), [1, 4, 8, 8], /conv2d: expected 3 input channels/],
    ["Conv2d", new Conv2d(3, 2, 3), [3, 8], /conv2d: expected an input \[N, C, H, W\] or \[C, H, W\], got \[3, 8\]/],
    ["Conv2d", new Conv2d(3, 2, 9), [1, 3, 8, 8], /larger than the input/],
    ["Conv2d", new Conv2d(3, 2, 3, { padding: 9, paddingMode: "reflect" }), [1, 3, 8, 8], /pad: reflect padding/],
    ["MaxPool2d", new MaxPool2d(9), [1, 3, 8, 8], /maxPool2d: input \[1, 3, 8, 8\] is too small/],
    ["BatchNorm1d", new BatchNorm1d(3), [2, 4], /batchNorm: expected a running mean \[4\]/],
    ["BatchNorm1d", new BatchNorm1d(3), [2, 3, 4, 5], /BatchNorm1d: expected an input \[N, C\] or \[N, C, L\], got/],
    ["BatchNorm2d", new BatchNorm2d(3), [2, 3], /BatchNorm2d: expected an input \[N, C, H, W\], got \[2, 3\]/],
    ["LayerNorm", new LayerNorm(3), [2, 4], /layerNorm: expected an input whose last sizes are \[3\]/],
    ["GroupNorm", new GroupNorm(2, 4), [2, 6], /groupNorm: expected a weight \[6\]/],
    ["Flatten", new Flatten(3), [2, 4], /flatten: .*3/],
    ["Unflatten", new Unflatten(1, [3, 3]), [2, 4], /unflatten/],
    ["Softmax", new Softmax(2), [2, 4], /softmax: .*2/],
    ["PReLU", new PReLU(3), [2, 4], /prelu: expected 1 weight or 4/],
  ])("of kind %s is a ShapeError that says where and what (%#)", (name, layer, shape, message) => {
    const error = errorOf(() => new Model(layer).forward(ones(shape)));
    expect(error.name).toBe("ShapeError");
    expect(error.message.startsWith(`model.0 (${name}): `)).toBe(true);
    expect(error.message).toMatch(message);
  });

  it("names an index that is out of an embedding's range", () => {
    const model = new Model(new Embedding(3, 2));
    expect(() => model.forward(tensor([0, 3]))).toThrow(
      "model.0 (Embedding): embedding: index 3 is out of bounds for a table of 3 rows",
    );
  });
});
