import { grad, gradcheck } from "@kindling/autograd";
import { KindlingError, manualSeed, setConvolutionAlgorithm, type Tensor, tensor } from "@kindling/tensor";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { strided } from "../src/layout.js";
import { type Sample, samples } from "../src/samples/index.js";
import { directionOf, flat, gradientsOf, inputsOf } from "../src/samples/inputs.js";

beforeAll(() => setConvolutionAlgorithm("direct"));
afterAll(() => setConvolutionAlgorithm("auto"));
beforeEach(() => manualSeed(7));

function expectClose(got: readonly number[], want: readonly number[], tolerance: number): void {
  expect(got.length).toBe(want.length);
  got.forEach((value, i) => {
    const expected = want[i] as number;
    const close = Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected));
    if (!close && !Object.is(value, expected)) expect.fail(`element ${i}: ${value} for ${expected}`);
  });
}

/** All of them are float32 numbers too. */
const specials = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -0,
  0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  -2.5,
  3,
  2 ** -10,
];

function isSame(got: number, want: number, tolerance: number, { ignoresSignOfZero = false }: Sample): boolean {
  if (got === 0 && want === 0) return ignoresSignOfZero || Object.is(got, want);
  return Object.is(got, want) || (Number.isFinite(want) && Math.abs(got - want) <= tolerance * Math.abs(want));
}

const show = (x: number): string => (Object.is(x, -0) ? "-0" : String(x));

/** Every combination of special values, for so many inputs. */
function combinations(inputs: number): number[][] {
  if (inputs === 0) return [[]];
  return combinations(inputs - 1).flatMap((rest) => specials.map((value) => [...rest, value]));
}

describe.each(Object.entries(samples))("%s", (_name, sample) => {
  const { call, shapes, empty, error, isElementwise = false, reference, derivatives = 2 } = sample;

  test("gives strided inputs the result and the gradients of contiguous ones", () => {
    const inputs = inputsOf(sample, shapes);
    const turned = inputs.map((x) => strided(x.detach()).requiresGrad_());
    const [result, turnedResult] = [call(...inputs), call(...turned)];
    expect(turned[0]?.isContiguous()).toBe(false);
    expectClose(flat(turnedResult), flat(result), 1e-12);
    if (derivatives === 0) return;
    const [gradients, turnedGradients] = [gradientsOf(result, inputs), gradientsOf(turnedResult, turned)];
    gradients.forEach((gradient, i) => {
      expectClose(flat(turnedGradients[i]), flat(gradient), 1e-12);
    });
  });

  if (empty !== null) {
    test("takes inputs without elements, and gives them gradients of their shape", () => {
      const inputs = inputsOf(sample, empty);
      const result = call(...inputs);
      if (derivatives === 0) return;
      gradientsOf(result, inputs).forEach((gradient, i) => {
        if (gradient !== null) expect(gradient.shape).toEqual(inputs[i]?.shape);
      });
    });
  }

  if (isElementwise) {
    test("takes scalars", () => {
      const inputs = inputsOf(
        sample,
        shapes.map(() => []),
      );
      const result = call(...inputs);
      expect(result.shape).toEqual([]);
      const asVectors = call(...inputs.map((x) => x.detach().reshape(1)));
      expect(result.item()).toBe(asVectors.item());
    });
  }

  if (reference !== undefined) {
    test.each([
      ["float32", 1e-6],
      ["float64", 1e-13],
    ] as const)("knows infinities, NaN and −0 in %s", (dtype, tolerance) => {
      const columns = combinations(shapes.length);
      const inputs = shapes.map((_, i) =>
        tensor(
          columns.map((column) => column[i] as number),
          { dtype },
        ),
      );
      const result = flat(call(...inputs));
      columns.forEach((column, at) => {
        const [got, want] = [result[at] as number, reference(...column)];
        if (!isSame(got, want, tolerance, sample)) {
          expect.fail(`f(${column.map(show)}) is ${show(got)}, expected ${show(want)}`);
        }
      });
    });
  }

  if (derivatives >= 1) {
    test("has the derivative that differences show", () => {
      gradcheck(call, inputsOf(sample, shapes));
    });
  }

  if (derivatives === 2) {
    test("has the second derivative that differences show", () => {
      const inputs = inputsOf(sample, shapes);
      const direction = directionOf(call(...inputs)).requiresGrad_();
      // The gradients as a function of the inputs and of the incoming gradient.
      const gradients = (...all: Tensor[]): Tensor => {
        const [start, ...own] = all as [Tensor, ...Tensor[]];
        return grad(call(...own), own, { gradOutputs: [start], createGraph: true, allowUnused: true })
          .filter((gradient) => gradient !== null)
          .map((gradient, i) =>
            gradient
              .square()
              .sum()
              .mul(i + 1),
          )
          .reduce((sum, part) => sum.add(part));
      };
      gradcheck(gradients, [direction, ...inputs], { atol: 1e-4 });
    });
  }

  if (error !== null) {
    test("says what is wrong", () => {
      const [mistake, message] = error;
      expect(mistake).toThrow(KindlingError);
      expect(mistake).toThrow(message);
    });
  }
});
