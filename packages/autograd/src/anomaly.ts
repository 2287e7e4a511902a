import { noGrad, type Tensor, UsageError } from "@kindling/tensor";
import type { Node } from "./node.js";

/** Options of {@link detectAnomaly}. */
export interface AnomalyOptions {
  /** Whether backward stops at the first gradient that holds a NaN. Default true. */
  checkNan?: boolean;
}

/** Where a node was made, and by the backward of which other node. */
interface Origin {
  readonly place: string | null;
  readonly parent: Node | null;
}

let enabled = false;
let checksNan = true;
let running: Node | null = null;
/** Beside the nodes, so that they need no room for it while the mode is off. */
const origins = new WeakMap<Node, Origin>();

/**
 * Whether anomaly mode is on.
 * @example
 * isAnomalyEnabled(); // → false
 * detectAnomaly(() => isAnomalyEnabled()); // → true
 */
export function isAnomalyEnabled(): boolean {
  return enabled;
}

/**
 * Turns anomaly mode on or off for good; `detectAnomaly` does so for one function.
 *
 * Options: `checkNan` (true): whether backward stops at the first gradient that holds a NaN.
 * @example
 * setDetectAnomaly(true);
 * isAnomalyEnabled(); // → true
 * setDetectAnomaly(false);
 */
export function setDetectAnomaly(mode: boolean, options: AnomalyOptions = {}): void {
  enabled = mode;
  checksNan = options.checkNan ?? true;
}

/**
 * Runs `body`, forward and backward, so that what goes wrong in backward names the operation and the line of the
 * program that ran it. The first operation that makes a NaN of its gradients is an error. Operations of a backward
 * with `createGraph` are traced to the operation whose derivative they belong to. Slow: for looking for a mistake.
 *
 * Options: `checkNan` (true): whether backward stops at the first gradient that holds a NaN.
 * @throws UsageError for a NaN; whatever backward throws, with the line added.
 * @example
 * const x = zeros(2, { requiresGrad: true });
 * // UsageError: backward: sqrt gave NaN in the gradient of its input 0
 * //   anomaly mode: sqrt, which ran at /home/me/train.ts:4:36
 * detectAnomaly(() => x.sqrt().mul(0).sum().backward()); // → throws UsageError
 * @source `torch.autograd.detect_anomaly`, whose `with` block is the argument here.
 */
export function detectAnomaly<T>(body: () => T, options: AnomalyOptions = {}): T {
  const before = { mode: enabled, checkNan: checksNan };
  setDetectAnomaly(true, options);
  try {
    return body();
  } finally {
    setDetectAnomaly(before.mode, before);
  }
}

/** Notes where in the user's program `node` is made. */
export function remember(node: Node): void {
  origins.set(node, { place: userPlace(), parent: running });
}

/** `node.apply`, with errors that say where the node comes from. */
export function applyWatched(node: Node, gradients: readonly (Tensor | null)[]): readonly (Tensor | null)[] {
  const outer = running;
  running = node;
  try {
    const results = node.apply(gradients);
    if (checksNan) checkNumbers(node, gradients, results);
    return results;
  } catch (error) {
    if (error instanceof Error && !error.message.includes(traceTitle)) error.message += describe(node);
    throw error;
  } finally {
    running = outer;
  }
}

function checkNumbers(node: Node, gradients: readonly (Tensor | null)[], results: readonly (Tensor | null)[]): void {
  const hasNan = (tensor: Tensor | null | undefined): boolean =>
    tensor?.isFloatingPoint() === true && noGrad(() => tensor.isnan().any().item()) !== 0;
  for (const [i, edge] of node.edges.entries()) {
    if (edge === null || !hasNan(results[i])) continue;
    const came = gradients.some(hasNan) ? ", and the gradient that came to it held one already" : "";
    throw new UsageError(`backward: ${node.name} gave NaN in the gradient of its input ${i}${came}`);
  }
}

const traceTitle = "\n  anomaly mode: ";

function describe(node: Node): string {
  let text = "";
  for (let at: Node | null = node; at !== null; at = origins.get(at)?.parent ?? null) {
    const place = origins.get(at)?.place;
    const where = place ? `ran at ${place}` : "ran outside anomaly mode: put the forward pass inside too, to see where";
    text += `${text === "" ? traceTitle : ", for the derivative of "}${at.name}, which ${where}`;
  }
  return text;
}

/** Folder that holds this package and those beside it. */
const family = import.meta.url.replace(/[^/]*\/(src|dist)\/[^/]*$/, "");
const packages = "autograd|datasets|kernels|kindling|losses|nn|optimizers|serialization|tensor";
const beside = new RegExp(`^(${packages})/(src|dist)/`);

function isLibrary(url: string): boolean {
  // Installed packages, a bundler's copies of them, and the sources of this repository.
  if (/@kindling[/+_]/.test(url)) return true;
  return url.startsWith(family) && beside.test(url.slice(family.length));
}

/** The innermost line of the call stack that is not this library's, as file:line:column. */
function userPlace(): string | null {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  const { stack = "" } = new Error();
  Error.stackTraceLimit = limit;
  for (const line of stack.split("\n")) {
    const [, file, position] = /^(?:\s*at (?:.*?\()?|[^@]*@)(\S.*?)(:\d+:\d+)\)?$/.exec(line) ?? [];
    if (file === undefined || file.startsWith("node:") || file.includes("native")) continue;
    const url = file.startsWith("/") ? `file://${file}` : file;
    if (!isLibrary(url)) return `${file}${position}`;
  }
  return null;
}
