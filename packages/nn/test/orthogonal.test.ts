import "@kindling/autograd";
import { arange, eye, manualSeed, noGrad, ones, randn, type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { Bilinear, Linear, Module, type Parameter, utils } from "../src/index.js";

const { orthogonal } = utils.parametrizations;

/** Weights and gradients of PyTorch, from originals that are moved by 0.3 · sin(i), seeded with 0. */
const cases = [
  [
    3,
    3,
    null,
    true,
    [0.0834592, 0.3834476, -0.9197837, -0.9960822, 0.0050214, -0.0882887, -0.0292355, 0.9235489, 0.3823645],
    [0, 0, 0, 0.5959154, 0, 0, -0.0968875, 0.1640334, 0],
  ],
  [
    3,
    4,
    null,
    true,
    [
      -0.4739085, 0.7404314, -0.3369744, -0.3370765, 0.0172046, 0.4207416, -0.0069687, 0.9069905, -0.8379613,
      -0.2642148, 0.4559141, 0.1419641,
    ],
    [0, -1.2710549, -1.3885597, 1.9390434, 0, 0, 2.4098897, -0.715647, 0, 0, 0, -2.0988147],
  ],
  [
    4,
    2,
    "householder",
    false,
    [0.1708694, 0.5048131, -0.9708115, -0.0240393, -0.1602143, 0.7933246, 0.051576, 0.3394437],
    [0, 0, 0.0960806, 0, 1.130412, 0.2008691, -0.2575522, -0.7312343],
  ],
  [
    2,
    4,
    "householder",
    false,
    [0.1388771, 0.1566546, -0.8087769, -0.5495932, -0.4719043, 0.1470461, -0.523927, 0.6936745],
    [0, -0.6686237, 0.126749, 0.0346512, 0, 0, 0.4985949, -0.3512183],
  ],
  [
    4,
    2,
    "cayley",
    true,
    [0.3163802, 0.5159162, -0.9060823, -0.0464132, -0.2809013, 0.7249996, -0.0035839, 0.4539291],
    [0, 0, -0.3429242, 0, 0.3739259, 0.4206515, -1.1578209, -0.1695627],
  ],
  [
    2,
    3,
    "matrixExp",
    true,
    [-0.2284834, 0.2681826, -0.9358777, -0.9733302, -0.0427234, 0.2253804],
    [0, -0.8484178, -0.3820918, 0, 0, 0.6397552],
  ],
  [
    3,
    3,
    "cayley",
    false,
    [0.9321917, 0.3610173, -0.0261759, -0.3065831, 0.7490525, -0.5873049, -0.1924201, 0.5555059, 0.8089423],
    [0, 0, 0, -0.9041029, 0, 0, 1.6027075, 0.557196, 0],
  ],
  [
    3,
    2,
    "matrixExp",
    false,
    [0.8325444, 0.2674693, -0.3150097, 0.9489286, -0.4556739, -0.1673162],
    [0, 0, -0.7467443, 0, 0.0004414, 0.317411],
  ],
] as const;

/** Completing a matrix by random columns amplifies rounding. */
const near = (got: Tensor, want: readonly number[]): void => {
  expect(got.flatten().allclose(tensor(want), { rtol: 1e-5, atol: 2e-5 }), `${got.flatten()} for ${want}`).toBe(true);
};

describe("orthogonal", () => {
  it.each(cases)(
    "gives PyTorch's weight and gradient: %i × %i, %s, base %s",
    (rows, columns, map, hasBase, weight, gradient) => {
      manualSeed(0);
      const layer = new Linear(columns, rows, { bias: false });
      orthogonal(layer, "weight", { orthogonalMap: map, useTrivialization: hasBase });
      const names = ["parametrizations.weight.original", ...(hasBase ? ["parametrizations.weight.0.base"] : [])];
      expect(Object.keys(layer.stateDict())).toEqual(names);
      const original = layer.getParameter("parametrizations.weight.original");
      const steps = arange(rows * columns, { dtype: "float32" }).reshape(rows, columns);
      noGrad(() => original.add_(steps.sin().mul(0.3)));
      near(layer.weight, weight);
      layer.weight.mul(steps.cos()).sum().backward();
      near(original.grad as Tensor, gradient);
    },
  );

  it("keeps a weight that is orthogonal, begins at it, and takes another", () => {
    const layer = orthogonal(new Linear(3, 3));
    const turn = tensor(
      [
        [0, 1, 0],
        [0, 0, 1],
        [1, 0, 0],
      ],
      { dtype: "float32" },
    );
    layer.weight = turn as Parameter;
    expect(layer.weight.allclose(turn)).toBe(true);
    const clone = layer.clone();
    clone.weight = eye(3) as Parameter;
    expect(layer.weight.allclose(turn)).toBe(true);
    expect(clone.weight.allclose(eye(3))).toBe(true);
    layer.weight = eye(3).add(turn.mul(3)).add(1) as Parameter;
    expect(layer.weight.t().matmul(layer.weight).allclose(eye(3), { atol: 1e-6 })).toBe(true);
    expect(() => {
      layer.weight = ones([2, 3]) as Parameter;
    }).toThrow(/expected a weight \[3, 3\], got \[2, 3\]/);
  });

  it("is for batches of matrices, in float64 too, and goes with other parametrizations", () => {
    const batch = orthogonal(new Bilinear(4, 2, 3));
    const product = batch.weight.transpose(-2, -1).matmul(batch.weight);
    expect(product.allclose(eye(2).expand(3, 2, 2), { atol: 1e-6 })).toBe(true);
    class Twice extends Module {
      forward(x: Tensor): Tensor {
        return x.mul(2);
      }
    }
    const layer = new Linear(3, 3).double();
    utils.parametrize.registerParametrization(orthogonal(layer), "weight", new Twice());
    const identity = eye(3, { dtype: "float64" });
    expect(layer.weight.t().matmul(layer.weight).div(4).allclose(identity, { atol: 1e-14 })).toBe(true);
    const both = utils.parametrizations.spectralNorm(utils.parametrizations.weightNorm(new Linear(3, 2)));
    expect(both.forward(randn([1, 3])).shape).toEqual([1, 2]);
  });

  it("names what does not fit", () => {
    expect(() => orthogonal(new Linear(3, 3), "bias")).toThrow(/at least 2 dimensions, got \[3\]/);
    expect(() => orthogonal(new Linear(3, 3), "other")).toThrow(/no parameter or buffer "other"/);
    const unknown = { orthogonalMap: "exp" as "cayley" };
    expect(() => orthogonal(new Linear(3, 3), "weight", unknown)).toThrow(/"householder", got "exp"/);
    const layer = orthogonal(new Linear(3, 3), "weight", { orthogonalMap: "cayley", useTrivialization: false });
    expect(() => {
      layer.weight = eye(3) as Parameter;
    }).toThrow(/Orthogonal has no rightInverse/);
  });
});
