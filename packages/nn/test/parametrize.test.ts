import "@kindling/autograd";
import { arange, manualSeed, noGrad, ones, randn, type Tensor, zeros } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { ConvTranspose2d, Linear, LSTM, Module, type Parameter, Sequential, Softplus, utils } from "../src/index.js";
import { expectNumbers } from "./numbers.js";

const { cached, isParametrized, registerParametrization, removeParametrizations } = utils.parametrize;

class Symmetric extends Module {
  calls = 0;
  forward(x: Tensor): Tensor {
    this.calls++;
    return x.triu().add(x.triu(1).t());
  }
  rightInverse(x: Tensor): Tensor {
    return x.triu();
  }
}

class RankOne extends Module {
  forward(x: Tensor, y: Tensor): Tensor {
    return x.unsqueeze(1).matmul(y.unsqueeze(0));
  }
  rightInverse(z: Tensor): Tensor[] {
    return [z.select(1, 0), ones([z.shape[1] as number])];
  }
}

class Scale extends Module {
  forward(x: Tensor): Tensor {
    return x.mul(2);
  }
  rightInverse(x: Tensor): Tensor {
    return x.div(2);
  }
}

const x = arange(6, { dtype: "float32" }).reshape(2, 3).div(5);
const names = (module: Module): string[] => Object.keys(module.stateDict());

describe("a parametrized tensor", () => {
  it("is computed from its original, which learns", () => {
    const layer = registerParametrization(new Linear(3, 3), "weight", new Symmetric());
    expect(layer.weight.equal(layer.weight.t())).toBe(true);
    expect(names(layer)).toEqual(["bias", "parametrizations.weight.original"]);
    layer.forward(x).sum().backward();
    const original = layer.getParameter("parametrizations.weight.original");
    expect(original.grad?.tril(-1).eq(0).all().item()).toBe(1);
    noGrad(() => original.sub_(original.grad as Tensor));
    expect(layer.weight.equal(layer.weight.t())).toBe(true);
    expect(isParametrized(layer)).toBe(true);
    expect([isParametrized(layer, "weight"), isParametrized(layer, "bias")]).toEqual([true, false]);
  });

  it("keeps its original the Parameter that an optimizer knows, there and back", () => {
    const layer = new Linear(3, 3);
    const { weight } = layer;
    registerParametrization(layer, "weight", new Symmetric());
    expect(layer.getParameter("parametrizations.weight.original")).toBe(weight);
    const value = layer.weight;
    removeParametrizations(layer, "weight");
    expect(layer.weight).toBe(weight);
    expect(layer.weight.equal(value)).toBe(true);
    expect(names(layer)).toEqual(["bias", "weight"]);
    expect(isParametrized(layer)).toBe(false);
  });

  it("can be assigned, through the right inverse", () => {
    const layer = registerParametrization(new Linear(3, 3), "weight", new Symmetric());
    const target = ones([3, 3]).mul(4);
    layer.weight = target as Parameter;
    expect(layer.weight.equal(target)).toBe(true);
    registerParametrization(layer, "bias", new Softplus());
    expect(() => {
      layer.bias = zeros([3]) as Parameter;
    }).toThrow("Softplus has no rightInverse");
  });

  it("may come from several tensors", () => {
    const layer = registerParametrization(new Linear(2, 3), "weight", new RankOne());
    const state = ["bias", "parametrizations.weight.original0", "parametrizations.weight.original1"];
    expect(names(layer)).toEqual(state);
    layer.weight = ones([3, 2]).mul(2) as Parameter;
    expect(layer.weight.toArray()).toEqual([
      [2, 2],
      [2, 2],
      [2, 2],
    ]);
    expect(() => removeParametrizations(layer, "weight", { leaveParametrized: false })).toThrow(/from 2 tensors/);
    expect([...removeParametrizations(layer, "weight").parameters()].length).toBe(2);
  });

  it("may pass through several parametrizations, and gives the original back if asked", () => {
    const layer = new Linear(3, 3);
    registerParametrization(layer, "weight", new Symmetric());
    registerParametrization(layer, "weight", new Scale());
    const original = layer.getParameter("parametrizations.weight.original");
    expect(layer.weight.equal(new Symmetric().forward(original).mul(2))).toBe(true);
    layer.weight = ones([3, 3]) as Parameter;
    expect(original.toArray()).toEqual([
      [0.5, 0.5, 0.5],
      [0, 0.5, 0.5],
      [0, 0, 0.5],
    ]);
    removeParametrizations(layer, "weight", { leaveParametrized: false });
    expect(layer.weight.select(1, 0).toArray()).toEqual([0.5, 0, 0]);
  });

  it("is computed once within cached", () => {
    const symmetric = new Symmetric();
    const layer = registerParametrization(new Linear(3, 3), "weight", symmetric);
    symmetric.calls = 0;
    cached(() =>
      cached(() => layer.forward(layer.forward(x)))
        .sum()
        .backward(),
    );
    expect(symmetric.calls).toBe(1);
    layer.forward(x);
    expect(symmetric.calls).toBe(2);
  });

  it("is the field's, or goes by PyTorch's name", () => {
    const layer = new LSTM(2, 3);
    registerParametrization(layer, "weight_hh_l0", new Scale());
    registerParametrization(layer, "weightHhL0", new Scale());
    expect(names(layer).at(-1)).toBe("parametrizations.weight_hh_l0.original");
    expect(layer.forward(randn([4, 1, 2]))[0].shape).toEqual([4, 1, 3]);
    removeParametrizations(layer, "weight_hh_l0");
    expect(names(layer).sort()).toEqual(names(new LSTM(2, 3)).sort());
  });

  it("is copied, converted and shown with its module", () => {
    const layer = registerParametrization(new Linear(3, 2), "bias", new Softplus());
    const clone = layer.clone();
    expect(clone.forward(x).equal(layer.forward(x))).toBe(true);
    noGrad(() => clone.getParameter("parametrizations.bias.original").zero_());
    expect(clone.bias?.equal(layer.bias as Tensor)).toBe(false);
    expect(clone.double().bias?.dtype).toBe("float64");
    expect(String(layer)).toBe(
      [
        "ParametrizedLinear(",
        "  in_features=3, out_features=2, bias=True",
        "  (parametrizations): ModuleDict(",
        "    (bias): ParametrizationList(",
        "      (0): Softplus(beta=1, threshold=20)",
        "    )",
        "  )",
        ")",
      ].join("\n"),
    );
  });

  it("keeps what it is made from out of the memory that a Sequential uses again", () => {
    const layer = registerParametrization(new Linear(3, 3), "weight", new Scale());
    const model = new Sequential(layer, new Linear(3, 3));
    const weight = cached(() => {
      model.forward(x);
      return layer.weight;
    });
    randn([3, 3]);
    expect(weight.equal(layer.weight)).toBe(true);
  });

  it("must be there, and must keep its shape unless this is said to be meant", () => {
    class Short extends Module {
      forward(weight: Tensor): Tensor {
        return weight.narrow(0, 0, 1);
      }
    }
    const layer = new Linear(3, 2);
    expect(() => registerParametrization(layer, "other", new Scale())).toThrow(
      /Linear has no parameter or buffer "other"/,
    );
    expect(() => registerParametrization(layer, "weight", new Short())).toThrow(
      /float32 \[2, 3\], got float32 \[1, 3\]/,
    );
    expect(() => removeParametrizations(layer, "weight")).toThrow(/"weight" of Linear is not parametrized/);
    expect(names(layer)).toEqual(["weight", "bias"]);
    registerParametrization(layer, "weight", new Short(), { unsafe: true });
    expect(layer.weight.shape).toEqual([1, 3]);
    expect(() => layer.registerParameter("weight", null)).toThrow(/another field/);
  });
});

describe("weightNorm", () => {
  it("gives PyTorch's numbers, and takes the state of the old form", () => {
    manualSeed(0);
    const old = utils.weightNorm(new Linear(3, 2));
    expect(names(old)).toEqual(["bias", "weight_g", "weight_v"]);
    const y = old.forward(x);
    expectNumbers(y, [-0.13957013, 0.47522944, -0.24144536, 0.17976373]);
    y.square().sum().backward();
    expectNumbers(old.getParameter("weight_g").grad as Tensor, [0.2588646, -0.1654231]);
    expectNumbers(
      old.getParameter("weight_v").grad as Tensor,
      [-0.2877618, -0.5834859, -0.3776863, 0.07624003, 0.4047186, 0.7905327],
    );
    const layer = utils.parametrizations.weightNorm(new Linear(3, 2));
    expect(names(layer)).toEqual(["bias", "parametrizations.weight.original0", "parametrizations.weight.original1"]);
    layer.loadStateDict(old.stateDict());
    expectNumbers(layer.forward(x), [-0.13957013, 0.47522944, -0.24144536, 0.17976373]);
    utils.removeWeightNorm(old);
    expect(names(old)).toEqual(["bias", "weight"]);
    expect(old.forward(x).allclose(y)).toBe(true);
  });

  it("has a length per slice of any dimension, or one in all", () => {
    manualSeed(0);
    const layer = utils.weightNorm(new Linear(3, 2), "weight", 1);
    expect(layer.getParameter("weight_g").shape).toEqual([1, 3]);
    expect(utils.weightNorm(new Linear(3, 2), "weight", null).getParameter("weight_g").shape).toEqual([]);
    layer.weight = ones([2, 3]) as Parameter;
    expect(layer.weight.allclose(ones([2, 3]))).toBe(true);
    expect(() => utils.weightNorm(new Linear(3, 2), "weight", 2)).toThrow(/dim must be from -2 to 1, got 2/);
    expect(() => utils.removeWeightNorm(new Linear(3, 2))).toThrow(/no parameter or buffer "weight_g"/);
  });
});

describe("spectralNorm", () => {
  it("draws, iterates and differentiates as PyTorch does after the same seed", () => {
    manualSeed(0);
    const layer = utils.parametrizations.spectralNorm(new Linear(3, 2));
    expect(names(layer)).toEqual([
      "bias",
      "parametrizations.weight.original",
      "parametrizations.weight.0._u",
      "parametrizations.weight.0._v",
    ]);
    const y = layer.forward(x);
    y.square().sum().backward();
    expectNumbers(y, [-0.20627615, 0.48431638, -0.36118841, 0.03502867]);
    const original = layer.getParameter("parametrizations.weight.original");
    expectNumbers(original.grad as Tensor, [-0.8142144, -1.231953, -1.068928, 0.1861047, 0.5591568, 0.4748135]);
    expectNumbers(layer.getBuffer("parametrizations.weight.0._u"), [0.7856073, -0.6187253]);
    layer.eval();
    layer.forward(x);
    expectNumbers(layer.getBuffer("parametrizations.weight.0._v"), [0.3945937, 0.5792003, -0.7133182]);
  });

  it("can be run twice before backward, as discriminators are", () => {
    const layer = utils.parametrizations.spectralNorm(new Linear(3, 1));
    layer.forward(x).sum().sub(layer.forward(x.neg()).sum()).backward();
    expect(layer.bias?.grad?.item()).toBe(0);
  });

  it("has the outputs of transposed convolutions in dimension 1, and divides vectors by their norm", () => {
    manualSeed(0);
    const layer = utils.parametrizations.spectralNorm(new ConvTranspose2d(2, 3, 2), "weight", { nPowerIterations: 2 });
    expectNumbers(
      layer.forward(ones([1, 2, 1, 1])),
      [
        -0.5489677, -0.1121962, -0.6911318, -0.4112355, 0.03585859, 0.4835899, -0.3335644, 0.2170625, 0.4046172,
        0.8327944, -0.003708988, 0.5493072,
      ],
    );
    const vector = utils.parametrizations.spectralNorm(new Linear(3, 2), "bias");
    expect(vector.bias?.norm().item()).toBeCloseTo(1, 6);
    expect(() => utils.parametrizations.spectralNorm(new Linear(3, 2), "weight", { nPowerIterations: 0 })).toThrow(
      /nPowerIterations must be positive, got 0/,
    );
  });

  it("has an old form with its own names and its own order of steps", () => {
    manualSeed(0);
    const layer = utils.spectralNorm(new Linear(3, 2));
    expect(names(layer)).toEqual(["bias", "weight_orig", "weight_u", "weight_v"]);
    const y = layer.forward(x);
    y.square().sum().backward();
    expectNumbers(y, [-0.34995675, 0.50388908, -0.61910754, -0.27672106]);
    expectNumbers(
      layer.getParameter("weight_orig").grad as Tensor,
      [0.08401871, -3.071944, -2.98981, 1.84687, -0.7504421, 0.9619434],
    );
    expectNumbers(layer.getBuffer("weight_u"), [-0.6006911, -0.7994812]);
    expectNumbers(layer.getBuffer("weight_v"), [0.8941998, -0.03715914, 0.4461233]);
    const clone = layer.clone();
    clone.forward(x);
    expectNumbers(layer.getBuffer("weight_u"), [-0.6006911, -0.7994812]);
    layer.eval();
    const kept = layer.weight;
    utils.removeSpectralNorm(layer);
    expect(names(layer)).toEqual(["bias", "weight"]);
    expect(layer.train().weight.equal(kept)).toBe(true);
    layer.forward(x);
  });
});
