import "@kindling/autograd";
import { Linear, Sequential } from "@kindling/nn";
import { Adam, Optimizer, type OptimizerState, SGD } from "@kindling/optimizers";
import { DataError, manualSeed, ones, randn, type Tensor, tensor, UsageError } from "@kindling/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  fromSafetensors,
  loadOptimizerState,
  loadSafetensors,
  optimizerStateFromTensors,
  optimizerStateToTensors,
  saveOptimizer,
  saveSafetensors,
  toSafetensors,
} from "../src/index.js";
import { temporaryDirectory } from "./temporary-directory.js";

function train(model: Sequential, optimizer: Optimizer, x: Tensor, steps: number): void {
  for (let i = 0; i < steps; i++) {
    optimizer.zeroGrad();
    model.forward(x).square().sum().backward();
    optimizer.step();
  }
}

describe("saveOptimizer and loadOptimizerState", () => {
  const optimizers: Record<string, (model: Sequential) => Optimizer> = {
    "SGD with momentum": (model) => new SGD(model.parameters(), { lr: 0.01, momentum: 0.9, nesterov: true }),
    "SGD without state": (model) => new SGD(model.parameters(), { lr: 0.01 }),
    "Adam with amsgrad and groups": (model) =>
      new Adam([
        { params: model.at(0).parameters(), lr: 0.1 },
        { params: model.at(1).parameters(), betas: [0.8, 0.99], amsgrad: true },
      ]),
  };

  it.each(Object.entries(optimizers))("go on with %s as if there had been no break, to the bit", async (_, make) => {
    const folder = await temporaryDirectory();
    manualSeed(0);
    const build = (): Sequential => new Sequential(new Linear(3, 4), new Linear(4, 2));
    const [model, other] = [build(), build()];
    const [optimizer, restored] = [make(model), make(other)];
    const x = randn([5, 3]);
    train(model, optimizer, x, 3);
    for (const group of optimizer.paramGroups) group.lr *= 0.5;
    await saveSafetensors(model.stateDict(), `${folder}/model`);
    await saveOptimizer(optimizer, `${folder}/optimizer`);
    other.loadStateDict((await loadSafetensors(`${folder}/model`)).tensors);
    restored.loadStateDict(await loadOptimizerState(`${folder}/optimizer`));
    train(model, optimizer, x, 3);
    train(other, restored, x, 3);
    expect(toSafetensors(other.stateDict())).toEqual(toSafetensors(model.stateDict()));
  });

  it("name tensors by their place in the state dict, and keep the caller's metadata", async () => {
    const file = `${await temporaryDirectory()}/sgd`;
    const p = tensor([1, 2], { requiresGrad: true });
    const sgd = new SGD([p], { lr: 0.1, momentum: 0.9 });
    p.sum().backward();
    sgd.step();
    await saveOptimizer(sgd.stateDict(), file, { metadata: { epoch: "3" } });
    const { tensors, metadata } = await loadSafetensors(file);
    expect(Object.keys(tensors)).toEqual(["state.0.momentumBuffer"]);
    expect(metadata.epoch).toBe("3");
    await expect(saveOptimizer(sgd, file, { metadata: { "kindling.optimizer": "" } })).rejects.toThrow(UsageError);
  });

  it("name the file that holds no optimizer", async () => {
    const file = `${await temporaryDirectory()}/model`;
    await saveSafetensors({ x: ones([1]) }, file);
    await expect(loadOptimizerState(file)).rejects.toThrow(`${file}: not the state of an optimizer`);
  });
});

describe("the state of an optimizer as tensors", () => {
  it("keeps numbers, flags, text, null, lists, nested options and odd names", () => {
    class Odd extends Optimizer<{ lr: number; [option: string]: unknown }> {
      protected override validate(): void {}
      protected override update(): void {}
    }
    const p = ones([1]);
    const odd = new Odd([p], {
      lr: Number.NaN,
      limits: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -0, 5e-324],
      nested: { "a.b": tensor([1]), a: { b: tensor([2.5], { dtype: "float64" }) }, none: null },
      kind: "$fine",
    });
    odd.state.set(p, JSON.parse('{"__proto__": 1, "step": 2}'));
    const state = odd.stateDict();
    const content = optimizerStateToTensors(state);
    const back: OptimizerState<{ lr: number }> = optimizerStateFromTensors(
      fromSafetensors(toSafetensors(content.tensors, content)),
    );
    const shown = (value: unknown): string =>
      JSON.stringify(value, (_, item) =>
        typeof item === "number" ? `number ${Object.is(item, -0) ? "-0" : item}` : item,
      );
    const plain = (value: typeof state): string =>
      shown({ ...value, paramGroups: value.paramGroups.map((g) => ({ ...g, nested: 0 })) });
    expect(plain(back as typeof state)).toBe(plain(state));
    const nested = (back as typeof state).paramGroups[0]?.nested as { "a.b": Tensor; a: { b: Tensor }; none: null };
    expect([nested["a.b"].item(), nested.a.b.item(), nested.a.b.dtype, nested.none]).toEqual([1, 2.5, "float64", null]);
  });

  it("reads back whatever depth it writes", () => {
    const nested = (levels: number): unknown => (levels === 0 ? tensor([1]) : { in: nested(levels - 1) });
    const stateWith = (levels: number) => ({ state: {}, paramGroups: [{ params: [], option: nested(levels) }] });
    let levels = 0;
    for (; ; levels++) {
      let content: ReturnType<typeof optimizerStateToTensors>;
      try {
        content = optimizerStateToTensors(stateWith(levels));
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
        break;
      }
      expect(Object.keys(optimizerStateFromTensors(content).paramGroups[0] ?? {})).toEqual(["params", "option"]);
    }
    expect(levels).toBeGreaterThan(8);
  });

  it("refuses options that no file can keep", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    const stateWith = (option: unknown) => ({ state: {}, paramGroups: [{ params: [], option }] });
    expect(() => optimizerStateToTensors(stateWith(() => 1))).toThrow(/paramGroups\.0\.option: .* got function/);
    expect(() => optimizerStateToTensors(stateWith(new Map()))).toThrow(/paramGroups\.0\.option: .* got Map/);
    expect(() => optimizerStateToTensors(stateWith(1n))).toThrow(UsageError);
    expect(() => optimizerStateToTensors(stateWith(cyclic))).toThrow(/nested 16 levels deep or more/);
    expect(() => optimizerStateToTensors(stateWith({ $tensor: "x" }))).toThrow(/must not start with \$/);
  });

  it.each([
    ["no JSON", "{", /not valid JSON/],
    ["no groups", '{"state":{}}', /damaged/],
    ["a state that is no record", '{"state":{"0":1},"paramGroups":[]}', /damaged/],
    ["positions that are no numbers", '{"state":{},"paramGroups":[{"params":["a"]}]}', /damaged/],
    ["a tensor that is missing", '{"state":{"0":{"m":{"$tensor":"x"}}},"paramGroups":[]}', /the tensor x is missing/],
    ["a tensor named as a method", '{"state":{"0":{"m":{"$tensor":"toString"}}},"paramGroups":[]}', /missing/],
    ["depth", "[".repeat(1_000_000), /16 levels/],
  ])("refuses %s in a file", (_, json, message) => {
    const content = { tensors: {}, metadata: { "kindling.optimizer": json } };
    expect(() => optimizerStateFromTensors(content)).toThrow(DataError);
    expect(() => optimizerStateFromTensors(content)).toThrow(message);
  });

  it("answers any JSON with a state or a DataError", () => {
    const state = fc.dictionary(fc.constantFrom("0", "1", "__proto__"), fc.jsonValue());
    const group = fc.record(
      { params: fc.array(fc.jsonValue({ maxDepth: 0 })), $tensor: fc.jsonValue() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.record({ state, paramGroups: fc.array(group) }), fc.jsonValue()), (json) => {
        try {
          optimizerStateFromTensors({ tensors: {}, metadata: { "kindling.optimizer": JSON.stringify(json) } });
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
