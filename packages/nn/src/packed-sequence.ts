import { cat, formatShape, fromArray, full, ShapeError, stack, Tensor, UsageError } from "@kindling/tensor";

// Batches of sequences of different lengths: PyTorch's torch.nn.utils.rnn.

/** The option of the layout of padded batches. */
export interface SequenceLayoutOptions {
  /** Whether the padded side is [N, L, ...] instead of [L, N, ...]. Default false. */
  batchFirst?: boolean;
}

/** The option of packing sequences. */
export interface EnforceSortedOptions {
  /** Whether the sequences have to come longest first; else they are sorted, and put back afterwards. Default true. */
  enforceSorted?: boolean;
}

/**
 * Sequences of different lengths without padding, longest first: all their first steps, then all second steps, and so
 * on. `packPaddedSequence` and `packSequence` make them; recurrent layers take and return them.
 * @example
 * const packed = packSequence([tensor([1, 2, 3]), tensor([4])]);
 * [packed.data, packed.batchSizes]; // → [[1, 4, 2, 3], [2, 1, 1]]
 */
export class PackedSequence {
  /** The steps, [sum of all lengths, ...]. */
  readonly data: Tensor;
  /** How many sequences have a first step, a second step, … (int32). */
  readonly batchSizes: Tensor;
  /** Which of the given sequences stands where, longest first; null if they came sorted. */
  readonly sortedIndices: Tensor | null;
  /** Where each of the given sequences stands now; null if they came sorted. */
  readonly unsortedIndices: Tensor | null;

  constructor(
    data: Tensor,
    batchSizes: Tensor,
    sortedIndices: Tensor | null = null,
    unsortedIndices: Tensor | null = null,
  ) {
    this.data = data;
    this.batchSizes = batchSizes;
    this.sortedIndices = sortedIndices;
    this.unsortedIndices = unsortedIndices;
  }

  /** Other steps of the same lengths in the same order. */
  withData(data: Tensor): PackedSequence {
    return new PackedSequence(data, this.batchSizes, this.sortedIndices, this.unsortedIndices);
  }
}

const integers = (values: readonly number[]): Tensor => fromArray(values, [values.length], "int32");

/** For each step how many of the lengths reach it. */
function countPerStep(lengths: readonly number[]): number[] {
  return Array.from({ length: Math.max(...lengths) }, (_, step) => lengths.filter((length) => length > step).length);
}

function checkedLengths(op: string, lengths: Tensor | readonly number[], batch: number, steps: number): number[] {
  const list = lengths instanceof Tensor ? Array.from(lengths.toTypedArray()) : [...lengths];
  if (list.length !== batch) {
    throw new ShapeError(`${op}: expected a length for each of the ${batch} sequences, got ${list.length} lengths`);
  }
  const wrong = list.find((length) => !Number.isInteger(length) || length < 1 || length > steps);
  if (wrong !== undefined) {
    throw new UsageError(
      `${op}: lengths must be whole numbers from 1 to ${steps}, the steps of the input, got ${wrong}`,
    );
  }
  return list;
}

/** Sizes of a padded batch [L, N, ...] or [N, L, ...]. */
function paddedSizes(op: string, input: Tensor, batchFirst: boolean): { steps: number; batch: number } {
  const [first, second] = input.shape;
  if (first === undefined || second === undefined) {
    throw new ShapeError(`${op}: expected a padded batch of at least 2 dimensions, got ${formatShape(input.shape)}`);
  }
  return batchFirst ? { batch: first, steps: second } : { batch: second, steps: first };
}

/**
 * Packs a padded batch: what lies behind the end of a sequence is left out.
 *
 * **Shapes** input: [L, N, ...], with `batchFirst` [N, L, ...]; lengths: N whole numbers, each from 1 to L, longest first
 * unless `enforceSorted` is false. Options: `batchFirst` (false), `enforceSorted` (true).
 * @throws UsageError for lengths out of range or not sorted; ShapeError if their number differs from N.
 * @example
 * const packed = packPaddedSequence(tensor([[1, 2, 3], [4, 0, 0]]), [3, 1], { batchFirst: true });
 * packed.data; // → [1, 4, 2, 3]
 * packed.batchSizes; // → [2, 1, 1]
 */
export function packPaddedSequence(
  input: Tensor,
  lengths: Tensor | readonly number[],
  options: SequenceLayoutOptions & EnforceSortedOptions = {},
): PackedSequence {
  const op = "packPaddedSequence";
  const { batchFirst = false, enforceSorted = true } = options;
  const { batch, steps } = paddedSizes(op, input, batchFirst);
  const given = checkedLengths(op, lengths, batch, steps);
  if (batch === 0) throw new ShapeError(`${op}: expected at least one sequence, got ${formatShape(input.shape)}`);
  if (enforceSorted && given.some((length, i) => i > 0 && length > (given[i - 1] as number))) {
    throw new UsageError(
      `${op}: lengths must be sorted, longest first, got ${formatShape(given)}; sort the batch, or pass { enforceSorted: false }`,
    );
  }
  const order = given.map((_, i) => i);
  if (!enforceSorted) order.sort((a, b) => (given[b] as number) - (given[a] as number));
  const batchSizes = countPerStep(given);
  const rows = batchSizes.flatMap((size, step) =>
    order.slice(0, size).map((sequence) => (batchFirst ? sequence * steps + step : step * batch + sequence)),
  );
  const data = input.flatten(0, 1).indexSelect(0, integers(rows));
  if (enforceSorted) return new PackedSequence(data, integers(batchSizes));
  const places = order.map((_, sequence) => order.indexOf(sequence));
  return new PackedSequence(data, integers(batchSizes), integers(order), integers(places));
}

/** Options of {@link padPackedSequence}. */
export interface PadPackedOptions extends SequenceLayoutOptions {
  /** What stands behind the end of a sequence. Default 0. */
  paddingValue?: number;
  /** How many steps there shall be, at least the longest sequence's; null: as many as those. Default null. */
  totalLength?: number | null;
}

/**
 * The inverse of `packPaddedSequence`: the padded batch, in its first order, and the lengths (int32).
 *
 * **Shapes** result: [L, N, ...], with `batchFirst` [N, L, ...], and [N].
 * Options: `batchFirst` (false), `paddingValue` (0), `totalLength` (null).
 * @throws UsageError if `totalLength` is less than the longest sequence.
 * @example
 * const packed = packSequence([tensor([1, 2, 3]), tensor([4])]);
 * padPackedSequence(packed, { batchFirst: true }); // → [[[1, 2, 3], [4, 0, 0]], [3, 1]]
 */
export function padPackedSequence(sequence: PackedSequence, options: PadPackedOptions = {}): [Tensor, Tensor] {
  const { batchFirst = false, paddingValue = 0, totalLength = null } = options;
  const { data, batchSizes, unsortedIndices } = sequence;
  const sizes = Array.from(batchSizes.toTypedArray());
  const batch = sizes[0] as number;
  if (totalLength !== null && !(totalLength >= sizes.length)) {
    throw new UsageError(
      `padPackedSequence: totalLength must be at least ${sizes.length}, the length of the longest sequence, got ${totalLength}`,
    );
  }
  const steps = totalLength ?? sizes.length;
  const places = unsortedIndices === null ? sizes.slice(0, 0) : Array.from(unsortedIndices.toTypedArray());
  const padding = data.shape[0] as number;
  const starts: number[] = [];
  sizes.reduce((start, size, step) => {
    starts[step] = start;
    return start + size;
  }, 0);
  const rowOf = (step: number, i: number): number => {
    const place = places[i] ?? i;
    return place < (sizes[step] ?? 0) ? (starts[step] as number) + place : padding;
  };
  const [outer, inner] = batchFirst ? [batch, steps] : [steps, batch];
  const rows = Array.from({ length: outer * inner }, (_, at) => {
    const [first, second] = [Math.floor(at / inner), at % inner];
    return batchFirst ? rowOf(second, first) : rowOf(first, second);
  });
  const shape = data.shape.slice(1);
  const source = cat([data, full([1, ...shape], paddingValue, { dtype: data.dtype })]);
  const lengths = Array.from({ length: batch }, (_, i) => sizes.filter((size) => size > (places[i] ?? i)).length);
  return [source.indexSelect(0, integers(rows)).reshape([outer, inner, ...shape]), integers(lengths)];
}

/** Options of {@link padSequence}. */
export interface PadSequenceOptions extends SequenceLayoutOptions {
  /** What fills the shorter sequences up. Default 0. */
  paddingValue?: number;
  /** On which side they are filled up. Default "right". */
  paddingSide?: "left" | "right";
}

/**
 * Stacks sequences of different lengths, the shorter ones filled up.
 *
 * **Shapes** sequences: N of [Lᵢ, ...]; result: [max Lᵢ, N, ...], with `batchFirst` [N, max Lᵢ, ...].
 * Options: `batchFirst` (false), `paddingValue` (0), `paddingSide` ("right").
 * @throws UsageError for an empty list; ShapeError if other sizes than the first differ.
 * @example padSequence([tensor([1, 2]), tensor([3])], { batchFirst: true }); // → [[1, 2], [3, 0]]
 */
export function padSequence(sequences: readonly Tensor[], options: PadSequenceOptions = {}): Tensor {
  const { batchFirst = false, paddingValue = 0, paddingSide = "right" } = options;
  const [first] = sequences;
  if (first === undefined) throw new UsageError("padSequence: expected a list of at least one sequence");
  if (paddingSide !== "left" && paddingSide !== "right") {
    throw new UsageError(`padSequence: paddingSide must be "left" or "right", got ${JSON.stringify(paddingSide)}`);
  }
  const rest = formatShape(first.shape.slice(1));
  const wrong = sequences.find(({ ndim, shape }) => ndim === 0 || formatShape(shape.slice(1)) !== rest);
  if (wrong !== undefined) {
    throw new ShapeError(
      `padSequence: sequences may differ in their first size only, got ${formatShape(first.shape)} and ${formatShape(wrong.shape)}`,
    );
  }
  const steps = Math.max(...sequences.map(({ shape }) => shape[0] as number));
  const padded = sequences.map((sequence) => {
    const [length, ...shape] = sequence.shape as [number, ...number[]];
    if (length === steps) return sequence;
    const padding = full([steps - length, ...shape], paddingValue, { dtype: sequence.dtype });
    return cat(paddingSide === "right" ? [sequence, padding] : [padding, sequence]);
  });
  return stack(padded, batchFirst ? 0 : 1);
}

/**
 * The sequences of a padded batch, without their padding, as views.
 *
 * **Shapes** padded: [L, N, ...], with `batchFirst` [N, L, ...]; result: N of [lengthᵢ, ...]. Options: `batchFirst` (false).
 * @throws UsageError for lengths out of range; ShapeError if their number differs from N.
 * @example unpadSequence(tensor([[1, 2], [3, 0]]), [2, 1], { batchFirst: true }); // → [[1, 2], [3]]
 */
export function unpadSequence(
  padded: Tensor,
  lengths: Tensor | readonly number[],
  options: SequenceLayoutOptions = {},
): Tensor[] {
  const { batchFirst = false } = options;
  const { batch, steps } = paddedSizes("unpadSequence", padded, batchFirst);
  const list = checkedLengths("unpadSequence", lengths, batch, steps);
  return padded.unbind(batchFirst ? 0 : 1).map((sequence, i) => sequence.narrow(0, 0, list[i] as number));
}

/**
 * Packs sequences of different lengths, longest first unless `enforceSorted` is false.
 *
 * **Shapes** sequences: N of [Lᵢ, ...]. Options: `enforceSorted` (true).
 * @throws UsageError for an empty list, an empty sequence, or lengths that are not sorted.
 * @example packSequence([tensor([1, 2, 3]), tensor([4])]).data; // → [1, 4, 2, 3]
 */
export function packSequence(sequences: readonly Tensor[], options: EnforceSortedOptions = {}): PackedSequence {
  const lengths = sequences.map(({ shape }) => shape[0] as number);
  return packPaddedSequence(padSequence(sequences), lengths, options);
}

/**
 * The inverse of {@link packSequence}: the sequences in their first order.
 *
 * **Shapes** results: [Lᵢ, ...].
 * @example unpackSequence(packSequence([tensor([1, 2, 3]), tensor([4])])); // → [[1, 2, 3], [4]]
 */
export function unpackSequence(packed: PackedSequence): Tensor[] {
  return unpadSequence(...padPackedSequence(packed));
}
