import { ShapeError, UsageError } from "@kindling/tensor";
import { checkIndex, Dataset, type MapDataset } from "./dataset.js";

type Named = Readonly<Record<string, MapDataset<unknown>>>;
type Listed = readonly MapDataset<unknown>[];
type ItemOf<Member> = Member extends MapDataset<infer Item> ? Item : never;
type Together<Members> = { -readonly [Key in keyof Members]: ItemOf<Members[Key]> };
/** The item that data sets given one by one, as an array or as an object make. */
export type Stacked<Members extends readonly unknown[]> = Members extends readonly [infer Only]
  ? Only extends MapDataset<infer Item>
    ? [Item]
    : Together<Only>
  : Together<Members>;

/**
 * Several data sets of equal length side by side: item i holds the i-th item of each, as a tuple, or under the names
 * of an object of data sets.
 *
 * @throws ShapeError when the lengths differ; UsageError for no data set, or what is none.
 * @example
 * const [inputs, targets] = [new TensorDataset(tensor([1, 2])), new TensorDataset(tensor([3, 4]))];
 * new StackDataset(inputs, targets).getItem(1); // → [[2], [4]]
 * new StackDataset({ inputs, targets }).getItem(1); // → { inputs: [2], targets: [4] }
 */
export class StackDataset<Members extends Listed | readonly [Listed | Named]> extends Dataset<Stacked<Members>> {
  /** The data sets, as an array or by name. */
  readonly datasets: Listed | Named;
  readonly length: number;

  constructor(...datasets: Members) {
    super();
    const [first] = datasets;
    this.datasets = datasets.length === 1 && first !== undefined && !isDataset(first) ? first : (datasets as Listed);
    const members = Object.entries<MapDataset<unknown>>(this.datasets as Named);
    for (const [name, member] of members) {
      if (!isDataset(member)) {
        throw new UsageError(
          `StackDataset: expected data sets with length and getItem, got ${member === null ? "null" : typeof member} as ${name}; ` +
            "give them one by one, or as one array or object",
        );
      }
    }
    const [length, ...others] = members.map(([, member]) => member.length);
    if (length === undefined) throw new UsageError("StackDataset: expected at least one data set");
    if (others.some((other) => other !== length)) {
      const lengths = members.map(([name, member]) => `${name}: ${member.length}`).join(", ");
      throw new ShapeError(`StackDataset: expected data sets of equal length, got ${lengths}`);
    }
    this.length = length;
  }

  /** The items of an index; negative ones count from the end. */
  getItem(index: number): Stacked<Members> {
    const at = checkIndex("StackDataset", index, this.length);
    const { datasets } = this;
    const items = Array.isArray(datasets)
      ? (datasets as Listed).map((member) => member.getItem(at))
      : Object.fromEntries(Object.entries(datasets as Named).map(([name, member]) => [name, member.getItem(at)]));
    return items as Stacked<Members>;
  }
}

function isDataset(value: unknown): value is MapDataset<unknown> {
  return typeof value === "object" && value !== null && "getItem" in value && typeof value.getItem === "function";
}
