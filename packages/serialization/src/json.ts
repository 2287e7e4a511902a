import { DataError } from "@kindling/tensor";

/** A JSON value. Objects are maps, so that a key such as `__proto__` is a key like any other. */
export type Json = null | boolean | number | string | Json[] | Map<string, Json>;

/** How deeply arrays and objects may be nested. */
export const maxJsonDepth = 16;

/**
 * Parses JSON from a file that nobody vouches for: unlike `JSON.parse` it refuses a key that appears twice in an object,
 * and nesting that would cost more memory than the text.
 *
 * @throws DataError that says where what was expected.
 */
export function parseJson(text: string): Json {
  let at = 0;

  const fail = (expected: string): never => {
    throw new DataError(`not valid JSON: expected ${expected} at character ${at}`);
  };
  const skipSpace = (): void => {
    while (at < text.length && " \t\n\r".includes(text.charAt(at))) at++;
  };
  const take = (character: string): boolean => {
    skipSpace();
    if (text[at] !== character) return false;
    at++;
    return true;
  };
  const primitive = (end: number): null | boolean | number | string => {
    try {
      const value = JSON.parse(text.slice(at, end)) as null | boolean | number | string;
      at = end;
      return value;
    } catch {
      return fail("a value");
    }
  };
  const string = (): string => {
    skipSpace();
    if (text[at] !== '"') fail("a string");
    let end = at;
    let escaped: boolean;
    do {
      end = text.indexOf('"', end + 1);
      if (end === -1) fail("a string that ends");
      let slashes = 0;
      while (text[end - 1 - slashes] === "\\") slashes++;
      escaped = slashes % 2 === 1;
    } while (escaped);
    return primitive(end + 1) as string;
  };
  const object = (depth: number): Map<string, Json> => {
    const result = new Map<string, Json>();
    if (take("}")) return result;
    do {
      const key = string();
      if (result.has(key)) throw new DataError(`the name ${JSON.stringify(key)} appears twice`);
      if (!take(":")) fail("a colon");
      result.set(key, value(depth));
    } while (take(","));
    if (!take("}")) fail('"," or "}"');
    return result;
  };
  const array = (depth: number): Json[] => {
    const result: Json[] = [];
    if (take("]")) return result;
    do result.push(value(depth));
    while (take(","));
    if (!take("]")) fail('"," or "]"');
    return result;
  };
  const value = (depth: number): Json => {
    if (depth > maxJsonDepth) throw new DataError(`JSON is nested more than ${maxJsonDepth} levels deep`);
    if (take("{")) return object(depth + 1);
    if (take("[")) return array(depth + 1);
    if (text[at] === '"') return string();
    let end = at;
    while (end < text.length && /[\w.+-]/.test(text.charAt(end))) end++;
    return primitive(end);
  };

  const result = value(0);
  skipSpace();
  if (at < text.length) fail("the end");
  return result;
}
