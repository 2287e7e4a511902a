import { type DType, type IndexItem, slice, Tensor } from "@kindling/tensor";
import type { Parser } from "./arguments.js";
import type { Value, Values } from "./decode.js";
import { NotCovered } from "./outcome.js";

function describe(value: Value): string {
  if (value === null) return "None";
  if (value instanceof Tensor) return "a tensor";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}

function refuse(value: Value, name: string): never {
  throw new NotCovered(`${name} as ${describe(value)}`);
}

export const number: Parser<number> = (value, name) => (typeof value === "number" ? value : refuse(value, name));
export const boolean: Parser<boolean> = (value, name) => (typeof value === "boolean" ? value : refuse(value, name));
export const tensor: Parser<Tensor> = (value, name) => (value instanceof Tensor ? value : refuse(value, name));

/** A word as it is: the library itself has to refuse one that it does not know, hence the type. */
export const word: Parser<never> = (value, name) => (typeof value === "string" ? value : refuse(value, name)) as never;

/** A word in camelCase, as Kindling writes such options. */
export const camelWord: Parser<never> = (value, name) =>
  (word(value, name) as string).replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) as never;

const dtypes: Readonly<Record<string, DType>> = {
  bool: "bool",
  uint8: "uint8",
  int8: "int8",
  int16: "int16",
  int32: "int32",
  int64: "int32",
  float32: "float32",
  float64: "float64",
};
export const dtype: Parser<DType> = (value, name) => dtypes[word(value, name)] ?? refuse(value, name);

export function listOf<T>(parse: Parser<T>): Parser<T[]> {
  return (value, name) => (Array.isArray(value) ? value.map((item) => parse(item, name)) : refuse(value, name));
}

export function either<A, B>(first: Parser<A>, second: Parser<B>): Parser<A | B> {
  return (value, name) => {
    try {
      return first(value, name);
    } catch (error) {
      if (error instanceof NotCovered) return second(value, name);
      throw error;
    }
  };
}

export function orNull<T>(parse: Parser<T>): Parser<T | null> {
  return (value, name) => (value === null ? null : parse(value, name));
}

/** A value that has members by name. */
export const record: Parser<Values> = (value, name) =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Tensor)
    ? (value as Values)
    : refuse(value, name);

export const numbers = listOf(number);
export const tensors = listOf(tensor);
/** A size or position given once or per dimension. */
export const oneOrMore = either(number, numbers);
/** A plain value that fills a tensor. */
export const filler = either(number, boolean);
/** The second operand of arithmetic. */
export const operand = either(tensor, filler);
/** "same", "valid" or sizes. */
export const wordOrSize: Parser<number | readonly number[]> = either(oneOrMore, word);

const indexItem: Parser<IndexItem> = (value, name) => {
  if (value === null || typeof value === "number" || typeof value === "boolean" || value === "...") return value;
  if (value instanceof Tensor) return value;
  if (typeof value === "object" && "slice" in value) {
    return slice(...(listOf(orNull(number))(value.slice as Value, name) as [number | null]));
  }
  return refuse(value, name);
};

/** What stands between the brackets of `x[…]`. */
export const indexItems: Parser<readonly IndexItem[]> = (value, name) =>
  Array.isArray(value) ? value.map((item) => indexItem(item, name)) : [indexItem(value, name)];
