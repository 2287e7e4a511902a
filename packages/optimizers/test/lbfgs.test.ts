import "@kindling/autograd";
import { Linear } from "@kindling/nn";
import { manualSeed, randn, type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { LBFGS, type LBFGSOptions } from "../src/index.js";
import { parameter, setGrad } from "./parameter.js";

interface Run {
  /** What each step returned, where x was then, and how often the closure had been called. */
  readonly steps: readonly (readonly [loss: number, x: number, y: number, calls: number])[];
  readonly optimizer: LBFGS;
}

/** Minimises Rosenbrock's function. */
function rosenbrock(options: Partial<LBFGSOptions>, steps: number, start = [-1.2, 1]): Run {
  const p = parameter(...start);
  const optimizer = new LBFGS([p], options);
  let calls = 0;
  const closure = (): Tensor => {
    calls++;
    optimizer.zeroGrad();
    const [x, y] = p.unbind() as [Tensor, Tensor];
    const loss = x.rsub(1).square().add(y.sub(x.square()).square(), { alpha: 100 });
    loss.backward();
    return loss;
  };
  return {
    optimizer,
    steps: Array.from({ length: steps }, () => {
      const loss = optimizer.step(closure).item();
      const [x, y] = p.toArray() as [number, number];
      return [loss, x, y, calls] as const;
    }),
  };
}

function expectSteps(run: Run, want: Run["steps"]): void {
  const near = ([loss, x, y, calls]: Run["steps"][number]): unknown => [
    expect.closeTo(loss, 6),
    expect.closeTo(x, 7),
    expect.closeTo(y, 7),
    calls,
  ];
  expect(run.steps).toEqual(want.map(near));
}

// The numbers are PyTorch's.
describe("LBFGS", () => {
  it("takes PyTorch's steps with a fixed rate", () => {
    expectSteps(rosenbrock({ lr: 0.5, maxIter: 4, historySize: 3 }, 5), [
      [24.2, -1.010010197, 1.068740814, 4],
      [4.276533533, -1.023805008, 1.057146219, 8],
      [4.103831947, -1.005618257, 1.001050568, 12],
      [4.032944347, -0.697862992, 0.486556937, 16],
      [2.882759518, -0.458369287, 0.195342733, 20],
    ]);
  });

  it("takes PyTorch's steps with a line search by the strong Wolfe conditions", () => {
    expectSteps(rosenbrock({ lineSearchFn: "strongWolfe" }, 3), [
      [24.2, 0.380622643, 0.124910132, 25],
      [0.423482302, 0.999981421, 0.999961965, 44],
      [0, 0.999981421, 0.999961965, 45],
    ]);
    expectSteps(rosenbrock({ lineSearchFn: "strongWolfe", lr: 0.1, maxIter: 5 }, 5, [10, -30]), [
      [1690081, 6.057126124, -29.681916895, 7],
      [440532.473735878, 2.5669152, -28.952290387, 14],
      [126321.168761904, -0.201656472, -26.843131211, 21],
      [72275.295636559, -1.677731899, -16.042067978, 28],
      [35565.258123857, -2.126828993, 4.522866332, 35],
    ]);
  });

  it("ends a step after so many calls of the closure", () => {
    expectSteps(rosenbrock({ maxIter: 10, maxEval: 5 }, 3), [
      [24.2, -0.925363238, 1.0207787, 5],
      [6.412442547, -0.988348906, 0.988272747, 10],
      [3.966616871, -0.153165772, -0.380639956, 15],
    ]);
  });

  it("has PyTorch's state, of as many iterations as it is to remember", () => {
    const { optimizer } = rosenbrock({ lineSearchFn: "strongWolfe", maxIter: 3, historySize: 2 }, 6);
    const { state } = optimizer.stateDict();
    const names = ["funcEvals", "nIter", "d", "t", "oldDirs", "oldStps", "ro", "hDiag", "prevFlatGrad", "prevLoss"];
    expect(Object.keys(state[0] ?? {})).toEqual(names);
    expect([state[0]?.funcEvals, state[0]?.nIter]).toEqual([18, 10]);
    expect([state[0]?.oldDirs, state[0]?.oldStps, state[0]?.ro]).toEqual(
      Array(3).fill(expect.objectContaining({ length: 2 })),
    );
  });

  it.each([null, "strongWolfe"] as const)(
    "goes on from its state with the same bits: line search %s",
    (lineSearchFn) => {
      manualSeed(0);
      const [input, target] = [randn([8, 3]), randn([8, 2])];
      const train = (model: Linear, optimizer: LBFGS, steps: number): void => {
        for (let i = 0; i < steps; i++) {
          optimizer.step(() => {
            optimizer.zeroGrad();
            const loss = model.forward(input).tanh().sub(target).square().mean();
            loss.backward();
            return loss;
          });
        }
      };
      const options = { maxIter: 3, lr: 0.5, lineSearchFn };
      const whole = new Linear(3, 2);
      const [before, after] = [whole.clone(), whole.clone()];
      const all = new LBFGS(whole.parameters(), options);
      train(whole, all, 4);
      const first = new LBFGS(before.parameters(), options);
      train(before, first, 2);
      const second = new LBFGS(after.parameters(), options);
      after.loadStateDict(before.stateDict());
      second.loadStateDict(first.stateDict());
      train(after, second, 2);
      expect(after.weight.toArray()).toEqual(whole.weight.toArray());
      expect(after.bias?.toArray()).toEqual(whole.bias?.toArray());
      expect(second.stateDict().state[0]?.nIter).toBe(all.stateDict().state[0]?.nIter);
    },
  );

  it("leaves alone what has no gradient, and stops at once where all are 0", () => {
    const [p, q] = [parameter(1), parameter(2)];
    const optimizer = new LBFGS([p, q]);
    let calls = 0;
    optimizer.step(() => {
      calls++;
      setGrad(p, 0);
      return 5;
    });
    expect([p.item(), q.item(), calls]).toEqual([1, 2, 1]);
  });

  it("refuses several groups, a step without closure, one without loss, and options out of range", () => {
    const p = parameter(1);
    expect(() => new LBFGS([{ params: [p] }, { params: [parameter(2)] }])).toThrow(/LBFGS: takes one group/);
    expect(() => new LBFGS([p]).step()).toThrow(/LBFGS: step needs a closure/);
    expect(() => new LBFGS([p]).step(() => undefined)).toThrow(/must return the loss, got undefined/);
    expect(() => new LBFGS([p], { lineSearchFn: "armijo" as "strongWolfe" })).toThrow(
      /"strongWolfe" or null, got armijo/,
    );
    expect(() => new LBFGS([p], { maxIter: -1 })).toThrow(/LBFGS: maxIter/);
    expect(() => new LBFGS([p], { maxEval: Number.NaN })).toThrow(/LBFGS: maxEval/);
  });

  it("takes over numbers that PyTorch saved as tensors", () => {
    const p = parameter(3);
    const optimizer = new LBFGS([p]);
    const { paramGroups } = optimizer.stateDict();
    const one = tensor(1, { dtype: "float64" });
    const vector = parameter(0.5).detach();
    const state = { nIter: 1, funcEvals: 2, d: vector, t: one, hDiag: one, prevFlatGrad: vector, prevLoss: 9 };
    optimizer.loadStateDict({ state: { 0: { ...state, oldDirs: [], oldStps: [], ro: [] } }, paramGroups });
    optimizer.step(() => {
      optimizer.zeroGrad();
      const loss = p.square().sum();
      loss.backward();
      return loss;
    });
    expect(p.item()).toBeCloseTo(0, 6);
  });
});
