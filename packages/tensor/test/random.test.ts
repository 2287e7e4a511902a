import { expect, test } from "vitest";
import {
  arange,
  bernoulli,
  DTypeError,
  defaultGenerator,
  Generator,
  manualSeed,
  multinomial,
  normal,
  ones,
  rand,
  randint,
  randn,
  randnLike,
  randperm,
  type Tensor,
  tensor,
  UsageError,
  zeros,
} from "../src/index.js";

const rounded = (x: Tensor): number[] => Array.from(x.toTypedArray(), (value) => Math.round(value * 1e4) / 1e4);

test("a seed gives PyTorch's uniform, normal and whole numbers and permutations", () => {
  manualSeed(0);
  expect(rand([2]).toTypedArray()).toEqual(Float32Array.of(0.49625658988952637, 0.7682217955589294));
  manualSeed(0);
  expect(randint(10, [5]).toArray()).toEqual([4, 9, 3, 0, 3]);
  manualSeed(0);
  expect(rounded(randn([3]))).toEqual([1.541, -0.2934, -2.1788]);
  manualSeed(0);
  expect(rounded(randn([20]).narrow(0, 0, 3))).toEqual([-1.1258, -1.1524, -0.2506]);
  expect(randperm(8, { generator: new Generator(0) }).toArray()).toEqual([4, 0, 7, 3, 2, 5, 1, 6]);
});

test("drawing in one go or after another gives the same stream", () => {
  manualSeed(3);
  const whole = rand([6]).toArray() as number[];
  manualSeed(3);
  expect([...(rand([2]).toArray() as number[]), ...(rand([4]).toArray() as number[])]).toEqual(whole);
});

test("the second normal number of a pair waits for the next call", () => {
  manualSeed(4);
  const whole = randn([4]).toArray() as number[];
  manualSeed(4);
  expect([...(randn([3]).toArray() as number[]), ...(randn([1]).toArray() as number[])]).toEqual(whole);
});

test("seeds beyond 32 bits, negative and bigint ones count by their low 32 bits", () => {
  const first = (seed: number | bigint): number => new Generator(seed).random32();
  expect(first(2 ** 40 + 5)).toBe(first(5));
  expect(first(-1)).toBe(first(0xffffffffffffffffn));
  expect(() => manualSeed(0.5)).toThrow(UsageError);
  expect(() => manualSeed(2 ** 60)).toThrow(/or a bigint/);
});

test("a generator of its own leaves the default one alone", () => {
  manualSeed(1);
  const expected = rand([3]).toArray();
  manualSeed(1);
  randn([5], { generator: new Generator(9) });
  expect(rand([3]).toArray()).toEqual(expected);
});

test("a state continues where it was taken, seed and waiting number included", () => {
  const generator = new Generator(11);
  randn([3], { generator });
  const state = generator.getState();
  const expected = randn([4], { generator }).toArray();
  const other = new Generator().setState(state);
  expect(randn([4], { generator: other }).toArray()).toEqual(expected);
  expect(other.initialSeed()).toBe(11);
  expect(() => other.setState(state.slice(1))).toThrow(UsageError);
  expect(() => other.setState(new Uint8Array(state.length).fill(255))).toThrow(/not from getState/);
});

test("random32 and random64 walk the same stream", () => {
  const [a, b] = [new Generator(7), new Generator(7)];
  const high = BigInt(a.random32());
  expect(b.random64()).toBe((high << 32n) | BigInt(a.random32()));
});

test("seed draws a seed that repeats the stream", () => {
  const generator = new Generator();
  const seed = generator.seed();
  expect(generator.initialSeed()).toBe(seed);
  expect(generator.random32()).toBe(new Generator(seed).random32());
});

test("randperm holds every number once", () => {
  const order = Array.from(randperm(50).toTypedArray());
  expect(order.sort((a, b) => a - b)).toEqual(arange(50).toArray());
  expect(randperm(0).shape).toEqual([0]);
});

test("randint stays within its bounds and takes both forms", () => {
  const values = randint(-3, 5, [1000]);
  expect([values.min().item(), values.max().item(), values.dtype]).toEqual([-3, 4, "int32"]);
  expect(randint(2, [4], { dtype: "float32" }).dtype).toBe("float32");
  expect(() => randint(3, 3, [2])).toThrow(/low < high/);
});

test("options set dtype and requiresGrad, and bad ones are refused", () => {
  expect(rand([2], { dtype: "float64", requiresGrad: true }).requiresGrad).toBe(true);
  expect(randnLike(zeros([2, 3], { dtype: "float64" })).dtype).toBe("float64");
  expect(() => rand([2], { dtype: "int32" })).toThrow(DTypeError);
  expect(() => normal(0, -1, [2])).toThrow(UsageError);
  expect(() => zeros([2]).bernoulli_(1.5)).toThrow(UsageError);
  expect(() => zeros([2]).uniform_(1, 0)).toThrow(UsageError);
  expect(() => zeros([2]).exponential_(0)).toThrow(UsageError);
  expect(() => zeros([2], { dtype: "int32" }).normal_()).toThrow(DTypeError);
});

test("in-place fills of a strided tensor draw in its row-major order", () => {
  manualSeed(5);
  const expected = rand([2, 3]).toArray();
  manualSeed(5);
  expect(zeros([3, 2]).t().uniform_().toArray()).toEqual(expected);
});

test("uniform_ and normal_ scale and shift", () => {
  manualSeed(6);
  const x = zeros([2000]).uniform_(-2, 3);
  expect(x.min().item()).toBeGreaterThanOrEqual(-2);
  expect(x.max().item()).toBeLessThan(3);
  const y = zeros([2000]).normal_(4, 0.5);
  expect(Math.abs(y.mean().item() - 4)).toBeLessThan((5 * 0.5) / Math.sqrt(2000));
});

test("normal takes means and deviations per element", () => {
  manualSeed(7);
  const noise = randn([3]).toArray() as number[];
  manualSeed(7);
  const x = normal(tensor([1, 2, 3], { dtype: "float32" }), 2).toArray() as number[];
  expect(x).toEqual(noise.map((z, i) => Math.fround(Math.fround(2 * z) + i + 1)));
  expect(() => normal(zeros([1]), tensor([-1.5]))).toThrow(UsageError);
});

test("bernoulli follows PyTorch's draws, by one probability or one per element", () => {
  const probabilities = tensor([0, 1, 0.5, 0.5]);
  expect(bernoulli(probabilities).narrow(0, 0, 2).toArray()).toEqual([0, 1]);
  manualSeed(0);
  expect(zeros([8]).bernoulli_(0.5).toArray()).toEqual([0, 0, 1, 0, 0, 0, 1, 1]);
  manualSeed(2);
  expect(bernoulli(tensor([0.2, 0.5, 0.8, 0.5])).toArray()).toEqual([0, 1, 1, 1]);
  expect(() => bernoulli(tensor([1.5]))).toThrow(/probability/);
});

test("multinomial gives PyTorch's positions, and none of weight 0", () => {
  const weights = tensor([0.1, 0.2, 0.7]);
  manualSeed(0);
  zeros([8]).bernoulli_(0.5);
  expect(multinomial(weights, 2).toArray()).toEqual([2, 1]);
  expect(multinomial(weights, 6, { replacement: true }).toArray()).toEqual([1, 2, 2, 2, 2, 2]);
  const rows = multinomial(
    tensor([
      [0, 1.5],
      [1.5, 0],
    ]),
    5,
    { replacement: true },
  );
  expect(rows.toArray()).toEqual([
    [1, 1, 1, 1, 1],
    [0, 0, 0, 0, 0],
  ]);
});

test("multinomial refuses weights and counts that make no sense", () => {
  expect(() => multinomial(tensor([-1.5, 2]), 1)).toThrow(/at least 0/);
  expect(() => multinomial(zeros([2]), 1)).toThrow(/all 0/);
  expect(() => multinomial(ones([2]), 3)).toThrow(/replacement: true/);
  expect(() => multinomial(tensor([Number.POSITIVE_INFINITY]), 1)).toThrow(/finite/);
});

test("the default generator is the one that manualSeed seeds", () => {
  expect(manualSeed(12)).toBe(defaultGenerator);
  expect(defaultGenerator.initialSeed()).toBe(12);
});
