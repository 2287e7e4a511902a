import { Tensor } from "@kindling/tensor";
import ts from "typescript";

/** A value as examples write it: tensors and typed arrays as nested arrays, everything else as it is. */
export function plain(value: unknown): unknown {
  if (value instanceof Tensor) return value.toArray();
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as Uint8Array);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** A number of three decimals or more counts if it rounds to what is written; others are equal, but for a rounding error. */
function isNear(value: number, text: string, sign: number): boolean {
  const expected = sign * Number(text);
  const { length } = /\.(\d+)/.exec(text)?.[1] ?? "";
  const exponent = Number(/e([+-]?\d+)/.exec(text)?.[1] ?? 0);
  const tolerance = length < 3 ? 1e-6 * Math.max(1, Math.abs(expected)) : 0.501 * 10 ** (exponent - length);
  return Math.abs(value - expected) <= tolerance;
}

function matches(value: unknown, expected: ts.Expression): boolean {
  if (ts.isNumericLiteral(expected)) return typeof value === "number" && isNear(value, expected.getText(), 1);
  if (ts.isPrefixUnaryExpression(expected) && expected.operator === ts.SyntaxKind.MinusToken) {
    if (typeof value !== "number") return false;
    if (ts.isNumericLiteral(expected.operand)) return isNear(value, expected.operand.getText(), -1);
    return matches(-value, expected.operand);
  }
  if (ts.isStringLiteral(expected)) return value === expected.text;
  if (ts.isArrayLiteralExpression(expected)) {
    const { elements } = expected;
    return (
      Array.isArray(value) &&
      value.length === elements.length &&
      elements.every((element, index) => matches(value[index], element))
    );
  }
  if (ts.isObjectLiteralExpression(expected)) {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
    const properties = expected.properties.filter(ts.isPropertyAssignment);
    const entries = new Map(Object.entries(value));
    return (
      entries.size === properties.length &&
      properties.every(({ name, initializer }) => {
        const key = ts.isStringLiteral(name) ? name.text : name.getText();
        return entries.has(key) && matches(entries.get(key), initializer);
      })
    );
  }
  const constants = { NaN, Infinity, undefined, true: true, false: false, null: null };
  const text = expected.getText();
  if (!Object.hasOwn(constants, text)) throw new Error(`not a value: ${text}`);
  return Object.is(value, constants[text as keyof typeof constants]);
}

/** Compares a value with how an example writes it. */
export function check(value: unknown, expected: string): void {
  const file = ts.createSourceFile("value.ts", `(${expected})`, ts.ScriptTarget.Latest, true);
  const [statement] = file.statements;
  if (file.statements.length !== 1 || !statement || !ts.isExpressionStatement(statement)) {
    throw new Error(`not a value: ${expected}`);
  }
  const { expression } = statement.expression as ts.ParenthesizedExpression;
  if (!matches(plain(value), expression)) {
    throw new Error(`expected ${expected}, got ${JSON.stringify(plain(value), writeNumber)}`);
  }
}

/** Numbers that JSON has no way to write, as JavaScript writes them. */
const writeNumber = (_key: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value;

/** Runs what must throw: `expected` is "throws" and the name of the error's class. */
export async function checkThrows(run: () => Promise<unknown>, expected: string): Promise<void> {
  const name = expected.slice("throws ".length);
  try {
    await run();
  } catch (error) {
    if (error instanceof Error && error.constructor.name === name) return;
    throw new Error(`expected a ${name}`, { cause: error });
  }
  throw new Error(`expected a ${name}, and nothing was thrown`);
}
