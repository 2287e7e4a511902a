// `node scripts/document-methods.mjs [dist/index.d.ts]`: gives the methods of tensors their docstrings in the built types.
// In the sources, editors find them by themselves: `Methods` maps the functions of the families. The bundler turns the
// families into namespaces of aliases, through which no docstring is found, so here `Families` becomes an interface that
// lists its members, each with the docstring of its function.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** The types as they are bundled, with an interface in place of `type Families = typeof a & typeof b …`. */
export function documentMethods(text) {
  const file = ts.createSourceFile("index.d.ts", text, ts.ScriptTarget.Latest, true);
  /** Docstrings by the name of what they stand at. */
  const docs = new Map();
  /** What a name is another name of: `declare const reduction_sum: typeof sum`. */
  const aliases = new Map();
  /** The members of each namespace: their names, and the names of what they are. */
  const namespaces = new Map();
  let families;

  for (const statement of file.statements) {
    const doc = (statement.jsDoc ?? []).at(-1)?.getText(file);
    if (ts.isFunctionDeclaration(statement) && doc && !docs.has(statement.name.text))
      docs.set(statement.name.text, doc);
    if (ts.isVariableStatement(statement)) {
      for (const { name, type } of statement.declarationList.declarations) {
        if (doc) docs.set(name.text, doc);
        if (type && ts.isTypeQueryNode(type)) aliases.set(name.text, type.exprName.getText(file));
      }
    }
    if (ts.isModuleDeclaration(statement)) namespaces.set(statement.name.text, membersOf(statement));
    if (ts.isTypeAliasDeclaration(statement) && statement.name.text === "Families") families = statement;
  }
  if (families === undefined || !ts.isIntersectionTypeNode(families.type)) {
    throw new Error("expected `type Families = typeof a & typeof b …` in the built types");
  }

  const members = new Map();
  for (const type of families.type.types) {
    const namespace = namespaces.get(ts.isTypeQueryNode(type) ? type.exprName.getText(file) : undefined);
    if (namespace === undefined) throw new Error(`expected a namespace in Families, got ${type.getText(file)}`);
    for (const [name, local] of namespace) {
      const target = aliases.get(local) ?? local;
      const doc = docs.get(target);
      members.set(name, `${doc ? `    ${doc.replaceAll("\n", "\n    ")}\n` : ""}    ${name}: typeof ${target};`);
    }
  }
  const list = `interface Families {\n${[...members.values()].join("\n")}\n}`;
  return text.slice(0, families.getStart(file)) + list + text.slice(families.end);
}

/** The values that a namespace exports, as pairs of name and local name. */
function membersOf(namespace) {
  const exported = namespace.body.statements
    .filter(ts.isExportDeclaration)
    .flatMap((e) => [...e.exportClause.elements]);
  return exported
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .map(({ name, propertyName }) => [name.text, (propertyName ?? name).text]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = process.argv[2] ?? join(import.meta.dirname, "../dist/index.d.ts");
  writeFileSync(path, documentMethods(readFileSync(path, "utf8")));
}
