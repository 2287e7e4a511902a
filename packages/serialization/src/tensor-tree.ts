import { DataError, Tensor, UsageError } from "@kindling/tensor";
import { type Json, maxJsonDepth, parseJson } from "./json.js";

/** Plain data with tensors in them, taken apart: JSON text that refers to the tensors by name. */
export interface TensorTree {
  readonly json: string;
  readonly tensors: Map<string, Tensor>;
}

// What JSON cannot say stands there as an object with one of these keys.
const tensorKey = "$tensor";
const numberKey = "$number";

/**
 * Takes plain data (null, booleans, numbers, strings, arrays, plain objects) with tensors in them apart. A tensor's name is its
 * path: `state.0.expAvg`. Fields that are undefined are left out.
 *
 * @throws UsageError for anything else, naming its path.
 */
export function detachTensors(value: unknown): TensorTree {
  const tensors = new Map<string, Tensor>();
  const encode = (value: unknown, path: readonly string[]): unknown => {
    // One level is left for the object that stands for a tensor.
    if (path.length >= maxJsonDepth) {
      throw new UsageError(`cannot save ${path.join(".")}: nested ${maxJsonDepth} levels deep or more`);
    }
    if (value instanceof Tensor) {
      let name = path.join(".");
      while (tensors.has(name)) name += "_";
      tensors.set(name, value);
      return { [tensorKey]: name };
    }
    if (value === null || typeof value === "boolean" || typeof value === "string") return value;
    if (typeof value === "number") {
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { [numberKey]: Object.is(value, -0) ? "-0" : `${value}` };
    }
    if (Array.isArray(value)) return value.map((item, i) => encode(item, [...path, `${i}`]));
    if (typeof value !== "object" || ![Object.prototype, null].includes(Object.getPrototypeOf(value))) {
      throw new UsageError(
        `cannot save ${path.join(".")}: expected plain data or a tensor, got ${typeof value === "object" ? value.constructor.name : typeof value}`,
      );
    }
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(
      entries.map(([key, item]) => {
        if (key.startsWith("$"))
          throw new UsageError(`cannot save ${[...path, key].join(".")}: names must not start with $`);
        return [key, encode(item, [...path, key])];
      }),
    );
  };
  return { json: JSON.stringify(encode(value, [])), tensors };
}

/**
 * The data that `detachTensors` took apart.
 *
 * @throws DataError if the text is not what `detachTensors` writes, or a tensor is missing.
 */
export function attachTensors(json: string, tensors: Readonly<Record<string, Tensor>>): unknown {
  const decode = (value: Json): unknown => {
    if (Array.isArray(value)) return value.map(decode);
    if (!(value instanceof Map)) return value;
    const number = value.get(numberKey);
    if (number !== undefined) return Number(number);
    const name = value.get(tensorKey);
    if (name === undefined) return Object.fromEntries([...value].map(([key, item]) => [key, decode(item)]));
    if (typeof name !== "string" || !Object.hasOwn(tensors, name)) {
      throw new DataError(`the tensor ${String(name)} is missing`);
    }
    return tensors[name];
  };
  return decode(parseJson(json));
}
