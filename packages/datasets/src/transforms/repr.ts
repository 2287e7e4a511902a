// Values as Python writes them, so that a transform describes itself as torchvision's does.

/** A float: 1 is written 1.0. */
export function float(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

export function tuple(values: readonly number[]): string {
  return `(${values.map(float).join(", ")})`;
}

export function list(values: readonly number[]): string {
  return `[${values.map(float).join(", ")}]`;
}

export function bool(value: boolean): string {
  return value ? "True" : "False";
}

/** A whole number or a list of numbers, as they were given. */
export function given(value: number | readonly number[] | null): string {
  if (value === null) return "None";
  return typeof value === "number" ? String(value) : `[${value.join(", ")}]`;
}
