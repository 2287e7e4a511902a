import { itemSize, typedView } from "./dtype.js";
import { UsageError } from "./errors.js";
import { numberOfElements, type Shape } from "./shape.js";
import type { Tensor } from "./tensor.js";

// The layout is PyTorch's; keywords are in camelCase (`requiresGrad=True`, `gradFn=<…>`).
const standard = { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80, sciMode: null as boolean | null };
let options = standard;

/** How tensors are printed; see {@link setPrintOptions}. */
export interface PrintOptions {
  /** Digits behind the point. Default 4. */
  precision?: number;
  /** Beyond how many elements only those at the edges are printed. Default 1000. */
  threshold?: number;
  /** How many elements are printed at each edge. Default 3. */
  edgeitems?: number;
  /** Characters in a line. Default 80. */
  linewidth?: number;
  /** Whether numbers are written with an exponent; null, the default, where their range is wide. */
  sciMode?: boolean | null;
  /** Sets all the others first: "default", "short" (2 digits, 2 elements at each edge) or "full" (every element). */
  profile?: "default" | "short" | "full";
}

const profiles = {
  default: standard,
  short: { ...standard, precision: 2, edgeitems: 2 },
  full: { ...standard, threshold: Number.POSITIVE_INFINITY },
};

/**
 * Says how tensors are printed from now on; what is left out stays as it is.
 *
 * @throws UsageError for an unknown profile, or numbers that are not whole.
 * @example
 * setPrintOptions({ precision: 2 });
 * const text = tensor([1.5]).toString();
 * setPrintOptions({ profile: "default" });
 * text; // → "tensor([1.50])"
 */
export function setPrintOptions(changes: PrintOptions): void {
  const { profile, ...own } = changes;
  if (profile !== undefined && !Object.hasOwn(profiles, profile)) {
    throw new UsageError(`setPrintOptions: profile must be "default", "short" or "full", got ${String(profile)}`);
  }
  for (const name of ["precision", "threshold", "edgeitems", "linewidth"] as const) {
    const value = own[name] ?? 0;
    if (!(Number.isInteger(value) || value === Number.POSITIVE_INFINITY) || value < 0) {
      throw new UsageError(`setPrintOptions: ${name} must be a whole number of at least 0, got ${value}`);
    }
  }
  options = { ...(profile === undefined ? options : profiles[profile]), ...own };
}

/** `write(precision)`, but exact halves go to the even digit, where JavaScript rounds them up. */
function roundTiesToEven(write: (digits: number) => string): string {
  const mark = /^(-?[\d.]*)(e.*)?$/;
  const [, exact = "", exponent = ""] = mark.exec(write(options.precision + 40)) ?? [];
  const kept = exact.slice(0, exact.length - 40);
  const lastIsEven = "02468".includes(kept.at(-1) as string);
  return lastIsEven && /^50*$/.test(exact.slice(-40)) ? kept + exponent : write(options.precision);
}

function fixed(value: number): string {
  return roundTiesToEven((digits) => value.toFixed(digits));
}

/** `1.0000e+05`: at least two digits of exponent. */
function scientific(value: number): string {
  return roundTiesToEven((digits) => value.toExponential(digits)).replace(/e([+-])(\d)$/, "e$10$2");
}

/** How all numbers of one tensor are written, so that they line up. */
interface Style {
  readonly width: number;
  readonly write: (value: number) => string;
}

function nonFinite(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

function signed(value: number, text: string): string {
  return Object.is(value, -0) ? `-${text}` : text;
}

function floatStyle(values: readonly number[]): Style {
  const ordinary = values.filter((value) => Number.isFinite(value) && value !== 0);
  let largest = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (const value of ordinary) {
    largest = Math.max(largest, Math.abs(value));
    smallest = Math.min(smallest, Math.abs(value));
  }
  const isWhole = ordinary.every((value) => Number.isInteger(value));
  const isWide = largest / smallest > 1000 || largest > 1e8 || (!isWhole && smallest < 1e-4);
  const writer = (isScientific: boolean): ((value: number) => string) => {
    if (ordinary.length > 0 && isScientific) return (value) => signed(value, scientific(value));
    return (value) => signed(value, isWhole ? `${value.toFixed(0)}.` : fixed(value));
  };
  // PyTorch measures before it hears which notation is wanted. Zeros and infinities do not count.
  const natural = writer(isWide);
  const width = Math.max(1, ...ordinary.map((value) => natural(value).length));
  const finite = writer(options.sciMode ?? isWide);
  return { width, write: (value) => (Number.isFinite(value) ? finite(value) : nonFinite(value)) };
}

function styleOf(x: Tensor, values: readonly number[]): Style {
  if (x.isFloatingPoint()) return floatStyle(values);
  const write = x.dtype === "bool" ? (value: number) => (value === 0 ? "False" : "True") : String;
  return { width: values.reduce((width, value) => Math.max(width, write(value).length), 1), write };
}

/** Which positions along a dimension are printed; null stands for the ones left out. */
function shownPositions(size: number, summarize: boolean): (number | null)[] {
  const all = Array.from({ length: size }, (_, i) => i);
  if (!summarize || size <= 2 * options.edgeitems) return all;
  return [...all.slice(0, options.edgeitems), null, ...all.slice(size - options.edgeitems)];
}

/** The elements that are printed, as nested arrays with null where some are left out. */
type Shown = number | null | Shown[];

function readShown(x: Tensor, summarize: boolean): Shown {
  const block = x.storage.block.view();
  const length = Math.floor(x.storage.bytes / itemSize(x.dtype));
  const flat = typedView(x.dtype, block.buffer, block.byteOffset, length);
  const read = (dim: number, position: number): Shown => {
    if (dim === x.ndim) return flat[position] as number;
    const stride = x.strides[dim] as number;
    return shownPositions(x.shape[dim] as number, summarize).map((i) =>
      i === null ? null : read(dim + 1, position + i * stride),
    );
  };
  return read(0, x.offset);
}

function numbersOf(shown: Shown): number[] {
  if (shown === null) return [];
  if (typeof shown === "number") return [shown];
  return shown.flatMap(numbersOf);
}

function writeShown(shown: Shown, shape: Shape, indent: number, style: Style): string {
  if (!Array.isArray(shown)) return shown === null ? "..." : style.write(shown).padStart(style.width);
  if (shape.length === 1) {
    const items = shown.map((item) => (item === null ? " ..." : writeShown(item, [], 0, style)));
    const perLine = Math.max(1, Math.floor((options.linewidth - indent) / (style.width + 2)));
    const lines: string[] = [];
    for (let i = 0; i < items.length; i += perLine) lines.push(items.slice(i, i + perLine).join(", "));
    return `[${lines.join(`,\n${" ".repeat(indent + 1)}`)}]`;
  }
  const inner = shape.slice(1);
  const parts = shown.map((part) => writeShown(part, inner, indent + 1, style));
  return `[${parts.join(`,${"\n".repeat(inner.length)}${" ".repeat(indent + 1)}`)}]`;
}

/** Joins the text and its suffixes, each on a new line where it would not fit. */
function withSuffixes(text: string, suffixes: readonly string[], indent: number): string {
  let result = text;
  let lineLength = text.length - text.lastIndexOf("\n") + 1;
  for (const suffix of suffixes) {
    if (lineLength + suffix.length + 2 > options.linewidth) {
      result += `,\n${" ".repeat(indent)}${suffix}`;
      lineLength = indent + suffix.length;
    } else {
      result += `, ${suffix}`;
      lineLength += suffix.length + 2;
    }
  }
  return `${result})`;
}

/**
 * The text of a tensor, laid out as PyTorch prints it: four decimals, one width for all numbers, scientific
 * notation where the range is wide, three items at each edge beyond 1000 elements. The dtype is told unless
 * it is float32, int32 or bool.
 */
export function formatTensor(x: Tensor): string {
  const prefix = "tensor(";
  const count = numberOfElements(x.shape);
  const suffixes: string[] = [];
  let text = "[]";
  if (count === 0) {
    if (x.ndim !== 1) suffixes.push(`size=(${x.shape.join(", ")})`);
    if (x.dtype !== "float32") suffixes.push(`dtype=${x.dtype}`);
  } else {
    const shown = readShown(x, count > options.threshold);
    text = writeShown(shown, x.shape, prefix.length, styleOf(x, numbersOf(shown)));
    if (x.dtype !== "float32" && x.dtype !== "int32" && x.dtype !== "bool") suffixes.push(`dtype=${x.dtype}`);
  }
  if (x.gradFn !== null) suffixes.push(`gradFn=<${x.gradFn.name}>`);
  else if (x.requiresGrad) suffixes.push("requiresGrad=True");
  return withSuffixes(prefix + text, suffixes, prefix.length);
}
