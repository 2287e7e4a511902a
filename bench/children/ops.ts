// The operations of ../ops, one by one: a request names the position of a task, the answer is one sample of its mean times
// over a turn. Argument: the length of a turn in milliseconds.
import "@kindling/autograd";
import { manualSeed, ones, rand, randint, randn, Tensor } from "@kindling/tensor";
import type { Sample } from "../child.js";
import type { Case, Input } from "../ops/case.js";
import { tasks } from "../ops/cases.js";
import { serve } from "./serve.js";

const turnMs = Number(process.argv[2]);

function make({ kind, shape, high, gradient }: Input, backward: boolean): Tensor {
  const requiresGrad = backward && gradient;
  switch (kind) {
    case "normal":
      return randn(shape, { requiresGrad });
    case "uniform":
      return rand(shape, { requiresGrad });
    case "mask":
      return rand(shape).lt(0.5);
    default:
      return randint(0, high, shape);
  }
}

/** The tensor that a result is differentiated from. */
function mainTensor(result: ReturnType<Case["ours"]>): Tensor {
  if (result instanceof Tensor) return result;
  const [first] = result === undefined ? [] : "values" in result ? [(result as { values: Tensor }).values] : result;
  if (!(first instanceof Tensor)) throw new Error("an operation without a result has no backward pass");
  return first;
}

/** What runs before each measurement, and the measured rest. */
function prepare(position: number): { before: () => unknown; measured: () => unknown } {
  const task = tasks[position];
  if (task === undefined) throw new Error(`there is no task ${position}`);
  const { inputs, ours } = task.case;
  const backward = task.pass === "backward";
  manualSeed(0);
  const tensors = inputs.map((input) => make(input, backward));
  if (!backward) return { before: () => {}, measured: () => ours(...tensors) };
  const { shape, dtype } = mainTensor(ours(...tensors));
  const gradient = ones(shape, { dtype });
  let result: Tensor;
  return {
    before: () => {
      for (const tensor of tensors) tensor.grad = null;
      result = mainTensor(ours(...tensors));
    },
    measured: () => result.backward(gradient),
  };
}

function turn({ before, measured }: ReturnType<typeof prepare>): Sample {
  before();
  measured(); // other processes had the caches
  let [calls, wallMs, cpuUs] = [0, 0, 0];
  const end = performance.now() + turnMs;
  do {
    before();
    const cpu = process.cpuUsage();
    const start = performance.now();
    measured();
    wallMs += performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    cpuUs += user + system;
    calls++;
  } while (performance.now() < end);
  return { wall: wallMs / calls, processor: cpuUs / 1000 / calls };
}

let current = -1;
let prepared: ReturnType<typeof prepare>;
await serve(({ position }: { position: number }) => {
  if (position !== current) {
    current = position;
    prepared = prepare(position);
  }
  return [turn(prepared)];
});
