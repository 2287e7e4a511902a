import { type Tensor, tensor, UsageError } from "@kindling/tensor";
import { afterEach, describe, expect, it } from "vitest";
import * as autograd from "../src/index.js";
import { checkpoint, detectAnomaly, grad, isAnomalyEnabled, setDetectAnomaly } from "../src/index.js";

afterEach(() => setDetectAnomaly(false));

const zero = (): Tensor => tensor([0, 1], { dtype: "float32", requiresGrad: true });

/** Line numbers of this file, as `anomaly.test.ts:12`, where the text of a line says so. */
function line(text: string): string {
  const lines = source.split("\n");
  return `anomaly.test.ts:${lines.findIndex((one) => one.includes(`// ${text}`)) + 1}:`;
}
const { readFileSync } = await import("node:fs");
const source = readFileSync(import.meta.filename, "utf8");

function messageOf(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  return "nothing was thrown";
}

describe("anomaly mode", () => {
  it("names the operation that made the NaN, and the line that ran it", () => {
    const x = zero();
    const message = messageOf(() =>
      detectAnomaly(() => {
        const root = x.mul(0).sqrt(); // made here
        root.mul(0).sum().backward();
      }),
    );
    expect(message).toContain("sqrt gave NaN in the gradient of its input 0");
    expect(message).toContain(line("made here"));
    expect(message).not.toContain("held one already");
  });

  it("says when the NaN came from outside", () => {
    const x = zero();
    const message = messageOf(() => detectAnomaly(() => x.mul(2).backward(tensor([Number.NaN, 1]))));
    expect(message).toContain("mul gave NaN in the gradient of its input 0, and the gradient that came to it held one");
  });

  it("names the line inside a function of the user's that the library calls", () => {
    const x = zero();
    const block = (input: Tensor): Tensor => input.mul(0).sqrt(); // in a block
    expect(messageOf(() => detectAnomaly(() => checkpoint(block, x).mul(0).sum().backward()))).toContain(
      line("in a block"),
    );
  });

  it("follows the derivative of a derivative to the operation that it belongs to", () => {
    const x = zero();
    const message = messageOf(() =>
      detectAnomaly(() => {
        const y = x.pow(1.5).sum(); // first order
        const [slope] = grad(y, x, { createGraph: true }); // second order
        slope.mul(0).sum().backward();
      }),
    );
    expect(message).toContain(line("second order"));
    expect(message).toMatch(/for the derivative of powScalar, which ran at/);
    expect(message).toContain(line("first order"));
  });

  it("says so where the forward pass ran outside", () => {
    const y = zero().mul(0).sqrt().mul(0).sum();
    expect(messageOf(() => detectAnomaly(() => y.backward()))).toMatch(/sqrt gave NaN .*ran outside anomaly mode/s);
  });

  it("adds the line to other errors of backward, those of custom functions too", () => {
    const x = zero();
    const message = messageOf(() =>
      detectAnomaly(() => {
        const y = x.exp(); // changed later
        y.add_(1);
        y.sum().backward();
      }),
    );
    expect(message).toMatch(/modified by an inplace operation/);
    expect(message).toContain(line("changed later"));
    class Broken extends autograd.Function {
      static override forward(_context: autograd.FunctionContext, a: Tensor): Tensor {
        return a.mul(2);
      }
      static override backward(): Tensor {
        throw new UsageError("my mistake");
      }
    }
    const own = messageOf(() => detectAnomaly(() => Broken.apply(x).sum().backward())); // own function
    expect(own).toMatch(/my mistake\n {2}anomaly mode: Broken/);
    expect(own).toContain(line("own function"));
  });

  it("can leave numbers unchecked", () => {
    const x = zero();
    detectAnomaly(() => x.mul(0).sqrt().mul(0).sum().backward(), { checkNan: false });
    expect(x.grad?.toArray()).toEqual([Number.NaN, Number.NaN]);
  });

  it("is off outside, after an error too, and can be turned on for good", () => {
    expect(isAnomalyEnabled()).toBe(false);
    messageOf(() =>
      detectAnomaly(() => {
        expect(isAnomalyEnabled()).toBe(true);
        throw new UsageError("mine");
      }),
    );
    expect(isAnomalyEnabled()).toBe(false);
    const x = zero();
    x.mul(0).sqrt().mul(0).sum().backward();
    setDetectAnomaly(true);
    expect(messageOf(() => x.mul(0).sqrt().mul(0).sum().backward())).toMatch(/sqrt gave NaN/);
  });
});
