import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

export const root = join(import.meta.dirname, "../..");

/** The packages whose every name is documented. The umbrella stands for what only it exports. */
export const packages = [
  "tensor",
  "autograd",
  "nn",
  "losses",
  "optimizers",
  "datasets",
  "serialization",
  "kindling",
] as const;

export interface PublicName {
  readonly package: string;
  /** As a user writes it: `sum`, `init.zeros_`; with a dot and the member for a method of a class. */
  readonly name: string;
  /** Where it is declared, for messages. */
  readonly place: string;
  readonly isValue: boolean;
  readonly isMember: boolean;
  /** Marked `@internal`: exported for the other packages, so that a sentence is enough. */
  readonly isInternal: boolean;
  readonly sentence: string;
  /** The texts of its `@example` tags. */
  readonly examples: readonly string[];
}

const compilerOptions = ((): ts.CompilerOptions => {
  const file = join(root, "examples/tsconfig.json");
  const { config } = ts.readConfigFile(file, (path) => readFileSync(path, "utf8")) as { config: object };
  return ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, join(root, "examples"), undefined, file)
    .options;
})();

/** A program of some files and everything they import, read as the examples are. */
export function createProgram(files: readonly string[], old?: ts.Program): ts.Program {
  return ts.createProgram({ rootNames: files, options: compilerOptions, ...(old && { oldProgram: old }) });
}

export const entry = (name: string): string => join(root, "packages", name, "src/index.ts");

/** The text of a tag, without the stars at the start of its lines. */
function tagText(tag: ts.JSDocTag): string {
  const text = tag.getSourceFile().text.slice(tag.tagName.end, tag.end);
  return text
    .split("\n")
    .map((line, index) => (index === 0 ? line.trim() : line.replace(/^\s*\* ?/, "").trimEnd()))
    .join("\n")
    .trim();
}

const resolveAlias = (symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

function describeSymbol(
  symbol: ts.Symbol,
  checker: ts.TypeChecker,
): Pick<PublicName, "place" | "sentence" | "examples" | "isInternal"> {
  const declarations = symbol.getDeclarations() ?? [];
  const [first] = declarations;
  const file = first?.getSourceFile();
  const line = first && file ? file.getLineAndCharacterOfPosition(first.getStart()).line + 1 : 0;
  const tags = declarations.flatMap((declaration) => ts.getJSDocTags(declaration));
  return {
    place: file ? `${relative(root, file.fileName)}:${line}` : "",
    // Of a method that overrides one, this is the text of the overridden, as in an editor.
    sentence: ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim(),
    examples: [...new Set(tags.filter((tag) => tag.tagName.text === "example"))].map(tagText),
    isInternal: tags.some((tag) => tag.tagName.text === "internal"),
  };
}

const isHidden = (declaration: ts.Declaration): boolean =>
  (ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0;

/** The methods and accessors that a class declares itself. */
function* ownMembers(symbol: ts.Symbol): Generator<ts.Symbol> {
  const members = [...(symbol.members?.values() ?? []), ...(symbol.exports?.values() ?? [])];
  const kinds = ts.SymbolFlags.Method | ts.SymbolFlags.Accessor;
  for (const member of members) {
    const [declaration] = member.getDeclarations() ?? [];
    const isNamed = declaration && ts.isClassElement(declaration) && declaration.name;
    if (!(member.flags & kinds) || !isNamed || isHidden(declaration)) continue;
    if (ts.isIdentifier(declaration.name as ts.Node)) yield member;
  }
}

/** The functions that are methods of a class without being its members: `Methods` maps them onto tensors. */
function* mappedFunctions(symbol: ts.Symbol, checker: ts.TypeChecker): Generator<ts.Symbol> {
  for (const property of checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))) {
    const [declaration] = property.getDeclarations() ?? [];
    const isFunction =
      declaration &&
      (ts.isFunctionDeclaration(declaration) || ts.isVariableDeclaration(declaration)) &&
      declaration.name;
    const found = isFunction && checker.getSymbolAtLocation(declaration.name as ts.Node);
    if (found) yield found;
  }
}

/** Every name that the packages export, once: under the first package that exports it. */
export function publicNames(program: ts.Program): PublicName[] {
  const checker = program.getTypeChecker();
  const seen = new Set<ts.Symbol>();
  const names: PublicName[] = [];

  const visit = (packageName: string, prefix: string, exported: ts.Symbol): void => {
    const symbol = resolveAlias(exported, checker);
    const name = prefix + exported.name;
    if (symbol.flags & ts.SymbolFlags.ValueModule) {
      for (const member of checker.getExportsOfModule(symbol)) visit(packageName, `${name}.`, member);
      return;
    }
    if (seen.has(symbol)) return;
    seen.add(symbol);
    const about = describeSymbol(symbol, checker);
    const isValue = (symbol.flags & ts.SymbolFlags.Value) !== 0;
    names.push({ package: packageName, name, isValue, isMember: false, ...about });
    if (!(symbol.flags & ts.SymbolFlags.Class)) return;
    for (const member of ownMembers(symbol)) {
      const described = describeSymbol(member, checker);
      names.push({ package: packageName, name: `${name}.${member.name}`, isValue, isMember: true, ...described });
    }
  };

  for (const packageName of packages) {
    const file = program.getSourceFile(entry(packageName));
    const module = file && checker.getSymbolAtLocation(file);
    if (!module) throw new Error(`no exports in ${entry(packageName)}`);
    const exported = checker.getExportsOfModule(module);
    for (const symbol of exported) visit(packageName, "", symbol);
    // Then the methods that are no functions of the package, such as `x.float()`.
    for (const symbol of exported.map((given) => resolveAlias(given, checker))) {
      if (!(symbol.flags & ts.SymbolFlags.Class)) continue;
      for (const method of mappedFunctions(symbol, checker)) visit(packageName, `${symbol.name}.`, method);
    }
  }
  return names;
}
