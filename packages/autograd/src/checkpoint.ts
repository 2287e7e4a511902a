import { defaultGenerator, enableGrad, isGradEnabled, type Tensor, UsageError } from "@kindling/tensor";
import { atEndOfBackward } from "./engine.js";
import { type Packer, packWith, type Saved, saveInput } from "./saved-tensor.js";
import { isPlainObject, leavesOf, mapTensors, mapTree } from "./tree.js";

/** Options of {@link checkpoint}. */
export interface CheckpointOptions {
  /** Whether the second run draws the same random numbers as the first, so that dropout has the same mask. Default true. */
  preserveRngState?: boolean;
  /** PyTorch's older kind of checkpoint is not there, so this can only be false. */
  useReentrant?: false;
}

/**
 * `fn(...inputs)`, which keeps nothing for backward but its inputs: backward runs `fn` again to get the rest. Saves
 * memory for the time of one more forward pass. Gradients of everything that `fn` uses are the same as without, those of
 * parameters too; checkpoints may be nested, and `grad` and `createGraph` work.
 *
 * `fn` must do the same both times: batch norm, for example, updates its running statistics twice. Random numbers of
 * `manualSeed`'s generator are the same both times; those of other generators are not. Does nothing special where
 * nothing is recorded.
 *
 * **Shapes** inputs: any values, tensors also in nested arrays and plain objects; result: what `fn` returns.
 * Options, in a last object: `preserveRngState` (true): whether the second run draws the same random numbers.
 * @throws UsageError, in backward, if the second run saves other tensors than the first, or if an input has been written
 *   in place meanwhile.
 * @example
 * const block = new Sequential(new Linear(4, 4), new Tanh(), new Dropout(0.5));
 * const x = randn(2, 4, { requiresGrad: true });
 * checkpoint((x) => block.forward(x), x).sum().backward();
 * x.grad?.shape; // → [2, 4]
 * @source `torch.utils.checkpoint.checkpoint` with `use_reentrant=False`.
 */
export function checkpoint<Inputs extends unknown[], Result>(
  fn: (...inputs: Inputs) => Result,
  ...inputs: [...Inputs] | [...Inputs, CheckpointOptions]
): Result {
  const last = inputs.at(-1);
  const options = isOptions(last) ? last : {};
  if (options.useReentrant) throw new UsageError("checkpoint: useReentrant can only be false; leave it out");
  const own = (isOptions(last) ? inputs.slice(0, -1) : inputs) as Inputs;
  if (!isGradEnabled()) return fn(...own);
  const frame = new Frame(fn, own, options.preserveRngState ?? true);
  const result = packWith(frame, () => fn(...own));
  frame.complete();
  return result;
}

/** A Sequential, or anything like it: its slices are modules. */
export interface SequentialLike {
  readonly length: number;
  slice(start: number, end?: number): { forward(x: Tensor): Tensor };
}

type Stage = ((x: Tensor) => Tensor) | { forward(x: Tensor): Tensor };

/**
 * A Sequential, or a list of functions and modules, applied to `input` in segments of about equal length; all but the
 * last are checkpoints.
 *
 * **Shapes** input: what the first takes; result: what the last gives. Options: those of `checkpoint`.
 * @throws UsageError unless there are 1 to `functions.length` segments.
 * @example
 * const model = new Sequential(new Linear(8, 8), new ReLU(), new Linear(8, 8), new ReLU(), new Linear(8, 2));
 * checkpointSequential(model, 2, randn(3, 8)).shape; // → [3, 2]
 * @source `torch.utils.checkpoint.checkpoint_sequential`.
 */
export function checkpointSequential(
  functions: SequentialLike | readonly Stage[],
  segments: number,
  input: Tensor,
  options: CheckpointOptions = {},
): Tensor {
  const { length } = functions;
  if (!Number.isInteger(segments) || segments < 1 || segments > length) {
    throw new UsageError(
      `checkpointSequential: expected 1 to ${length} segments for ${length} functions, got ${segments}`,
    );
  }
  const size = Math.floor(length / segments);
  let value = input;
  for (let i = 0; i < segments - 1; i++) {
    const segment = compose(functions, i * size, (i + 1) * size);
    value = checkpoint(segment, value, { preserveRngState: true, ...options });
  }
  return compose(functions, (segments - 1) * size, length)(value);
}

function compose(functions: SequentialLike | readonly Stage[], start: number, end: number): (x: Tensor) => Tensor {
  const part = functions.slice(start, end);
  if ("forward" in part) return (x) => part.forward(x);
  return (x) => part.reduce((value, stage) => (typeof stage === "function" ? stage(value) : stage.forward(value)), x);
}

const optionNames = new Set(["preserveRngState", "useReentrant"]);

function isOptions(value: unknown): value is CheckpointOptions {
  if (!isPlainObject(value)) return false;
  const names = Object.keys(value);
  return names.length > 0 && names.every((name) => optionNames.has(name));
}

/** A tensor among the inputs. Saved as nodes save theirs, so that a checkpoint around this one need not keep it either. */
class Input {
  readonly #saved: Saved;
  readonly #requiresGrad: boolean;

  constructor(tensor: Tensor) {
    this.#saved = saveInput(tensor.detach(), null);
    this.#requiresGrad = tensor.requiresGrad;
  }

  get(): Tensor {
    return this.#saved.get("checkpoint", null, 0).detach().requiresGrad_(this.#requiresGrad);
  }

  release(): void {
    this.#saved.release();
  }
}

function layoutOf(tensor: Tensor): string {
  return `${tensor.dtype} [${tensor.shape.join(", ")}]`;
}

/** Ends a second run that has made all that was saved so far by a first run which still goes on. */
class Enough extends Error {}

/** The first run of a checkpointed function: numbers what is saved, and keeps none of it. */
class Frame<Inputs extends unknown[]> implements Packer {
  readonly #fn: (...inputs: Inputs) => unknown;
  readonly #inputs: unknown;
  readonly #randomState: Uint8Array | null;
  readonly #layouts: string[] = [];
  /** What a second run has made of it, until backward is done with it. */
  readonly #values = new Map<number, Tensor>();
  #isComplete = false;
  #unreleased = 0;

  constructor(fn: (...inputs: Inputs) => unknown, inputs: Inputs, preserveRngState: boolean) {
    this.#fn = fn;
    this.#inputs = mapTensors<unknown>(inputs, (input) => new Input(input));
    this.#randomState = preserveRngState ? defaultGenerator.getState() : null;
  }

  complete(): void {
    this.#isComplete = true;
    this.#releaseInputs();
  }

  pack(tensor: Tensor): number {
    this.#unreleased++;
    return this.#layouts.push(layoutOf(tensor)) - 1;
  }

  unpack(index: unknown): Tensor {
    if (!this.#values.has(index as number)) {
      this.#runAgain();
      atEndOfBackward(this.#forget);
    }
    return this.#values.get(index as number) as Tensor;
  }

  release(index: unknown): void {
    this.#put(index as number, null);
    this.#unreleased--;
    this.#releaseInputs();
  }

  #releaseInputs(): void {
    if (!this.#isComplete || this.#unreleased > 0) return;
    for (const leaf of leavesOf(this.#inputs)) if (leaf instanceof Input) leaf.release();
  }

  readonly #forget = (): void => {
    for (const index of [...this.#values.keys()]) this.#put(index, null);
  };

  #put(index: number, value: Tensor | null): void {
    value?.storage.hold();
    this.#values.get(index)?.storage.unhold();
    if (value === null) this.#values.delete(index);
    else this.#values.set(index, value);
  }

  #runAgain(): void {
    const expected = this.#layouts.length;
    let count = 0;
    const again: Packer = {
      pack: (tensor) => {
        const index = count++;
        if (index >= expected && !this.#isComplete) throw new Enough();
        if (index < expected && layoutOf(tensor) !== this.#layouts[index]) {
          throw new UsageError(
            `checkpoint: tensor ${index} that fn saved for backward was ${this.#layouts[index]} in the first run and is ${layoutOf(tensor)} in the second; fn must do the same both times`,
          );
        }
        this.#put(index, tensor);
        return index;
      },
      unpack: (index) => this.#values.get(index as number) as Tensor,
      release() {},
    };
    const inputs = mapTree(this.#inputs, (leaf) => (leaf instanceof Input ? leaf.get() : leaf)) as Inputs;
    const outside = this.#randomState === null ? null : defaultGenerator.getState();
    if (this.#randomState !== null) defaultGenerator.setState(this.#randomState);
    try {
      enableGrad(() => packWith(again, () => this.#fn(...inputs)));
    } catch (error) {
      if (!(error instanceof Enough)) throw error;
    } finally {
      if (outside !== null) defaultGenerator.setState(outside);
    }
    if (count !== expected && this.#isComplete) {
      throw new UsageError(
        `checkpoint: fn saved ${expected} tensors for backward in the first run and ${count} in the second; fn must do the same both times`,
      );
    }
  }
}
