import { UsageError } from "./errors.js";
import type { OpAttributes, OpName } from "./ops/registry.js";
import type { Tensor } from "./tensor.js";

/** A node of the recorded graph, as far as this package needs to know it. */
export interface GradientNode {
  readonly name: string;
  /** For each input, the node that its gradient goes to (null if it needs none), and as which output of that node. */
  readonly nextFunctions: readonly (readonly [GradientNode | null, number])[];
  /** Of the node where gradients add up in a leaf's `.grad`: the leaf. */
  readonly variable?: Tensor;
}

/** What autograd knows about one tensor. */
export interface AutogradState {
  /** Asked for by the user; only leaves have it. */
  requiresGrad: boolean;
  grad: Tensor | null;
  /** The operation that made this tensor, and which of its outputs it is. */
  node: GradientNode | null;
  output: number;
  /** For a view: the storage's version at which `node` was true. */
  viewVersion: number;
}

/** Sees the gradient of a tensor; what it returns replaces it. */
export type GradientHook = (gradient: Tensor) => Tensor | undefined;

/** Sees the gradients of several tensors (null: there is none), and gives those that go on. */
export type GradientsHook = (gradients: readonly (Tensor | null)[]) => readonly (Tensor | null)[];

/** Sees a leaf after its `.grad` has been added to. */
export type PostAccumulateGradHook = (leaf: Tensor) => void;

/** What adding a hook gives: `remove` takes it away again. */
export interface RemovableHandle {
  remove(): void;
}

/** Options of {@link Tensor.backward}. */
export interface BackwardOptions {
  /** Keeps what the graph saved, so that it can be walked again. Default: `createGraph`. */
  retainGraph?: boolean;
  /** Records the backward pass itself, for derivatives of derivatives. Default false. */
  createGraph?: boolean;
  /** The tensors whose `.grad` is added to, leaves or not. Default: all leaves that the graph leads to. */
  inputs?: Tensor | readonly Tensor[];
}

/** What `@kindling/autograd` does for tensors. It comes in through `setRecorder`; this package never imports it. */
export interface Recorder {
  /** An operation ran on at least one input that requires grad. */
  record(op: OpName, inputs: readonly (Tensor | null)[], outputs: readonly Tensor[], attributes: unknown): void;
  /** `self` was overwritten in place with the value of `result`: takes over its history. */
  rebase(self: Tensor, result: Tensor): void;
  /** Throws if `self` must not be written in place. */
  checkInPlace(self: Tensor): void;
  backward(tensor: Tensor, gradient: Tensor | null, options: BackwardOptions): void;
  /** Shows the gradient of a tensor that requires grad to `hook` whenever it has been computed. */
  registerHook(tensor: Tensor, hook: GradientHook): RemovableHandle;
  /** Calls `hook` with a leaf whenever its `.grad` has been added to. */
  registerPostAccumulateGradHook(leaf: Tensor, hook: PostAccumulateGradHook): RemovableHandle;
  /** Keeps the gradient of a tensor that is no leaf in its `.grad`. */
  retainGrad(tensor: Tensor): void;
  /** The same tensors as outputs of one node, at which `hook` sees, and replaces, the gradients of all at once. */
  passThrough(tensors: readonly Tensor[], hook: GradientsHook): Tensor[];
  /** Whether `retainGrad` was called. */
  retainsGrad(tensor: Tensor): boolean;
}

let recorder: Recorder | null = null;
let gradEnabled = true;
let inferring = false;

/**
 * The door through which autograd walks in.
 *
 * @internal
 */
export function setRecorder(value: Recorder | null): void {
  recorder = value;
}

/**
 * The recorder, or a UsageError that says how to get one.
 *
 * @internal
 */
export function requireRecorder(what: string): Recorder {
  if (recorder === null) throw new UsageError(`${what} needs autograd: add import "@kindling/autograd"`);
  return recorder;
}

/**
 * Whether operations are recorded now.
 * @example
 * isGradEnabled(); // → true
 * noGrad(() => isGradEnabled()); // → false
 */
export function isGradEnabled(): boolean {
  return gradEnabled;
}

/**
 * Turns recording on or off for good; {@link noGrad} does so for one function. Inside
 * {@link inferenceMode} it stays off.
 * @example
 * setGradEnabled(false);
 * ones(2, { requiresGrad: true }).mul(2).requiresGrad; // → false
 * setGradEnabled(true);
 */
export function setGradEnabled(enabled: boolean): void {
  gradEnabled = enabled && !inferring;
}

/**
 * Whether this runs inside {@link inferenceMode}.
 * @example
 * isInferenceModeEnabled(); // → false
 * inferenceMode(() => isInferenceModeEnabled()); // → true
 */
export function isInferenceModeEnabled(): boolean {
  return inferring;
}

function withGradMode<T>(name: string, enabled: boolean, body: () => T): T {
  const before = gradEnabled;
  setGradEnabled(enabled);
  try {
    const result = body();
    if (result instanceof Promise) {
      result.catch(() => {}); // the UsageError below is what the caller sees
      throw new UsageError(`${name} takes a synchronous function: an async one would go on after the mode is restored`);
    }
    return result;
  } finally {
    gradEnabled = before;
  }
}

/**
 * Runs `body` without recording: its results do not require grad.
 * @example
 * const weight = ones(2, { requiresGrad: true });
 * noGrad(() => weight.mul(2)).requiresGrad; // → false
 */
export function noGrad<T>(body: () => T): T {
  return withGradMode("noGrad", false, body);
}

/**
 * Runs `body` with recording, inside {@link noGrad} too, but not inside {@link inferenceMode}.
 * @example
 * const weight = ones(2, { requiresGrad: true });
 * noGrad(() => enableGrad(() => weight.mul(2))).requiresGrad; // → true
 */
export function enableGrad<T>(body: () => T): T {
  return withGradMode("enableGrad", true, body);
}

/**
 * Runs `body` without recording, as {@link noGrad} does, and nothing inside can turn recording on again. What it
 * makes are ordinary tensors, that may be used in recorded operations later on.
 * @example
 * const weight = ones(2, { requiresGrad: true });
 * inferenceMode(() => enableGrad(() => weight.mul(2))).requiresGrad; // → false
 */
export function inferenceMode<T>(body: () => T): T {
  const before = inferring;
  inferring = true;
  try {
    return withGradMode("inferenceMode", false, body);
  } finally {
    inferring = before;
  }
}

/**
 * Whether an operation on these inputs will be recorded.
 *
 * @internal
 */
export function isRecording(inputs: readonly (Tensor | null)[]): boolean {
  if (!gradEnabled || recorder === null) return false;
  for (const input of inputs) if (input?.requiresGrad) return true;
  return false;
}

/**
 * The tensors, passed through one node of the graph, where `hook` sees the gradients of all of them at once and gives
 * those that go on. They come back as they are where nothing is recorded. For the hooks of modules.
 *
 * @internal
 */
export function passThrough(tensors: readonly Tensor[], hook: GradientsHook): readonly Tensor[] {
  return isRecording(tensors) ? requireRecorder("passThrough").passThrough(tensors, hook) : tensors;
}

/**
 * Tells the recorder, if it listens, that `op` made `output` from `inputs`; returns `output`.
 *
 * @internal
 */
export function record<K extends OpName>(
  op: K,
  inputs: readonly (Tensor | null)[],
  output: Tensor,
  attributes: OpAttributes[K],
): Tensor {
  if (gradEnabled && recorder !== null) {
    for (let i = 0; i < inputs.length; i++) {
      if (inputs[i]?.requiresGrad) {
        recorder.record(op, inputs, [output], attributes);
        break;
      }
    }
  }
  return output;
}

/**
 * {@link record} for an operation with several outputs.
 *
 * @internal
 */
export function recordAll<K extends OpName, T extends readonly Tensor[]>(
  op: K,
  inputs: readonly (Tensor | null)[],
  outputs: T,
  attributes: OpAttributes[K],
): T {
  if (isRecording(inputs)) (recorder as Recorder).record(op, inputs, outputs, attributes);
  return outputs;
}

/**
 * Runs an in-place operation: `write` puts the new value into `self`'s memory without recording;
 * `compute` makes the same value as a new tensor from `self`'s old one, when it must be recorded.
 *
 * @internal
 */
export function inPlace(
  self: Tensor,
  others: readonly (Tensor | null)[],
  write: (self: Tensor) => void,
  compute: (old: Tensor) => Tensor,
): Tensor {
  if (gradEnabled && recorder !== null && (self.requiresGrad || isRecording(others))) {
    recorder.checkInPlace(self);
    const result = compute(self.snapshot());
    noGrad(() => self.overwrite(result));
    self.storage.version++;
    recorder.rebase(self, result);
  } else {
    noGrad(() => write(self));
    self.storage.version++;
  }
  return self;
}
