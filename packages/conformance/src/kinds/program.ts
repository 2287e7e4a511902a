import { grad } from "@kindling/autograd";
import { noGrad, type Tensor } from "@kindling/tensor";
import { callOperation, expectThrows } from "../call.js";
import { expectEqual, expectSame } from "../compare.js";
import { decode, decodeTensor, type Value, type Values } from "../decode.js";
import type { Blob, Case, Golden, Group } from "../folder.js";
import { Mismatch, NotCovered } from "../outcome.js";

type Step =
  | { readonly call: string; readonly args: { readonly [name: string]: Golden }; readonly out: readonly string[] }
  | { readonly backward: string; readonly gradient?: Blob; readonly retain_graph?: boolean }
  | {
      readonly grad: readonly string[];
      readonly inputs: readonly string[];
      readonly out: readonly string[];
      readonly grad_outputs?: readonly (Blob | null)[];
      readonly create_graph?: boolean;
      readonly allow_unused?: boolean;
    }
  | { readonly no_grad: readonly Step[] }
  | { readonly zero_grad: readonly string[] }
  | { readonly requires_grad_: string; readonly value: boolean };

interface ProgramCase extends Case {
  readonly inputs: { readonly [name: string]: Blob };
  readonly steps: readonly Step[];
  readonly expect?: {
    readonly values?: { readonly [name: string]: Blob };
    readonly grads?: { readonly [name: string]: Blob | null };
    readonly requires_grad?: { readonly [name: string]: boolean };
    readonly is_leaf?: { readonly [name: string]: boolean };
  };
}

/** Throws NotCovered for a part of a step that nobody reads. */
function expectNoMore(unknown: object): void {
  for (const name of Object.keys(unknown)) throw new NotCovered(`program: ${name}`);
}

/** The named tensors of a running program. */
class Program {
  readonly #group: Group;
  readonly #variables = new Map<string, Tensor | null>();

  constructor(group: Group, inputs: ProgramCase["inputs"]) {
    this.#group = group;
    for (const [name, blob] of Object.entries(inputs)) {
      this.#variables.set(name, decodeTensor(group, blob, { requiresGrad: blob.requires_grad ?? false }));
    }
  }

  tensor(name: string): Tensor {
    const found = this.#variables.get(name);
    if (!found) throw new Mismatch(`there is no tensor ${name}`);
    return found;
  }

  run(step: Step): void {
    if ("call" in step) {
      const args = Object.entries(step.args).map(([name, value]) => [name, this.#resolve(decode(this.#group, value))]);
      this.#assign(step.out, callOperation(step.call, Object.fromEntries(args) as Values) as Tensor[]);
    } else if ("backward" in step) {
      const { backward, gradient, retain_graph, ...unknown } = step;
      expectNoMore(unknown);
      const start = gradient === undefined ? null : decodeTensor(this.#group, gradient);
      this.tensor(backward).backward(start, retain_graph === undefined ? {} : { retainGraph: retain_graph });
    } else if ("grad" in step) {
      const { grad: of, inputs, out, grad_outputs, create_graph = false, allow_unused = false, ...unknown } = step;
      expectNoMore(unknown);
      const start = grad_outputs?.map((blob) => (blob === null ? null : decodeTensor(this.#group, blob)));
      const options = {
        createGraph: create_graph,
        allowUnused: allow_unused,
        ...(start === undefined ? {} : { gradOutputs: start }),
      };
      const tensors = (names: readonly string[]): Tensor[] => names.map((name) => this.tensor(name));
      this.#assign(out, grad(tensors(of), tensors(inputs), options));
    } else if ("no_grad" in step) {
      noGrad(() => {
        for (const inner of step.no_grad) this.run(inner);
      });
    } else if ("zero_grad" in step) {
      for (const name of step.zero_grad) this.tensor(name).grad = null;
    } else if ("requires_grad_" in step) {
      this.tensor(step.requires_grad_).requiresGrad_(step.value);
    } else {
      throw new NotCovered(`program step ${Object.keys(step).join(", ")}`);
    }
  }

  #assign(names: readonly string[], results: readonly (Tensor | null)[]): void {
    if (results.length !== names.length) throw new Mismatch(`${results.length} results for ${names.join(", ")}`);
    names.forEach((name, i) => {
      this.#variables.set(name, results[i] ?? null);
    });
  }

  /** Puts tensors where a value names them, as `"$name"`. */
  #resolve(value: Value): Value {
    if (typeof value === "string" && value.startsWith("$")) return this.tensor(value.slice(1));
    return Array.isArray(value) ? value.map((item) => this.#resolve(item)) : value;
  }
}

export function runProgram(group: Group, golden: Case): void {
  const { inputs, steps, error, expect = {} } = golden as ProgramCase;
  const program = new Program(group, inputs);
  for (const [i, step] of steps.entries()) {
    if (i === error?.step) {
      expectThrows(error, () => program.run(step));
      return;
    }
    program.run(step);
  }
  const { values = {}, grads = {}, requires_grad = {}, is_leaf = {} } = expect;
  for (const [name, want] of Object.entries(values)) expectSame(group, name, program.tensor(name), want);
  for (const [name, want] of Object.entries(grads)) {
    expectSame(group, `gradient of ${name}`, program.tensor(name).grad, want);
  }
  for (const [name, want] of Object.entries(requires_grad)) {
    expectEqual(`requiresGrad of ${name}`, program.tensor(name).requiresGrad, want);
  }
  for (const [name, want] of Object.entries(is_leaf)) {
    expectEqual(`isLeaf of ${name}`, program.tensor(name).isLeaf, want);
  }
}
