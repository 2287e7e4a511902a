// How PyTorch prints a module's options and its tree.

/** A float as Python prints it: `1.0`, `0.1`, `1e-05`. */
export function showFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
  const power = Number(exponent);
  if (value === 0 || (power >= -4 && power < 16)) return Number.isInteger(value) ? `${value}.0` : String(value);
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

export function showBool(value: boolean): string {
  return value ? "True" : "False";
}

/** One number as it is, several as a tuple. */
export function showSize(value: number | null | readonly (number | null)[]): string {
  if (!Array.isArray(value)) return String(value ?? "None");
  const items = (value as readonly (number | null)[]).map((item) => item ?? "None");
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}

/** A module: its options between the parentheses, or above its children. */
export function showTree(name: string, options: string, children: readonly (readonly [string, string])[]): string {
  const lines = options === "" ? [] : options.split("\n");
  if (children.length === 0 && lines.length <= 1) return `${name}(${options})`;
  for (const [key, text] of children) lines.push(`(${key}): ${text.replaceAll("\n", "\n  ")}`);
  return `${name}(\n  ${lines.join("\n  ")}\n)`;
}
