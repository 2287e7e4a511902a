import { eye, full, type Tensor } from "@kindling/tensor";
import { initializers } from "../adapters/init.js";
import { expectThrows, lookUp, withArguments } from "../call.js";
import { expectEqual, expectSame } from "../compare.js";
import { decodeAll } from "../decode.js";
import { type Blob, type Case, type Golden, type Group, isBlob } from "../folder.js";
import { Mismatch, NotCovered } from "../outcome.js";
import { expectStatistics } from "../statistics.js";
import { buildModule } from "./module.js";

type Goldens = { readonly [name: string]: Golden };

interface Distribution {
  readonly distribution: string;
  readonly low?: number;
  readonly high?: number;
  readonly mean?: number;
  readonly std?: number;
  readonly value?: number | Blob;
  readonly gain?: number;
  readonly rows?: number;
  readonly cols?: number;
  readonly zeros_per_column?: number;
  /** A row of zeros, which the distribution leaves out. */
  readonly zero_row?: number;
}

interface InitCase extends Case {
  readonly shape: readonly number[];
  readonly options: Goldens;
  readonly expect: Distribution;
}

interface ModuleInitCase extends Case {
  readonly init: Goldens;
  readonly params: { readonly [name: string]: Distribution & { readonly shape: readonly number[] } };
  readonly buffers: { readonly [name: string]: { readonly shape: readonly number[]; readonly value: number } };
}

export function runInit(group: Group, golden: Case): void {
  const { op, shape, options, error, expect } = golden as InitCase;
  const fill = lookUp(initializers, op);
  const x = full(shape, Number.NaN);
  const run = (): unknown => withArguments(op, decodeAll(group, options), (a) => fill(x, a));
  if (error) {
    expectThrows(error, run);
    return;
  }
  run();
  expectDistribution(group, x, expect);
}

export function runModuleInit(group: Group, golden: Case): void {
  const { op, init, params, buffers } = golden as ModuleInitCase;
  const { module } = buildModule(group, op, init);
  const parameters = new Map(module.namedParameters());
  expectEqual("parameters", [...parameters.keys()].sort(), Object.keys(params).sort());
  for (const [name, { shape, ...expected }] of Object.entries(params)) {
    const parameter = parameters.get(name) as Tensor;
    expectEqual(`shape of ${name}`, parameter.shape, shape);
    try {
      expectDistribution(group, parameter.detach(), expected);
    } catch (error) {
      if (error instanceof Mismatch) throw new Mismatch(`${name}: ${error.message}`, { cause: error });
      throw error;
    }
  }
  const own = new Map(module.namedBuffers());
  expectEqual("buffers", [...own.keys()].sort(), Object.keys(buffers).sort());
  for (const [name, { shape, value }] of Object.entries(buffers)) {
    expectEqual(`shape of ${name}`, own.get(name)?.shape, shape);
    expectConstant(own.get(name) as Tensor, value);
  }
}

function expectConstant(x: Tensor, value: number): void {
  expectStatistics({ values: x.toTypedArray() }, { values: [Math.fround(value)] });
}

function expectDistribution(group: Group, x: Tensor, expected: Distribution): void {
  const { distribution, zero_row, value, gain = 1, rows = 0, cols = 0, zeros_per_column = 0, ...given } = expected;
  if (zero_row !== undefined) expectConstant(x.select(0, zero_row), 0);
  const drawn = zero_row === undefined ? x.flatten() : withoutRow(x, zero_row);
  const sample = { values: drawn.toTypedArray() };
  if (distribution === "uniform") {
    const { low = 0, high = 1 } = given;
    expectStatistics(sample, { low, high, mean: (low + high) / 2, std: (high - low) / Math.sqrt(12), ...given });
  } else if (distribution === "normal" || distribution === "trunc_normal") {
    expectStatistics(sample, given);
  } else if (distribution === "constant" || distribution === "exact") {
    if (isBlob(value)) expectSame(group, "value", x, value);
    else expectConstant(x, Number(value));
  } else if (distribution === "orthogonal") {
    expectOrthogonal(x.reshape(rows, cols), gain);
  } else if (distribution === "sparse") {
    const zeros = x.eq(0).to("int32").sum(0).toTypedArray();
    expectStatistics({ values: zeros }, { values: [zeros_per_column] });
    expectStatistics({ values: sample.values.filter((element) => element !== 0) }, given);
  } else throw new NotCovered(`distribution ${distribution}`);
}

function withoutRow(x: Tensor, row: number): Tensor {
  const rows = Array.from({ length: x.shape[0] as number }, (_, i) => i).filter((i) => i !== row);
  return x.index(rows).flatten();
}

/** The shorter of rows and columns must be orthogonal, each of length `gain`. */
function expectOrthogonal(x: Tensor, gain: number): void {
  const [rows, columns] = x.shape as [number, number];
  const short = rows <= columns ? x : x.t();
  const products = short.matmul(short.t());
  const error = products
    .sub(eye(short.shape[0] as number).mul(gain ** 2))
    .abs()
    .max()
    .item();
  // Sums of up to a few hundred float32 products.
  if (!(error <= 1e-4 * gain ** 2)) throw new Mismatch(`not orthogonal: off by ${error}`);
}
