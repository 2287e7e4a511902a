import { Tensor } from "@kindling/tensor";

/** Whether `value` is an object like `{ weight, bias }`, of no class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The same nesting of arrays and plain objects, with `change` applied to everything else. */
export function mapTree(tree: unknown, change: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(tree)) return tree.map((item) => mapTree(item, change));
  if (!isPlainObject(tree)) return change(tree);
  return Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, mapTree(item, change)]));
}

/** `mapTree` that changes tensors and leaves all else as it is. */
export function mapTensors<T>(tree: T, change: (tensor: Tensor) => unknown): T {
  return mapTree(tree, (leaf) => (leaf instanceof Tensor ? change(leaf) : leaf)) as T;
}

/** What lies in nested arrays and plain objects, in order. */
export function leavesOf(tree: unknown): unknown[] {
  if (Array.isArray(tree)) return tree.flatMap(leavesOf);
  return isPlainObject(tree) ? Object.values(tree).flatMap(leavesOf) : [tree];
}

/** The tensors in nested arrays and plain objects, in order. */
export function tensorsOf(tree: unknown): Tensor[] {
  return leavesOf(tree).filter((leaf) => leaf instanceof Tensor);
}
