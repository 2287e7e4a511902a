import "@kindling/autograd";
import { MSELoss } from "@kindling/losses";
import { Linear } from "@kindling/nn";
import { isGradEnabled, manualSeed, noGrad, ones, randn, type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import {
  Adadelta,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  ASGD,
  NAdam,
  Optimizer,
  type OptimizerState,
  type Params,
  RAdam,
  RMSprop,
  Rprop,
  SGD,
} from "../src/index.js";
import { parameter, setGrad } from "./parameter.js";

/** A user's optimizer, written with tensor operations. */
class SignSGD extends Optimizer {
  constructor(params: Params<{ lr: number }>, options: { lr?: number } = {}) {
    super(params, { lr: 0.01, ...options });
  }
  protected update(p: Tensor, gradient: Tensor, group: { lr: number }): void {
    p.sub_(gradient.sign(), { alpha: group.lr });
  }
}

const makers: Record<string, (params: Iterable<Tensor>) => Optimizer> = {
  SGD: (params) => new SGD(params, { lr: 0.1 }),
  "SGD with momentum": (params) => new SGD(params, { lr: 0.05, momentum: 0.9, weightDecay: 1e-9 }),
  "SGD with nesterov": (params) => new SGD(params, { lr: 0.05, momentum: 0.9, nesterov: true }),
  Adam: (params) => new Adam(params, { lr: 0.1 }),
  "Adam with amsgrad": (params) => new Adam(params, { lr: 0.1, amsgrad: true }),
  AdamW: (params) => new AdamW(params, { lr: 0.1, weightDecay: 1e-6 }),
  RMSprop: (params) => new RMSprop(params, { lr: 0.01, momentum: 0.5, centered: true }),
  Adagrad: (params) => new Adagrad(params, { lr: 1 }),
  Adadelta: (params) => new Adadelta(params, { lr: 0.5, eps: 0.01 }),
  Adamax: (params) => new Adamax(params, { lr: 0.1 }),
  NAdam: (params) => new NAdam(params, { lr: 0.1 }),
  RAdam: (params) => new RAdam(params, { lr: 0.1 }),
  ASGD: (params) => new ASGD(params, { lr: 0.1, lambd: 1e-9, t0: 2 }),
  Rprop: (params) => new Rprop(params),
};

describe.each(Object.entries(makers))("%s", (_name, make) => {
  it("reaches the optimum of a convex problem", () => {
    const [x, y] = [parameter(5), parameter(-3)];
    const optimizer = make([x, y]);
    const loss = (): Tensor => x.sub(1).square().add(y.add(x).square().mul(0.5)).sum();
    for (let i = 0; i < 400; i++) {
      optimizer.zeroGrad();
      loss().backward();
      optimizer.step();
    }
    expect([x.item(), y.item()]).toEqual([expect.closeTo(1, 3), expect.closeTo(-1, 3)]);
  });

  it("goes on from its state with the same bits as if it had never stopped", () => {
    manualSeed(0);
    const [input, target] = [randn([8, 3]), randn([8, 2])];
    const train = (model: Linear, optimizer: Optimizer, steps: number): void => {
      for (let i = 0; i < steps; i++) {
        optimizer.zeroGrad();
        new MSELoss().forward(model.forward(input), target).backward();
        optimizer.step();
      }
    };
    const whole = new Linear(3, 2);
    const [before, after] = [new Linear(3, 2), new Linear(3, 2)];
    before.loadStateDict(whole.stateDict());
    train(whole, make(whole.parameters()), 6);

    const first = make(before.parameters());
    train(before, first, 3);
    after.loadStateDict(before.stateDict());
    const second = make(after.parameters());
    second.loadStateDict(first.stateDict());
    train(after, second, 3);
    expect(after.weight.toArray()).toEqual(whole.weight.toArray());
    expect(after.bias?.toArray()).toEqual(whole.bias?.toArray());
  });

  it("trains float32 and float64 parameters that are views, transposed or scattered", () => {
    for (const dtype of ["float32", "float64"] as const) {
      const dense = ones([2, 3], { dtype, requiresGrad: true });
      const strided = ones([3, 2], { dtype }).t().requiresGrad_();
      const grad = tensor([[1, 2, 3], [4, 5, 6]], { dtype }); // biome-ignore format: a matrix
      for (const p of [dense, strided]) {
        p.grad = grad.clone();
        const optimizer = make([p]);
        for (let i = 0; i < 3; i++) optimizer.step();
      }
      expect(strided.toArray()).toEqual(dense.toArray());
      expect(dense.toArray()).not.toEqual(ones([2, 3], { dtype }).toArray());
    }
  });
});

describe("Optimizer", () => {
  it("gives each group its own options, and the optimizer's for what it lacks", () => {
    const [a, b] = [parameter(1), parameter(1)];
    const sgd = new SGD([{ params: [a] }, { params: b, lr: 0.5, momentum: 0.9 }], { lr: 0.25 });
    expect(sgd.paramGroups.map(({ lr, momentum }) => [lr, momentum])).toEqual([[0.25, 0], [0.5, 0.9]]); // biome-ignore format: pairs
    setGrad(a, 1);
    setGrad(b, 1);
    sgd.step();
    expect([a.item(), b.item()]).toEqual([0.75, 0.5]);
  });

  it("takes groups later on, and a changed learning rate", () => {
    const [a, b] = [parameter(1), parameter(1)];
    const sgd = new SGD([a], { lr: 0.5 });
    sgd.addParamGroup({ params: [b], lr: 0.25 });
    for (const group of sgd.paramGroups) group.lr *= 2;
    setGrad(a, 1);
    setGrad(b, 1);
    sgd.step();
    expect([a.item(), b.item()]).toEqual([0, 0.5]);
    expect(() => sgd.addParamGroup({ params: [parameter(1)], lr: -1 })).toThrow(/lr must be/);
    expect(() => sgd.addParamGroup({ params: [a] })).toThrow(/more than once/);
    expect(sgd.paramGroups.length).toBe(2);
  });

  it("forgets gradients, or fills them with zeros", () => {
    const p = parameter(1);
    const sgd = new SGD([p], { lr: 0.1 });
    setGrad(p, 1);
    sgd.zeroGrad({ setToNone: false });
    expect(p.grad?.item()).toBe(0);
    sgd.zeroGrad();
    expect(p.grad).toBe(null);
  });

  it("lets a closure compute the loss, with gradients, and returns it", () => {
    const p = parameter(2);
    const sgd = new SGD([p], { lr: 0.25 });
    const closure = (): number => {
      expect(isGradEnabled()).toBe(true);
      sgd.zeroGrad();
      const value = p.square();
      value.sum().backward();
      return value.item();
    };
    // Also where gradients are off.
    const loss = noGrad(() => sgd.step(closure));
    expect([loss, p.item()]).toEqual([4, 1]);
    expect(sgd.step()).toBe(undefined);
  });

  it("runs a user's update without recording it", () => {
    const p = parameter(1);
    setGrad(p, -7);
    new SignSGD([p], { lr: 0.5 }).step();
    expect(p.item()).toBe(1.5);
    expect(p.isLeaf).toBe(true);
    expect(() => new SignSGD([p], { lr: -1 })).toThrow(/^SignSGD: lr/);
  });

  it("has PyTorch's layout of a state: positions instead of parameters", () => {
    const [a, b, c] = [parameter(1), parameter(2), parameter(3)];
    const sgd = new SGD([{ params: [a, b] }, { params: [c], lr: 0.5 }], { lr: 0.1, momentum: 0.9 });
    setGrad(c, 1);
    sgd.step();
    const { state, paramGroups } = sgd.stateDict();
    expect(Object.keys(state)).toEqual(["2"]);
    expect(state[2]?.momentumBuffer).toBe(sgd.state.get(c)?.momentumBuffer);
    const options = { momentum: 0.9, dampening: 0, weightDecay: 0, nesterov: false, maximize: false };
    expect(paramGroups).toEqual([
      { lr: 0.1, ...options, params: [0, 1] },
      { lr: 0.5, ...options, params: [2] },
    ]);
  });

  it("copies a loaded state, in the dtype of the parameters", () => {
    const p = parameter(1);
    const from = new SGD([p], { lr: 0.1, momentum: 0.9 });
    setGrad(p, 1);
    from.step();
    const q = ones([1], { requiresGrad: true });
    const to = new SGD([q], { lr: 0.1 });
    to.loadStateDict(from.stateDict());
    expect(to.paramGroups[0]?.momentum).toBe(0.9);
    const buffer = to.state.get(q)?.momentumBuffer as Tensor;
    expect([buffer.dtype, buffer.item()]).toEqual(["float32", 1]);
    from.step();
    expect(buffer.item()).toBe(1);
  });

  it("takes a count of steps that is a tensor, as PyTorch saves it", () => {
    const p = parameter(1);
    const adam = new Adam([p]);
    const zero = parameter(0).detach();
    adam.loadStateDict({ ...adam.stateDict(), state: { 0: { step: tensor(3), expAvg: zero, expAvgSq: zero } } });
    setGrad(p, 1);
    adam.step();
    expect(adam.state.get(p)?.step).toBe(4);
  });

  it("refuses a state of other groups or of options that cannot work, and then changes nothing", () => {
    const sgd = new SGD([parameter(1), parameter(1)], { lr: 0.1 });
    expect(() => sgd.loadStateDict(new SGD([parameter(1)], { lr: 0.1 }).stateDict())).toThrow(
      /groups of 1 parameters, .* of 2$/,
    );
    const bad = sgd.stateDict() as OptimizerState<{ lr: number }>;
    for (const group of bad.paramGroups) group.lr = Number.NaN;
    expect(() => (sgd as unknown as Optimizer).loadStateDict(bad)).toThrow(/lr must be a finite number/);
    expect(sgd.paramGroups[0]?.lr).toBe(0.1);
  });

  it("says what is wrong with parameters that it cannot take", () => {
    const p = parameter(1);
    const lr = { lr: 0.1 };
    expect(() => new SGD([], lr)).toThrow(/SGD: got an empty parameter list/);
    expect(() => new SGD([p, p], lr)).toThrow(/a parameter appears more than once/);
    expect(() => new SGD([p.mul(2)], lr)).toThrow(/can't optimize a non-leaf tensor/);
    expect(() => new SGD(p, lr)).toThrow(/expected several parameters or groups/);
    expect(() => new SGD([p, { params: [p] }] as unknown as Tensor[], lr)).toThrow(/not both/);
    expect(() => new SGD(["weight"] as unknown as Tensor[], lr)).toThrow(/must be a tensor, got string/);
    const named = new Linear(1, 1).namedParameters() as unknown as Iterable<Tensor>;
    expect(() => new SGD(named, lr)).toThrow(/of namedParameters\(\), give parameters\(\)/);
  });

  it("shows its groups", () => {
    expect(String(new Adam([parameter(1)], { lr: 0.5 }))).toBe(
      [
        "Adam (",
        "Parameter Group 0",
        "    amsgrad: false",
        "    betas: [0.9, 0.999]",
        "    eps: 1e-8",
        "    lr: 0.5",
        "    maximize: false",
        "    weightDecay: 0",
        ")",
      ].join("\n"),
    );
  });
});
