import * as t from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { expectThrows, lookUp, withArguments } from "../call.js";
import { decodeAll, type Values } from "../decode.js";
import type { Case, Golden, Group } from "../folder.js";
import { Mismatch, NotCovered } from "../outcome.js";
import { boolean, number, numbers, word } from "../parsers.js";
import { type Expectations, expectFrequency, expectStatistics, type Sample } from "../statistics.js";

interface RandomCase extends Case {
  readonly args: { readonly [name: string]: Golden };
  readonly expect: Expectations & DropoutExpectations & AlphaDropoutExpectations;
}

interface DropoutExpectations {
  readonly zero_fraction: number;
  readonly kept_scale: number;
  readonly per_channel?: boolean;
}

interface AlphaDropoutExpectations {
  readonly dropped_value: number;
  readonly dropped_fraction: number;
  readonly scale: number;
  readonly shift: number;
}

const plainSample = (x: t.Tensor): Sample => ({ values: x.toTypedArray() });

const generators: Readonly<Record<string, (a: Arguments) => Sample>> = {
  rand: (a) => plainSample(t.rand(a.get("size", numbers))),
  randn: (a) => plainSample(t.randn(a.get("size", numbers))),
  randint: (a) => plainSample(t.randint(a.maybe("low", number) ?? 0, a.get("high", number), a.get("size", numbers))),
  randperm: (a) => plainSample(t.randperm(a.get("n", number))),
  rand_like: (a) => plainSample(t.randLike(t.zeros(a.get("like", numbers)))),
  randn_like: (a) => plainSample(t.randnLike(t.zeros(a.get("like", numbers)))),
  normal: (a) => plainSample(t.normal(a.get("mean", number), a.get("std", number), a.get("size", numbers))),
  bernoulli: (a) => plainSample(t.bernoulli(t.full(a.get("size", numbers), a.get("p", number)))),
  exponential_: (a) => plainSample(t.exponential_(t.zeros(a.get("size", numbers)), a.maybe("lambd", number))),
  uniform_: (a) =>
    plainSample(t.uniform_(t.zeros(a.get("size", numbers)), a.maybe("from", number), a.maybe("to", number))),
  normal_: (a) =>
    plainSample(t.normal_(t.zeros(a.get("size", numbers)), a.maybe("mean", number), a.maybe("std", number))),
  multinomial: (a) => {
    const weights = a.get("input", numbers);
    const values = t
      .multinomial(
        t.tensor(weights, { dtype: "float32" }),
        a.get("num_samples", number),
        a.options({ replacement: boolean }),
      )
      .toTypedArray();
    const classes = weights.map((_, i) => ({ hits: values.filter((v) => v === i).length, of: values.length }));
    return { values, classes };
  },
  bernoulli_of_probabilities: (a) => {
    const probabilities = a.get("input", numbers);
    const repeat = a.get("repeat", number);
    const drawn = t.bernoulli(t.tensor(probabilities, { dtype: "float32" }).expand(repeat, probabilities.length));
    const classes = probabilities.map((_, i) => ({ hits: drawn.select(1, i).sum().item(), of: repeat }));
    return { values: drawn.toTypedArray(), classes };
  },
};

type Dropout = (x: t.Tensor, p?: number, options?: t.DropoutOptions) => t.Tensor;
const dropouts: Readonly<Record<string, Dropout>> = {
  dropout: t.dropout,
  dropout1d: t.dropout1d,
  dropout2d: t.dropout2d,
  dropout3d: t.dropout3d,
};

export function runRandom(group: Group, golden: Case): void {
  const { op, args, error, expect } = golden as RandomCase;
  const values = decodeAll(group, args);
  if (op === "alpha_dropout") runAlphaDropout(values, golden as RandomCase);
  else if (Object.hasOwn(dropouts, op)) runDropout(op, values, golden as RandomCase);
  else {
    const generate = lookUp(generators, op);
    const draw = (): Sample => withArguments(op, values, generate);
    if (error) expectThrows(error, draw);
    else expectStatistics(draw(), expect);
  }
}

/** Applies a dropout to ones: the result, and the gradient of its sum. */
function dropOnes(dropout: Dropout, a: Arguments): { y: t.Tensor; gradient: t.Tensor | null } {
  const x = t.ones(a.get("shape", numbers), { requiresGrad: true });
  const y = dropout(x, a.maybe("p", number), a.options({ training: boolean }));
  y.sum().backward();
  return { y, gradient: x.grad };
}

function runDropout(op: string, values: Values, { error, expect }: RandomCase): void {
  const drop = () => withArguments(op, values, (a) => dropOnes(lookUp(dropouts, op), a));
  if (error) {
    expectThrows(error, drop);
    return;
  }
  const { y, gradient } = drop();
  const { zero_fraction, kept_scale, per_channel } = expect;
  if (!gradient?.equal(y.detach())) throw new Mismatch("the gradient of the sum is not the mask times kept_scale");
  // One draw for a whole channel shows as equal elements.
  const draws = per_channel ? y.flatten(2).amax(2) : y;
  if (per_channel && !draws.equal(y.flatten(2).amin(2))) throw new Mismatch("a channel is neither kept nor dropped");
  const elements = Array.from(draws.detach().toTypedArray());
  const odd = elements.find((value) => value !== 0 && Math.abs(value - kept_scale) > 1e-6 * kept_scale);
  if (odd !== undefined) throw new Mismatch(`an element is ${odd}, not 0 or ${kept_scale}`);
  expectFrequency("zeros", elements.filter((value) => value === 0).length, elements.length, zero_fraction);
}

function runAlphaDropout(values: Values, { error, expect }: RandomCase): void {
  const { dropped_value, dropped_fraction, scale, shift, ...statistics } = expect;
  const run = () =>
    withArguments("alpha_dropout", values, (a) => {
      const kind: string = a.get("input", word);
      if (kind !== "standard normal") throw new NotCovered(`alpha_dropout: input ${kind}`);
      const x = t.randn(a.get("shape", numbers));
      return { x, y: t.alphaDropout(x, a.maybe("p", number), a.options({ training: boolean })) };
    });
  if (error) {
    expectThrows(error, run);
    return;
  }
  const { x, y } = run();
  const kept = x.mul(scale).add(shift).toTypedArray();
  let dropped = 0;
  y.toTypedArray().forEach((value, i) => {
    if (Math.abs(value - dropped_value) <= 1e-6) dropped++;
    else if (!(Math.abs(value - (kept[i] as number)) <= 1e-5)) {
      throw new Mismatch(`element ${i}: ${value} for ${dropped_value} or ${kept[i]}`);
    }
  });
  expectFrequency("dropped", dropped, y.numel(), dropped_fraction);
  expectStatistics(plainSample(y), statistics as Expectations);
}
