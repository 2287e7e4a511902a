import { formatShape, sameShape, type Tensor } from "@kindling/tensor";
import { kindlingDType } from "./decode.js";
import type { Blob, Group } from "./folder.js";
import { Mismatch } from "./outcome.js";

/** A result to compare; plain numbers and booleans stand for 0-dimensional tensors of any dtype. */
export type Got = Tensor | number | boolean | null | undefined;

/** What differs first between a result and the golden numbers, null if nothing does. */
export function difference(group: Group, got: Got, want: Blob | null): string | null {
  if (want === null) return got === null || got === undefined ? null : "a value where none is expected";
  if (got === null || got === undefined) return "no value where one is expected";
  if (typeof got !== "object") return elementDifference(group, [Number(got)], want);
  const dtype = kindlingDType(want.dtype);
  if (!sameShape(got.shape, want.shape)) return `shape ${formatShape(got.shape)} for ${formatShape(want.shape)}`;
  if (got.dtype !== dtype) return `dtype ${got.dtype} for ${dtype}`;
  return elementDifference(group, got.toTypedArray(), want);
}

function elementDifference(group: Group, got: ArrayLike<number>, want: Blob): string | null {
  const expected = group.data(want);
  const [relative, absolute] = want.tol ?? [0, 0];
  const absolutes = want.tol_at === undefined ? null : group.data(want.tol_at);
  if (got.length !== expected.length) return `${got.length} elements for ${expected.length}`;
  for (let i = 0; i < expected.length; i++) {
    const a = got[i] as number;
    const b = expected[i] as number;
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    const allowed = (absolutes?.[i] ?? absolute) + relative * Math.abs(b);
    // An infinite b would allow everything.
    if (!Number.isFinite(b) || !(Math.abs(a - b) <= allowed)) return `element ${i}: ${a} for ${b} ± ${allowed}`;
  }
  return null;
}

/** Throws a Mismatch that says where, unless the result is the golden one. */
export function expectSame(group: Group, where: string, got: Got, want: Blob | null): void {
  const found = difference(group, got, want);
  if (found !== null) throw new Mismatch(`${where}: ${found}`);
}

/** `expectSame` for each member of a list. */
export function expectAllSame(group: Group, where: string, got: readonly Got[], want: readonly (Blob | null)[]): void {
  if (got.length !== want.length) throw new Mismatch(`${where}: ${got.length} results for ${want.length}`);
  want.forEach((blob, i) => {
    expectSame(group, `${where} ${i}`, got[i], blob);
  });
}

/** Throws a Mismatch unless two plain values are equal. */
export function expectEqual(where: string, got: unknown, want: unknown): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(want)];
  if (a !== b) throw new Mismatch(`${where}: ${a} for ${b}`);
}
