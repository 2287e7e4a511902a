import ts from "typescript";
import { expect, it } from "vitest";
import { documentMethods } from "../scripts/document-methods.mjs";

// What the bundler makes of `type Families = typeof first & typeof second`.
const bundled = `
interface Tensor extends Methods {}
/**
 * The sum.
 * @example sum(x); // → 3
 */
declare function sum(x: Tensor, dim?: number): Tensor;
/** Of no use here. */
interface Options {}
declare const first_sum: typeof sum;
type first_Options = Options;
declare namespace first { export { type first_Options as Options, first_sum as sum }; }
/** The variance. */
declare function variance(x: Tensor): Tensor;
/** The sine. */
declare const sin: (x: Tensor) => Tensor;
declare namespace second { export { variance as var, sin }; }
type Families = typeof first & typeof second;
type Method<F> = F extends (self: infer _Self, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never;
type Methods = { [K in keyof Families as Exclude<K, never>]: Method<Families[K]> };
export type { Tensor };
`;

it("gives methods the docstrings and the types of their functions in the built types", () => {
  const host = ts.createCompilerHost({});
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...rest) =>
    name === "index.d.ts"
      ? ts.createSourceFile(name, documentMethods(bundled), ts.ScriptTarget.ES2022, true)
      : getSourceFile(name, ...rest);
  const program = ts.createProgram(["index.d.ts"], { target: ts.ScriptTarget.ES2022, strict: true, types: [] }, host);
  const file = program.getSourceFile("index.d.ts");
  expect(program.getSemanticDiagnostics(file)).toEqual([]);

  const checker = program.getTypeChecker();
  const [tensor] = checker.getExportsOfModule(checker.getSymbolAtLocation(file));
  const methods = checker
    .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(tensor))
    .map((symbol) => [
      symbol.name,
      checker.typeToString(checker.getTypeOfSymbol(symbol)),
      ts.displayPartsToString(symbol.getDocumentationComment(checker)),
    ]);
  expect(methods).toEqual([
    ["sum", "(dim?: number | undefined) => Tensor", "The sum."],
    ["var", "() => Tensor", "The variance."],
    ["sin", "() => Tensor", "The sine."],
  ]);
});

it("refuses types that it does not know, so that no build goes without", () => {
  expect(() => documentMethods("type Methods = {};")).toThrow("expected `type Families");
});
