import { ShapeError, UsageError } from "../errors.js";
import { formatShape, numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { bmm } from "./matmul.js";

/** An operand and the label of each of its dimensions. */
interface Labelled {
  readonly tensor: Tensor;
  readonly labels: readonly string[];
}

/** Labels of the dimensions that an ellipsis stands for; they align at the end, as broadcasting does. */
const ellipsisLabels = (count: number): string[] => Array.from({ length: count }, (_, i) => `.${count - i}`);

function parseTerm(term: string, ellipsis: number): string[] {
  const labels: string[] = [];
  for (let i = 0; i < term.length; i++) {
    const letter = term[i] as string;
    if (term.startsWith("...", i)) {
      labels.push(...ellipsisLabels(ellipsis));
      i += 2;
    } else if (/[A-Za-z]/.test(letter)) labels.push(letter);
    else throw new UsageError(`einsum: unexpected "${letter}" in "${term}"; subscripts are letters and one "..."`);
  }
  return labels;
}

function parse(equation: string, operands: readonly Tensor[]): { inputs: string[][]; output: string[] } {
  const compact = equation.replaceAll(" ", "");
  const arrow = compact.indexOf("->");
  const terms = (arrow === -1 ? compact : compact.slice(0, arrow)).split(",");
  if (terms.length !== operands.length) {
    throw new UsageError(`einsum: "${equation}" names ${terms.length} operands, got ${operands.length}`);
  }
  let widest = 0;
  const inputs = terms.map((term, i) => {
    const operand = operands[i] as Tensor;
    const hasEllipsis = term.includes("...");
    const named = term.replace("...", "").length;
    const ellipsis = hasEllipsis ? operand.ndim - named : 0;
    if (ellipsis < 0 || (!hasEllipsis && named !== operand.ndim)) {
      throw new ShapeError(
        `einsum: "${term}" names ${named} dimensions, but operand ${i} has shape ${formatShape(operand.shape)}`,
      );
    }
    widest = Math.max(widest, ellipsis);
    return parseTerm(term, ellipsis);
  });
  if (arrow !== -1) {
    const output = parseTerm(compact.slice(arrow + 2), widest);
    for (const label of output) {
      if (output.indexOf(label) !== output.lastIndexOf(label)) {
        throw new UsageError(`einsum: "${label}" appears more than once in the output of "${equation}"`);
      }
      if (!inputs.some((labels) => labels.includes(label))) {
        throw new UsageError(`einsum: the output "${label}" of "${equation}" appears in no operand`);
      }
    }
    return { inputs, output };
  }
  // Without an arrow: the ellipsis, then the letters that occur once, in alphabetical order.
  const all = inputs.flat();
  const once = [...new Set(all)].filter(
    (label) => !label.startsWith(".") && all.indexOf(label) === all.lastIndexOf(label),
  );
  return { inputs, output: [...ellipsisLabels(widest), ...once.sort()] };
}

/** The size of every label; 1 broadcasts. */
function labelSizes(equation: string, operands: readonly Labelled[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { tensor, labels } of operands) {
    labels.forEach((label, dim) => {
      const size = tensor.shape[dim] as number;
      const known = sizes.get(label) ?? 1;
      if (known !== 1 && size !== 1 && known !== size) {
        throw new ShapeError(
          `einsum: "${label}" of "${equation}" has size ${known} in one operand and ${size} in another`,
        );
      }
      sizes.set(label, known === 1 ? size : known);
    });
  }
  return sizes;
}

/** Takes the diagonal of labels that repeat, and sums over those that nothing else needs. */
function reduceAlone(operand: Labelled, needed: ReadonlySet<string>): Labelled {
  let { tensor } = operand;
  const labels = [...operand.labels];
  for (let i = 0; i < labels.length; i++) {
    const twin = labels.indexOf(labels[i] as string, i + 1);
    if (twin === -1) continue;
    if (tensor.shape[i] !== tensor.shape[twin]) {
      throw new ShapeError(
        `einsum: "${labels[i]}" repeats with sizes ${tensor.shape[i]} and ${tensor.shape[twin]} in one operand`,
      );
    }
    // The diagonal comes last.
    tensor = tensor.diagonal(0, i, twin);
    const [label] = labels.splice(i, 1) as [string];
    labels.splice(twin - 1, 1);
    labels.push(label);
    i--;
  }
  const surplus = labels.flatMap((label, dim) => (needed.has(label) ? [] : [dim]));
  if (surplus.length === 0) return { tensor, labels };
  return { tensor: tensor.sum(surplus), labels: labels.filter((label) => needed.has(label)) };
}

/** Brings the dimensions into the order of `labels`, at their full sizes. */
function arrange(operand: Labelled, labels: readonly string[], sizes: ReadonlyMap<string, number>): Tensor {
  const permuted = operand.tensor.permute(labels.map((label) => operand.labels.indexOf(label)));
  const shape = labels.map((label) => sizes.get(label) as number);
  return permuted.shape.every((size, i) => size === shape[i]) ? permuted : permuted.expand(shape);
}

/** Contracts two operands by one batched matrix product, keeping the labels that are needed. */
function contract(a: Labelled, b: Labelled, needed: ReadonlySet<string>, sizes: ReadonlyMap<string, number>): Labelled {
  const left = reduceAlone(a, new Set([...needed, ...b.labels]));
  const right = reduceAlone(b, new Set([...needed, ...a.labels]));
  const shared = left.labels.filter((label) => right.labels.includes(label));
  const batch = shared.filter((label) => needed.has(label));
  const summed = shared.filter((label) => !needed.has(label));
  const rows = left.labels.filter((label) => !shared.includes(label));
  const columns = right.labels.filter((label) => !shared.includes(label));
  const count = (labels: readonly string[]): number =>
    numberOfElements(labels.map((label) => sizes.get(label) as number));
  const product = bmm(
    arrange(left, [...batch, ...rows, ...summed], sizes).reshape([count(batch), count(rows), count(summed)]),
    arrange(right, [...batch, ...summed, ...columns], sizes).reshape([count(batch), count(summed), count(columns)]),
  );
  const labels = [...batch, ...rows, ...columns];
  return { tensor: product.reshape(labels.map((label) => sizes.get(label) as number)), labels };
}

/**
 * Sums of products in Einstein's notation: letters name dimensions, those missing on the right are
 * summed over, a repeated letter takes the diagonal, `...` stands for dimensions that broadcast.
 * Operands are contracted from left to right.
 *
 * **Shapes** operands: a dimension for each letter; result: those on the right of the arrow (without one, the letters
 * that occur once, in alphabetical order).
 * @throws UsageError for an equation that makes no sense; ShapeError for sizes that do not fit it.
 * @example
 * const x = tensor([[1, 2], [3, 4]]);
 * einsum("ij,jk->ik", x, x); // → [[7, 10], [15, 22]]
 * einsum("ii", x); // → 5
 */
export function einsum(equation: string, ...operands: readonly (Tensor | readonly Tensor[])[]): Tensor {
  const tensors = operands.flat() as Tensor[];
  const { inputs, output } = parse(equation, tensors);
  const all = tensors.map((tensor, i): Labelled => ({ tensor, labels: inputs[i] as string[] }));
  const sizes = labelSizes(equation, all);
  let current = all[0] as Labelled;
  for (let i = 1; i < all.length; i++) {
    const needed = new Set([...output, ...all.slice(i + 1).flatMap(({ labels }) => labels)]);
    current = contract(current, all[i] as Labelled, needed, sizes);
  }
  return arrange(reduceAlone(current, new Set(output)), output, sizes);
}
